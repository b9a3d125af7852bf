//! What is wrong with a form: which field, and what concerns the whole of it.

use hearth_shared::instance::Registration;
use hearth_shared::problem::{ErrorCode, FieldCode, FieldError};
use hearth_shared::time::Timestamp;
use yew::AttrValue;

use crate::platform::api::Failure;
use crate::platform::clock;
use crate::platform::session::Why;
use crate::routes::Because;
use crate::text::{auth as words, errors as sentences};

/// More wrong fields than these also get a sentence above the form.
const MANY: usize = 3;

/// The errors of the last attempt.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Errors {
    fields: Vec<(String, AttrValue)>,
    general: Option<AttrValue>,
    /// Grows with every attempt, so that the focus moves even when the same field is wrong again.
    attempt: u32,
}

impl Errors {
    /// The errors of the next attempt.
    pub(crate) fn next(&self, wrong: &[FieldError]) -> Self {
        let mut fields: Vec<(String, AttrValue)> = Vec::new();
        for error in wrong {
            // One sentence at a time is enough for one field.
            if fields.iter().all(|(field, _)| *field != error.field) {
                fields.push((error.field.clone(), sentences::field(error).into()));
            }
        }
        Self {
            general: (fields.len() > MANY).then(|| words::MANY_WRONG.into()),
            fields,
            attempt: self.attempt + 1,
        }
    }

    /// One field of the next attempt is wrong.
    pub(crate) fn at(&self, field: &str, text: impl Into<AttrValue>) -> Self {
        Self {
            fields: vec![(field.to_owned(), text.into())],
            general: None,
            attempt: self.attempt + 1,
        }
    }

    /// The sentence beside a field.
    pub(crate) fn of(&self, field: &str) -> Option<AttrValue> {
        self.fields
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, text)| text.clone())
    }

    /// The sentence above the form.
    pub(crate) fn general(&self) -> Option<AttrValue> {
        self.general.clone()
    }

    /// Which attempt these are from.
    pub(crate) fn attempt(&self) -> u32 {
        self.attempt
    }
}

/// Which refusal concerns which field.
pub(crate) type Places = &'static [(ErrorCode, &'static str)];

/// What the server refused, put beside the field that it concerns; `fields` are those that the form has.
pub(crate) fn refused(before: &Errors, failure: &Failure, fields: &[&str], places: Places) -> Errors {
    let Failure::Refused(refusal) = failure else {
        return general(before, failure);
    };
    if let Some((code, field)) = places.iter().find(|(code, _)| *code == refusal.code) {
        return before.at(field, sentences::sentence(*code));
    }
    let known = !refusal.errors.is_empty()
        && refusal
            .errors
            .iter()
            .all(|error| fields.contains(&error.field.as_str()) && error.code != FieldCode::WrongType);
    if refusal.code == ErrorCode::ValidationFailed && known {
        before.next(&refusal.errors)
    } else {
        general(before, failure)
    }
}

/// What the server refused of signing in or up.
pub(super) fn refusal(before: &Errors, failure: &Failure) -> Errors {
    const FIELDS: [&str; 6] = ["login", "password", "display_name", "username", "email", "code"];
    const PLACES: Places = &[
        (ErrorCode::UsernameTaken, "username"),
        (ErrorCode::EmailTaken, "email"),
        (ErrorCode::InvalidCredentials, "password"),
        (ErrorCode::InvalidCode, "code"),
    ];
    refused(before, failure, &FIELDS, PLACES)
}

fn general(before: &Errors, failure: &Failure) -> Errors {
    Errors {
        fields: Vec::new(),
        general: Some(sentences::failure(failure).into()),
        attempt: before.attempt + 1,
    }
}

/// What a person still has to say before they are signed in.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Step {
    /// Name and password.
    #[default]
    Password,
    /// A code of their telephone.
    Code,
    /// A recovery code instead.
    Recovery,
    /// Whether they want to stay: their account waits for its end, at this time if it was told.
    Leaving(Option<Timestamp>),
}

/// What the server's answer asks for next; none when it is simply no.
pub(super) fn next_step(before: &Step, failure: &Failure) -> Option<Step> {
    match failure.code()? {
        ErrorCode::SecondFactorRequired => Some(Step::Code),
        ErrorCode::InvalidCode if *before == Step::Recovery => Some(Step::Recovery),
        ErrorCode::InvalidCode => Some(Step::Code),
        ErrorCode::AccountDeletionPending => Some(Step::Leaving(failure.detail().and_then(clock::parse))),
        _ => None,
    }
}

/// How an invitation stands that somebody came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invited {
    /// They came without.
    No,
    /// It is being looked at.
    Checking,
    Good,
    Bad,
}

/// What the page that makes accounts shows: the form or not, and what it says first.
pub(super) fn welcome(registration: Registration, invited: Invited) -> (bool, Option<&'static str>) {
    match (registration, invited) {
        (Registration::Closed, _) => (false, Some(words::REGISTRATION_CLOSED)),
        (_, Invited::Good) => (true, Some(words::INVITED)),
        (Registration::Open, Invited::Bad) => (true, Some(words::INVITATION_NOT_NEEDED)),
        (Registration::Open, _) => (true, None),
        (Registration::Invite, Invited::Bad) => (false, Some(words::INVITATION_SPENT)),
        (Registration::Invite, Invited::Checking) => (false, Some(words::INVITATION_CHECKED)),
        (Registration::Invite, Invited::No) => (false, Some(words::BY_INVITATION)),
    }
}

/// What the sign-in page says to somebody who did not come by themselves.
pub(super) fn greeting(why: Why, because: Option<Because>) -> Option<&'static str> {
    match (why, because) {
        (Why::Fresh, None) => None,
        (Why::Suspended, _) | (_, Some(Because::Suspended)) => Some(words::SUSPENDED),
        (_, Some(Because::NewPassword)) => Some(words::NEW_PASSWORD_SET),
        (Why::Person, _) | (_, Some(Because::SignedOut)) => Some(words::SIGNED_OUT),
        (Why::Ended, _) | (_, Some(Because::Ended)) => Some(words::SESSION_ENDED),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::platform::api::Refusal;

    fn wrong(field: &str, code: FieldCode) -> FieldError {
        FieldError {
            field: field.to_owned(),
            code,
            message: String::new(),
        }
    }

    #[test]
    fn a_taken_name_is_said_beside_the_name() {
        let errors = refusal(&Errors::default(), &Failure::refused(ErrorCode::UsernameTaken));
        assert!(
            errors.of("username").is_some() && errors.of("email").is_none() && errors.general().is_none()
        );
        assert_eq!(errors.attempt(), 1);
    }

    #[test]
    fn a_code_is_asked_for_until_it_is_right() {
        let asked = next_step(
            &Step::Password,
            &Failure::refused(ErrorCode::SecondFactorRequired),
        );
        assert_eq!(asked, Some(Step::Code));
        let wrong = Failure::refused(ErrorCode::InvalidCode);
        assert_eq!(next_step(&Step::Code, &wrong), Some(Step::Code));
        assert_eq!(next_step(&Step::Recovery, &wrong), Some(Step::Recovery));
        assert!(refusal(&Errors::default(), &wrong).of("code").is_some());
        for code in [ErrorCode::InvalidCredentials, ErrorCode::AccountSuspended] {
            assert_eq!(next_step(&Step::Password, &Failure::refused(code)), None);
        }
        assert_eq!(next_step(&Step::Password, &Failure::Unreachable), None);
    }

    #[test]
    fn the_form_shows_where_one_may_register() {
        let shown = |registration, invited| welcome(registration, invited).0;
        for invited in [Invited::No, Invited::Checking, Invited::Good, Invited::Bad] {
            assert!(shown(Registration::Open, invited) && !shown(Registration::Closed, invited));
            assert_eq!(shown(Registration::Invite, invited), invited == Invited::Good);
        }
        assert_eq!(welcome(Registration::Open, Invited::No).1, None);
    }

    #[test]
    fn one_sentence_per_field_and_a_summary_only_for_many() {
        let few = [
            wrong("username", FieldCode::TooShort),
            wrong("username", FieldCode::InvalidCharacters),
        ];
        let errors = Errors::default().next(&few);
        assert_eq!((errors.fields.len(), errors.general()), (1, None));
        let many =
            ["display_name", "username", "email", "password"].map(|name| wrong(name, FieldCode::Required));
        assert!(Errors::default().next(&many).general().is_some());
    }

    #[test]
    fn a_field_that_the_form_does_not_have_is_said_above_it() {
        let unknown = Refusal {
            code: ErrorCode::ValidationFailed,
            errors: vec![wrong("captcha", FieldCode::Required)],
            retry_after: None,
            detail: String::new(),
        };
        assert!(
            refusal(&Errors::default(), &Failure::Refused(Rc::new(unknown)))
                .general()
                .is_some()
        );
        assert!(
            refusal(&Errors::default(), &Failure::Unreachable)
                .general()
                .is_some()
        );
    }
}
