//! What a browser calls itself, in plain words. Browsers pretend to be each other, so the order of the questions matters.

/// Browser and system, as far as they are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Agent {
    pub(super) browser: Option<&'static str>,
    pub(super) system: Option<&'static str>,
}

/// The more particular before the more general: Edge says that it is Chrome, and Chrome that it is Safari.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// Android says that it is Linux, and an iPhone that it is like a Mac.
const SYSTEMS: &[(&str, &str)] = &[
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// What a `User-Agent` says.
pub(super) fn of(text: &str) -> Agent {
    let first = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(sign, _)| text.contains(sign))
            .map(|(_, name)| *name)
    };
    Agent {
        browser: first(BROWSERS),
        system: first(SYSTEMS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_what_people_call_them() {
        for (text, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                Some("Firefox"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 \
                 Safari/537.36 Edg/139.0.0.0",
                Some("Edge"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile \
                 Safari/537.36",
                Some("Chrome"),
                Some("Android"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.6 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iPhone"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 CriOS/139.0 Mobile/15E148 Safari/604.1",
                Some("Chrome"),
                Some("iPhone"),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.6 Safari/605.1.15",
                Some("Safari"),
                Some("macOS"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/139.0.0.0 \
                 Safari/537.36",
                Some("Chrome"),
                Some("Linux"),
            ),
            ("curl/8.14.1", Some("curl"), None),
            ("", None, None),
            ("a program of ours", None, None),
        ] {
            assert_eq!(of(text), Agent { browser, system }, "{text}");
        }
    }
}
