//! What one wants to be told of, and where.

use hearth_shared::notifications::preferences::{Channel, Topic};

pub(crate) const TITLE: &str = "Notifications";
pub(crate) const HINT: &str = "What you're told of, where, and when not";
pub(crate) const FAILED: &str = "Couldn't load your notification settings.";
pub(crate) const SAVED: &str = "Saved.";
pub(crate) const NOT_SAVED: &str = "Your choice wasn't saved, and it is as it was before.";

pub(crate) const INTRO: &str = "The app is where you are now: Activity and its number. Push reaches your devices while Hearth is closed.";
/// Where there is a daily mail.
pub(crate) const INTRO_MAIL: &str = " Mail is one letter a day at most.";
pub(crate) const TABLE: &str = "What you're told of, and where";
pub(crate) const TOPIC: &str = "About";
/// In the place of a switch.
pub(crate) const ALWAYS: &str = "Always";
pub(crate) const STAYS: &str = "What you turn off isn't told from now on. What you've been told already stays, and friend requests always wait for you under Friends.";

pub(crate) const QUIET: &str = "Quiet hours";
pub(crate) const QUIET_HINT: &str =
    "Your devices stay silent every day at these times. Nothing is lost: it's all in the app.";
pub(crate) const FROM: &str = "From";
pub(crate) const UNTIL: &str = "Until";
pub(crate) const SAME: &str = "Choose two different times. From one to the same there's no time to be quiet.";
pub(crate) const ZONE_HERE: &str = "Use the time zone of this device";

/// What it is about.
pub(crate) fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Friends => "Friend requests",
        Topic::Reactions => "Reactions",
        Topic::Comments => "Comments and replies",
        Topic::Mentions => "Mentions",
        Topic::Shares => "Shares",
        Topic::Groups => "Group invitations",
        Topic::Messages => "Messages",
    }
}

/// More of it.
pub(crate) fn about(topic: Topic) -> &'static str {
    match topic {
        Topic::Friends => "And when yours are accepted",
        Topic::Reactions => "To your posts and comments",
        Topic::Comments => "On your posts, to your comments",
        Topic::Mentions => "When you're named",
        Topic::Shares => "Of your posts",
        Topic::Groups => "When you're asked to join",
        Topic::Messages => "From people and in groups",
    }
}

/// Where it is told.
pub(crate) fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::App => "App",
        Channel::Push => "Push",
        Channel::Mail => "Mail",
    }
}

/// What a screen reader hears for a switch: "Reactions: Push".
pub(crate) fn switch(of: Topic, on: Channel) -> String {
    format!("{}: {}", topic(of), channel(on))
}

/// "Berlin (Europe/Berlin)"
fn place(zone: &str) -> String {
    match zone.rsplit_once('/') {
        Some((_, city)) => format!("{} ({zone})", city.replace('_', " ")),
        None => zone.to_owned(),
    }
}

/// By which clocks. `here`: where this device is.
pub(crate) fn zone(zone: &str, here: &str) -> String {
    if zone == here {
        format!("By the clocks of {}, where this device is.", place(zone))
    } else {
        format!(
            "By the clocks of {}. This device is in another time zone: {}.",
            place(zone),
            place(here)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_in_words() {
        assert_eq!(
            zone("America/New_York", "America/New_York"),
            "By the clocks of New York (America/New_York), where this device is."
        );
        assert_eq!(
            zone("UTC", "America/Argentina/Salta"),
            "By the clocks of UTC. This device is in another time zone: Salta (America/Argentina/Salta)."
        );
    }

    #[test]
    fn every_switch_has_a_name_of_its_own() {
        let all = Topic::ALL
            .into_iter()
            .flat_map(|of| Channel::ALL.map(|on| switch(of, on)));
        let names: std::collections::BTreeSet<String> = all.collect();
        assert_eq!(names.len(), Topic::ALL.len() * Channel::ALL.len());
    }
}
