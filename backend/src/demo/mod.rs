//! Invented people for a first look (`hearth serve --demo`). They go through the same services as everybody,
//! and only into an empty database.

mod groups;

use hearth_shared::auth::NewAccount;
use hearth_shared::conversations::{ConversationKind, NewConversation, NewMessage, NewReadPosition};
use hearth_shared::friends::NewFriendRequest;
use hearth_shared::ids::{ClientId, MessageId, PostId, SessionId, UserId};
use hearth_shared::notifications::UpTo;
use hearth_shared::posts::{Audience, NewComment, NewPost, ReactionKind};
use hearth_shared::time::Timestamp;
use hearth_shared::valid::{Valid, Validate};

use self::groups::{ROOMS, gather};
use crate::features::posts::{PostRules, service as posts};
use crate::features::{conversations, friends, notifications, users};
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

/// When they asked.
const ASKED_MINUTES_AGO: i64 = 190;

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

/// A conversation: of whom, what was said how many minutes ago by which of the two, and how many of the last
/// messages the first of the two has not read; which line answers which, and who put which emoji on which.
struct Chat {
    pair: (usize, usize),
    lines: &'static [(i64, usize, &'static str)],
    unread: u32,
    answers: &'static [(usize, usize)],
    felt: &'static [(usize, usize, &'static str)],
}

/// The oldest first.
const CHATS: [Chat; 3] = [
    Chat {
        pair: (0, 3),
        lines: &[
            (2980, 3, "Do you still have the big preserving pan?"),
            (2971, 0, "In the cellar, left shelf. The key is with Jonas."),
            (2969, 3, "You're a treasure."),
        ],
        unread: 0,
        answers: &[],
        felt: &[(1, 3, "🙏")],
    },
    Chat {
        pair: (0, 1),
        lines: &[
            (95, 1, "How long is your swim on Saturday?"),
            (93, 0, "Once across and back. Are you timing me?"),
            (92, 1, "Somebody has to. Jonas brings the boat."),
            (47, 1, "And a blanket, he says."),
        ],
        unread: 1,
        answers: &[(1, 0)],
        felt: &[(2, 0, "🚣")],
    },
    Chat {
        pair: (0, 2),
        lines: &[
            (29, 2, "Train gets in 06:41. Too early?"),
            (25, 0, "06:41 is perfect, I'm up with the bread anyway."),
            (24, 0, "Platform 2, I'll stand by the clock."),
            (9, 2, "You're the best. Bringing towels, and the cake you like."),
        ],
        unread: 1,
        answers: &[(2, 0)],
        felt: &[(1, 2, "🍞"), (2, 2, "❤️")],
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
        for actor in &people {
            // What is three months old is no news.
            let all = checked(UpTo { up_to: u64::MAX })?;
            notifications::service::mark_seen(tx, actor, &all)?;
            notifications::service::mark_all_read(tx, actor, &all)?;
        }
        // In the order of time: what people are told of stands in the order in which it is written.
        let (early, late) = TALK.split_at(TALK.partition_point(|talk| talk.minutes_ago > ASKED_MINUTES_AGO));
        for talk in early {
            say(tx, &people, talk, now)?;
        }
        tx.set_now(before(now, ASKED_MINUTES_AGO));
        for (a, b) in REQUESTS {
            ask(tx, &people[a], &people[b])?;
        }
        for talk in late {
            say(tx, &people, talk, now)?;
        }
        let mut rooms = ROOMS.iter().peekable();
        for chat in &CHATS {
            let last = chat.lines.last().map_or(0, |(minutes_ago, ..)| *minutes_ago);
            while let Some(room) = rooms.next_if(|room| room.last() > last) {
                gather(tx, &people, room, now)?;
            }
            chatter(tx, &people, chat, now)?;
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
        invitation: None,
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
        media_ids: Vec::new(),
        shared_post_id: None,
    })?;
    let post: PostId = match posts::posts::create(tx, &people[talk.author], &new, RULES)? {
        Outcome::Commit(Created::New(post) | Created::Existing(post))
        | Outcome::RollBack(Created::New(post) | Created::Existing(post)) => post,
    };
    for liker in talk.likes {
        // Lena is warm about everything.
        let kind = if *liker == 2 {
            ReactionKind::Love
        } else {
            ReactionKind::Like
        };
        posts::reactions::set(tx, &people[*liker], post, Some(kind))?;
    }
    for (later, (author, body)) in (1..).zip(talk.comments) {
        tx.set_now(before(now, talk.minutes_ago - 3 * later));
        let new = checked(NewComment {
            client_id: new_client_id(),
            body: (*body).to_owned(),
            parent_id: None,
        })?;
        posts::comments::create(tx, &people[*author], post, &new)?;
    }
    Ok(())
}

/// What two people said to each other.
fn chatter(tx: &mut Tx<'_>, people: &[Actor], chat: &Chat, now: Timestamp) -> AppResult<()> {
    let (first, second) = (&people[chat.pair.0], &people[chat.pair.1]);
    let new = checked(NewConversation {
        kind: ConversationKind::Direct,
        user_id: second.user_id,
    })?;
    let id = match conversations::service::open(tx, first, &new)? {
        Outcome::Commit(Created::New(talk) | Created::Existing(talk))
        | Outcome::RollBack(Created::New(talk) | Created::Existing(talk)) => talk.id,
    };
    let mut said: Vec<MessageId> = Vec::new();
    for (line, (minutes_ago, author, body)) in chat.lines.iter().enumerate() {
        tx.set_now(before(now, *minutes_ago));
        let answered = chat.answers.iter().find(|(answer, _)| *answer == line);
        let new = checked(NewMessage {
            client_id: new_client_id(),
            body: (*body).to_owned(),
            reply_to_id: answered.and_then(|(_, to)| said.get(*to).copied()),
            media_ids: Vec::new(),
        })?;
        let sent = match conversations::service::send(tx, &people[*author], id, &new)? {
            Outcome::Commit(Created::New(sent) | Created::Existing(sent))
            | Outcome::RollBack(Created::New(sent) | Created::Existing(sent)) => sent,
        };
        said.push(sent.id);
        for (_, who, emoji) in chat.felt.iter().filter(|(of, ..)| *of == line) {
            conversations::service::acts::react(tx, &people[*who], sent.id, emoji, true)?;
        }
    }
    let last = u32::try_from(chat.lines.len()).unwrap_or(0);
    for (reader, number) in [(first, last - chat.unread), (second, last)] {
        let read = checked(NewReadPosition { number })?;
        conversations::service::mark_read(tx, reader, id, &read)?;
    }
    Ok(())
}

fn new_client_id() -> ClientId {
    ClientId::from_random_bytes(rand::random())
}
