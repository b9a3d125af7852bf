//! Invented people for a first look (`hearth serve --demo`). They go through the same services as everybody,
//! and only into an empty database.

use hearth_shared::auth::NewAccount;
use hearth_shared::friends::NewFriendRequest;
use hearth_shared::ids::{ClientId, PostId, SessionId, UserId};
use hearth_shared::posts::{Audience, NewComment, NewPost, ReactionKind};
use hearth_shared::time::Timestamp;
use hearth_shared::valid::{Valid, Validate};

use crate::features::posts::{PostRules, service as posts};
use crate::features::{friends, users};
use crate::platform::db::{Db, Outcome, Tx};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::passwords::Passwords;
use crate::platform::reply::Created;

/// Everybody's password.
pub const PASSWORD: &str = "kitchen table nine";

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// The people are there now.
    Now,
    /// There were people before; nothing was added.
    NotEmpty,
}

const PEOPLE: [(&str, &str); 8] = [
    ("ada", "Ada Okoye"),
    ("tunde", "Tunde Martins"),
    ("lena", "Lena Kovač"),
    ("ines", "Ines Moreau"),
    ("jonas", "Jonas Weber"),
    ("yuki", "Yuki Sato"),
    ("sara", "Sara Brandt"),
    ("mateo", "Mateo Ruiz"),
];

/// Who is friends with whom, as places in [`PEOPLE`].
const FRIENDS: [(usize, usize); 11] = [
    (0, 1),
    (0, 2),
    (0, 3),
    (0, 4),
    (0, 5),
    (1, 2),
    (1, 6),
    (2, 6),
    (3, 4),
    (4, 7),
    (5, 6),
];

/// Who has asked whom and waits.
const REQUESTS: [(usize, usize); 2] = [(6, 0), (7, 0)];

/// A post: when and by whom it was written, its text, who likes it, the comments on it.
struct Talk {
    minutes_ago: i64,
    author: usize,
    body: &'static str,
    likes: &'static [usize],
    comments: &'static [(usize, &'static str)],
}

/// The oldest first.
const TALK: [Talk; 9] = [
    Talk {
        minutes_ago: 5190,
        author: 4,
        body: "Does anybody have a long ladder I could borrow on Sunday? The cat has opinions about the roof.",
        likes: &[3],
        comments: &[(3, "Ours is five metres, take it.")],
    },
    Talk {
        minutes_ago: 4370,
        author: 5,
        body: "First frost on the allotment. The kale did not mind.",
        likes: &[0, 6],
        comments: &[],
    },
    Talk {
        minutes_ago: 2950,
        author: 3,
        body: "Three weekends, one bench, zero nails. Joinery notes and the cut list are on the table in the workshop for anyone who wants to build their own before autumn.",
        likes: &[0, 4],
        comments: &[(0, "Zero nails, and how many plasters?"), (3, "Two. Both mine.")],
    },
    Talk {
        minutes_ago: 2830,
        author: 0,
        body: "The choir needs two more altos. No audition, there is soup.",
        likes: &[1, 2, 5],
        comments: &[(2, "For the soup I will sing anything.")],
    },
    Talk {
        minutes_ago: 1620,
        author: 2,
        body: "Found grandmother's recipe for poppy seed cake. It says \"bake until done\". Wish me luck.",
        likes: &[0, 1, 6],
        comments: &[
            (6, "Forty minutes. She told me once."),
            (2, "You have just saved a cake."),
        ],
    },
    Talk {
        minutes_ago: 1490,
        author: 1,
        body: "School concert, Thursday at six. Ours is the triangle. You will know when.",
        likes: &[0, 2],
        comments: &[],
    },
    Talk {
        minutes_ago: 340,
        author: 4,
        body: "Ladder returned, cat returned, thank you.",
        likes: &[0, 3],
        comments: &[(0, "And the roof?"), (4, "Unharmed. Slightly judged.")],
    },
    Talk {
        minutes_ago: 95,
        author: 0,
        body: "Train gets in at 06:41 tomorrow. If somebody happens to be awake, I happen to bring bread.",
        likes: &[1],
        comments: &[],
    },
    Talk {
        minutes_ago: 12,
        author: 1,
        body: "The lake is finally warm enough. Saturday, 7:00, bring coffee.",
        likes: &[0, 2, 6],
        comments: &[
            (2, "I'm in. Can someone pick me up at the station?"),
            (0, "I can, quarter to seven."),
        ],
    },
];

const RULES: PostRules = PostRules { public_posts: false };

/// Adds the people, unless somebody is there.
///
/// # Errors
/// When the database fails; then nothing was added.
pub async fn fill(db: &Db, bcrypt_cost: u32) -> AppResult<Filled> {
    let hash = Passwords::new(bcrypt_cost)
        .hash_new(PASSWORD.to_owned(), Vec::new())
        .await?;
    db.write(move |tx| {
        if users::store::any(tx.conn())? {
            return Ok(Outcome::RollBack(Filled::NotEmpty));
        }
        let now = tx.now();
        tx.set_now(before(now, 90 * 24 * 60));
        let people = PEOPLE
            .iter()
            .map(|(name, shown)| person(tx, name, shown, &hash))
            .collect::<AppResult<Vec<_>>>()?;
        for (a, b) in FRIENDS {
            ask(tx, &people[a], &people[b])?;
            ask(tx, &people[b], &people[a])?;
        }
        for (a, b) in REQUESTS {
            ask(tx, &people[a], &people[b])?;
        }
        for talk in &TALK {
            say(tx, &people, talk, now)?;
        }
        Ok(Outcome::Commit(Filled::Now))
    })
    .await
}

fn checked<T: Validate>(value: T) -> AppResult<Valid<T>> {
    Valid::check(value).map_err(AppError::from)
}

fn person(tx: &mut Tx<'_>, username: &str, display_name: &str, hash: &str) -> AppResult<Actor> {
    let account = checked(NewAccount {
        username: username.to_owned(),
        email: format!("{username}@hearth.example"),
        password: PASSWORD.to_owned(),
        display_name: display_name.to_owned(),
    })?;
    let user_id: UserId = users::service::create(tx, &account, hash)?.id;
    // Nobody is signed in; services ask who acts, not how they came in.
    Ok(Actor {
        user_id,
        session_id: tx.new_id::<SessionId>(),
    })
}

/// Asking somebody who has asked makes friends.
fn ask(tx: &mut Tx<'_>, from: &Actor, to: &Actor) -> AppResult<()> {
    let new = checked(NewFriendRequest { user_id: to.user_id })?;
    friends::service::request(tx, from, &new).map(drop)
}

fn before(now: Timestamp, minutes: i64) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - minutes * 60_000)
}

/// The comments follow their post within minutes.
fn say(tx: &mut Tx<'_>, people: &[Actor], talk: &Talk, now: Timestamp) -> AppResult<()> {
    tx.set_now(before(now, talk.minutes_ago));
    let body = talk.body.to_owned();
    let new = checked(NewPost {
        client_id: new_client_id(),
        body,
        audience: Audience::Friends,
    })?;
    let post: PostId = match posts::posts::create(tx, &people[talk.author], &new, RULES)? {
        Outcome::Commit(Created::New(post) | Created::Existing(post))
        | Outcome::RollBack(Created::New(post) | Created::Existing(post)) => post.id,
    };
    for liker in talk.likes {
        posts::reactions::set(tx, &people[*liker], post, Some(ReactionKind::Like))?;
    }
    for (later, (author, body)) in (1..).zip(talk.comments) {
        tx.set_now(before(now, talk.minutes_ago - 3 * later));
        let new = checked(NewComment {
            client_id: new_client_id(),
            body: (*body).to_owned(),
        })?;
        posts::comments::create(tx, &people[*author], post, &new)?;
    }
    Ok(())
}

fn new_client_id() -> ClientId {
    ClientId::from_random_bytes(rand::random())
}
