//! What nodes say to each other over Redis: JSON, so that `redis-cli MONITOR` shows a host what goes on.

use hearth_shared::ids::UserId;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::platform::realtime::bus::Notice;

/// A message as it is sent.
#[derive(Serialize)]
pub(super) struct Envelope<'a> {
    /// Which node says it.
    pub(super) from: &'a str,
    /// What.
    pub(super) say: Say<'a>,
}

/// What a node says.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Say<'a> {
    /// It lives; and when this comes back to the one who said it, its subscription does too. The moment by the
    /// sender's own clock, in milliseconds.
    Probe(u64),
    /// What happened.
    Notices(&'a [Notice]),
    /// These people are here.
    Here(&'a [UserId]),
    /// It could not say everything.
    Lost,
    /// It stops.
    Bye,
}

/// A message as it is heard.
#[derive(Deserialize)]
pub(super) struct Received {
    pub(super) from: String,
    pub(super) say: Heard,
}

/// As [`Say`]. Notices are read one by one: a newer version may say some that this one does not know.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Heard {
    Probe(u64),
    Notices(Vec<Box<RawValue>>),
    Here(Vec<UserId>),
    Lost,
    Bye,
    /// A word of a newer version. Whatever is worth a look is said with [`Heard::Lost`].
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_shared::ids::{Id, PostId};

    #[test]
    fn what_is_said_is_heard_and_what_is_new_is_told_apart() {
        let notices = [Notice::Post(PostId::new(7))];
        let said = Envelope {
            from: "a",
            say: Say::Notices(&notices),
        };
        let json = serde_json::to_string(&said).unwrap();
        let heard: Received = serde_json::from_str(&json).unwrap();
        let Heard::Notices(list) = heard.say else {
            panic!("{json}")
        };
        assert!(matches!(serde_json::from_str(list[0].get()), Ok(Notice::Post(id)) if id == PostId::new(7)));
        let newer = r#"{"from":"b","say":{"notices":[{"Weather":"rain"},{"Post":"7"}]}}"#;
        let heard: Received = serde_json::from_str(newer).unwrap();
        let Heard::Notices(list) = heard.say else {
            panic!("{newer}")
        };
        let read: Vec<_> = list
            .iter()
            .map(|one| serde_json::from_str::<Notice>(one.get()).is_ok())
            .collect();
        assert_eq!(read, [false, true]);
        let dance: Received = serde_json::from_str(r#"{"from":"b","say":"dance"}"#).unwrap();
        assert!(matches!(dance.say, Heard::Other));
        for quiet in [Say::Probe(3), Say::Here(&[UserId::new(1)]), Say::Lost, Say::Bye] {
            let json = serde_json::to_string(&Envelope {
                from: "a",
                say: quiet,
            })
            .unwrap();
            assert!(serde_json::from_str::<Received>(&json).is_ok(), "{json}");
        }
    }
}
