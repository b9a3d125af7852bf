//! What is chosen and what the server knows of it. Choices are shown at once and sent one after the other, so that the
//! last one also is the last that arrives; one that is refused is taken back.

use hearth_shared::privacy::{PrivacyChange, PrivacySettings};

/// Shown and known settings.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choices {
    pub(super) shown: PrivacySettings,
    known: PrivacySettings,
    sending: bool,
}

impl Choices {
    /// As they were read.
    pub(super) fn new(known: PrivacySettings) -> Self {
        Self {
            shown: known.clone(),
            known,
            sending: false,
        }
    }

    /// What is to be sent now: what differs, unless something is on its way.
    pub(super) fn next(&mut self) -> Option<PrivacyChange> {
        let change = difference(&self.shown, &self.known).filter(|_| !self.sending);
        self.sending |= change.is_some();
        change
    }

    /// It arrived, and this is how things are now.
    pub(super) fn settled(&mut self, known: PrivacySettings) {
        self.sending = false;
        self.known = known;
    }

    /// It was refused or lost: it is shown as it was before, and so is what was chosen meanwhile.
    pub(super) fn refused(&mut self) {
        self.sending = false;
        self.shown = self.known.clone();
    }
}

fn difference(new: &PrivacySettings, old: &PrivacySettings) -> Option<PrivacyChange> {
    let change = PrivacyChange {
        friend_requests: Some(new.friend_requests).filter(|value| *value != old.friend_requests),
        messages: Some(new.messages).filter(|value| *value != old.messages),
        friend_list: Some(new.friend_list).filter(|value| *value != old.friend_list),
        findable: Some(new.findable).filter(|value| *value != old.findable),
        find_by_email: Some(new.find_by_email).filter(|value| *value != old.find_by_email),
        show_online: Some(new.show_online).filter(|value| *value != old.show_online),
    };
    (change != PrivacyChange::default()).then_some(change)
}

#[cfg(test)]
mod tests {
    use hearth_shared::privacy::Reach;

    use super::*;

    #[test]
    fn one_at_a_time_and_the_last_one_wins() {
        let mut choices = Choices::new(PrivacySettings::default());
        assert_eq!(choices.next(), None);
        choices.shown.findable = Reach::Nobody;
        let first = choices.next().unwrap();
        assert_eq!(
            (first.findable, first.friend_requests),
            (Some(Reach::Nobody), None)
        );
        choices.shown.findable = Reach::FriendsOfFriends;
        assert_eq!(choices.next(), None, "one is on its way");
        choices.settled(PrivacySettings {
            findable: Reach::Nobody,
            ..PrivacySettings::default()
        });
        assert_eq!(choices.next().unwrap().findable, Some(Reach::FriendsOfFriends));
        choices.settled(choices.shown.clone());
        assert_eq!(choices.next(), None);
    }

    #[test]
    fn what_is_refused_is_taken_back() {
        let mut choices = Choices::new(PrivacySettings::default());
        choices.shown.show_online = false;
        assert!(choices.next().is_some());
        choices.refused();
        assert_eq!(choices.shown, PrivacySettings::default());
        assert_eq!(choices.next(), None);
        // There and back again before anything was sent: nothing to do.
        choices.shown.find_by_email = true;
        choices.shown.find_by_email = false;
        assert_eq!(choices.next(), None);
    }
}
