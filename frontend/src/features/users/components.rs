//! Parts of the profile.

use hearth_shared::users::Profile;
use yew::prelude::*;

use crate::features::friends::components::RelationButton;
use crate::text::{friends, users as words};
use crate::ui::avatar::{Size, avatar};
use crate::ui::page::Heading;
use crate::ui::when::long_day;

/// Who it is and how one stands to them.
pub(super) fn header(profile: &Profile) -> Html {
    let user = &profile.person.user;
    let mutual = profile.person.mutual_friend_count;
    html! {
        <header class="card profile">
            { avatar(user, Size::Profile) }
            <div class="profile__text">
                <Heading text={user.display_name.clone()} class="profile__name" />
                <p class="profile__facts">
                    <span>{ "@" }{ &user.username }</span>
                    if let Some(count) = profile.friend_count { <span>{ words::friend_count(count) }</span> }
                    if let Some(count) = profile.post_count { <span>{ words::post_count(count) }</span> }
                    if mutual > 0 { <span>{ friends::mutual(mutual) }</span> }
                </p>
                <p class="meta">{ words::member_since(&long_day(profile.created_at)) }</p>
            </div>
            <RelationButton user={user.clone()} prominent=true />
        </header>
    }
}
