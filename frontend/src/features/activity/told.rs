//! One thing that one is told of. Requests and invitations are answered in place.

use hearth_shared::friends::RequestStatus;
use hearth_shared::ids::ConversationId;
use hearth_shared::notifications::{Happening, Notification};
use hearth_shared::users::{Friendship, UserCard};
use yew::prelude::*;

use super::actions;
use super::state::{Invitation, invitation};
use crate::context::use_app;
use crate::features::friends::components::RelationButton;
use crate::features::groups;
use crate::features::groups::emblem::emblem_of;
use crate::routes::{Route, message_at};
use crate::store::use_selected;
use crate::text::activity as words;
use crate::ui::avatar::{self, Size, avatar};
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::when::When;

#[derive(PartialEq, Properties)]
pub(super) struct ToldProps {
    pub(super) item: Notification,
}

/// How one stands to whoever asks, or to the group that one is asked into.
#[derive(Clone, Copy, PartialEq)]
struct Standing {
    relation: Option<Friendship>,
    invitation: Option<Invitation>,
}

/// One of them.
#[component]
pub(super) fn Told(props: &ToldProps) -> Html {
    let app = use_app();
    let item = &props.item;
    let first = item.actors.first();
    let relation = use_selected(&app.people, first.map(|actor| actor.id), |people, id| {
        id.and_then(|id| people.relation(id))
            .map(|relation| relation.friendship)
    });
    let invitation = use_selected(&app.chats, item.what, |chats, what| {
        invitation(*what, &chats.invitations)
    });
    let Some(actor) = first else {
        return Html::default();
    };
    let standing = Standing { relation, invitation };
    let (to, at) = target(actor, item, invitation);
    let onclick = {
        let (app, item) = (app.clone(), item.clone());
        Callback::from(move |()| actions::mark_read(&app, &item))
    };
    html! {
        <div class={classes!("person", "told", (!item.read).then_some("told--unread"))}>
            <Link class="told__link" {to} {at} {onclick}>
                { pictures(item) }
                <span class="told__text">
                    <span>{ sentence(actor, item, standing) }</span>
                    if let Some(excerpt) = &item.excerpt { <span class="told__excerpt">{ excerpt }</span> }
                    <span class="meta"><When at={item.updated_at} /></span>
                </span>
                if !item.read { <span class="vh">{ ", " }{ words::UNREAD }</span> }
            </Link>
            if asks(item, relation) {
                <RelationButton user={actor.clone()} />
            }
            { answer(item, invitation) }
        </div>
    }
}

/// Whether somebody waits for an answer.
fn asks(item: &Notification, relation: Option<Friendship>) -> bool {
    let pending = matches!(
        item.what,
        Happening::FriendRequest {
            status: RequestStatus::Pending,
            ..
        }
    );
    pending && relation == Some(Friendship::Incoming)
}

/// What one can do about an invitation.
fn answer(item: &Notification, invitation: Option<Invitation>) -> Html {
    let (Some((id, title)), Some(invitation)) = (group_of(item), invitation) else {
        return Html::default();
    };
    let joining = match invitation {
        Invitation::Waits => false,
        Invitation::Joining => true,
        Invitation::Declined | Invitation::Came => return Html::default(),
    };
    html! { <groups::Answer {id} title={title.to_owned()} {joining} /> }
}

/// The group that it is about, and what that is called.
fn group_of(item: &Notification) -> Option<(ConversationId, &str)> {
    match item.what {
        Happening::GroupInvitation { conversation_id, .. }
        | Happening::MessageMention { conversation_id, .. } => {
            let group = item.group.as_ref()?;
            Some((conversation_id, group.title.as_str()))
        }
        _ => None,
    }
}

/// Where it leads to.
fn target(
    actor: &UserCard,
    item: &Notification,
    invitation: Option<Invitation>,
) -> (Route, Option<AttrValue>) {
    let route = match item.what {
        Happening::Reaction { post_id }
        | Happening::Comment { post_id }
        | Happening::Reply { post_id, .. }
        | Happening::Mention { post_id, .. }
        | Happening::CommentReaction { post_id, .. } => Route::Post { id: post_id },
        Happening::Share { post_id, share_id } => Route::Post {
            id: share_id.unwrap_or(post_id),
        },
        Happening::FriendRequest { .. } | Happening::FriendAccepted => Route::Profile {
            username: actor.username.clone(),
        },
        Happening::GroupInvitation { conversation_id, .. } if invitation == Some(Invitation::Came) => {
            Route::Chat { id: conversation_id }
        }
        Happening::GroupInvitation { .. } => Route::Groups,
        Happening::MessageMention {
            conversation_id: id,
            number,
            ..
        } => return (Route::Chat { id }, Some(message_at(id, number).into())),
    };
    (route, None)
}

fn pictures(item: &Notification) -> Html {
    let glyph = match item.what {
        Happening::Reaction { .. } | Happening::CommentReaction { .. } => Glyph::Heart,
        Happening::Comment { .. } | Happening::Reply { .. } | Happening::Mention { .. } => Glyph::Comment,
        Happening::Share { .. } => Glyph::Share,
        Happening::FriendRequest { .. } | Happening::FriendAccepted => Glyph::Friends,
        Happening::GroupInvitation { .. } => Glyph::Groups,
        Happening::MessageMention { .. } => Glyph::Chat,
    };
    let group = group_of(item).zip(item.group.as_ref());
    html! {
        <span class="told__pictures" aria-hidden="true">
            if let Some(((id, title), group)) = group {
                { emblem_of(id, title, group.picture_url.as_deref(), Size::Post) }
            } else {
                { for item.actors.iter().take(1).map(|actor| avatar(actor, Size::Post)) }
            }
            <span class={classes!("told__glyph", (glyph == Glyph::Heart).then_some("told__glyph--heart"))}>{ small_icon(glyph) }</span>
        </span>
    }
}

/// "Tunde and 4 others liked your post"
fn sentence(actor: &UserCard, item: &Notification, standing: Standing) -> Html {
    let second = item.actors.get(1).map(|actor| actor.display_name.as_str());
    let name = &actor.display_name;
    let group = group_of(item).map(|(_, title)| title).unwrap_or_default();
    let what = match item.what {
        Happening::Reaction { .. } => words::LIKED,
        Happening::Comment { .. } => words::COMMENTED,
        Happening::Reply { .. } => words::REPLIED,
        Happening::CommentReaction { .. } => words::LIKED_COMMENT,
        Happening::Mention {
            comment_id: Some(_), ..
        } => words::MENTIONED_IN_COMMENT,
        Happening::Mention { .. } => words::MENTIONED,
        Happening::Share { .. } => words::SHARED,
        Happening::FriendAccepted => words::ACCEPTED,
        Happening::FriendRequest { .. } if standing.relation == Some(Friendship::Friends) => {
            return html! { { words::friends_now(name) } };
        }
        Happening::FriendRequest {
            status: RequestStatus::Pending,
            ..
        } if standing.relation == Some(Friendship::Incoming) => words::ASKS,
        Happening::FriendRequest { .. } => words::ASKED,
        Happening::GroupInvitation { .. } => match standing.invitation {
            Some(Invitation::Came) => return html! { { words::joined(group) } },
            Some(Invitation::Declined) => return html! { { words::declined(group) } },
            _ => words::INVITES,
        },
        Happening::MessageMention { .. } => words::MENTIONED_IN,
    };
    html! {
        <>
            <b>{ avatar::name(actor) }</b>{ words::and_others(second, item.actor_count) }{ " " }{ what }
            if !group.is_empty() { { " " }<b>{ group }</b> }
        </>
    }
}
