//! When quiet hours end. They are told by the clocks of a place, which are put forward and back: what counts is what a
//! person sees there. A time that the clocks skip is where they skip it; of one that they show twice, quiet hours take
//! the first to begin with and the last to end with, so that nobody is woken in between.

use std::sync::LazyLock;

use hearth_shared::notifications::preferences::{DAY_MINUTES, QuietHours};
use hearth_shared::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// The zones that are in the program, whatever the system has: all nodes must find the same.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The name of a time zone as it is written; `None` for one that there is not.
pub fn known_zone(name: &str) -> Option<String> {
    zone(name)?.iana_name().map(str::to_owned)
}

fn zone(name: &str) -> Option<TimeZone> {
    ZONES.get(name).ok().filter(|zone| !zone.is_unknown())
}

/// When the quiet hours end in which a moment lies; `None` when it lies in none.
pub fn ends(hours: &QuietHours, now: Timestamp) -> Option<Timestamp> {
    let zone = zone(&hours.time_zone)?;
    let moment = jiff::Timestamp::from_millisecond(now.as_millis()).ok()?;
    let today = zone.to_datetime(moment).date();
    // Those that began yesterday may last until today.
    let begun = [today.yesterday().ok(), Some(today)].into_iter().flatten();
    begun
        .filter_map(|day| {
            let last = if hours.from < hours.to {
                day
            } else {
                day.tomorrow().ok()?
            };
            let begin = first(&zone, day, hours.from)?;
            let end = self::last(&zone, last, hours.to)?;
            (begin <= moment && moment < end).then_some(end)
        })
        .max()
        .map(|end| Timestamp::from_millis(end.as_millisecond()))
}

/// The first moment at which the clocks of a day show so many minutes, or more.
fn first(zone: &TimeZone, day: Date, minute: u16) -> Option<jiff::Timestamp> {
    moment(zone, day, minute, true)
}

/// The last one.
fn last(zone: &TimeZone, day: Date, minute: u16) -> Option<jiff::Timestamp> {
    moment(zone, day, minute, false)
}

fn moment(zone: &TimeZone, day: Date, minute: u16, first: bool) -> Option<jiff::Timestamp> {
    let minute = i8::try_from(minute % 60)
        .ok()
        .zip(i8::try_from(minute % DAY_MINUTES / 60).ok());
    let (minute, hour) = minute?;
    let shown = zone.to_ambiguous_timestamp(day.at(hour, minute, 0, 0));
    match shown.offset() {
        AmbiguousOffset::Unambiguous { .. } => shown.unambiguous().ok(),
        AmbiguousOffset::Fold { .. } if first => shown.earlier().ok(),
        AmbiguousOffset::Fold { .. } => shown.later().ok(),
        // The clocks skip it: between the two moments that it could be, they are put forward.
        AmbiguousOffset::Gap { .. } => {
            let before = shown.earlier().ok()?;
            let skipped = zone.following(before).next()?;
            Some(skipped.timestamp())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let moment: jiff::Timestamp = text.parse().unwrap();
        Timestamp::from_millis(moment.as_millisecond())
    }

    fn hours(from: (u16, u16), to: (u16, u16), time_zone: &str) -> QuietHours {
        QuietHours {
            from: from.0 * 60 + from.1,
            to: to.0 * 60 + to.1,
            time_zone: time_zone.to_owned(),
        }
    }

    /// At which moments it is quiet, and until when.
    fn check(hours: &QuietHours, expected: &[(&str, Option<&str>)]) {
        for (now, end) in expected {
            assert_eq!(ends(hours, at(now)), end.map(at), "{hours:?} at {now}");
        }
    }

    #[test]
    fn zones_have_names() {
        assert_eq!(known_zone("europe/berlin").as_deref(), Some("Europe/Berlin"));
        assert!(known_zone("UTC").is_some() && known_zone("Etc/GMT+1").is_some());
        assert!(known_zone("Asia/Calcutta").is_some(), "old names are names");
        for unknown in ["Europe/Atlantis", "Etc/Unknown", "+01:00", "", "CEST"] {
            assert_eq!(known_zone(unknown), None, "{unknown:?}");
        }
        let nowhere = hours((0, 0), (23, 59), "Europe/Atlantis");
        check(&nowhere, &[("2026-11-29T12:00:00Z", None)]);
    }

    #[test]
    fn within_a_day() {
        let nap = hours((13, 0), (14, 30), "Europe/Berlin");
        check(
            &nap,
            &[
                ("2026-11-29T11:59:59.999Z", None),
                ("2026-11-29T12:00:00Z", Some("2026-11-29T13:30:00Z")),
                ("2026-11-29T13:29:59.999Z", Some("2026-11-29T13:30:00Z")),
                ("2026-11-29T13:30:00Z", None),
            ],
        );
    }

    #[test]
    fn over_midnight() {
        let night = hours((22, 0), (7, 0), "America/New_York");
        check(
            &night,
            &[
                ("2026-11-30T02:59:59Z", None),
                ("2026-11-30T03:00:00Z", Some("2026-11-30T12:00:00Z")),
                ("2026-11-30T05:30:00Z", Some("2026-11-30T12:00:00Z")),
                ("2026-11-30T11:59:00Z", Some("2026-11-30T12:00:00Z")),
                ("2026-11-30T12:00:00Z", None),
            ],
        );
        // To midnight is over midnight, too, and so is all day but for a minute.
        check(
            &hours((22, 0), (0, 0), "UTC"),
            &[
                ("2026-11-30T23:59:59Z", Some("2026-12-01T00:00:00Z")),
                ("2026-12-01T00:00:00Z", None),
            ],
        );
        check(
            &hours((8, 1), (8, 0), "UTC"),
            &[
                ("2026-11-30T07:59:59Z", Some("2026-11-30T08:00:00Z")),
                ("2026-11-30T08:00:30Z", None),
                ("2026-11-30T08:01:00Z", Some("2026-12-01T08:00:00Z")),
            ],
        );
    }

    #[test]
    fn a_night_in_which_the_clocks_are_put_forward_is_shorter() {
        // 2026-03-29, 02:00 becomes 03:00 in Berlin: 01:00 UTC.
        let night = hours((22, 0), (7, 0), "Europe/Berlin");
        check(
            &night,
            &[
                ("2026-03-28T20:59:59Z", None),
                ("2026-03-28T21:00:00Z", Some("2026-03-29T05:00:00Z")),
                ("2026-03-29T04:59:59Z", Some("2026-03-29T05:00:00Z")),
                ("2026-03-29T05:00:00Z", None),
            ],
        );
        // What ends or begins at a time that is skipped does so when it is skipped.
        check(
            &hours((22, 0), (2, 30), "Europe/Berlin"),
            &[
                ("2026-03-29T00:59:59Z", Some("2026-03-29T01:00:00Z")),
                ("2026-03-29T01:00:00Z", None),
            ],
        );
        check(
            &hours((2, 30), (6, 0), "Europe/Berlin"),
            &[
                ("2026-03-29T00:59:59Z", None),
                ("2026-03-29T01:00:00Z", Some("2026-03-29T04:00:00Z")),
            ],
        );
        check(
            &hours((2, 10), (2, 50), "Europe/Berlin"),
            &[("2026-03-29T00:59:59Z", None), ("2026-03-29T01:00:00Z", None)],
        );
    }

    #[test]
    fn a_night_in_which_the_clocks_are_put_back_is_longer() {
        // 2026-10-25, 03:00 becomes 02:00 in Berlin: 01:00 UTC. What is between is shown twice.
        let night = hours((22, 0), (7, 0), "Europe/Berlin");
        check(
            &night,
            &[
                ("2026-10-24T20:00:00Z", Some("2026-10-25T06:00:00Z")),
                ("2026-10-25T05:59:59Z", Some("2026-10-25T06:00:00Z")),
                ("2026-10-25T06:00:00Z", None),
            ],
        );
        check(
            &hours((22, 0), (2, 30), "Europe/Berlin"),
            &[
                ("2026-10-25T00:29:00Z", Some("2026-10-25T01:30:00Z")),
                ("2026-10-25T00:45:00Z", Some("2026-10-25T01:30:00Z")),
                ("2026-10-25T01:30:00Z", None),
            ],
        );
        check(
            &hours((2, 30), (8, 0), "Europe/Berlin"),
            &[
                ("2026-10-25T00:29:59Z", None),
                ("2026-10-25T00:30:00Z", Some("2026-10-25T07:00:00Z")),
                ("2026-10-25T01:15:00Z", Some("2026-10-25T07:00:00Z")),
            ],
        );
    }

    #[test]
    fn where_midnight_is_skipped() {
        // 2018-11-04, 00:00 became 01:00 in São Paulo: 03:00 UTC.
        check(
            &hours((0, 0), (6, 0), "America/Sao_Paulo"),
            &[
                ("2018-11-04T02:59:59Z", None),
                ("2018-11-04T03:00:00Z", Some("2018-11-04T08:00:00Z")),
            ],
        );
    }
}
