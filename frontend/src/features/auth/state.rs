//! What is wrong with a form: which field, and what concerns the whole of it.

use hearth_shared::problem::{ErrorCode, FieldCode, FieldError};
use yew::AttrValue;

use crate::platform::api::Failure;
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
    pub(super) fn next(&self, wrong: &[FieldError]) -> Self {
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

    fn at(&self, field: &str, text: impl Into<AttrValue>) -> Self {
        Self {
            fields: vec![(field.to_owned(), text.into())],
            general: None,
            attempt: self.attempt + 1,
        }
    }

    /// The same with a sentence above the form.
    pub(super) fn with_general(self, text: &'static str) -> Self {
        Self {
            general: Some(text.into()),
            ..self
        }
    }

    /// The sentence beside a field.
    pub(super) fn of(&self, field: &str) -> Option<AttrValue> {
        self.fields
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, text)| text.clone())
    }

    /// The sentence above the form.
    pub(super) fn general(&self) -> Option<AttrValue> {
        self.general.clone()
    }

    /// Which attempt these are from.
    pub(super) fn attempt(&self) -> u32 {
        self.attempt
    }
}

/// What the server refused, put beside the field that it concerns.
pub(super) fn refusal(before: &Errors, failure: &Failure) -> Errors {
    match failure {
        Failure::Refused(refusal) => match refusal.code {
            ErrorCode::UsernameTaken => before.at("username", sentences::sentence(refusal.code)),
            ErrorCode::EmailTaken => before.at("email", sentences::sentence(refusal.code)),
            ErrorCode::InvalidCredentials => before.at("password", sentences::sentence(refusal.code)),
            ErrorCode::ValidationFailed if known(&refusal.errors) => before.next(&refusal.errors),
            _ => general(before, failure),
        },
        _ => general(before, failure),
    }
}

fn known(errors: &[FieldError]) -> bool {
    const FIELDS: [&str; 5] = ["login", "password", "display_name", "username", "email"];
    !errors.is_empty()
        && errors
            .iter()
            .all(|error| FIELDS.contains(&error.field.as_str()) && error.code != FieldCode::WrongType)
}

fn general(before: &Errors, failure: &Failure) -> Errors {
    Errors {
        fields: Vec::new(),
        general: Some(sentences::failure(failure).into()),
        attempt: before.attempt + 1,
    }
}

/// What the sign-in page says to somebody who did not come by themselves.
pub(super) fn greeting(why: Why, because: Option<Because>) -> Option<&'static str> {
    match (why, because) {
        (Why::Fresh, None) => None,
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
