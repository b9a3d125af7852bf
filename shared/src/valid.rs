//! Bodies arrive checked or not at all: a [`Valid<T>`] can only be made by [`Valid::check`], which first
//! tidies the value (spaces around a name) and then applies its rules. The browser runs the same rules before
//! it sends.

use crate::problem::{FieldCode, FieldError};

/// A value with rules.
pub trait Validate {
    /// Tidies the value and reports every broken rule.
    fn validate(&mut self, report: &mut Report);
}

/// A value that keeps its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid<T>(T);

impl<T: Validate> Valid<T> {
    /// Tidies and checks a value.
    ///
    /// # Errors
    /// One entry for each broken rule.
    pub fn check(mut value: T) -> Result<Self, Vec<FieldError>> {
        let mut report = Report::default();
        value.validate(&mut report);
        if report.errors.is_empty() {
            Ok(Self(value))
        } else {
            Err(report.errors)
        }
    }
}

impl<T> Valid<T> {
    /// Gives the value up.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> std::ops::Deref for Valid<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// Collects broken rules.
#[derive(Debug, Default)]
pub struct Report {
    errors: Vec<FieldError>,
}

impl Report {
    /// Notes a broken rule.
    pub fn add(&mut self, field: &str, code: FieldCode, message: impl Into<String>) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            code,
            message: message.into(),
        });
    }

    /// What came of it.
    ///
    /// # Errors
    /// One entry for each broken rule.
    pub fn finish(self) -> Result<(), Vec<FieldError>> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(self.errors)
        }
    }

    /// A text of `min` to `max` characters (Unicode scalar values). An empty one is `required` when `min` > 0.
    pub fn length(&mut self, field: &str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length == 0 && min > 0 {
            self.add(field, FieldCode::Required, "must not be empty");
        } else if length < min {
            self.add(
                field,
                FieldCode::TooShort,
                format!("must have at least {min} characters"),
            );
        } else if length > max {
            self.add(
                field,
                FieldCode::TooLong,
                format!("must have at most {max} characters"),
            );
        }
    }

    /// A text without control characters; `\n` and `\t` are allowed where `lines` is true.
    pub fn printable(&mut self, field: &str, text: &str, lines: bool) {
        let bad = |c: char| c.is_control() && !(lines && matches!(c, '\n' | '\t'));
        if text.chars().any(bad) {
            self.add(
                field,
                FieldCode::InvalidCharacters,
                "must not contain control characters",
            );
        }
    }
}

/// Characters that change how a name is shown without being seen: zero-width and filling ones, and those that
/// turn the direction of writing (Unicode TR 36).
fn invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Joiners and variation selectors: some scripts and emoji need them inside words, alone they are nothing.
fn joining(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// A name on one line: invisible characters go, runs of white space become one space, none around. What has
/// nothing to see in it becomes empty.
pub fn tidy_line(text: &mut String) {
    let seen: String = text.chars().filter(|c| !invisible(*c)).collect();
    *text = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().all(|c| joining(c) || c.is_whitespace()) {
        text.clear();
    }
}

/// A text of several lines: line ends of every kind become `\n`, white space around it goes.
pub fn tidy_text(text: &mut String) {
    const ENDS: [char; 6] = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    *text = text.replace("\r\n", "\n").replace(ENDS, "\n").trim().to_owned();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_tidied() {
        let mut name = " \u{202e}Ada\u{200b}\t Lovelace \n".to_owned();
        tidy_line(&mut name);
        assert_eq!(name, "Ada Lovelace");
        for nothing in ["\u{3164}", "\u{200d}\u{fe0f}", "\u{2800} \u{ad}"] {
            let mut name = nothing.to_owned();
            tidy_line(&mut name);
            assert_eq!(name, "", "{nothing:?}");
        }
        let mut family = "👨\u{200d}👩\u{200d}👧".to_owned();
        tidy_line(&mut family);
        assert_eq!(family, "👨\u{200d}👩\u{200d}👧");
    }

    #[test]
    fn every_kind_of_line_end_becomes_the_same() {
        let mut text = " a\r\nb\rc\u{b}d\u{c}e\u{85}f\u{2028}g\u{2029}\n".to_owned();
        tidy_text(&mut text);
        assert_eq!(text, "a\nb\nc\nd\ne\nf\ng");
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        let mut report = Report::default();
        report.length("name", "ééé", 1, 3);
        assert!(report.errors.is_empty());
        report.length("name", "éééé", 1, 3);
        assert_eq!(report.errors[0].code, FieldCode::TooLong);
    }
}
