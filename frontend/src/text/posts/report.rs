//! Asking the host to look at something.

use hearth_shared::reports::{ReportReason, ReportSubject};

/// The title of the dialog.
pub(crate) fn title(subject: ReportSubject) -> &'static str {
    match subject {
        ReportSubject::Post(_) => "Report this post",
        ReportSubject::Comment(_) => "Report this comment",
        ReportSubject::Person(_) => "Report this person",
    }
}

pub(crate) const EXPLAINED: &str =
    "The host of this Hearth will look at it. Whoever wrote it isn't told who reported it.";
pub(crate) const WHY: &str = "What's wrong with it?";
pub(crate) const NOTE: &str = "Anything else to say (optional)";
pub(crate) const SEND: &str = "Send report";
pub(crate) const THANKS: &str = "Thank you. The host will look at it.";

/// A reason.
pub(crate) fn reason(reason: ReportReason) -> &'static str {
    match reason {
        ReportReason::Spam => "Advertising, or the same again and again",
        ReportReason::Harassment => "It hurts or threatens somebody",
        ReportReason::Hate => "It incites hatred",
        ReportReason::Violence => "Violence, or somebody may be in danger",
        ReportReason::Sexual => "Nudity or sex that doesn't belong here",
        ReportReason::False => "It isn't true, or somebody pretends to be another",
        ReportReason::Other => "Something else",
    }
}
