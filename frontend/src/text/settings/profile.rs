//! What people see about one: the form and the pictures.

use hearth_shared::problem::{FieldCode, FieldError};
use hearth_shared::users::{BIO_MAX, FIELD_MAX, FieldAudience, FieldName, WEBSITE_MAX};

use crate::text::{count, errors, time};

pub(crate) const TITLE: &str = "Profile";
pub(crate) const HINT: &str = "Pictures, name, a few lines about you";
pub(crate) const FAILED: &str = "Couldn't load your profile.";

// Seeing it as others do

pub(crate) const VIEW_AS: &str = "See your page";
pub(crate) const VIEW_AS_FRIEND: &str = "As a friend";
pub(crate) const VIEW_AS_STRANGER: &str = "As someone you don't know";

// Pictures

pub(crate) const PICTURES: &str = "Pictures";
pub(crate) const PICTURES_HINT: &str = "JPEG, PNG, WebP or GIF. You can drop a picture on either of the two, or paste one as your profile picture.";
pub(crate) const ADD_PICTURE: &str = "Add profile picture";
pub(crate) const CHANGE_PICTURE: &str = "Change profile picture";
pub(crate) const REMOVE_PICTURE: &str = "Remove profile picture";
pub(crate) const ADD_COVER: &str = "Add cover";
pub(crate) const CHANGE_COVER: &str = "Change cover";
pub(crate) const REMOVE_COVER: &str = "Remove cover";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const REMOVE_PICTURE_TITLE: &str = "Remove your profile picture?";
pub(crate) const REMOVE_COVER_TITLE: &str = "Remove your cover?";
pub(crate) const REMOVE_PICTURE_BODY: &str = "People will see your initials instead.";
pub(crate) const REMOVE_COVER_BODY: &str = "Your page will have none until you choose another.";
pub(crate) const PICTURE_REMOVED: &str = "Your profile picture is removed.";
pub(crate) const COVER_REMOVED: &str = "Your cover is removed.";
pub(crate) const PICTURE_SAVED: &str = "Your profile picture is saved.";
pub(crate) const COVER_SAVED: &str = "Your cover is saved.";
pub(crate) const NOT_REMOVED: &str = "It wasn't removed.";

pub(crate) const CROP_PICTURE: &str = "Profile picture";
pub(crate) const CROP_COVER: &str = "Cover";

// The form

pub(crate) const ABOUT: &str = "About you";
pub(crate) const ABOUT_HINT: &str =
    "Name, username and bio are for everybody here. You choose who sees the rest.";
pub(crate) const NAME: &str = "Name";
pub(crate) const NAME_HINT: &str = "The name that people know you by.";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const CHANGE_ON_ACCOUNT: &str = "Change it under Account";
pub(crate) const BIO: &str = "Bio";
pub(crate) const BIRTH_YEAR: &str = "Show the year, too";
pub(crate) const CHOOSE: &str = "Not said";
pub(crate) const SAVE: &str = "Save changes";
pub(crate) const SAVING: &str = "Saving…";
pub(crate) const SAVED: &str = "Saved";
pub(crate) const UNSAVED: &str = "Not saved yet";
pub(crate) const NOTHING_NEW: &str = "Nothing to save";
pub(crate) const NOT_SAVED: &str = "Not saved. What you typed is still here.";
pub(crate) const KEPT: &str = "What you typed before isn't saved yet. It's still here.";
pub(crate) const DISCARD: &str = "Discard";
pub(crate) const LEAVE_TITLE: &str = "Leave without saving?";
pub(crate) const LEAVE_BODY: &str = "What you changed on this page will be lost.";
pub(crate) const LEAVE: &str = "Leave";
pub(crate) const STAY: &str = "Stay";

/// "84/160".
pub(crate) fn bio_count(left: i64) -> String {
    format!("{}/{BIO_MAX}", BIO_MAX as i64 - left)
}

/// What a screen reader hears for it.
pub(crate) fn bio_left(left: i64) -> String {
    let number = u32::try_from(left.unsigned_abs()).unwrap_or(u32::MAX);
    if left < 0 {
        format!("{} too many", count(number, "character", "characters"))
    } else {
        format!("{} left", count(number, "character", "characters"))
    }
}

/// The label of a field.
pub(crate) fn field(name: FieldName) -> &'static str {
    match name {
        FieldName::Email => "Email",
        FieldName::Location => "Location",
        FieldName::Work => "Work",
        FieldName::Education => "Education",
        FieldName::Website => "Website",
        FieldName::Birthday => "Birthday",
        FieldName::Relationship => "Relationship",
        FieldName::Pronouns => "Pronouns",
        FieldName::Unknown => "",
    }
}

/// An example, or what is to be known about it.
pub(crate) fn field_hint(name: FieldName) -> Option<&'static str> {
    match name {
        FieldName::Pronouns => Some("Such as she/her, he/him, they/them."),
        FieldName::Website => Some("Such as https://example.org"),
        _ => None,
    }
}

/// A birthday of which only month (from 1) and day are known.
pub(crate) fn without_year((month, day): (u32, u32)) -> String {
    format!(
        "Now: {day} {}, without a year.",
        time::month(month.saturating_sub(1))
    )
}

/// The label of the choice beside a field.
pub(crate) fn who_sees(name: FieldName) -> String {
    format!("Who sees: {}", field(name))
}

/// Who sees something.
pub(crate) fn audience(audience: FieldAudience) -> &'static str {
    match audience {
        FieldAudience::Everyone => "Everyone",
        FieldAudience::Friends => "Friends",
        FieldAudience::OnlyMe => "Only me",
    }
}

/// What the relationships of the API are called.
pub(crate) fn relationship(value: &str) -> &'static str {
    match value {
        "single" => "Single",
        "in_a_relationship" => "In a relationship",
        "engaged" => "Engaged",
        "married" => "Married",
        "partnership" => "In a civil partnership",
        "complicated" => "It's complicated",
        "separated" => "Separated",
        "divorced" => "Divorced",
        "widowed" => "Widowed",
        _ => "Something else",
    }
}

/// One sentence for a wrong field of this form.
pub(crate) fn wrong(error: &FieldError) -> String {
    match (error.field.as_str(), error.code) {
        ("website", FieldCode::InvalidFormat) => {
            "Enter an address that starts with https:// or http://.".to_owned()
        }
        ("birthday", FieldCode::InvalidFormat) => "Enter a whole date.".to_owned(),
        ("bio", FieldCode::TooLong) => format!("Use at most {BIO_MAX} characters."),
        ("website", FieldCode::TooLong) => format!("Use at most {WEBSITE_MAX} characters."),
        (name, FieldCode::TooLong) if name != "display_name" => {
            format!("Use at most {FIELD_MAX} characters.")
        }
        _ => errors::field(error),
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::users::RELATIONSHIPS;

    use super::*;

    #[test]
    fn every_relationship_and_field_has_a_name() {
        for value in RELATIONSHIPS {
            assert_ne!(relationship(value), "Something else", "{value}");
        }
        for name in FieldName::ALL {
            assert!(!field(name).is_empty());
        }
    }

    #[test]
    fn what_is_left_is_said_in_words() {
        assert_eq!(
            (bio_count(76), bio_left(76)),
            ("84/160".to_owned(), "76 characters left".to_owned())
        );
        assert_eq!(
            (bio_count(-1), bio_left(-1)),
            ("161/160".to_owned(), "1 character too many".to_owned())
        );
        assert_eq!(without_year((5, 17)), "Now: 17 May, without a year.");
    }
}
