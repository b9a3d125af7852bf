//! The preferences as settings of which every choice is saved at once.

use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, Channel, GetNotificationPreferences, NotificationPreferences,
    NotificationPreferencesChange, SwitchChange, Topic,
};

use crate::settings::choices::Settings;
use crate::text::settings::notifications as words;

impl Settings for NotificationPreferences {
    type Change = NotificationPreferencesChange;
    type Get = GetNotificationPreferences;
    type Put = ChangeNotificationPreferences;

    const GET: GetNotificationPreferences = GetNotificationPreferences {};
    const PUT: ChangeNotificationPreferences = ChangeNotificationPreferences {};
    const SAVED: &'static str = words::SAVED;
    const NOT_SAVED: &'static str = words::NOT_SAVED;

    fn difference(new: &Self, old: &Self) -> Option<NotificationPreferencesChange> {
        let mut change = NotificationPreferencesChange::default();
        for topic in Topic::ALL {
            for channel in Channel::ALL {
                let wanted = new.wants(topic, channel);
                if wanted != old.wants(topic, channel) {
                    change.switches.push(SwitchChange {
                        topic,
                        channel,
                        wanted,
                    });
                }
            }
        }
        if new.quiet_hours != old.quiet_hours {
            change.quiet_hours = Some(new.quiet_hours.clone());
        }
        (change != NotificationPreferencesChange::default()).then_some(change)
    }

    fn apply(&mut self, change: &NotificationPreferencesChange) {
        self.apply(change);
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::notifications::preferences::QuietHours;

    use super::*;

    #[test]
    fn a_difference_is_what_makes_the_one_the_other() {
        let old = NotificationPreferences::default();
        assert_eq!(Settings::difference(&old, &old), None);
        let mut new = old.clone();
        new.set(Topic::Shares, Channel::App, false);
        new.quiet_hours = Some(QuietHours {
            from: 22 * 60,
            to: 7 * 60,
            time_zone: "Europe/Berlin".into(),
        });
        for (from, to) in [(&old, &new), (&new, &old)] {
            let change = Settings::difference(to, from).unwrap();
            assert_eq!((change.switches.len(), change.quiet_hours.is_some()), (1, true));
            let mut made = from.clone();
            made.apply(&change);
            assert_eq!(&made, to);
        }
    }
}
