//! What people ask the host to look at.

use serde::{Deserialize, Serialize};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{CommentId, PostId, UserId};
use crate::valid::{Report, Validate, tidy_text};

/// Characters of a note at most.
pub const NOTE_MAX: usize = 1000;

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum ReportSubject {
    /// A post.
    Post(PostId),
    /// A comment.
    Comment(CommentId),
    /// A person.
    Person(UserId),
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    /// Advertising, or the same again and again.
    Spam,
    /// It hurts or threatens somebody.
    Harassment,
    /// It incites hatred.
    Hate,
    /// Violence, or worry that somebody harms themselves or others.
    Violence,
    /// Nakedness or sex that does not belong here.
    Sexual,
    /// It is not true, or somebody pretends to be another.
    False,
    /// Something else; the note says what.
    Other,
}

impl ReportReason {
    /// Every reason, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Spam,
        Self::Harassment,
        Self::Hate,
        Self::Violence,
        Self::Sexual,
        Self::False,
        Self::Other,
    ];

    /// The text form, as on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Harassment => "harassment",
            Self::Hate => "hate",
            Self::Violence => "violence",
            Self::Sexual => "sexual",
            Self::False => "false",
            Self::Other => "other",
        }
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewReport {
    /// What it is about.
    pub subject: ReportSubject,
    /// Why.
    pub reason: ReportReason,
    /// What else there is to say, at most 1000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub note: String,
}

impl Validate for NewReport {
    fn validate(&mut self, report: &mut Report) {
        tidy_text(&mut self.note);
        report.length("note", &self.note, 0, NOTE_MAX);
        report.printable("note", &self.note, true);
    }
}

endpoint! {
    /// Asks the host to look at something that one sees; about the same thing once more, it takes the place of the earlier report.
    CreateReport {} = Post "/reports",
    SignedIn, query Nothing, body NewReport => 204 Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn a_subject_travels_as_kind_and_id() {
        let subject = ReportSubject::Post(PostId::new(7));
        let text = r#"{"kind":"post","id":"7"}"#;
        assert_eq!(serde_json::to_string(&subject).unwrap(), text);
        assert_eq!(serde_json::from_str::<ReportSubject>(text).unwrap(), subject);
    }

    #[test]
    fn reasons_have_the_same_text_everywhere() {
        for reason in ReportReason::ALL {
            let text = serde_json::to_string(&reason).unwrap();
            assert_eq!(text, format!("\"{}\"", reason.as_str()));
        }
    }
}
