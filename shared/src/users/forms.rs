//! The forms that some fields of a page have.

/// Whether a text is an address that a link may lead to: `http` or `https`, a host, and nothing that hides where
/// it leads (no name before an `@`, no spaces, no backslashes).
pub fn is_website(text: &str) -> bool {
    let scheme = ["http://", "https://"].into_iter().find(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let Some(scheme) = scheme else { return false };
    let rest = &text[scheme.len()..];
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>' | '`');
    !text.chars().any(odd)
        && !authority.contains('@')
        && host.chars().any(char::is_alphanumeric)
        && !host.starts_with('.')
}

/// Whether a text is a date of the calendar, with or without its year.
pub fn is_birthday(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |text: &str, digits: usize| {
        let fits = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        if fits { text.parse::<u32>().unwrap_or(0) } else { 0 }
    };
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] => (number(year, 4), number(month, 2), number(day, 2)),
        // Somebody is born on the 29th of February, in a year that they do not say.
        [month, day] => (2000, number(month, 2), number(day, 2)),
        _ => return false,
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1900..=2100).contains(&year) && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_websites_are_websites() {
        for good in [
            "http://a.example",
            "HTTPS://a.example/b?c=d#e",
            "https://münchen.example:8443",
        ] {
            assert!(is_website(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt://%0aalert(1)",
            "data:text/html,x",
            "ftp://a.example",
            "//a.example",
            "a.example",
            "https://",
            "https:///x",
            "https://bank.example@evil.example",
            "https://a b.example",
            "https://a.example\\@b",
        ] {
            assert!(!is_website(bad), "{bad}");
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for good in ["1990-05-17", "02-29", "2000-02-29", "12-31"] {
            assert!(is_birthday(good), "{good}");
        }
        for bad in [
            "1990-02-29",
            "1900-02-29",
            "13-01",
            "00-10",
            "1-1",
            "1990-5-17",
            "+990-05-17",
            "04-31",
            "-",
            "x",
        ] {
            assert!(!is_birthday(bad), "{bad}");
        }
    }
}
