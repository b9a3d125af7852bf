//! Names of files, for people. Where bytes lie is never made of them.

use hearth_shared::media::FILE_NAME_MAX;
use hearth_shared::valid::tidy_line;

/// Characters of an ending at most; what is longer is part of the name.
const ENDING_MAX: usize = 12;

/// What may be kept of the name of a picture or a film: its last part, without ending, without what cannot be seen, and
/// not long.
pub fn tidy_name(name: &str) -> String {
    tidy_stem(split(name).0, "picture")
}

/// The same for any other file, and its ending, which says what it is; empty when it has none.
pub fn tidy_file_name(name: &str) -> (String, String) {
    let (stem, ending) = split(name);
    let says = |ending: &&str| {
        let length = ending.chars().count();
        (1..=ENDING_MAX).contains(&length) && ending.chars().all(|c| c.is_ascii_alphanumeric())
    };
    match ending.filter(says) {
        Some(ending) if !stem.is_empty() => (tidy_stem(stem, "file"), ending.to_owned()),
        _ => (tidy_stem(last(name), "file"), String::new()),
    }
}

fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

fn split(name: &str) -> (&str, Option<&str>) {
    let last = last(name);
    last.rsplit_once('.')
        .map_or((last, None), |(stem, ending)| (stem, Some(ending)))
}

fn tidy_stem(stem: &str, otherwise: &str) -> String {
    let mut stem: String = stem
        .chars()
        .filter(|c| !c.is_control() && !"\"<>:|?*".contains(*c))
        .collect();
    tidy_line(&mut stem);
    let stem: String = stem
        .trim_matches(['.', ' '])
        .chars()
        .take(FILE_NAME_MAX)
        .collect();
    if stem.is_empty() {
        otherwise.to_owned()
    } else {
        stem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_file_name_only_what_can_be_read_is_kept() {
        for (sent, kept) in [
            ("holiday.jpeg", "holiday"),
            ("../../etc/passwd", "passwd"),
            ("C:\\pictures\\cat.png", "cat"),
            ("a\0b\nc.png", "abc"),
            ("\u{202e}gnp.exe", "gnp"),
            ("", "picture"),
            ("..", "picture"),
            (".png", "picture"),
            ("\u{200b}", "picture"),
            ("a\"b<c>.png", "abc"),
            ("Zo\u{eb} \u{674e}.webp", "Zo\u{eb} \u{674e}"),
        ] {
            assert_eq!(tidy_name(sent), kept, "{sent:?}");
        }
        assert_eq!(tidy_name(&"x".repeat(300)).len(), FILE_NAME_MAX);
    }

    #[test]
    fn of_other_files_the_ending_stays() {
        for (sent, kept) in [
            ("minutes.pdf", ("minutes", "pdf")),
            ("../walks.tar.gz", ("walks.tar", "gz")),
            ("README", ("README", "")),
            (".profile", ("profile", "")),
            ("\u{202e}fdp.exe", ("fdp", "exe")),
            ("list.\u{202e}fdp", ("list.fdp", "")),
            ("x.p df", ("x.p df", "")),
            ("", ("file", "")),
            ("...", ("file", "")),
        ] {
            let (name, ending) = tidy_file_name(sent);
            assert_eq!((name.as_str(), ending.as_str()), kept, "{sent:?}");
        }
    }
}
