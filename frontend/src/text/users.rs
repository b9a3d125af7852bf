//! Profiles.

use hearth_shared::privacy::ListAudience;
use hearth_shared::users::{FieldAudience, FieldName, ViewAs};

use super::{count, first_name};

pub(crate) const UNKNOWN_TITLE: &str = "There's nobody by that name.";
pub(crate) const UNKNOWN: &str = "The address may be mistyped, or the account is gone.";
pub(crate) const POSTS: &str = "Posts";
pub(crate) const PROFILE_FAILED: &str = "Couldn't load this profile.";
pub(crate) const NO_POSTS_OF_YOURS: &str = "You haven't posted yet.";

/// The list of a person's posts.
pub(crate) fn posts_of(name: &str) -> String {
    format!("Posts by {name}")
}

/// When a friend has written nothing.
pub(crate) fn no_posts(name: &str) -> String {
    format!("{} hasn't posted yet.", first_name(name))
}

/// When one may not see what they wrote.
pub(crate) fn for_friends(name: &str) -> String {
    format!("{}'s posts are for friends.", first_name(name))
}

/// "12 friends".
pub(crate) fn friend_count(number: u32) -> String {
    count(number, "friend", "friends")
}

/// "9 mutual", beside the number of friends.
pub(crate) fn mutual(number: u32) -> String {
    format!("{number} mutual")
}

pub(crate) const PHOTOS: &str = "Photos";
pub(crate) const ABOUT: &str = "About";
pub(crate) const EDIT: &str = "Edit profile";
pub(crate) const COPY_LINK: &str = "Copy link";
pub(crate) const LINK_COPIED: &str = "Link copied.";
pub(crate) const LINK_NOT_COPIED: &str =
    "This browser didn't let the link be copied. It stands in the address bar.";

pub(crate) const MUTE: &str = "Mute";
pub(crate) const UNMUTE: &str = "Unmute";

/// After muting somebody.
pub(crate) fn muted(name: &str) -> String {
    format!(
        "You won't see {}'s posts in your feed. They aren't told.",
        first_name(name)
    )
}

/// After unmuting somebody.
pub(crate) fn unmuted(name: &str) -> String {
    format!("{}'s posts are in your feed again.", first_name(name))
}

/// When it did not work.
pub(crate) fn not_changed(name: &str, muted: bool) -> String {
    let name = first_name(name);
    if muted {
        format!("{name} isn't muted.")
    } else {
        format!("{name} is still muted.")
    }
}

/// What a screen reader hears for the menu on somebody's page.
pub(crate) fn more_about(name: &str) -> String {
    format!("More about {}", first_name(name))
}

/// The parts of somebody's page.
pub(crate) fn page_of(name: &str) -> String {
    format!("{}'s page", first_name(name))
}

/// The word of the address; not shown.
pub(crate) const VIEW_AS_KEY: &str = "view_as";
pub(crate) const VIEW_AS: &str = "View as…";
pub(crate) const BACK_TO_PAGE: &str = "Back to your page";
pub(crate) const NO_POSTS_SEEN: &str = "They see none of your posts.";

/// One of the ways to look at one's own page.
pub(crate) fn view_as(view_as: ViewAs) -> &'static str {
    match view_as {
        ViewAs::Friend => "View as a friend",
        ViewAs::Stranger => "View as a stranger",
    }
}

/// Above one's own page while one looks at it so.
pub(crate) fn seen_as(view_as: ViewAs) -> &'static str {
    match view_as {
        ViewAs::Friend => "This is how a friend sees your page.",
        ViewAs::Stranger => "This is how a stranger sees your page.",
    }
}

pub(crate) const PHOTOS_FAILED: &str = "Couldn't load the photos.";
pub(crate) const PREVIOUS_PHOTO: &str = "Previous photo";
pub(crate) const NEXT_PHOTO: &str = "Next photo";

/// When there are no photos, or none that one may see.
pub(crate) fn no_photos(name: &str, own: bool) -> String {
    if own {
        "You have no photos yet. Your picture and your cover show up here.".to_owned()
    } else {
        format!("No photos of {} to see.", first_name(name))
    }
}

/// "Photo 3 of 12"
pub(crate) fn photo_of(at: usize, of: usize) -> String {
    format!("Photo {at} of {of}")
}

/// What a screen reader hears for a photo in the grid.
pub(crate) fn open_photo(alt: &str, number: usize) -> String {
    if alt.is_empty() {
        format!("Open photo {number}")
    } else {
        format!("Open photo: {alt}")
    }
}

/// When somebody does not show their friends.
pub(crate) fn friends_hidden(name: &str) -> String {
    format!("{} keeps their friends to themselves.", first_name(name))
}

/// When somebody has no friends here.
pub(crate) fn no_friends(name: &str, own: bool) -> String {
    if own {
        "No friends here yet. Find the people you know.".to_owned()
    } else {
        format!("{} has no friends here yet.", first_name(name))
    }
}

/// When none of these friends is called that.
pub(crate) fn no_friend_called(query: &str) -> String {
    format!("Nobody among them is called “{query}”.")
}

/// Above one's own friends.
pub(crate) fn list_seen_by(audience: ListAudience) -> &'static str {
    match audience {
        ListAudience::Everyone => "Everyone here can see this list.",
        ListAudience::Friends => "Only friends can see this list.",
        ListAudience::OnlyMe => "Only you can see this list.",
    }
}
pub(crate) const CHANGE: &str = "Change";

pub(crate) const JOINED: &str = "Here since";
pub(crate) const NOTHING_SAID: &str = "You haven't said anything about yourself yet.";

/// What a field is called.
pub(crate) fn field(name: FieldName) -> &'static str {
    match name {
        FieldName::Email => "Email",
        FieldName::Location => "Lives in",
        FieldName::Work => "Work",
        FieldName::Education => "Education",
        FieldName::Website => "Website",
        FieldName::Birthday => "Birthday",
        FieldName::Relationship => "Relationship",
        FieldName::Pronouns => "Pronouns",
        FieldName::Unknown => "",
    }
}

/// Who sees a field of one's own.
pub(crate) fn audience(audience: FieldAudience) -> &'static str {
    match audience {
        FieldAudience::Everyone => "Everyone",
        FieldAudience::Friends => "Friends",
        FieldAudience::OnlyMe => "Only me",
    }
}

/// One of the words that a relationship may be.
pub(crate) fn relationship(value: &str) -> &str {
    match value {
        "single" => "Single",
        "in_a_relationship" => "In a relationship",
        "engaged" => "Engaged",
        "married" => "Married",
        "partnership" => "In a partnership",
        "complicated" => "It's complicated",
        "separated" => "Separated",
        "divorced" => "Divorced",
        "widowed" => "Widowed",
        other => other,
    }
}

/// "17 May 1990", "17 May"; what is no date as it is.
pub(crate) fn birthday(value: &str) -> String {
    let parts: Vec<u32> = value.split('-').filter_map(|part| part.parse().ok()).collect();
    match *parts.as_slice() {
        [year, month, day] if month > 0 => format!("{day} {} {year}", super::time::month(month - 1)),
        [month, day] if month > 0 => format!("{day} {}", super::time::month(month - 1)),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_are_said_with_or_without_their_year() {
        assert_eq!(birthday("1990-05-17"), "17 May 1990");
        assert_eq!(birthday("02-29"), "29 February");
        assert_eq!(birthday("soon"), "soon");
    }
}
