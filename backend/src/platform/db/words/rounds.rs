//! In which rounds a search comes to a page, which the two databases do soonest in different ways.

use super::Seen;
use crate::platform::db::conn::Conn;

/// Some of those that have all words of a search, newest first. Rounds follow one another until there is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Those among so many newest, whatever they say.
    Newest(i64),
    /// So many of those among the [`STRETCH`] newest.
    Stretch(i64),
    /// So many.
    Any(i64),
    /// So many that have one of the marks.
    Marked(i64),
}

/// How the two databases come to a page soonest. SQLite walks from the newest on and stops when it may. PostgreSQL
/// collects all that match before it sorts, so it first looks through the newest for words that are everywhere. The
/// marks cost more than they save when most may be seen: they come last.
pub fn rounds(conn: &Conn, marked: bool) -> &'static [Round] {
    match (conn, marked) {
        (Conn::Sqlite(_), _) => &[
            Round::Any(100),
            Round::Any(1_000),
            Round::Marked(1_000),
            Round::Marked(10_000),
        ],
        (Conn::Postgres(_), false) => &[
            Round::Newest(500),
            Round::Newest(2_000),
            Round::Any(1_000),
            Round::Any(5_000),
        ],
        (Conn::Postgres(_), true) => &[
            Round::Newest(500),
            Round::Newest(2_000),
            Round::Marked(1_000),
            Round::Marked(10_000),
        ],
    }
}

/// The same where few of all may be seen, and the marks say which.
pub const MARKED_ROUNDS: &[Round] = &[Round::Marked(1_000), Round::Marked(10_000)];

/// Instead of collecting a word that is everywhere, so many of the newest are looked through.
const INSTEAD: Round = Round::Newest(4_000);
/// A word is everywhere when one of so many has it.
const EVERYWHERE: i64 = 20;
/// A word that is not everywhere, but frequent, is collected from so many of the newest: of a million rows all with the word
/// would cost three times as much.
pub(super) const STRETCH: i64 = 25_000;
/// A word is frequent when one of so many has it.
const FREQUENT: i64 = 100;

/// What the rounds have come past.
#[derive(Debug, Clone, Copy, Default)]
pub struct Passed {
    walked: i64,
    matched: i64,
}

impl Passed {
    /// Which round is worth its price: PostgreSQL would collect hundreds of thousands to give the newest thousand. What the
    /// newest did not show of such words is further on, and the next page goes there.
    pub fn instead_of(self, round: Round) -> Round {
        let has_one_of = |many: i64| self.matched * many > self.walked;
        match round {
            Round::Any(_) if has_one_of(EVERYWHERE) => INSTEAD,
            Round::Any(limit) if has_one_of(FREQUENT) => Round::Stretch(limit),
            round => round,
        }
    }

    /// A round has been.
    pub fn add(&mut self, round: Round, seen: &Seen) {
        if let Round::Newest(count) = round {
            self.walked += count;
            self.matched += i64::try_from(seen.ids.len()).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_everywhere_is_not_collected() {
        let seen = |count: i64| Seen {
            ids: (0..count).collect(),
            last: None,
        };
        let mut passed = Passed::default();
        assert_eq!(passed.instead_of(Round::Any(10)), Round::Any(10));
        passed.add(Round::Newest(500), &seen(5));
        assert_eq!(passed.instead_of(Round::Any(10)), Round::Any(10));
        passed.add(Round::Newest(500), &seen(6));
        assert_eq!(passed.instead_of(Round::Any(10)), Round::Stretch(10));
        passed.add(Round::Newest(500), &seen(65));
        assert_eq!(passed.instead_of(Round::Any(10)), INSTEAD);
        assert_eq!(passed.instead_of(Round::Marked(10)), Round::Marked(10));
    }
}
