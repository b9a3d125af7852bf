//! People's pages: what they say about themselves, to whom, and how they change it.

use std::collections::HashMap;

use hearth_shared::ids::{Id, MediaId, UserId};
use hearth_shared::media::Media;
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::time::Timestamp;
use hearth_shared::users::{
    FieldAudience, FieldName, Friendship, Me, MeChanges, MyField, Person, Profile, ProfileField, ViewAs,
};
use hearth_shared::valid::Valid;
use unicode_normalization::UnicodeNormalization;

use super::names::Username;
use super::store_profile::{self, FieldRow, PageRow};
use super::{pictures, store, store_standing};
use crate::features::media::Media as Desk;
use crate::features::media::policy::{Place, Standing, can_see};
use crate::features::media::sign::Signer;
use crate::features::media::store::MediaRow;
use crate::features::posts::store::mutes::is_person_muted;
use crate::features::{auth, conversations, friends, media, privacy};
use crate::platform::clock;
use crate::platform::db::{Conn, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;

/// Who looks, and what makes the addresses of pictures for them.
#[derive(Clone, Copy)]
pub struct Looking<'a> {
    /// Who.
    pub actor: Actor,
    /// Makes addresses.
    pub signer: &'a Signer,
    /// When.
    pub now: Timestamp,
}

impl<'a> Looking<'a> {
    /// Somebody, now.
    pub fn new(media: &'a Desk, actor: Actor) -> Self {
        Self {
            actor,
            signer: &media.signer,
            now: clock::now(),
        }
    }

    /// Pictures and films as they get them.
    pub fn show<'r>(&self, rows: impl IntoIterator<Item = &'r MediaRow>) -> Vec<Media> {
        let show = |row| media::service::show(self.signer, self.actor.session_id, self.now, row);
        rows.into_iter().map(show).collect()
    }

    fn picture(&self, conn: &mut Conn, id: Option<i64>) -> AppResult<Option<Media>> {
        let row = match id {
            Some(id) => media::store::find(conn, MediaId::new(id))?,
            None => None,
        };
        Ok(row.map(|row| media::service::show(self.signer, self.actor.session_id, self.now, &row)))
    }
}

/// Whether a field of this audience is shown to somebody.
pub fn may_see(audience: FieldAudience, viewer: Standing) -> bool {
    match (audience, viewer) {
        (_, Standing::Owner) | (FieldAudience::Everyone, _) => true,
        (FieldAudience::Friends, viewer) => viewer == Standing::Friend,
        (FieldAudience::OnlyMe, _) => false,
    }
}

/// A person's page; of somebody whom one has blocked only the card. How many friends and posts they have is for themselves and their friends. As whom one looks at
/// one's own page changes who the viewer is, and nothing else.
///
/// # Errors
/// `not_found`; `validation_failed` for somebody else's page as somebody else.
pub fn page(
    conn: &mut Conn,
    looking: Looking<'_>,
    username: &Username,
    view_as: Option<ViewAs>,
) -> AppResult<Profile> {
    let viewer = looking.actor.user_id;
    let row = store::find_by_username(conn, username)?.ok_or(ErrorCode::NotFound)?;
    let mut person = friends::store::people(conn, viewer, &[row.id])?
        .pop()
        .ok_or(ErrorCode::NotFound)?;
    if let Some(view_as) = view_as {
        if person.friendship != Friendship::Myself {
            return Err(AppError::field(
                "view_as",
                FieldCode::NotOffered,
                "is for one's own page",
            ));
        }
        person.friendship = match view_as {
            ViewAs::Friend => Friendship::Friends,
            ViewAs::Stranger => Friendship::None,
        };
        let asked_by = privacy::store::of(conn, viewer)?.friend_requests;
        person.can_request = view_as == ViewAs::Stranger && privacy::service::reaches(asked_by, 0);
    }
    let can_message = may_write(conn, viewer, &person)?;
    let id = UserId::new(row.id);
    if person.friendship == Friendship::Blocked {
        return Ok(Profile {
            friend_count: None,
            post_count: None,
            created_at: row.created_at(),
            bio: String::new(),
            cover: None,
            fields: Vec::new(),
            can_message: false,
            muted: false,
            person,
        });
    }
    let standing = Standing::from(person.friendship);
    let near = standing != Standing::Other;
    let count = |count: i64| near.then(|| u32::try_from(count).unwrap_or(0));
    let said = store_profile::page(conn, id)?;
    let cover = if can_see(Place::Cover, standing) {
        looking.picture(conn, said.cover_id)?
    } else {
        None
    };
    let fields = store_profile::fields(conn, id)?;
    let fields = all_fields(&said, fields)
        .into_iter()
        .filter(|field| !field.value.is_empty() && may_see(field.audience, standing))
        .map(|field| ProfileField {
            value: shown(&field, said.birth_year_shown == 1 || standing == Standing::Owner),
            name: field.name,
        })
        .collect();
    Ok(Profile {
        friend_count: count(row.friend_count),
        post_count: count(row.post_count),
        created_at: row.created_at(),
        bio: said.bio,
        cover,
        fields,
        can_message,
        muted: is_person_muted(conn, viewer, id)?,
        person,
    })
}

/// Whether the viewer may write to somebody now. Where they have written to each other before, it is as it was then.
fn may_write(conn: &mut Conn, viewer: UserId, person: &Person) -> AppResult<bool> {
    let other = person.user.id;
    match person.friendship {
        Friendship::Friends => return Ok(true),
        Friendship::Myself | Friendship::Blocked => return Ok(false),
        Friendship::None | Friendship::Outgoing | Friendship::Incoming => {}
    }
    let talk = conversations::store::find_direct(conn, viewer, other)?;
    Ok(match talk.filter(|talk| talk.last_number() > 0) {
        Some(talk) => talk.is_requested(),
        None => {
            let reach = privacy::store::of(conn, other)?.messages;
            privacy::service::reaches(reach, person.mutual_friend_count)
        }
    })
}

/// One's own account.
///
/// # Errors
/// When the database fails.
pub fn me(conn: &mut Conn, looking: Looking<'_>) -> AppResult<Me> {
    let id = looking.actor.user_id;
    let (user, email, created_at) = store::own_account(conn, id)?;
    let said = store_profile::page(conn, id)?;
    let fields = store_profile::fields(conn, id)?;
    let credentials = auth::store_credentials::find(conn, id)?;
    Ok(Me {
        user,
        email,
        created_at,
        role: store_standing::role(conn, id)?,
        email_verified: credentials.email_verified_at.is_some(),
        two_factor: credentials.totp_enabled_at.is_some(),
        pending_email: credentials.pending_email,
        incoming_request_count: friends::store::count_incoming(conn, id)?,
        cover: looking.picture(conn, said.cover_id)?,
        fields: all_fields(&said, fields),
        birth_year_shown: said.birth_year_shown == 1,
        bio: said.bio,
    })
}

/// Changes what somebody says about themselves.
///
/// # Errors
/// When the database fails.
pub fn edit(tx: &mut Tx<'_>, user: UserId, changes: &Valid<MeChanges>) -> AppResult<()> {
    // Two devices that change different fields both have their way.
    dialect::lock_people(tx.conn(), [user.get(), user.get()])?;
    if let Some(name) = &changes.display_name {
        let name: String = name.nfc().collect();
        if store_profile::set_display_name(tx.conn(), user, &name)? {
            pictures::card_changed(tx, user)?;
        }
    }
    if let Some(bio) = &changes.bio {
        let bio: String = bio.nfc().collect();
        store_profile::set_bio(tx.conn(), user, &bio)?;
    }
    if let Some(shown) = changes.birth_year_shown {
        store_profile::show_birth_year(tx.conn(), user, shown)?;
    }
    let said = store_profile::page(tx.conn(), user)?;
    let fields = store_profile::fields(tx.conn(), user)?;
    let changed: Vec<FieldRow> = all_fields(&said, fields)
        .into_iter()
        .filter_map(|before| changed(changes, &before))
        .collect();
    if !changed.is_empty() {
        store_profile::put_fields(tx.conn(), user, &changed)?;
    }
    Ok(())
}

/// What becomes of a field; `None` when nothing does.
fn changed(changes: &MeChanges, before: &MyField) -> Option<FieldRow> {
    let (value, audience) = (changes.field(before.name), changes.audiences.get(before.name));
    if value.is_none() && audience.is_none() {
        return None;
    }
    let value: String = match (before.name, value) {
        // It stands in the account.
        (FieldName::Email, _) => String::new(),
        (_, Some(value)) => value.nfc().collect(),
        (_, None) => before.value.clone(),
    };
    let audience = audience.unwrap_or(before.audience);
    Some((
        before.name.as_str().to_owned(),
        value,
        audience.as_str().to_owned(),
    ))
}

/// All fields in the order of the page, whether anything stands there or not.
fn all_fields(said: &PageRow, rows: Vec<FieldRow>) -> Vec<MyField> {
    let mut kept: HashMap<String, (String, String)> = rows
        .into_iter()
        .map(|(name, value, audience)| (name, (value, audience)))
        .collect();
    let field = |name: FieldName| {
        let (value, audience) = kept.remove(name.as_str()).unwrap_or_default();
        let chosen = FieldAudience::ALL
            .into_iter()
            .find(|one| one.as_str() == audience);
        MyField {
            name,
            value: if name == FieldName::Email {
                said.email.clone()
            } else {
                value
            },
            audience: match chosen {
                Some(audience) => audience,
                None if audience.is_empty() => name.default_audience(),
                // A word of a newer version is nothing to be generous about.
                None => FieldAudience::OnlyMe,
            },
        }
    };
    FieldName::ALL.into_iter().map(field).collect()
}

/// A birthday without its year where that is not for this viewer.
fn shown(field: &MyField, with_year: bool) -> String {
    let parts: Vec<&str> = field.value.split('-').collect();
    match (field.name, parts.as_slice()) {
        (FieldName::Birthday, [_year, month, day]) if !with_year => format!("{month}-{day}"),
        _ => field.value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_audience_has_its_viewers() {
        let seen = |audience| {
            [Standing::Owner, Standing::Friend, Standing::Other].map(|viewer| may_see(audience, viewer))
        };
        assert_eq!(seen(FieldAudience::Everyone), [true, true, true]);
        assert_eq!(seen(FieldAudience::Friends), [true, true, false]);
        assert_eq!(seen(FieldAudience::OnlyMe), [true, false, false]);
    }
}
