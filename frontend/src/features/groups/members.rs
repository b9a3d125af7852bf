//! Somebody who is in a group, and what one can do about them.

use hearth_shared::conversations::Conversation;
use hearth_shared::conversations::groups::Role;
use hearth_shared::conversations::members::GroupMember;
use yew::prelude::*;

use super::actions;
use super::info::Over;
use crate::context::App;
use crate::features::friends::components::person_row;
use crate::text::groups as words;
use crate::ui::avatar::current;
use crate::ui::icon::Glyph;
use crate::ui::menu::{Item, Menu};

/// A line of the list. `show`: asks before something is done.
pub(super) fn member(
    app: &App,
    known: &Conversation,
    member: &GroupMember,
    show: &UseStateSetter<Over>,
) -> Html {
    let id = known.id;
    let mine = known.my_role.unwrap_or(Role::Member);
    let myself = member.user.id == app.user.id;
    let name = current(&member.user).display_name;
    let item = |glyph, text, danger, act: Callback<()>| Item {
        glyph,
        text,
        danger,
        act,
    };
    let ask = |over: Over| {
        let show = show.clone();
        Callback::from(move |()| show.set(over.clone()))
    };
    let mut items = Vec::new();
    if mine == Role::Owner && !myself {
        let (glyph, text, role) = match member.role {
            Role::Admin => (Glyph::Person, words::MAKE_MEMBER, Role::Member),
            Role::Owner | Role::Member => (Glyph::Key, words::MAKE_ADMIN, Role::Admin),
        };
        let (app, member) = (app.clone(), member.clone());
        let give = ask(Over::Give(member.clone()));
        let make = Callback::from(move |()| actions::change_role(&app, id, &member, role));
        items.push(item(glyph, text, false, make));
        items.push(item(Glyph::Share, words::GIVE, false, give));
    }
    if mine.removes(member.role) && !myself {
        items.push(item(
            Glyph::Trash,
            words::REMOVE,
            true,
            ask(Over::Remove(member.clone())),
        ));
    }
    let note = html! {
        <>
            if let Some(role) = words::role(member.role) { <span>{ role }</span> }
            if myself { <span>{ words::YOU }</span> }
        </>
    };
    let menu = html! {
        if !items.is_empty() { <Menu label={words::more_for(&name)} irreversible=true {items} /> }
    };
    let user = member.user.id.to_string();
    html! { <li key={user.clone()} data-member={user}>{ person_row(&member.user, note, menu) }</li> }
}
