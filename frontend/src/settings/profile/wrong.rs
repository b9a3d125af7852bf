//! What was wrong with the form when it was last sent.

use hearth_shared::problem::{ErrorCode, FieldError};
use yew::AttrValue;

use crate::platform::api::Failure;
use crate::text::errors;
use crate::text::settings::profile as words;

/// The sentences of the last attempt.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Wrong {
    fields: Vec<(String, AttrValue)>,
    general: Option<AttrValue>,
    /// Grows with every attempt, so that the focus moves even when the same field is wrong again.
    attempt: u32,
}

impl Wrong {
    /// The fields of the next attempt, one sentence each.
    pub(super) fn fields(&self, errors: &[FieldError]) -> Self {
        let mut fields: Vec<(String, AttrValue)> = Vec::new();
        for error in errors {
            if fields.iter().all(|(field, _)| *field != error.field) {
                fields.push((error.field.clone(), words::wrong(error).into()));
            }
        }
        Self {
            fields,
            general: None,
            attempt: self.attempt + 1,
        }
    }

    /// What the server said, or that it said nothing.
    pub(super) fn refused(&self, failure: &Failure, known: impl Fn(&str) -> bool) -> Self {
        match failure {
            Failure::Refused(refusal)
                if refusal.code == ErrorCode::ValidationFailed
                    && !refusal.errors.is_empty()
                    && refusal.errors.iter().all(|error| known(&error.field)) =>
            {
                self.fields(&refusal.errors)
            }
            failure => Self {
                fields: Vec::new(),
                general: Some(format!("{} {}", words::NOT_SAVED, errors::failure(failure)).into()),
                attempt: self.attempt + 1,
            },
        }
    }

    /// Nothing is.
    pub(super) fn none(&self) -> Self {
        Self {
            attempt: self.attempt,
            ..Self::default()
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

    /// Which attempt these are from, while something is wrong.
    pub(super) fn attempt(&self) -> Option<u32> {
        (!self.fields.is_empty()).then_some(self.attempt)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use hearth_shared::problem::FieldCode;

    use super::*;
    use crate::platform::api::Refusal;

    fn refused(field: &str) -> Failure {
        Failure::Refused(Rc::new(Refusal {
            code: ErrorCode::ValidationFailed,
            errors: vec![FieldError {
                field: field.to_owned(),
                code: FieldCode::TooLong,
                message: String::new(),
            }],
            retry_after: None,
            detail: String::new(),
        }))
    }

    #[test]
    fn a_field_of_the_form_is_named_and_another_is_not_lost() {
        let known = |field: &str| field == "bio";
        let wrong = Wrong::default().refused(&refused("bio"), known);
        assert!(wrong.of("bio").is_some() && wrong.general().is_none());
        assert_eq!(wrong.attempt(), Some(1));
        let wrong = wrong.refused(&refused("motto"), known);
        assert!(wrong.of("motto").is_none() && wrong.general().is_some());
        assert_eq!(wrong.none().general(), None);
    }
}
