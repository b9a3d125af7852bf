//! What people say about themselves, who may see each of it, and how it is changed.

use serde::{Deserialize, Serialize};

use super::Me;
use super::forms::{is_birthday, is_website};
use crate::auth::check_display_name;
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::media::{Media, PictureUpload};
use crate::page::{Page, PageQuery};
use crate::problem::FieldCode;
use crate::valid::{Report, Validate, tidy_line, tidy_text};

/// Characters of what people say about themselves at most.
pub const BIO_MAX: usize = 160;
/// Characters of one field of a page at most.
pub const FIELD_MAX: usize = 100;
/// Characters of an address of a website at most.
pub const WEBSITE_MAX: usize = 200;

/// What `relationship` may be.
pub const RELATIONSHIPS: [&str; 9] = [
    "single",
    "in_a_relationship",
    "engaged",
    "married",
    "partnership",
    "complicated",
    "separated",
    "divorced",
    "widowed",
];

/// Something about a person that has an audience of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// Where mail goes. Not changed here, but shown to whom one wants.
    Email,
    /// Where they live.
    Location,
    /// What they work.
    Work,
    /// Where they have learned.
    Education,
    /// Their website, `http://` or `https://`.
    Website,
    /// `1990-05-17`, or `05-17` where the year is not shown or not given.
    Birthday,
    /// One of [`RELATIONSHIPS`].
    Relationship,
    /// How to speak of them.
    Pronouns,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

impl FieldName {
    /// All, in the order of the page.
    pub const ALL: [Self; 8] = [
        Self::Pronouns,
        Self::Location,
        Self::Work,
        Self::Education,
        Self::Relationship,
        Self::Birthday,
        Self::Website,
        Self::Email,
    ];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Location => "location",
            Self::Work => "work",
            Self::Education => "education",
            Self::Website => "website",
            Self::Birthday => "birthday",
            Self::Relationship => "relationship",
            Self::Pronouns => "pronouns",
            Self::Unknown => "unknown",
        }
    }

    /// Who sees it until the person has chosen.
    pub const fn default_audience(self) -> FieldAudience {
        match self {
            Self::Email | Self::Unknown => FieldAudience::OnlyMe,
            _ => FieldAudience::Friends,
        }
    }
}

/// Who may see a field of a person's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldAudience {
    /// Everybody with an account here.
    Everyone,
    /// Friends.
    Friends,
    /// Nobody else.
    OnlyMe,
}

impl FieldAudience {
    /// All, the widest first.
    pub const ALL: [Self; 3] = [Self::Everyone, Self::Friends, Self::OnlyMe];

    /// The stable text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Friends => "friends",
            Self::OnlyMe => "only_me",
        }
    }
}

/// A field of somebody's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfileField {
    /// Which.
    pub name: FieldName,
    /// What stands there.
    pub value: String,
}

/// A field of one's own page, empty or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyField {
    /// Which.
    pub name: FieldName,
    /// What stands there; empty when nothing does. A birthday is whole, whether the year is shown or not.
    pub value: String,
    /// Who may see it.
    pub audience: FieldAudience,
}

/// As whom one looks at one's own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ViewAs {
    /// As a friend.
    Friend,
    /// As somebody whom nothing connects.
    Stranger,
}

/// How a page is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfileQuery {
    /// For one's own page: what a friend or a stranger would get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view_as: Option<ViewAs>,
}

impl Validate for ProfileQuery {
    fn validate(&mut self, _report: &mut Report) {}
}

/// Who may see which field; what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Audiences {
    /// Who sees [`FieldName::Email`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<FieldAudience>,
    /// Who sees [`FieldName::Location`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<FieldAudience>,
    /// Who sees [`FieldName::Work`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<FieldAudience>,
    /// Who sees [`FieldName::Education`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub education: Option<FieldAudience>,
    /// Who sees [`FieldName::Website`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<FieldAudience>,
    /// Who sees [`FieldName::Birthday`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<FieldAudience>,
    /// Who sees [`FieldName::Relationship`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<FieldAudience>,
    /// Who sees [`FieldName::Pronouns`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pronouns: Option<FieldAudience>,
}

impl Audiences {
    /// The wish for one field.
    pub fn get(&self, name: FieldName) -> Option<FieldAudience> {
        match name {
            FieldName::Email => self.email,
            FieldName::Location => self.location,
            FieldName::Work => self.work,
            FieldName::Education => self.education,
            FieldName::Website => self.website,
            FieldName::Birthday => self.birthday,
            FieldName::Relationship => self.relationship,
            FieldName::Pronouns => self.pronouns,
            FieldName::Unknown => None,
        }
    }

    /// Wishes something for one field.
    pub fn set(&mut self, name: FieldName, audience: FieldAudience) {
        let place = match name {
            FieldName::Email => &mut self.email,
            FieldName::Location => &mut self.location,
            FieldName::Work => &mut self.work,
            FieldName::Education => &mut self.education,
            FieldName::Website => &mut self.website,
            FieldName::Birthday => &mut self.birthday,
            FieldName::Relationship => &mut self.relationship,
            FieldName::Pronouns => &mut self.pronouns,
            FieldName::Unknown => return,
        };
        *place = Some(audience);
    }
}

/// What to change of oneself; what is left out stays as it is, an empty text takes a field away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeChanges {
    /// The name that people see, 1 to 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    pub display_name: Option<String>,
    /// A few words about oneself, for everybody, at most 160 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 160))]
    pub bio: Option<String>,
    /// Where one lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub location: Option<String>,
    /// What one works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub work: Option<String>,
    /// Where one has learned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub education: Option<String>,
    /// An address that starts with `http://` or `https://`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub website: Option<String>,
    /// `1990-05-17`, or `05-17` without the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub birthday: Option<String>,
    /// Whether those who see the birthday see its year; they do not until one says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_year_shown: Option<bool>,
    /// One of the words that [`RELATIONSHIPS`] has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 30))]
    pub relationship: Option<String>,
    /// How to speak of oneself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub pronouns: Option<String>,
    /// Who may see which field.
    #[serde(default)]
    pub audiences: Audiences,
    /// A new username; asks for `current_password`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 3, max_length = 30))]
    pub username: Option<String>,
    /// A new address; asks for `current_password`. The old one stays until the link that is sent to it is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = "email", max_length = 254))]
    pub email: Option<String>,
    /// The password, once more: for a new username or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = "password", max_length = 128))]
    pub current_password: Option<String>,
}

impl MeChanges {
    /// What is wished for a field's value.
    pub fn field(&self, name: FieldName) -> Option<&str> {
        match name {
            FieldName::Location => self.location.as_deref(),
            FieldName::Work => self.work.as_deref(),
            FieldName::Education => self.education.as_deref(),
            FieldName::Website => self.website.as_deref(),
            FieldName::Birthday => self.birthday.as_deref(),
            FieldName::Relationship => self.relationship.as_deref(),
            FieldName::Pronouns => self.pronouns.as_deref(),
            // An address has to be confirmed, so it is no field to be typed into.
            FieldName::Email | FieldName::Unknown => None,
        }
    }
}

impl Validate for MeChanges {
    fn validate(&mut self, report: &mut Report) {
        crate::auth::check_identity(report, self);
        if let Some(name) = &mut self.display_name {
            tidy_line(name);
            check_display_name(report, name);
        }
        if let Some(bio) = &mut self.bio {
            tidy_text(bio);
            report.length("bio", bio, 0, BIO_MAX);
            report.printable("bio", bio, true);
        }
        let lines = [
            ("location", &mut self.location, FIELD_MAX),
            ("work", &mut self.work, FIELD_MAX),
            ("education", &mut self.education, FIELD_MAX),
            ("website", &mut self.website, WEBSITE_MAX),
            ("birthday", &mut self.birthday, FIELD_MAX),
            ("relationship", &mut self.relationship, FIELD_MAX),
            ("pronouns", &mut self.pronouns, FIELD_MAX),
        ];
        for (field, text, max) in lines {
            if let Some(text) = text {
                tidy_line(text);
                report.length(field, text, 0, max);
                report.printable(field, text, false);
            }
        }
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if given(&self.website).is_some_and(|text| !is_website(&text)) {
            report.add(
                "website",
                FieldCode::InvalidFormat,
                "must be an address that starts with http:// or https://",
            );
        }
        if given(&self.birthday).is_some_and(|text| !is_birthday(&text)) {
            report.add(
                "birthday",
                FieldCode::InvalidFormat,
                "must be a date like 1990-05-17 or 05-17",
            );
        }
        if given(&self.relationship).is_some_and(|text| !RELATIONSHIPS.contains(&text.as_str())) {
            report.add("relationship", FieldCode::NotOffered, "is none of those offered");
        }
    }
}

endpoint! {
    /// Changes one's own name and page.
    EditMe {} = Patch "/users/me",
    SignedIn, query Nothing, body MeChanges => 200 Me
}

endpoint! {
    /// Sets one's picture (`multipart/form-data`).
    SetAvatar {} = Put "/users/me/avatar",
    SignedIn, query Nothing, body PictureUpload => 200 Me
}

endpoint! {
    /// Takes one's picture away.
    RemoveAvatar {} = Delete "/users/me/avatar",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// Sets one's cover (`multipart/form-data`).
    SetCover {} = Put "/users/me/cover",
    SignedIn, query Nothing, body PictureUpload => 200 Me
}

endpoint! {
    /// Takes one's cover away.
    RemoveCover {} = Delete "/users/me/cover",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// A person's pictures that the viewer may see, newest first.
    ListUserPhotos { username: String } = Get "/users/{username}/photos",
    SignedIn, query PageQuery, body Nothing => 200 Page<Media>
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::valid::Valid;

    #[test]
    fn an_empty_text_clears_and_a_missing_one_keeps() {
        let changes: MeChanges =
            serde_json::from_str(r#"{"bio":" ","website":"","audiences":{"website":"everyone"}}"#).unwrap();
        let changes = Valid::check(changes).unwrap();
        assert_eq!(changes.bio.as_deref(), Some(""));
        assert_eq!(changes.field(FieldName::Website), Some(""));
        assert_eq!(changes.field(FieldName::Work), None);
        assert_eq!(
            changes.audiences.get(FieldName::Website),
            Some(FieldAudience::Everyone)
        );
    }
}
