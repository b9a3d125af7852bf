//! Moments as people say them: "now", "4 min ago", "Yesterday, 18:40", "12 Mar", "12 Mar 2025".

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// A moment in the reader's own time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local {
    pub(crate) year: u32,
    /// 0 is January.
    pub(crate) month: u32,
    pub(crate) day: u32,
    /// 0 is Sunday.
    pub(crate) weekday: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    /// Days since the epoch in this zone, to tell yesterday from today.
    pub(crate) day_number: i64,
}

/// "March"; 0 is January.
pub(crate) fn month(index: u32) -> &'static str {
    MONTHS.get(index as usize).copied().unwrap_or_default()
}

fn short_month(index: u32) -> &'static str {
    month(index).get(..3).unwrap_or_default()
}

/// How long ago, as short as it stays clear.
pub(crate) fn relative(seconds_ago: i64, then: &Local, now: &Local) -> String {
    let clock = clock(then);
    match (seconds_ago, now.day_number - then.day_number) {
        (..60, _) => "now".to_owned(),
        (..3600, _) => format!("{} min ago", seconds_ago / 60),
        (_, 0) => super::count(
            u32::try_from(seconds_ago / 3600).unwrap_or(0),
            "hour ago",
            "hours ago",
        ),
        (_, 1) => format!("Yesterday, {clock}"),
        (_, 2..=6) => format!("{}, {clock}", day_name(then.weekday)),
        _ => day(then, now),
    }
}

/// "18:40".
pub(crate) fn clock(then: &Local) -> String {
    format!("{:02}:{:02}", then.hour, then.minute)
}

/// As short as a list of chats wants it: "18:40", "Yesterday", "Fri", "12 Mar".
pub(crate) fn brief(then: &Local, now: &Local) -> String {
    match now.day_number - then.day_number {
        ..=0 => clock(then),
        1 => "Yesterday".to_owned(),
        2..=6 => day_name(then.weekday).get(..3).unwrap_or_default().to_owned(),
        _ => day(then, now),
    }
}

/// A moment inside of a sentence: "today, 18:40", "yesterday, 18:40", "Friday, 21:04", "12 March, 21:04".
pub(crate) fn point(then: &Local, now: &Local) -> String {
    let day = match now.day_number - then.day_number {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ => heading(then, now),
    };
    format!("{day}, {}", clock(then))
}

/// What stands over the messages of a day: "Today", "Yesterday", "Friday", "12 March".
pub(crate) fn heading(then: &Local, now: &Local) -> String {
    match now.day_number - then.day_number {
        ..=0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        2..=6 => day_name(then.weekday).to_owned(),
        _ if then.year == now.year => format!("{} {}", then.day, month(then.month)),
        _ => long_day(then),
    }
}

fn day_name(weekday: u32) -> &'static str {
    DAYS.get(weekday as usize).copied().unwrap_or_default()
}

/// A day; the year only when it is not this one.
pub(crate) fn day(then: &Local, now: &Local) -> String {
    let day = format!("{} {}", then.day, short_month(then.month));
    if then.year == now.year {
        day
    } else {
        format!("{day} {}", then.year)
    }
}

/// "12 March 2026".
pub(crate) fn long_day(then: &Local) -> String {
    format!("{} {} {}", then.day, month(then.month), then.year)
}

/// "Sunday, 22 November 2026, 18:40".
pub(crate) fn absolute(then: &Local) -> String {
    format!("{}, {}, {}", day_name(then.weekday), long_day(then), clock(then))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: u32, month: u32, day: u32, hour: u32, day_number: i64) -> Local {
        Local {
            year,
            month,
            day,
            weekday: 0,
            hour,
            minute: 5,
            day_number,
        }
    }

    #[test]
    fn the_nearer_the_finer() {
        let now = at(2026, 10, 22, 18, 100);
        let cases = [
            (-5, now, "now"),
            (59, now, "now"),
            (60, now, "1 min ago"),
            (3599, now, "59 min ago"),
            (3600, at(2026, 10, 22, 17, 100), "1 hour ago"),
            (7300, at(2026, 10, 22, 16, 100), "2 hours ago"),
            (7300, at(2026, 10, 21, 23, 99), "Yesterday, 23:05"),
            (400_000, at(2026, 10, 18, 9, 96), "Sunday, 09:05"),
            (4_000_000, at(2026, 2, 12, 9, 40), "12 Mar"),
            (40_000_000, at(2025, 2, 12, 9, -40), "12 Mar 2025"),
        ];
        for (seconds, then, said) in cases {
            assert_eq!(relative(seconds, &then, &now), said);
        }
    }

    #[test]
    fn a_moment_in_a_sentence_says_its_day() {
        let now = at(2026, 10, 22, 18, 100);
        for (then, said) in [
            (at(2026, 10, 22, 9, 100), "today, 09:05"),
            (at(2026, 10, 21, 23, 99), "yesterday, 23:05"),
            (at(2026, 10, 18, 21, 96), "Sunday, 21:05"),
            (at(2026, 2, 12, 9, 40), "12 March, 09:05"),
            (at(2025, 2, 12, 9, -40), "12 March 2025, 09:05"),
        ] {
            assert_eq!(point(&then, &now), said);
        }
    }

    #[test]
    fn the_whole_moment_is_in_the_title() {
        assert_eq!(
            absolute(&at(2026, 10, 22, 18, 100)),
            "Sunday, 22 November 2026, 18:05"
        );
    }
}
