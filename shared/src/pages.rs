//! Which of the two web programs shows a page. The first is what people open every day; what they need seldom is
//! in the second, so that its bytes are not paid by everybody.

/// The first parts of the addresses that the second program shows; everything below them is its own, too. The service
/// worker is told them when the client is built.
pub const SECOND: &[&str] = &["settings", "forgot", "reset", "verify", "unsubscribe"];

/// Whether the second program shows the page of an address: a path, with or without what follows it.
pub fn is_second(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let mut parts = path.split('/');
    parts.next() == Some("") && parts.next().is_some_and(|part| SECOND.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_parts_count() {
        for second in [
            "/settings",
            "/settings/",
            "/settings/privacy?x=/",
            "/reset#a/b",
            "/forgot?",
        ] {
            assert!(is_second(second), "{second}");
        }
        for first in [
            "",
            "/",
            "/settingsx",
            "settings",
            "//settings",
            "/u/settings",
            "/login?next=/settings",
        ] {
            assert!(!is_second(first), "{first}");
        }
    }
}
