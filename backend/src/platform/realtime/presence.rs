//! Who is here on other nodes, as far as those say so. A node repeats its list; what is not repeated is
//! forgotten, so that people of a node that died do not stay for ever.

use std::time::{Duration, Instant};

use dashmap::{DashMap, Entry};
use hearth_shared::ids::UserId;

/// A node repeats who is here this often.
pub const REPEATED_EVERY: Duration = Duration::from_secs(15);
/// Whoever was not repeated for this long has gone.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(45);

/// A node that has sockets of a person, and when it last said so.
struct Sighting {
    node: String,
    at: Instant,
}

/// People with a socket on another node.
#[derive(Default)]
pub struct Elsewhere {
    people: DashMap<UserId, Vec<Sighting>>,
}

impl Elsewhere {
    /// Whether a person is here on some other node.
    pub fn is_online(&self, user: UserId) -> bool {
        self.people.contains_key(&user)
    }

    /// A node says that a person is here. True when nobody knew.
    pub fn here(&self, node: &str, user: UserId, now: Instant) -> bool {
        let mut sightings = self.people.entry(user).or_default();
        let is_new = sightings.is_empty();
        match sightings.iter_mut().find(|sighting| sighting.node == node) {
            Some(known) => known.at = now,
            None => sightings.push(Sighting {
                node: node.to_owned(),
                at: now,
            }),
        }
        is_new
    }

    /// A node says that a person has gone from it. True when they were nowhere else.
    pub fn gone(&self, node: &str, user: UserId) -> bool {
        let Entry::Occupied(mut entry) = self.people.entry(user) else {
            return false;
        };
        entry.get_mut().retain(|sighting| sighting.node != node);
        let nowhere = entry.get().is_empty();
        if nowhere {
            entry.remove();
        }
        nowhere
    }

    /// A node has stopped. Gives those who are nowhere else.
    pub fn forget_node(&self, node: &str) -> Vec<UserId> {
        self.forget(|sighting| sighting.node == node)
    }

    /// Gives those whom no node has repeated for long.
    pub fn expire(&self, now: Instant) -> Vec<UserId> {
        self.forget(|sighting| now.saturating_duration_since(sighting.at) > FORGOTTEN_AFTER)
    }

    fn forget(&self, is_over: impl Fn(&Sighting) -> bool) -> Vec<UserId> {
        let mut left = Vec::new();
        self.people.retain(|user, sightings| {
            sightings.retain(|sighting| !is_over(sighting));
            if sightings.is_empty() {
                left.push(*user);
            }
            !sightings.is_empty()
        });
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_shared::ids::Id;

    #[test]
    fn somebody_is_here_until_the_last_node_says_otherwise_or_nothing() {
        let elsewhere = Elsewhere::default();
        let (ada, ben) = (UserId::new(1), UserId::new(2));
        let start = Instant::now();
        assert!(elsewhere.here("a", ada, start));
        assert!(!elsewhere.here("b", ada, start), "known already");
        assert!(!elsewhere.gone("a", ada), "still on b");
        assert!(!elsewhere.gone("a", ada), "said twice");
        assert!(elsewhere.is_online(ada));
        assert!(elsewhere.gone("b", ada));
        assert!(!elsewhere.is_online(ada));

        elsewhere.here("a", ada, start);
        elsewhere.here("b", ben, start);
        let later = start + FORGOTTEN_AFTER;
        elsewhere.here("b", ben, later);
        assert_eq!(elsewhere.expire(later + Duration::from_secs(1)), [ada]);
        assert_eq!(elsewhere.forget_node("b"), [ben]);
        assert!(!elsewhere.is_online(ben));
    }
}
