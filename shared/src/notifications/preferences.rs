//! What a person wants to be told of, where, and when they want to be left in peace. Each decides for themselves.

use serde::{Deserialize, Deserializer, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::problem::FieldCode;
use crate::valid::{Report, Validate};

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;
/// Characters of the name of a time zone at most.
pub const TIME_ZONE_MAX: usize = 64;
/// Switches that one request changes at most: all that there are.
pub const SWITCHES_MAX: usize = Topic::ALL.len() * Channel::ALL.len();

/// What people are told of, as they think of it: each is one or several kinds of notifications, or messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Requests for friendship, and that one's own was accepted.
    Friends,
    /// Reactions to one's posts and comments.
    Reactions,
    /// Comments on one's posts and replies to one's comments.
    Comments,
    /// Being named.
    Mentions,
    /// That one's posts are passed on.
    Shares,
    /// Invitations to groups.
    Groups,
    /// Messages, of one person or in a group.
    Messages,
}

impl Topic {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Friends,
        Self::Reactions,
        Self::Comments,
        Self::Mentions,
        Self::Shares,
        Self::Groups,
        Self::Messages,
    ];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Friends => "friends",
            Self::Reactions => "reactions",
            Self::Comments => "comments",
            Self::Mentions => "mentions",
            Self::Shares => "shares",
            Self::Groups => "groups",
            Self::Messages => "messages",
        }
    }

    /// Whether somebody who has chosen nothing is told of it there.
    pub const fn default_for(self, channel: Channel) -> bool {
        match (self, channel) {
            (Self::Reactions, Channel::Push) | (Self::Messages, Channel::Mail) => false,
            (_, Channel::App | Channel::Push | Channel::Mail) => true,
        }
    }

    /// Whether it can be turned off there: messages are always in the app.
    pub const fn has_switch(self, channel: Channel) -> bool {
        !matches!((self, channel), (Self::Messages, Channel::App))
    }
}

/// Where people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Among the activity, and in its badge.
    App,
    /// On their devices, while Hearth is closed.
    Push,
    /// In the daily mail.
    Mail,
}

impl Channel {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::App, Self::Push, Self::Mail];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Push => "push",
            Self::Mail => "mail",
        }
    }
}

/// When devices are silent, every day, by the clocks of a place. Over midnight when `from` is after `to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuietHours {
    /// From this minute of the day, 0 to 1439.
    pub from: u16,
    /// To this one, which is no longer quiet; another than `from`.
    pub to: u16,
    /// Where the clocks stand: a name of the IANA time zone database, such as `Europe/Berlin`.
    pub time_zone: String,
}

impl QuietHours {
    fn check(&mut self, report: &mut Report, name: &str) {
        for (field, minute) in [("from", self.from), ("to", self.to)] {
            if minute >= DAY_MINUTES {
                report.add(
                    &format!("{name}.{field}"),
                    FieldCode::InvalidFormat,
                    "must be a minute of the day, 0 to 1439",
                );
            }
        }
        if self.from == self.to {
            report.add(
                &format!("{name}.to"),
                FieldCode::NotOffered,
                "must be another minute than `from`",
            );
        }
        let field = format!("{name}.time_zone");
        report.length(&field, &self.time_zone, 1, TIME_ZONE_MAX);
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
        if !self.time_zone.chars().all(known) {
            report.add(
                &field,
                FieldCode::InvalidCharacters,
                "must be a name of the IANA time zone database",
            );
        }
    }
}

/// Where a person is told of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicPreferences {
    /// Of what.
    pub topic: Topic,
    /// In the app; of messages always.
    pub app: bool,
    /// On their devices.
    pub push: bool,
    /// In the daily mail.
    pub mail: bool,
}

impl TopicPreferences {
    const fn default_of(topic: Topic) -> Self {
        Self {
            topic,
            app: topic.default_for(Channel::App),
            push: topic.default_for(Channel::Push),
            mail: topic.default_for(Channel::Mail),
        }
    }
}

/// What a person wants to be told of, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationPreferences {
    /// Every topic once.
    pub topics: Vec<TopicPreferences>,
    /// When their devices are silent.
    pub quiet_hours: Option<QuietHours>,
}

impl Default for NotificationPreferences {
    fn default() -> Self {
        Self {
            topics: Topic::ALL.into_iter().map(TopicPreferences::default_of).collect(),
            quiet_hours: None,
        }
    }
}

impl NotificationPreferences {
    /// Whether they want to be told of a topic on a channel.
    pub fn wants(&self, topic: Topic, channel: Channel) -> bool {
        let found = self.topics.iter().find(|known| known.topic == topic);
        found.map_or_else(
            || topic.default_for(channel),
            |known| match channel {
                Channel::App => known.app,
                Channel::Push => known.push,
                Channel::Mail => known.mail,
            },
        )
    }

    /// Turns a switch.
    pub fn set(&mut self, topic: Topic, channel: Channel, wanted: bool) {
        for known in self.topics.iter_mut().filter(|known| known.topic == topic) {
            match channel {
                Channel::App => known.app = wanted,
                Channel::Push => known.push = wanted,
                Channel::Mail => known.mail = wanted,
            }
        }
    }

    /// Takes a change in, the last of several on one switch.
    pub fn apply(&mut self, change: &NotificationPreferencesChange) {
        for switch in &change.switches {
            self.set(switch.topic, switch.channel, switch.wanted);
        }
        if let Some(hours) = &change.quiet_hours {
            self.quiet_hours.clone_from(hours);
        }
    }
}

/// A switch to turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SwitchChange {
    /// Of what.
    pub topic: Topic,
    /// Where.
    pub channel: Channel,
    /// Whether they want to be told.
    pub wanted: bool,
}

/// What of the preferences is to change; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationPreferencesChange {
    /// Switches, each of which counts for itself. [`SWITCHES_MAX`] at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<SwitchChange>,
    /// Other quiet hours; `null`: none any more.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub quiet_hours: Option<Option<QuietHours>>,
}

/// What is there, be it `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<QuietHours>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Validate for NotificationPreferencesChange {
    fn validate(&mut self, report: &mut Report) {
        if self.switches.len() > SWITCHES_MAX {
            report.add(
                "switches",
                FieldCode::TooLong,
                format!("must have at most {SWITCHES_MAX} items"),
            );
        }
        for (index, switch) in self.switches.iter().enumerate() {
            if !switch.wanted && !switch.topic.has_switch(switch.channel) {
                report.add(
                    &format!("switches[{index}].wanted"),
                    FieldCode::NotOffered,
                    "cannot be turned off",
                );
            }
        }
        if let Some(Some(quiet)) = &mut self.quiet_hours {
            quiet.check(report, "quiet_hours");
        }
    }
}

endpoint! {
    /// What one wants to be told of, and where.
    GetNotificationPreferences {} = Get "/notifications/preferences",
    SignedIn, query Nothing, body Nothing => 200 NotificationPreferences
}

endpoint! {
    /// Changes some of what one wants to be told of, from now on; what one was told stays.
    ChangeNotificationPreferences {} = Patch "/notifications/preferences",
    SignedIn, query Nothing, body NotificationPreferencesChange => 200 NotificationPreferences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::valid::Valid;

    fn wrong(change: NotificationPreferencesChange) -> Vec<(String, FieldCode)> {
        let errors = Valid::check(change).unwrap_err();
        errors
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect()
    }

    fn hours(from: u16, to: u16, time_zone: &str) -> NotificationPreferencesChange {
        NotificationPreferencesChange {
            switches: Vec::new(),
            quiet_hours: Some(Some(QuietHours {
                from,
                to,
                time_zone: time_zone.to_owned(),
            })),
        }
    }

    #[test]
    fn a_switch_turns_one_thing() {
        let mut mine = NotificationPreferences::default();
        assert!(mine.wants(Topic::Reactions, Channel::App) && !mine.wants(Topic::Reactions, Channel::Push));
        mine.set(Topic::Reactions, Channel::App, false);
        for topic in Topic::ALL {
            for channel in Channel::ALL {
                let turned = (topic, channel) == (Topic::Reactions, Channel::App);
                assert_eq!(mine.wants(topic, channel), topic.default_for(channel) != turned);
            }
        }
    }

    #[test]
    fn the_text_forms_are_those_of_the_wire() {
        for topic in Topic::ALL {
            assert_eq!(
                serde_json::to_string(&topic).unwrap(),
                format!("\"{}\"", topic.as_str())
            );
        }
        for channel in Channel::ALL {
            let text = format!("\"{}\"", channel.as_str());
            assert_eq!(serde_json::to_string(&channel).unwrap(), text);
        }
    }

    #[test]
    fn no_quiet_hours_is_something_else_than_nothing_said_of_them() {
        for (text, expected) in [
            ("{}", None),
            (r#"{"quiet_hours":null}"#, Some(None)),
            (
                r#"{"quiet_hours":{"from":1320,"to":420,"time_zone":"Europe/Berlin"}}"#,
                hours(1320, 420, "Europe/Berlin").quiet_hours,
            ),
        ] {
            let change: NotificationPreferencesChange = serde_json::from_str(text).unwrap();
            assert_eq!(change.quiet_hours, expected);
            assert_eq!(serde_json::to_string(&change).unwrap(), text);
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(Valid::check(hours(1320, 420, "Etc/GMT+1")).is_ok());
        let field = |name: &str| format!("quiet_hours.{name}");
        assert_eq!(
            wrong(hours(1440, 2000, "UTC")),
            [
                (field("from"), FieldCode::InvalidFormat),
                (field("to"), FieldCode::InvalidFormat)
            ]
        );
        assert_eq!(
            wrong(hours(60, 60, "UTC")),
            [(field("to"), FieldCode::NotOffered)]
        );
        assert_eq!(
            wrong(hours(0, 1, "")),
            [(field("time_zone"), FieldCode::Required)]
        );
        assert_eq!(
            wrong(hours(0, 1, "../etc")),
            [(field("time_zone"), FieldCode::InvalidCharacters)]
        );
        let long = "a".repeat(TIME_ZONE_MAX + 1);
        assert_eq!(
            wrong(hours(0, 1, &long)),
            [(field("time_zone"), FieldCode::TooLong)]
        );
        let off = SwitchChange {
            topic: Topic::Messages,
            channel: Channel::App,
            wanted: false,
        };
        let one = NotificationPreferencesChange {
            switches: vec![off],
            ..NotificationPreferencesChange::default()
        };
        assert_eq!(
            wrong(one),
            [("switches[0].wanted".to_owned(), FieldCode::NotOffered)]
        );
        let many = NotificationPreferencesChange {
            switches: vec![SwitchChange { wanted: true, ..off }; SWITCHES_MAX + 1],
            ..NotificationPreferencesChange::default()
        };
        assert_eq!(wrong(many), [("switches".to_owned(), FieldCode::TooLong)]);
    }
}
