//! Groups: the page where they are found and made, and what one can see and do of one.

pub(crate) mod actions;
mod components;
pub(crate) mod emblem;
mod fields;
mod find;
mod form;
mod info;
mod invited;
mod members;
mod picker;
mod picture;

use hearth_shared::conversations::Conversation;
use yew::prelude::*;

pub(crate) use self::components::{Answer, Invitations};
use self::components::{group_row, open_link};
use self::find::OpenToJoin;
use self::form::{GroupDialog, What};
pub(crate) use self::info::GroupInfo;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::chats;
use crate::store::use_selected;
use crate::text::{friends, groups as words};
use crate::ui::button::{Button, Kind};
use crate::ui::icon::Glyph;
use crate::ui::page::Heading;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

/// The page. One's own groups are those of the list of conversations, the latest first.
#[component]
pub(crate) fn GroupsPage() -> Html {
    let app = use_app();
    let making = use_state_eq(|| false);
    let invitations = use_selected(&app.chats, (), |chats, ()| chats.invitations.clone());
    let list = use_selected(&app.chats, (), |chats, ()| chats.list.clone());
    let paging = use_selected(&app.chats, (), |chats, ()| chats.paging.clone());
    use_effect_with(app.clone(), |app| chats::actions::load(app, false));
    let set = |on: bool| {
        let making = making.setter();
        Callback::from(move |()| making.set(on))
    };
    let load = |more: bool| {
        let app = app.clone();
        Callback::from(move |()| chats::actions::load(&app, more))
    };
    let again = {
        let app = app.clone();
        Callback::from(move |()| actions::load_invitations(&app))
    };
    let rows: Vec<Html> = list.items.iter().filter_map(yours).collect();
    let none = rows.is_empty();
    html! {
        <>
            <div class="page-head">
                <Heading text={words::GROUPS} />
                <Button kind={Kind::Primary} icon={Glyph::Groups} text={words::NEW} onclick={set(true)} />
            </div>
            <Invitations />
            if let Some(failure) = &invitations.failure {
                { failed(words::INVITATIONS_FAILED, failure, again) }
            }
            <section class="section" aria-labelledby="your-groups">
                <h2 class="section__title" id="your-groups">{ words::YOURS }</h2>
                if !none {
                    <ul class="card people">{ rows }</ul>
                }
                if let Some(failure) = &paging.failure {
                    { failed(words::YOURS_FAILED, failure, load(paging.known && paging.next.is_some())) }
                } else if !paging.known && none {
                    { person_skeletons(2) }
                } else if paging.next.is_some() {
                    // There may be more of them further down in the list.
                    <div class="more"><Button text={friends::SHOW_MORE} busy={paging.loading} onclick={load(true)} /></div>
                } else if none {
                    <p class="card quiet-line">{ words::NONE_YOURS }</p>
                }
            </section>
            <OpenToJoin />
            if *making { <GroupDialog what={What::New} onclose={set(false)} /> }
        </>
    }
}

fn yours(known: &Conversation) -> Option<Html> {
    let group = known.group.as_ref()?;
    let note = html! {
        <p class="meta person__note">
            <span>{ words::people(known.member_count) }</span>
            if known.unread_count > 0 { <span class="group__new">{ words::new_messages(known.unread_count) }</span> }
        </p>
    };
    let row = group_row(known.id, group, true, note, open_link(known.id, &group.title));
    Some(html! { <li key={known.id.to_string()}>{ row }</li> })
}
