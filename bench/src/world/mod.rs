//! A world of people who know each other and have written a lot, the same one for the same numbers. Everything in
//! it is a function of its place, so that it can be written in one go, table by table, and asked for afterwards
//! without looking it up.
//!
//! What it is not: nobody has notifications yet, and request hashes are invented, because nobody repeats a request
//! of the past.

mod crowd;
mod postgres;
mod sqlite;
mod tables;
mod talks;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use crowd::Crowd;
pub(crate) use postgres::fill as fill_postgres;
pub(crate) use sqlite::fill as fill_sqlite;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct bench battery staple";
/// People with [`FRIENDS`] friends; those who are measured.
pub(crate) const MEASURED: u64 = 64;
/// Friends of a measured person.
pub(crate) const FRIENDS: u64 = 200;
/// Friends to each side of a person in the ring of all people; the next ones are friends of each other.
const RING: u64 = 10;
/// The first member of each room, the room's size, and how many of them are here.
const ROOMS: [(u64, u64, u64); 3] = [(1_000, 500, 500), (2_000, 2_000, 2_000), (0, 5_000, 500)];
/// Posts that there must be: everybody who is measured reacts to other public ones.
pub(crate) const POSTS_MIN: u64 = 20_000;
/// The people whom the rooms need.
const PEOPLE_MIN: u64 = 5_000;
/// Milliseconds of a day.
const DAY: u64 = 86_400_000;
/// The moment that ids count from, 2025-01-01, in milliseconds since 1970.
const ID_EPOCH: u64 = 1_735_689_600_000;
/// Everybody has joined, and everything was said, within these days after [`ID_EPOCH`].
const JOINED: u64 = 1;
const POSTS_FROM: u64 = 10;
const POSTS_DAYS: u64 = 300;
const TALKS_FROM: u64 = 400;

/// The numbers that make a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct World {
    /// Posts.
    pub(crate) posts: u64,
    /// People.
    pub(crate) people: u64,
}

/// A moment in the world: milliseconds since [`ID_EPOCH`].
#[derive(Clone, Copy)]
struct Moment(u64);

impl Moment {
    /// As the database has it.
    fn millis(self) -> i64 {
        signed(ID_EPOCH + self.0)
    }

    /// The id of something that was made then; the lower bits tell things of one moment apart.
    fn id(self, low: u64) -> i64 {
        signed((self.0 << 22) | (low & 0x3f_ffff))
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number that looks random and is the same each time (splitmix64).
fn chance(of: Of, a: u64, b: u64) -> u64 {
    let mut z = (of as u64)
        .wrapping_mul(0xd6e8_feb8_6659_fd93)
        .wrapping_add(a.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_add(b.wrapping_mul(0xc2b2_ae3d_27d4_eb4f))
        .wrapping_add(0x5851_f42d_4c95_7f2d);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What a number is for.
#[derive(Clone, Copy)]
enum Of {
    Author = 1,
    Audience,
    Body,
    Comments,
    Reactions,
    Kind,
    ClientId,
    Hash,
    Mine,
    Names,
    Rare,
}

impl World {
    /// With so many posts, and people to write them.
    pub(crate) fn of_posts(posts: u64) -> Self {
        let posts = posts.max(POSTS_MIN);
        Self {
            posts,
            people: (posts / 100).max(PEOPLE_MIN),
        }
    }

    /// A name for files and databases.
    pub(crate) fn name(self) -> String {
        format!("{}_posts_{}_people_3", self.posts, self.people)
    }

    /// The id of a person.
    pub(crate) fn person(self, index: u64) -> i64 {
        joined(index).id(0)
    }

    /// What a person signs in with.
    pub(crate) fn username(self, index: u64) -> String {
        format!("p{index:07}")
    }

    /// The id of a post.
    pub(crate) fn post(self, index: u64) -> i64 {
        self.written(index).id(0)
    }

    /// Everybody's: posts that the whole world may see and react to, from the `from`th on.
    pub(crate) fn public_posts(self, from: u64) -> impl Iterator<Item = u64> {
        (from..self.posts).filter(move |index| self.audience(*index) == 1)
    }

    /// Milliseconds between two posts, for [`World::post`] as a formula.
    pub(crate) fn post_formula(self) -> (u64, u64) {
        (POSTS_FROM * DAY, self.post_step())
    }

    /// The conversation of a person with the next one.
    pub(crate) fn conversation(self, index: u64) -> i64 {
        Moment(TALKS_FROM * DAY + index).id(0)
    }

    /// The rooms: public groups.
    pub(crate) fn rooms(self) -> [Room; 3] {
        let mut place = 0;
        ROOMS.map(|(first, size, here)| {
            place += 1;
            Room {
                conversation: Moment(TALKS_FROM * DAY + DAY + place).id(0),
                first,
                size,
                here,
            }
        })
    }

    fn post_step(self) -> u64 {
        POSTS_DAYS * DAY / self.posts.max(1)
    }

    fn written(self, index: u64) -> Moment {
        Moment(POSTS_FROM * DAY + index * self.post_step())
    }

    fn author(self, index: u64) -> u64 {
        chance(Of::Author, index, 0) % self.people
    }

    /// 1 public, 2 friends, 3 nobody else.
    fn audience(self, index: u64) -> i64 {
        match chance(Of::Audience, index, 0) % 20 {
            0 | 1 => 1,
            2 => 3,
            _ => 2,
        }
    }

    /// A word that few posts have: of 20,000 posts one, more or less.
    pub(crate) fn rare_word(self, index: u64) -> String {
        const SYLLABLES: [&str; 28] = [
            "ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "za",
            "bre", "cli", "dro", "flu", "gra", "ple", "qui", "sno", "tru", "wha", "spe", "sti",
        ];
        let drawn = chance(Of::Rare, index, 0) % 20_000;
        let mut word = String::new();
        for place in 0..4 {
            word.push_str(SYLLABLES[pick(chance(Of::Rare, drawn, place + 1), SYLLABLES.len())]);
        }
        word
    }

    fn comments(self, index: u64) -> u64 {
        match self.audience(index) {
            3 => 0,
            _ => [0, 0, 0, 1, 1, 2, 3, 5][pick(chance(Of::Comments, index, 0), 8)],
        }
    }

    /// Who reacted to a post, and how: some of the next people, and sometimes a measured friend.
    fn reactions(self, index: u64, fans: &BTreeMap<u64, Vec<u64>>) -> Vec<(u64, &'static str)> {
        if self.audience(index) == 3 {
            return Vec::new();
        }
        let author = self.author(index);
        let count = [0, 0, 1, 1, 2, 3, 5, 8][pick(chance(Of::Reactions, index, 0), 8)];
        let mut people: Vec<u64> = (1..=count).map(|step| (author + step) % self.people).collect();
        if let Some(fans) = fans.get(&author)
            && chance(Of::Mine, index, 0).is_multiple_of(8)
        {
            let fan = fans[pick(chance(Of::Mine, index, 1), fans.len())];
            if !people.contains(&fan) {
                people.push(fan);
            }
        }
        people
            .into_iter()
            .map(|person| {
                let kind = match chance(Of::Kind, index, person) % 10 {
                    0 => "love",
                    1 => "laugh",
                    2 => "wow",
                    _ => "like",
                };
                (person, kind)
            })
            .collect()
    }

    /// Both directions of every friendship, in order.
    fn friendships(self) -> BTreeSet<(u64, u64)> {
        let mut pairs = BTreeSet::new();
        let mut join = |a: u64, b: u64| pairs.insert((a, b)) && pairs.insert((b, a));
        for person in 0..self.people {
            for step in 1..=RING {
                join(person, (person + step) % self.people);
            }
        }
        for person in 0..MEASURED {
            let mut more = FRIENDS - 2 * RING;
            let mut at = 0;
            while more > 0 {
                // Nobody measured and nobody near, so that each has exactly as many.
                let span = self.people - 2 * (MEASURED + RING);
                let friend = MEASURED + RING + (person * 37 + at * 13) % span;
                at += 1;
                more -= u64::from(join(person, friend));
            }
        }
        pairs
    }

    /// Messages of each conversation: a hundred in a world of a million posts.
    fn talk_length(self) -> u64 {
        (self.posts / 10_000).clamp(2, 100)
    }
}

fn joined(index: u64) -> Moment {
    Moment(JOINED * DAY + index * 1000)
}

fn pick(chance: u64, of: usize) -> usize {
    usize::try_from(chance % of as u64).unwrap_or(0)
}

/// A group with many members.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// Its id.
    pub(crate) conversation: i64,
    /// Its first member, whose it is; the others follow.
    pub(crate) first: u64,
    /// How many members.
    pub(crate) size: u64,
    /// How many of them have a socket, the first ones.
    pub(crate) here: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measured_people_have_as_many_friends_as_is_said() {
        let world = World::of_posts(10_000);
        let pairs = world.friendships();
        for person in 0..MEASURED {
            let friends = pairs.range((person, 0)..(person + 1, 0)).count();
            assert_eq!(friends as u64, FRIENDS, "{person}");
        }
        assert!(pairs.iter().all(|(a, b)| a != b && pairs.contains(&(*b, *a))));
    }

    #[test]
    fn ids_are_in_the_past_and_grow() {
        let world = World::of_posts(1_000_000);
        assert!(
            (1..world.posts)
                .step_by(997)
                .all(|post| world.post(post - 1) < world.post(post))
        );
        // 2026-04-01
        assert!(world.post(world.posts - 1) >> 22 < 455 * 86_400_000);
    }
}
