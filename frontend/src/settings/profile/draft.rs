//! What stands in the form of one's page, and what of it is to be saved: only what differs is sent, so that two open
//! windows do not overwrite each other.

use hearth_shared::users::{BIO_MAX, FieldAudience, FieldName, Me, MeChanges, MyField};

/// What stands in the form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) display_name: String,
    pub(crate) bio: String,
    pub(crate) birth_year_shown: bool,
    /// One for each of [`FieldName::ALL`], in that order.
    fields: Vec<MyField>,
}

impl Draft {
    /// As it is on the server.
    pub(crate) fn of(me: &Me) -> Self {
        let known = |name: FieldName| me.fields.iter().find(|field| field.name == name).cloned();
        let fields = FieldName::ALL.into_iter().map(|name| {
            known(name).unwrap_or_else(|| MyField {
                name,
                value: String::new(),
                audience: name.default_audience(),
            })
        });
        Self {
            display_name: me.user.display_name.clone(),
            bio: me.bio.clone(),
            birth_year_shown: me.birth_year_shown,
            fields: fields.collect(),
        }
    }

    /// What stands in a field.
    pub(crate) fn value(&self, name: FieldName) -> &str {
        self.get(name).map_or("", |field| &field.value)
    }

    /// Who is to see a field.
    pub(crate) fn audience(&self, name: FieldName) -> FieldAudience {
        self.get(name)
            .map_or(name.default_audience(), |field| field.audience)
    }

    fn get(&self, name: FieldName) -> Option<&MyField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Somebody typed into a field.
    pub(crate) fn write(&mut self, name: FieldName, value: String) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.value = value;
        }
    }

    /// Somebody chose who sees it.
    pub(crate) fn show_to(&mut self, name: FieldName, audience: FieldAudience) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.audience = audience;
        }
    }

    /// Characters left for the words about oneself; below zero there are too many.
    pub(crate) fn bio_left(&self) -> i64 {
        BIO_MAX as i64 - self.bio.trim().chars().count() as i64
    }

    /// What differs from what is saved; none when nothing does.
    pub(crate) fn changes(&self, saved: &Self) -> Option<MeChanges> {
        let text = |new: &str, old: &str| (new.trim() != old.trim()).then(|| new.trim().to_owned());
        let mut changes = MeChanges {
            display_name: text(&self.display_name, &saved.display_name),
            bio: text(&self.bio, &saved.bio),
            birth_year_shown: Some(self.birth_year_shown).filter(|shown| *shown != saved.birth_year_shown),
            ..MeChanges::default()
        };
        for field in &self.fields {
            let value = whole_value(field.name, &field.value);
            if let Some(value) = text(&value, saved.value(field.name)) {
                set(&mut changes, field.name, value);
            }
            if field.audience != saved.audience(field.name) {
                changes.audiences.set(field.name, field.audience);
            }
        }
        (changes != MeChanges::default()).then_some(changes)
    }
}

/// An address without its beginning is still an address.
fn whole_value(name: FieldName, value: &str) -> String {
    let value = value.trim();
    if name == FieldName::Website && !value.is_empty() && !value.contains("://") {
        format!("https://{value}")
    } else {
        value.to_owned()
    }
}

fn set(changes: &mut MeChanges, name: FieldName, value: String) {
    let place = match name {
        FieldName::Location => &mut changes.location,
        FieldName::Work => &mut changes.work,
        FieldName::Education => &mut changes.education,
        FieldName::Website => &mut changes.website,
        FieldName::Birthday => &mut changes.birthday,
        FieldName::Relationship => &mut changes.relationship,
        FieldName::Pronouns => &mut changes.pronouns,
        // Changed with the account, where it is confirmed.
        FieldName::Email | FieldName::Unknown => return,
    };
    *place = Some(value);
}

/// A birthday as a date field takes it. One without a year is not a date: the field is empty then, and what is known
/// stands beside it.
pub(crate) fn as_date(birthday: &str) -> &str {
    if birthday.len() == 10 { birthday } else { "" }
}

/// Month (from 1) and day of a birthday without a year.
pub(crate) fn month_and_day(birthday: &str) -> Option<(u32, u32)> {
    let (month, day) = birthday.split_once('-').filter(|_| birthday.len() == 5)?;
    Some((month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::{Id, UserId};
    use hearth_shared::time::Timestamp;
    use serde_json::json;

    use super::*;

    fn saved() -> Draft {
        let me = json!({
            "id": UserId::new(1),
            "username": "ada",
            "display_name": "Ada Okoye",
            "rev": 1,
            "email": "ada@example.org",
            "created_at": Timestamp::from_millis(0),
            "incoming_request_count": 0,
            "bio": "Tea first.",
            "fields": [{ "name": "location", "value": "Lagos", "audience": "friends" }],
        });
        Draft::of(&serde_json::from_value(me).unwrap())
    }

    #[test]
    fn nothing_is_sent_when_nothing_differs() {
        let mut draft = saved();
        assert_eq!(draft.changes(&saved()), None);
        // White space around it is no change.
        draft.bio = " Tea first.\n".to_owned();
        draft.write(FieldName::Location, "Lagos ".to_owned());
        assert_eq!(draft.changes(&saved()), None);
    }

    #[test]
    fn only_what_differs_is_sent() {
        let mut draft = saved();
        draft.write(FieldName::Location, String::new());
        draft.write(FieldName::Pronouns, "she/her".to_owned());
        draft.show_to(FieldName::Birthday, FieldAudience::OnlyMe);
        let changes = draft.changes(&saved()).unwrap();
        assert_eq!(
            changes.location.as_deref(),
            Some(""),
            "an empty text takes it away"
        );
        assert_eq!(changes.pronouns.as_deref(), Some("she/her"));
        assert_eq!(changes.audiences.birthday, Some(FieldAudience::OnlyMe));
        assert_eq!(
            (
                changes.display_name,
                changes.bio,
                changes.work,
                changes.birth_year_shown
            ),
            (None, None, None, None)
        );
        assert_eq!(changes.audiences.location, None);
    }

    #[test]
    fn an_address_may_be_typed_without_its_beginning() {
        let mut draft = saved();
        draft.write(FieldName::Website, "ada.example.org".to_owned());
        assert_eq!(
            draft.changes(&saved()).unwrap().website.as_deref(),
            Some("https://ada.example.org")
        );
        draft.write(FieldName::Website, "javascript://x".to_owned());
        let changes = draft.changes(&saved()).unwrap();
        assert!(hearth_shared::valid::Valid::check(changes).is_err());
    }

    #[test]
    fn every_field_is_there_though_the_server_names_one() {
        let draft = saved();
        assert_eq!(draft.audience(FieldName::Email), FieldAudience::OnlyMe);
        assert_eq!(draft.audience(FieldName::Work), FieldAudience::Friends);
        assert_eq!(draft.value(FieldName::Location), "Lagos");
        assert_eq!(draft.value(FieldName::Work), "");
    }

    #[test]
    fn characters_are_counted_as_people_count_them() {
        let mut draft = saved();
        draft.bio = "é".repeat(150);
        assert_eq!(draft.bio_left(), 10);
        draft.bio = "x".repeat(161);
        assert_eq!(draft.bio_left(), -1);
    }

    #[test]
    fn a_birthday_may_have_no_year() {
        assert_eq!((as_date("1990-05-17"), as_date("05-17")), ("1990-05-17", ""));
        assert_eq!(
            (month_and_day("05-17"), month_and_day("1990-05-17")),
            (Some((5, 17)), None)
        );
    }
}
