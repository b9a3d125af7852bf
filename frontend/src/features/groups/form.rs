//! The dialog in which one makes a group, calls it something else, or invites friends to it: the same fields, of which each
//! shows its own. One component, because three would be three times the program.

use hearth_shared::conversations::groups::{
    CreateGroup, EditGroup, Group, GroupPatch, History, NewGroup, Visibility,
};
use hearth_shared::conversations::members::{InviteToGroup, Invitees};
use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::problem::{ErrorCode, FieldError};
use hearth_shared::valid::{Valid, Validate};
use yew::prelude::*;

use super::fields::{use_fields, wrong};
use super::picker::FriendsPicker;
use crate::context::{App, use_app};
use crate::features::auth::components::notice;
use crate::features::auth::state::Errors;
use crate::features::auth::use_wrong_field;
use crate::features::chats::actions as chats;
use crate::features::chats::state::Chats;
use crate::platform::api::Failure;
use crate::platform::{random, spawn};
use crate::text::posts::{self, composer};
use crate::text::{friends, groups as words, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::{Dialog, Question};
use crate::ui::icon::{Glyph, small_icon};

/// What is filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    New,
    /// As it is so far.
    Edit(ConversationId, Group),
    /// With those who are in it, as far as they are known.
    Invite(ConversationId, Vec<UserId>),
}

/// What is sent.
enum Sent {
    New(NewGroup),
    Edit(ConversationId, GroupPatch),
    Invite(ConversationId, Invitees),
}

#[derive(PartialEq, Properties)]
pub(super) struct GroupDialogProps {
    pub(super) what: What,
    pub(super) onclose: Callback<()>,
    /// It was done.
    #[prop_or_default]
    pub(super) ondone: Callback<()>,
}

/// The dialog. A group that was sent once is made once, however often one tries.
#[component]
pub(super) fn GroupDialog(props: &GroupDialogProps) -> Html {
    let app = use_app();
    let client_id = use_memo((), |()| random::client_id());
    let form = use_node_ref();
    let before = match &props.what {
        What::Edit(_, group) => Some(group),
        What::New | What::Invite(..) => None,
    };
    let fields = use_fields(before);
    let choices = use_state_eq(|| (Visibility::default(), History::default()));
    let chosen = use_state_eq(Vec::<UserId>::new);
    let errors = use_state_eq(Errors::default);
    let (busy, asking) = (use_state_eq(|| false), use_state_eq(|| false));
    use_wrong_field(&form, &errors);
    let onsubmit = {
        let (fields, client_id, what) = (fields.clone(), client_id.clone(), props.what.clone());
        let (choices, chosen, busy, errors) = (*choices, chosen.clone(), busy.clone(), errors.clone());
        let (close, done) = (props.onclose.clone(), props.ondone.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let (title, description) = (fields.title(), fields.description());
            let user_ids = (*chosen).clone();
            let sent = match &what {
                What::New => checked(
                    NewGroup {
                        client_id: (*client_id).clone(),
                        title,
                        description,
                        visibility: choices.0,
                        history: choices.1,
                        user_ids,
                    },
                    Sent::New,
                ),
                // What somebody else has changed meanwhile stays.
                What::Edit(id, before) => checked(
                    GroupPatch {
                        title: Some(title).filter(|title| *title != before.title),
                        description: Some(description).filter(|text| *text != before.description),
                    },
                    |patch| Sent::Edit(*id, patch),
                ),
                What::Invite(id, _) => checked(Invitees { user_ids }, |people| Sent::Invite(*id, people)),
            };
            let sent = match sent {
                Ok(sent) => sent,
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let people = !matches!(what, What::Edit(..));
            let (app, busy, errors) = (app.clone(), busy.setter(), errors.clone());
            let (close, done) = (close.clone(), done.clone());
            spawn(async move {
                match send(&app, sent).await {
                    Ok(()) => {
                        close.emit(());
                        done.emit(());
                    }
                    Err(failure) => {
                        busy.set(false);
                        errors.set(wrong(&errors, &failure, people));
                        if failure.code() == Some(ErrorCode::ClientIdReused) {
                            chats::load(&app, false);
                        }
                    }
                }
            });
        })
    };
    let leave = {
        let (asking, close, fields) = (asking.clone(), props.onclose.clone(), fields.clone());
        let (before, chosen) = (before.cloned(), chosen.clone());
        Callback::from(move |()| {
            if chosen.is_empty() && fields.are(before.as_ref()) {
                close.emit(());
            } else {
                asking.set(true);
            }
        })
    };
    let stay = {
        let asking = asking.clone();
        move |()| asking.set(false)
    };
    let pick = {
        let chosen = chosen.setter();
        Callback::from(move |ids| chosen.set(ids))
    };
    let (visibility, history) = *choices;
    let choice = |name, text, means, to: (Visibility, History)| {
        let (set, on) = (choices.setter(), to == *choices);
        html! {
            <label class="option">
                <input type="radio" {name} checked={on} onchange={move |_: Event| set.set(to)} />
                <span><b>{ text }</b><br /><span class="meta">{ means }</span></span>
            </label>
        }
    };
    let find = |one| {
        choice(
            "visibility",
            words::visibility(one),
            words::visibility_means(one),
            (one, history),
        )
    };
    let see = |one| {
        choice(
            "history",
            words::history(one),
            words::history_means(one),
            (visibility, one),
        )
    };
    let (title, first, yes, legend) = match &props.what {
        What::New => (words::NEW, "input", words::CREATE, words::INVITE),
        What::Edit(..) => (words::EDIT_TITLE, "input", shell::SAVE, ""),
        What::Invite(..) => (words::INVITE, "h2", words::SEND_INVITATIONS, friends::FRIENDS),
    };
    let (named, picked) = match &props.what {
        What::New => (true, Some(Vec::new())),
        What::Edit(..) => (true, None),
        What::Invite(_, members) => (false, Some(members.clone())),
    };
    html! {
        <Dialog id="group-form" {title} onclose={leave.clone()} {first}>
            <form class="stack" ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
                if let Some(text) = errors.general() { { notice(&text, true) } }
                if named { { fields.show(&errors) } }
                if props.what == What::New {
                    <fieldset class="choice">
                        <legend>{ words::WHO_FINDS }</legend>
                        { find(Visibility::Private) }
                        { find(Visibility::Public) }
                    </fieldset>
                    <fieldset class="choice">
                        <legend>{ words::WHAT_NEW_SEE }</legend>
                        { see(History::FromJoining) }
                        { see(History::All) }
                        <p class="form-row__hint">{ words::CHOSEN_FOR_GOOD }</p>
                    </fieldset>
                }
                if let Some(without) = picked {
                    <FriendsPicker {legend} {without} chosen={(*chosen).clone()} onchange={pick} />
                    if let Some(wrong) = errors.of("user_ids") {
                        <p class="form-row__error" role="alert">{ small_icon(Glyph::Alert) }{ wrong }</p>
                    }
                }
                <footer class="dialog__foot">
                    <Button text={shell::CANCEL} onclick={leave} />
                    <Button submit=true kind={Kind::Primary} busy={*busy} disabled={!named && chosen.is_empty()} text={yes} />
                </footer>
            </form>
            if *asking {
                <Question
                    title={words::DISCARD_TITLE} text={words::DISCARD_TEXT} yes={posts::DISCARD} no={composer::KEEP_EDITING}
                    onyes={props.onclose.clone()} onno={stay}
                />
            }
        </Dialog>
    }
}

fn checked<T: Validate>(value: T, sent: impl FnOnce(T) -> Sent) -> Result<Sent, Vec<FieldError>> {
    Valid::check(value).map(|value| sent(value.into_inner()))
}

async fn send(app: &App, sent: Sent) -> Result<(), Failure> {
    let api = &app.base.api;
    match sent {
        Sent::New(new) => chats::open(app, api.send(&CreateGroup {}, &new).await?),
        Sent::Edit(conversation_id, patch) => {
            let since = app.chats.read(Chats::reading);
            let now = api.send(&EditGroup { conversation_id }, &patch).await?;
            if !app.chats.read(|chats| chats.has_left(conversation_id, since)) {
                chats::learn(app, now);
            }
        }
        Sent::Invite(conversation_id, people) => {
            let answer = api.send(&InviteToGroup { conversation_id }, &people).await?;
            app.base.say(words::invited(answer.count));
        }
    }
    Ok(())
}
