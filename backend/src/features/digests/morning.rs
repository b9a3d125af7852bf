//! When it is morning for somebody: from eight to noon, by the clocks of the place that they named for their quiet hours,
//! else by UTC. Four hours, so that a mail server that is away for a while costs nobody a day.

use std::sync::LazyLock;

use hearth_shared::time::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Hours of the day, the last one not included.
const MORNING: std::ops::Range<i8> = 8..12;

/// The zones that are in the program, whatever the system has.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Whether it is morning there.
pub(super) fn is_morning(zone: Option<&str>, now: Timestamp) -> bool {
    let zone = zone
        .and_then(|name| ZONES.get(name).ok())
        .unwrap_or(TimeZone::UTC);
    let Ok(moment) = jiff::Timestamp::from_millisecond(now.as_millis()) else {
        return false;
    };
    MORNING.contains(&zone.to_datetime(moment).hour())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_morning_where_people_are() {
        let at = |text: &str| {
            let moment: jiff::Timestamp = text.parse().unwrap();
            Timestamp::from_millis(moment.as_millisecond())
        };
        for (zone, moment, expected) in [
            (None, "2026-11-29T07:59:59Z", false),
            (None, "2026-11-29T08:00:00Z", true),
            (None, "2026-11-29T11:59:59Z", true),
            (None, "2026-11-29T12:00:00Z", false),
            (Some("Europe/Berlin"), "2026-11-29T07:00:00Z", true),
            (Some("Europe/Berlin"), "2026-07-29T06:00:00Z", true),
            (Some("Europe/Berlin"), "2026-11-29T11:00:00Z", false),
            (Some("America/New_York"), "2026-11-29T13:00:00Z", true),
            (Some("America/New_York"), "2026-11-29T08:00:00Z", false),
            (Some("Nowhere/At_All"), "2026-11-29T08:00:00Z", true),
        ] {
            assert_eq!(is_morning(zone, at(moment)), expected, "{zone:?} {moment}");
        }
    }
}
