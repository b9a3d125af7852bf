//! What one is told of, and the counts of the badges.

use hearth_shared::friends::RequestStatus;
use hearth_shared::ids::ConversationId;
use hearth_shared::notifications::{Counts, Happening, Notification, NotificationFilter};
use hearth_shared::page::Page;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::replica::notifications::NotificationList;

use crate::features::chats::state::invitations::Invitations;
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
        NotificationFilter::Mentions => notification.what.is_mention(),
        NotificationFilter::Requests => notification.what.is_request(),
    }
}

/// How an invitation to a group stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invitation {
    /// It can be answered.
    Waits,
    /// It is being accepted.
    Joining,
    /// It is declined, which can perhaps be taken back.
    Declined,
    /// It led into the group.
    Came,
}

/// That of what one is told of, by what was answered here; `None` where it is none.
pub(super) fn invitation(what: Happening, answered: &Invitations) -> Option<Invitation> {
    let Happening::GroupInvitation {
        conversation_id,
        status,
    } = what
    else {
        return None;
    };
    Some(match status {
        RequestStatus::Accepted => Invitation::Came,
        RequestStatus::Pending if answered.is_joining(conversation_id) => Invitation::Joining,
        RequestStatus::Pending if answered.is_declined(conversation_id) => Invitation::Declined,
        RequestStatus::Pending => Invitation::Waits,
    })
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

    /// One has come into a group: an invitation to it says so, before the server does.
    pub(crate) fn came(&mut self, id: ConversationId) {
        for invitation in self.invitations_to(id) {
            let notification = Notification {
                what: Happening::GroupInvitation {
                    conversation_id: id,
                    status: RequestStatus::Accepted,
                },
                read: true,
                ..invitation
            };
            self.apply(&Event::Notification { notification });
        }
    }

    /// An invitation is declined for good, or there was none: it goes, before the server says so.
    pub(crate) fn declined(&mut self, id: ConversationId) {
        for invitation in self.invitations_to(id) {
            self.apply(&Event::NotificationGone { id: invitation.id });
        }
    }

    /// Those that wait for an answer, in whichever view.
    fn invitations_to(&self, id: ConversationId) -> Vec<Notification> {
        let waits = Happening::GroupInvitation {
            conversation_id: id,
            status: RequestStatus::Pending,
        };
        let all = self.lists.iter().flat_map(|list| &list.items);
        all.filter(|item| item.what == waits).cloned().collect()
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
    use hearth_shared::ids::{FriendRequestId, Id, MessageId, NotificationId, PostId};
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

    fn asked(status: RequestStatus) -> Happening {
        Happening::GroupInvitation {
            conversation_id: ConversationId::new(7),
            status,
        }
    }

    #[test]
    fn what_is_told_of_groups_has_its_views() {
        let mut activity = with(&[liked(1, 5)]);
        let named = Happening::MessageMention {
            conversation_id: ConversationId::new(7),
            message_id: MessageId::new(8),
            number: 3,
        };
        for (id, what) in [(2, asked(RequestStatus::Pending)), (3, named)] {
            activity.apply(&Event::Notification {
                notification: told(id, 4 + u64::try_from(id).unwrap(), what),
            });
        }
        assert_eq!(
            FILTERS.map(|filter| ids(&activity, filter)),
            [vec![3, 2, 1], vec![3, 2, 1], vec![3], vec![2]]
        );
    }

    #[test]
    fn an_invitation_says_what_became_of_it() {
        let (mut answered, id) = (Invitations::default(), ConversationId::new(7));
        let waits = asked(RequestStatus::Pending);
        assert_eq!(invitation(waits, &answered), Some(Invitation::Waits));
        answered.join(id, true);
        assert_eq!(invitation(waits, &answered), Some(Invitation::Joining));
        // It was refused; then it is declined, and that is taken back.
        answered.join(id, false);
        assert_eq!(invitation(waits, &answered), Some(Invitation::Waits));
        answered.decline(id, true);
        assert_eq!(invitation(waits, &answered), Some(Invitation::Declined));
        answered.decline(id, false);
        assert_eq!(invitation(waits, &answered), Some(Invitation::Waits));
        let came = asked(RequestStatus::Accepted);
        answered.join(id, true);
        assert_eq!(invitation(came, &answered), Some(Invitation::Came));
        let other = Happening::FriendAccepted;
        assert_eq!(invitation(other, &answered), None);
    }

    #[test]
    fn an_answer_is_shown_before_the_server_tells_of_it() {
        let id = ConversationId::new(7);
        let waits = || told(2, 6, asked(RequestStatus::Pending));
        let mut activity = with(&[waits(), liked(1, 5)]);
        activity.came(ConversationId::new(8));
        assert_eq!(activity.list(NotificationFilter::All).items[0], waits());
        activity.came(id);
        assert_eq!(
            FILTERS.map(|filter| ids(&activity, filter)),
            [vec![2, 1], vec![1], vec![], vec![2]],
            "it was read by that"
        );
        for filter in [NotificationFilter::All, NotificationFilter::Requests] {
            assert_eq!(
                activity.list(filter).items[0].what,
                asked(RequestStatus::Accepted)
            );
        }
        // An answer that is on its way says nothing of what was accepted.
        activity.declined(id);
        assert_eq!(ids(&activity, NotificationFilter::Requests), [2]);
        let mut activity = with(&[waits(), liked(1, 5)]);
        activity.declined(id);
        assert_eq!(
            FILTERS.map(|filter| ids(&activity, filter)),
            [vec![1], vec![1], vec![], vec![]]
        );
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
