//! What is chosen and what the server knows of it. Choices are shown at once and sent one after the other, so that the
//! last one also is the last that arrives; one that is refused is taken back. Only what was chosen here is sent: what
//! another device has changed meanwhile is shown, not undone.

use hearth_shared::notifications::preferences::{
    Channel, NotificationPreferences, NotificationPreferencesChange, QuietHours, SwitchChange, Topic,
};

/// What quiet hours are when they are turned on first: from ten in the evening until seven in the morning.
const NIGHT: (u16, u16) = (22 * 60, 7 * 60);

/// Shown and known preferences.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choices {
    pub(super) shown: NotificationPreferences,
    known: NotificationPreferences,
    /// What was shown when that which is on its way was sent.
    sent: Option<NotificationPreferences>,
    /// The quiet hours that were turned off here, for when they are turned on again.
    before: Option<QuietHours>,
}

impl Choices {
    /// As they were read.
    pub(super) fn new(known: NotificationPreferences) -> Self {
        Self {
            shown: known.clone(),
            known,
            sent: None,
            before: None,
        }
    }

    /// Turns quiet hours on, as they were before, or off.
    pub(super) fn set_quiet(&mut self, on: bool, here: &str) {
        let first = || QuietHours {
            from: NIGHT.0,
            to: NIGHT.1,
            time_zone: here.to_owned(),
        };
        if !on {
            self.before = self.shown.quiet_hours.take();
        } else if self.shown.quiet_hours.is_none() {
            self.shown.quiet_hours = Some(self.before.take().unwrap_or_else(first));
        }
    }

    /// What is to be sent now: what differs, unless something is on its way.
    pub(super) fn next(&mut self) -> Option<NotificationPreferencesChange> {
        if self.sent.is_some() {
            return None;
        }
        let change = difference(&self.shown, &self.known)?;
        self.sent = Some(self.shown.clone());
        Some(change)
    }

    /// It arrived, and this is how things are now.
    pub(super) fn settled(&mut self, known: NotificationPreferences) {
        let since = self.sent.take().and_then(|sent| difference(&self.shown, &sent));
        self.shown = known.clone();
        self.known = known;
        if let Some(since) = since {
            self.shown.apply(&since);
        }
    }

    /// It was refused or lost: it is shown as it was before, and so is what was chosen meanwhile.
    pub(super) fn refused(&mut self) {
        self.sent = None;
        self.shown = self.known.clone();
    }
}

fn difference(
    new: &NotificationPreferences,
    old: &NotificationPreferences,
) -> Option<NotificationPreferencesChange> {
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

/// A minute of the day as a field for a time has it: "07:05".
pub(super) fn clock_of(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The minute of the day; `None` for a time that is not whole.
pub(super) fn minute_of(clock: &str) -> Option<u16> {
    let mut parts = clock.split(':').map(|part| part.parse::<u16>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(topic: Topic, channel: Channel) -> SwitchChange {
        SwitchChange {
            topic,
            channel,
            wanted: false,
        }
    }

    #[test]
    fn one_at_a_time_and_the_last_one_wins() {
        let mut choices = Choices::new(NotificationPreferences::default());
        assert_eq!(choices.next(), None);
        choices.shown.set(Topic::Shares, Channel::App, false);
        let first = choices.next().unwrap();
        assert_eq!(first.switches, [off(Topic::Shares, Channel::App)]);
        assert_eq!(first.quiet_hours, None);
        choices.shown.set(Topic::Shares, Channel::App, true);
        assert_eq!(choices.next(), None, "one is on its way");
        let mut known = NotificationPreferences::default();
        known.set(Topic::Shares, Channel::App, false);
        choices.settled(known);
        assert!(choices.shown.wants(Topic::Shares, Channel::App));
        assert!(choices.next().unwrap().switches[0].wanted);
        choices.settled(NotificationPreferences::default());
        assert_eq!(choices.next(), None);
    }

    #[test]
    fn what_another_device_changed_is_shown_and_not_undone() {
        let mut choices = Choices::new(NotificationPreferences::default());
        choices.shown.set(Topic::Shares, Channel::App, false);
        assert!(choices.next().is_some());
        choices.shown.set(Topic::Friends, Channel::Mail, false);
        let mut known = choices.shown.clone();
        known.set(Topic::Friends, Channel::Mail, true);
        known.set(Topic::Mentions, Channel::Push, false);
        choices.settled(known);
        assert!(!choices.shown.wants(Topic::Mentions, Channel::Push));
        let next = choices.next().unwrap();
        assert_eq!(next.switches, [off(Topic::Friends, Channel::Mail)]);
    }

    #[test]
    fn what_is_refused_is_taken_back() {
        let mut choices = Choices::new(NotificationPreferences::default());
        choices.set_quiet(true, "UTC");
        assert!(choices.next().is_some());
        choices.refused();
        assert_eq!(choices.shown, NotificationPreferences::default());
        assert_eq!(choices.next(), None);
    }

    #[test]
    fn quiet_hours_that_are_turned_on_again_are_those_of_before() {
        let mut choices = Choices::new(NotificationPreferences::default());
        choices.set_quiet(true, "Europe/Berlin");
        let first = choices.shown.quiet_hours.clone().unwrap();
        assert_eq!((first.from, first.to), NIGHT);
        choices.shown.quiet_hours.as_mut().unwrap().from = 60;
        choices.set_quiet(true, "UTC");
        choices.set_quiet(false, "UTC");
        assert_eq!(choices.shown.quiet_hours, None);
        choices.set_quiet(true, "UTC");
        let again = choices.shown.quiet_hours.clone().unwrap();
        assert_eq!((again.from, again.time_zone.as_str()), (60, "Europe/Berlin"));
    }

    #[test]
    fn times_of_the_day() {
        for (minute, clock) in [(0, "00:00"), (425, "07:05"), (1439, "23:59")] {
            assert_eq!(clock_of(minute), clock);
            assert_eq!(minute_of(clock), Some(minute));
        }
        assert_eq!(minute_of("22:00:00"), Some(1320));
        for broken in ["", "7", "24:00", "10:60", "a:b"] {
            assert_eq!(minute_of(broken), None, "{broken:?}");
        }
    }
}
