//! What one is told of, and the counts of the badges.

use hearth_shared::notifications::{Counts, Happening, Notification, NotificationFilter};
use hearth_shared::page::Page;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::replica::notifications::NotificationList;

use crate::features::friends::state::Listing;
use crate::platform::api::Failure;
use crate::store::Ptr;

/// The views, in the order of their tabs.
pub(crate) const FILTERS: [NotificationFilter; 4] = [
    NotificationFilter::All,
    NotificationFilter::Unread,
    NotificationFilter::Mentions,
    NotificationFilter::Requests,
];

fn fits(filter: NotificationFilter, notification: &Notification) -> bool {
    match filter {
        NotificationFilter::All => true,
        NotificationFilter::Unread => !notification.read,
        NotificationFilter::Mentions => matches!(notification.what, Happening::Mention { .. }),
        NotificationFilter::Requests => matches!(notification.what, Happening::FriendRequest { .. }),
    }
}

/// Notifications in their views, and the counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Activity {
    lists: [Ptr<Listing<Notification>>; FILTERS.len()],
    pub(crate) counts: Counts,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            lists: std::array::from_fn(|_| Ptr::new(Listing::default())),
            counts: Counts::default(),
        }
    }
}

fn index(filter: NotificationFilter) -> usize {
    match filter {
        NotificationFilter::All => 0,
        NotificationFilter::Unread => 1,
        NotificationFilter::Mentions => 2,
        NotificationFilter::Requests => 3,
    }
}

impl Activity {
    /// One view.
    pub(crate) fn list(&self, filter: NotificationFilter) -> Ptr<Listing<Notification>> {
        self.lists[index(filter)].clone()
    }

    /// A page is being asked for. False when one is already.
    pub(crate) fn begin(&mut self, filter: NotificationFilter) -> bool {
        let list = &mut self.lists[index(filter)];
        if list.loading {
            return false;
        }
        list.change(Listing::begin);
        true
    }

    /// A page has come, or has not.
    pub(crate) fn settle(
        &mut self,
        filter: NotificationFilter,
        more: bool,
        outcome: Result<Page<Notification>, Failure>,
    ) {
        self.lists[index(filter)].change(|list| list.settle(more, outcome));
    }

    /// Applies an event.
    pub(crate) fn apply(&mut self, event: &Event) {
        for filter in FILTERS {
            let list = &mut self.lists[index(filter)];
            if !list.known {
                continue;
            }
            list.change(|list| {
                let mut replica = NotificationList {
                    items: std::mem::take(&mut list.items),
                    more: list.next.is_some(),
                };
                replica.apply(event);
                list.items = replica.items;
                if let Event::Notification { notification } = event
                    && !fits(filter, notification)
                {
                    list.items.retain(|known| known.id != notification.id);
                }
            });
        }
    }

    /// The place of the newest one that is known.
    pub(crate) fn newest(&self) -> Option<u64> {
        let first = self.lists.iter().filter_map(|list| list.items.first());
        first.map(|first| first.position).max()
    }

    /// Whether there is anything that was not seen.
    pub(crate) fn has_unseen(&self) -> bool {
        self.counts.notifications > 0 || self.lists[0].items.iter().any(|item| !item.seen)
    }

    /// Everything is forgotten, to be read anew.
    pub(crate) fn forget(&mut self) {
        let counts = self.counts;
        *self = Self {
            counts,
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::friends::RequestStatus;
    use hearth_shared::ids::{FriendRequestId, Id, NotificationId, PostId};
    use hearth_shared::time::Timestamp;

    use super::*;

    fn told(id: i64, position: u64, what: Happening) -> Notification {
        Notification {
            id: NotificationId::new(id),
            position,
            what,
            actors: Vec::new(),
            actor_count: 1,
            excerpt: None,
            group: None,
            seen: false,
            read: false,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        }
    }

    fn liked(id: i64, position: u64) -> Notification {
        told(
            id,
            position,
            Happening::Reaction {
                post_id: PostId::new(1),
            },
        )
    }

    fn ids(activity: &Activity, filter: NotificationFilter) -> Vec<i64> {
        activity
            .list(filter)
            .items
            .iter()
            .map(|item| item.id.get())
            .collect()
    }

    fn with(items: &[Notification]) -> Activity {
        let mut activity = Activity::default();
        for filter in FILTERS {
            assert!(activity.begin(filter) && !activity.begin(filter));
            let page = Page {
                items: items.iter().filter(|item| fits(filter, item)).cloned().collect(),
                next_cursor: None,
                seq: None,
            };
            activity.settle(filter, false, Ok(page));
        }
        activity
    }

    #[test]
    fn news_comes_into_the_views_that_it_fits() {
        let mut activity = with(&[liked(1, 5)]);
        let asked = Happening::FriendRequest {
            request_id: FriendRequestId::new(9),
            status: RequestStatus::Pending,
        };
        let event = Event::Notification {
            notification: told(2, 6, asked),
        };
        activity.apply(&event);
        activity.apply(&event);
        assert_eq!(
            FILTERS.map(|filter| ids(&activity, filter)),
            [vec![2, 1], vec![2, 1], vec![], vec![2]]
        );
        assert_eq!(activity.newest(), Some(6));
        activity.apply(&Event::Notification {
            notification: liked(1, 7),
        });
        assert_eq!(ids(&activity, NotificationFilter::All), [1, 2]);
        activity.apply(&Event::NotificationGone {
            id: NotificationId::new(2),
        });
        assert_eq!(
            FILTERS.map(|filter| ids(&activity, filter)),
            [vec![1], vec![1], vec![], vec![]]
        );
    }

    #[test]
    fn being_named_has_a_view_of_its_own() {
        let mut activity = with(&[liked(1, 5)]);
        let named = Happening::Mention {
            post_id: PostId::new(1),
            comment_id: None,
        };
        activity.apply(&Event::Notification {
            notification: told(3, 6, named),
        });
        assert_eq!(ids(&activity, NotificationFilter::Mentions), [3]);
        assert!(ids(&activity, NotificationFilter::Requests).is_empty());
    }

    #[test]
    fn what_was_read_elsewhere_leaves_the_unread_ones() {
        let mut activity = with(&[liked(1, 5)]);
        let read = Notification {
            read: true,
            seen: true,
            ..liked(1, 5)
        };
        activity.apply(&Event::Notification { notification: read });
        assert_eq!(
            FILTERS.map(|filter| ids(&activity, filter)),
            [vec![1], vec![], vec![], vec![]]
        );
        assert!(!activity.has_unseen());
    }
}
