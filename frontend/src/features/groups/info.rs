//! What a group is, who is in it, and how one gets out of it. All of it follows what happens while it is open.

use hearth_shared::conversations::Conversation;
use hearth_shared::conversations::groups::{Role, Visibility};
use hearth_shared::conversations::members::GroupMember;
use hearth_shared::ids::UserId;
use yew::prelude::*;

use super::form::{GroupDialog, What};
use super::invited::Invited;
use super::picture::GroupPicture;
use super::{actions, members};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::lists::rest;
use crate::platform::connection::{self, Connection};
use crate::store::use_selected;
use crate::text::{groups as words, shell};
use crate::ui::avatar::current;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::{Dialog, Question};
use crate::ui::icon::{Glyph, small_icon};

/// The title of the dialog on the page.
pub(super) const TITLE: &str = "#group-info-title";

/// What lies over it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Over {
    Nothing,
    Form(What),
    Give(GroupMember),
    Remove(GroupMember),
    Leave,
    End,
}

#[derive(PartialEq, Properties)]
pub(crate) struct GroupInfoProps {
    pub(crate) known: Conversation,
    pub(crate) onclose: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn GroupInfo(props: &GroupInfoProps) -> Html {
    let app = use_app();
    let known = &props.known;
    let id = known.id;
    let over = use_state_eq(|| Over::Nothing);
    let turn = use_state_eq(|| 0_u32);
    let busy = use_state_eq(|| false);
    let talk = use_selected(&app.chats, id, |chats, id| chats.talk(*id));
    let offline = use_selected(&connection::state(), (), |state, ()| {
        *state == Connection::Offline
    });
    let list = &talk.members;
    {
        // It is forgotten when too much has happened to be told.
        let app = app.clone();
        use_effect_with((id, list.known), move |(id, known)| {
            if !known {
                actions::load_members(&app, *id, false);
            }
        });
    }
    let Some(group) = &known.group else {
        return Html::default();
    };
    let load = {
        let app = app.clone();
        Callback::from(move |more| actions::load_members(&app, id, more))
    };
    let here: Vec<UserId> = list.items.iter().map(|member| member.user.id).collect();
    let role = known.my_role.unwrap_or(Role::Member);
    let show = |what: Over| {
        let over = over.setter();
        Callback::from(move |()| over.set(what.clone()))
    };
    let lying = match &*over {
        Over::Nothing => Html::default(),
        Over::Form(what) => {
            let invited = {
                let turn = turn.clone();
                Callback::from(move |()| turn.set(*turn + 1))
            };
            html! { <GroupDialog what={what.clone()} onclose={show(Over::Nothing)} ondone={invited} /> }
        }
        over => question(&app, known, over, &busy, show(Over::Nothing)),
    };
    html! {
        <Dialog id="group-info" title={group.title.clone()} onclose={props.onclose.clone()} first="h2" class="stack">
            <GroupPicture {id} group={group.clone()} manages={role.manages()} />
            if !group.description.is_empty() { <p class="group__text">{ &group.description }</p> }
            <ul class="group__facts">
                <li>
                    { small_icon(if group.visibility == Visibility::Private { Glyph::Lock } else { Glyph::Globe }) }
                    { words::visibility_means(group.visibility) }
                </li>
                <li>{ small_icon(Glyph::Eye) }{ words::history_means(group.history) }</li>
            </ul>
            if role.invites_to(group.visibility) {
                <div class="relation">
                    <Button
                        kind={Kind::Primary} icon={Glyph::AddPerson} text={words::INVITE}
                        onclick={show(Over::Form(What::Invite(id, here.clone())))}
                    />
                    if role.manages() {
                        <Button
                            icon={Glyph::Pen} text={words::EDIT} label={words::EDIT_TITLE}
                            onclick={show(Over::Form(What::Edit(id, group.clone())))}
                        />
                    }
                </div>
            }
            <section aria-labelledby="group-members">
                <h3 class="h" id="group-members">{ words::people(known.member_count) }</h3>
                if !list.items.is_empty() {
                    <ul class="people">
                        { for list.items.iter().map(|one| members::member(&app, known, one, &over.setter())) }
                    </ul>
                }
                { rest(list, words::MEMBERS_FAILED, words::NO_MEMBERS, &load) }
            </section>
            if role.manages() { <Invited {id} members={here} turn={*turn} /> }
            <footer class="dialog__foot">
                if offline { <span class="meta grow">{ shell::YOURE_OFFLINE }</span> }
                <Button icon={Glyph::SignOut} text={words::LEAVE} disabled={offline} onclick={show(Over::Leave)} />
                if role == Role::Owner {
                    <Button kind={Kind::Danger} icon={Glyph::Trash} text={words::END} disabled={offline} onclick={show(Over::End)} />
                }
            </footer>
            { lying }
        </Dialog>
    }
}

/// Asks before something that others notice.
fn question(
    app: &App,
    known: &Conversation,
    over: &Over,
    busy: &UseStateHandle<bool>,
    close: Callback<()>,
) -> Html {
    let Some(group) = &known.group else {
        return Html::default();
    };
    let name = match over {
        Over::Give(member) | Over::Remove(member) => current(&member.user).display_name,
        _ => group.title.clone(),
    };
    let (title, text, yes) = match over {
        Over::Give(_) => (
            words::give_title(&name),
            words::give_text(&name),
            words::GIVE_CONFIRM,
        ),
        Over::Remove(_) => (
            words::remove_title(&name),
            words::remove_text(&name),
            words::REMOVE_CONFIRM,
        ),
        Over::End => (words::end_title(&name), words::END_TEXT.to_owned(), words::END),
        _ => {
            let role = known.my_role.unwrap_or(Role::Member);
            let text = words::leave_text(role, known.member_count, group.visibility);
            (words::leave_title(&name), text.to_owned(), words::LEAVE_CONFIRM)
        }
    };
    let kind = if matches!(over, Over::Give(_)) {
        Kind::Primary
    } else {
        Kind::Danger
    };
    let onyes = {
        let (app, id, over, busy, close) = (app.clone(), known.id, over.clone(), busy.clone(), close.clone());
        move |()| match &over {
            Over::Give(member) => {
                close.emit(());
                actions::change_role(&app, id, member, Role::Owner);
            }
            Over::Remove(member) => {
                close.emit(());
                actions::remove(&app, id, member);
            }
            _ => {
                busy.set(true);
                let (busy, close) = (busy.setter(), close.clone());
                let failed = Callback::from(move |()| {
                    busy.set(false);
                    close.emit(());
                });
                actions::part(&app, id, &name, over == Over::End, failed);
            }
        }
    };
    html! { <Question {title} {text} {yes} {kind} busy={**busy} {onyes} onno={close} /> }
}
