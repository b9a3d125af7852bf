//! The groups that one is invited to, and what was answered and is not settled.

use hearth_shared::conversations::members::GroupInvitation;
use hearth_shared::ids::ConversationId;
use hearth_shared::page::Page;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::replica::invitations::InvitationList;

use crate::platform::api::Failure;

/// All of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Invitations {
    list: InvitationList,
    /// They were read at least once.
    pub(crate) known: bool,
    pub(crate) failure: Option<Failure>,
    /// Declined ones, also those that may still be taken back.
    declined: Vec<ConversationId>,
    /// Groups that one is about to come into, invited or not.
    joining: Vec<ConversationId>,
}

impl Invitations {
    /// Those that wait for an answer.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &GroupInvitation> {
        let waits = |one: &&GroupInvitation| !self.declined.contains(&one.group.id);
        self.list.items.iter().filter(waits)
    }

    /// How many there are of them.
    pub(crate) fn waiting(&self) -> u32 {
        u32::try_from(self.shown().count()).unwrap_or(u32::MAX)
    }

    /// They were read, or were not.
    pub(crate) fn settle(&mut self, outcome: Result<Page<GroupInvitation>, Failure>) {
        match outcome {
            Ok(page) => {
                self.list.items = page.items;
                self.known = true;
                self.failure = None;
            }
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// Applies an event.
    pub(super) fn apply(&mut self, event: &Event) {
        self.list.apply(event);
        if let Event::GroupInvitation { invitation } = event {
            self.decline(invitation.group.id, false);
        }
    }

    /// It is answered: there is none.
    pub(crate) fn answered(&mut self, id: ConversationId) {
        self.list.items.retain(|one| one.group.id != id);
        self.decline(id, false);
        self.join(id, false);
    }

    /// It is declined, or that is taken back.
    pub(crate) fn decline(&mut self, id: ConversationId, declined: bool) {
        note(&mut self.declined, id, declined);
    }

    /// One is about to come into a group, or that has failed. False when that was so.
    pub(crate) fn join(&mut self, id: ConversationId, joining: bool) -> bool {
        note(&mut self.joining, id, joining)
    }

    /// Whether one is about to come into a group.
    pub(crate) fn is_joining(&self, id: ConversationId) -> bool {
        self.joining.contains(&id)
    }

    /// Whether one is declined, or about to be.
    pub(crate) fn is_declined(&self, id: ConversationId) -> bool {
        self.declined.contains(&id)
    }

    /// Everything that was read is forgotten.
    pub(super) fn forget(&mut self) {
        self.list = InvitationList::default();
        self.known = false;
    }
}

/// A group is among them from now on, or is not. False when that was so.
fn note(ids: &mut Vec<ConversationId>, id: ConversationId, among: bool) -> bool {
    let known = ids.contains(&id);
    ids.retain(|one| *one != id);
    if among {
        ids.push(id);
    }
    known != among
}

#[cfg(test)]
mod tests {
    use hearth_shared::conversations::groups::GroupCard;
    use hearth_shared::ids::Id;
    use hearth_shared::time::Timestamp;

    use super::*;
    use crate::features::chats::state::tests::group;
    use crate::features::posts::state::tests::user;

    fn invitation(id: i64) -> GroupInvitation {
        GroupInvitation {
            group: GroupCard {
                id: ConversationId::new(id),
                group: group(),
                member_count: 3,
                my_role: None,
                invited: true,
            },
            by: user(2),
            created_at: Timestamp::from_millis(id),
        }
    }

    fn ids(invitations: &Invitations) -> Vec<i64> {
        invitations.shown().map(|one| one.group.id.get()).collect()
    }

    #[test]
    fn what_is_declined_goes_at_once_and_may_come_back() {
        let mut invitations = Invitations::default();
        let id = ConversationId::new(1);
        for number in [1, 2] {
            let invitation = invitation(number);
            invitations.apply(&Event::GroupInvitation { invitation });
        }
        invitations.decline(id, true);
        assert_eq!((ids(&invitations), invitations.waiting()), (vec![2], 1));
        invitations.decline(id, false);
        assert_eq!(ids(&invitations), [2, 1]);
        invitations.decline(id, true);
        invitations.answered(id);
        let invitation = invitation(1);
        invitations.apply(&Event::GroupInvitation { invitation });
        assert_eq!(
            ids(&invitations),
            [2, 1],
            "who is invited once more is asked once more"
        );
    }

    #[test]
    fn one_joins_once_at_a_time() {
        let (mut invitations, id) = (Invitations::default(), ConversationId::new(1));
        assert!(invitations.join(id, true));
        assert!(!invitations.join(id, true), "it is on its way");
        invitations.join(id, false);
        assert!(invitations.join(id, true));
    }
}
