//! The rows of a world, table by table, for whichever database.

use std::collections::BTreeMap;

use anyhow::Result;
use hearth_shared::ids::ClientId;

use super::words::Index;
use super::{MEASURED, Moment, Of, RING, World, chance, joined, pick, signed, talks};

/// A value of a row.
pub(super) enum Value<'a> {
    /// BIGINT
    Int(i64),
    /// TEXT
    Text(&'a str),
    /// Bytes
    Bytes(&'a [u8]),
    /// Nothing
    Null,
}

/// Takes the rows of one table after another.
pub(super) trait Sink {
    /// The rows that follow are of this table and have these columns, separated by commas.
    fn table(&mut self, name: &str, columns: &str) -> Result<()>;
    /// A row.
    fn row(&mut self, values: &[Value<'_>]) -> Result<()>;
    /// That was all of the table.
    fn end(&mut self) -> Result<()>;
    /// The rows that follow are words of an index of the search: of what, all its words and its marks.
    fn index(&mut self, index: Index) -> Result<()>;
    /// What is kept of one post or message.
    fn entry(&mut self, id: i64, body: &str, marks: &[String]) -> Result<()>;
}

use Value::{Bytes, Int, Null, Text};

const FIRST_NAMES: [&str; 16] = [
    "Ada", "Bruno", "Chiara", "David", "Edda", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaja", "Lena",
    "Mateo", "Nora", "Oskar", "Priya",
];
const LAST_NAMES: [&str; 16] = [
    "Okoye", "Brandt", "Moreau", "Sato", "Weber", "Ruiz", "Martins", "Novak", "Lind", "Haddad", "Costa",
    "Meyer", "Silva", "Olsen", "Patel", "Kowal",
];
const WORDS: [&str; 24] = [
    "the", "garden", "is", "quiet", "this", "morning", "and", "somebody", "left", "a", "ladder", "by", "our",
    "shed", "so", "we", "baked", "bread", "for", "everyone", "who", "comes", "along", "today",
];

/// Writes everything.
pub(super) fn write(world: World, password_hash: &str, sink: &mut impl Sink) -> Result<()> {
    people(world, password_hash, sink)?;
    friendships(world, sink)?;
    let fans = fans(world);
    posts(world, &fans, sink)?;
    reactions(world, &fans, sink)?;
    comments(world, sink)?;
    talks::write(world, sink)
}

/// The measured friends of people, apart from those next to them.
fn fans(world: World) -> BTreeMap<u64, Vec<u64>> {
    let mut fans: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (a, b) in world.friendships() {
        if b < MEASURED && a >= MEASURED + RING {
            fans.entry(a).or_default().push(b);
        }
    }
    fans
}

fn people(world: World, password_hash: &str, sink: &mut impl Sink) -> Result<()> {
    let mut friends = BTreeMap::new();
    for (person, _) in world.friendships() {
        *friends.entry(person).or_insert(0_i64) += 1;
    }
    let mut posts: BTreeMap<u64, i64> = BTreeMap::new();
    for post in 0..world.posts {
        *posts.entry(world.author(post)).or_default() += 1;
    }
    let names = |index: u64| {
        let first = FIRST_NAMES[pick(chance(Of::Names, index, 0), FIRST_NAMES.len())];
        let last = LAST_NAMES[pick(chance(Of::Names, index, 1), LAST_NAMES.len())];
        (first, last)
    };
    sink.table(
        "users",
        "id, username, email, email_key, display_name, name_key, password_hash, rev, friend_count, post_count, created_at",
    )?;
    for index in 0..world.people {
        let username = world.username(index);
        let email = format!("{username}@hearth.example");
        let (first, last) = names(index);
        let name = format!("{first} {last}");
        sink.row(&[
            Int(world.person(index)),
            Text(&username),
            Text(&email),
            Text(&email),
            Text(&name),
            Text(&name.to_lowercase()),
            Text(password_hash),
            Int(1),
            Int(friends.get(&index).copied().unwrap_or(0)),
            Int(posts.get(&index).copied().unwrap_or(0)),
            Int(joined(index).millis()),
        ])?;
    }
    sink.end()?;
    sink.table("user_names", "token, user_id")?;
    for index in 0..world.people {
        let (first, last) = names(index);
        for token in [first.to_lowercase(), last.to_lowercase(), world.username(index)] {
            sink.row(&[Text(&token), Int(world.person(index))])?;
        }
    }
    sink.end()?;
    sink.table("user_streams", "user_id, last_seq, last_event_at")?;
    for index in 0..world.people {
        sink.row(&[Int(world.person(index)), Int(0), Int(0)])?;
    }
    sink.end()
}

fn friendships(world: World, sink: &mut impl Sink) -> Result<()> {
    sink.table("friendships", "user_id, friend_id, since")?;
    for (a, b) in world.friendships() {
        let since = joined(a.max(b)).millis() + 60_000;
        sink.row(&[Int(world.person(a)), Int(world.person(b)), Int(since)])?;
    }
    sink.end()
}

fn posts(world: World, fans: &BTreeMap<u64, Vec<u64>>, sink: &mut impl Sink) -> Result<()> {
    sink.table(
        "posts",
        "id, author_id, client_id, request_hash, body, audience_id, like_count, love_count, laugh_count, wow_count, \
         sad_count, angry_count, comment_count, created_at, edited_at, deleted_at",
    )?;
    for index in 0..world.posts {
        let reactions = world.reactions(index, fans);
        let count = |kind: &str| {
            let found = reactions.iter().filter(|(_, other)| *other == kind).count();
            Int(i64::try_from(found).unwrap_or(0))
        };
        sink.row(&[
            Int(world.post(index)),
            Int(world.person(world.author(index))),
            Text(&client_id(1, index)),
            Bytes(&hash(1, index)),
            Text(&post_body(world, index)),
            Int(world.audience(index)),
            count("like"),
            count("love"),
            count("laugh"),
            count("wow"),
            Int(0),
            Int(0),
            Int(signed(world.comments(index))),
            Int(world.written(index).millis()),
            Null,
            Null,
        ])?;
    }
    sink.end()?;
    sink.index(Index::Posts)?;
    for index in 0..world.posts {
        let mut marks = vec![format!("__{}", world.person(world.author(index)))];
        if world.audience(index) == 1 {
            marks.push("__p".to_owned());
        }
        sink.entry(world.post(index), &post_body(world, index), &marks)?;
    }
    sink.end()
}

fn post_body(world: World, index: u64) -> String {
    let chars = 30 + chance(Of::Body, index, 0) % 270;
    format!("{} {}", text(index, chars), world.rare_word(index))
}

fn reactions(world: World, fans: &BTreeMap<u64, Vec<u64>>, sink: &mut impl Sink) -> Result<()> {
    sink.table("post_reactions", "post_id, user_id, kind, created_at")?;
    for index in 0..world.posts {
        let moment = world.written(index).millis() + 30_000;
        for (person, kind) in world.reactions(index, fans) {
            sink.row(&[
                Int(world.post(index)),
                Int(world.person(person)),
                Text(kind),
                Int(moment),
            ])?;
        }
    }
    sink.end()
}

/// By the next people to the other side; each a minute after the one before.
fn comments(world: World, sink: &mut impl Sink) -> Result<()> {
    sink.table(
        "comments",
        "id, post_id, author_id, client_id, request_hash, body, created_at, edited_at, deleted_at",
    )?;
    for index in 0..world.posts {
        for place in 0..world.comments(index) {
            let moment = Moment(world.written(index).0 + 60_000 * (place + 1));
            let author = (world.author(index) + world.people - place - 1) % world.people;
            let key = index * 8 + place;
            sink.row(&[
                Int(moment.id(key)),
                Int(world.post(index)),
                Int(world.person(author)),
                Text(&client_id(2, key)),
                Bytes(&hash(2, key)),
                Text(&text(key, 20 + chance(Of::Body, key, 1) % 100)),
                Int(moment.millis()),
                Null,
                Null,
            ])?;
        }
    }
    sink.end()
}

pub(super) fn client_id(kind: u64, key: u64) -> String {
    let high = chance(Of::ClientId, kind, key);
    let low = chance(Of::ClientId, kind + 100, key);
    let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    ClientId::from_random_bytes(bytes).as_str().to_owned()
}

pub(super) fn hash(kind: u64, key: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (place, part) in (0_u64..).zip(bytes.chunks_mut(8)) {
        part.copy_from_slice(&chance(Of::Hash, kind + place * 10, key).to_be_bytes());
    }
    bytes
}

/// So many characters of words, at least.
pub(super) fn text(seed: u64, chars: u64) -> String {
    let mut text = String::with_capacity(320);
    let mut at = 0;
    while (text.len() as u64) < chars {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(WORDS[pick(chance(Of::Body, seed, 1000 + at), WORDS.len())]);
        at += 1;
    }
    text
}
