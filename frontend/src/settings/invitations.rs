//! Links that let new people in, where only invited people may register.

use hearth_shared::auth::{
    CreateInvitation, Invitation, ListInvitations, NewInvitation, RevokeInvitation, SentInvitation,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::valid::Valid;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::context::{Own, use_own};
use super::form::use_focus_on_change;
use crate::effect::use_effect_with;
use crate::features::auth::components::notice;
use crate::features::auth::state::{Errors, refused};
use crate::features::auth::use_wrong_field;
use crate::features::users::state::Reading;
use crate::platform::{dom, files, spawn};
use crate::store::{Store, use_selected};
use crate::text::settings::{self, invitations as words};
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, clear, text_of};
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;
use crate::ui::when::long_day;

type List = Store<Reading<Vec<Invitation>>>;

fn load(own: &Own, list: &List) {
    let (own, list) = (own.clone(), list.clone());
    spawn(async move {
        let outcome = own.base.api.get(&ListInvitations {}, &Nothing).await;
        list.change(|list| list.settle(outcome.map(|invitations| invitations.items)));
    });
}

/// Out of the list at once; the list is read again when it did not work.
fn take_back(own: &Own, list: &List, invitation: &Invitation) {
    let id = invitation.id;
    list.change(|list| {
        if let Some(items) = &mut list.value {
            items.retain(|other| other.id != id);
        }
    });
    let (own, list) = (own.clone(), list.clone());
    spawn(async move {
        let call = RevokeInvitation { invitation_id: id };
        match own.base.api.get(&call, &Nothing).await {
            Err(failure) if !failure.is_not_found() => {
                own.base.warn(words::NOT_TAKEN_BACK, &failure);
                load(&own, &list);
            }
            _ => own.base.say(words::TAKEN_BACK),
        }
    });
}

/// The section.
#[component]
pub(super) fn Invitations() -> Html {
    let own = use_own();
    let list = (*use_memo((), |()| List::default())).clone();
    let reading = use_selected(&list, (), |list, ()| list.clone());
    let (form, note, root) = (use_node_ref(), use_node_ref(), use_node_ref());
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let made = use_state_eq(|| None::<SentInvitation>);
    use_wrong_field(&form, &errors);
    use_focus_on_change(made.as_ref().map(|made| made.id), &root, "#invitation");
    {
        let list = list.clone();
        use_effect_with(own.clone(), move |own| load(own, &list));
    }
    let again = {
        let (own, list) = (own.clone(), list.clone());
        Callback::from(move |()| load(&own, &list))
    };
    let onsubmit = {
        let (own, list, note) = (own.clone(), list.clone(), note.clone());
        let (busy, errors, made) = (busy.clone(), errors.clone(), made.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let body = NewInvitation {
                note: Some(text_of(&note)),
            };
            let body = match Valid::check(body) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (own, list, note) = (own.clone(), list.clone(), note.clone());
            let (busy, errors, made) = (busy.setter(), errors.clone(), made.setter());
            spawn(async move {
                match own.base.api.send(&CreateInvitation {}, &body).await {
                    Ok(invitation) => {
                        clear(&note);
                        errors.set(Errors::default());
                        made.set(Some(invitation));
                        load(&own, &list);
                    }
                    Err(failure) => errors.set(refused(&errors, &failure, &["note"], &[])),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <div ref={root}>
            <p class="intro">{ words::intro() }</p>
            <form class="card settings form section" ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
                if let Some(text) = errors.general() { { notice(&text, true) } }
                <TextField
                    id="note" label={words::NOTE} input={note} hint={words::NOTE_HINT} error={errors.of("note")}
                />
                <div class="form__foot">
                    <Button
                        submit=true kind={Kind::Primary} busy={*busy}
                        text={if *busy { words::MAKING } else { words::MAKE }}
                    />
                </div>
                if let Some(invitation) = &*made { { link(&own, invitation) } }
            </form>
            <section class="section" aria-labelledby="open">
                <h2 class="section__title" id="open">{ words::OPEN }</h2>
                { match (&reading.value, &reading.failure) {
                    (Some(items), _) if items.is_empty() => html! { <p class="card quiet-line">{ words::NONE }</p> },
                    (Some(items), _) => html! {
                        <ul class="card lines">{ for items.iter().map(|item| row(&own, &list, item)) }</ul>
                    },
                    (None, Some(failure)) => failed(words::FAILED, failure, again),
                    (None, None) => person_skeletons(1),
                } }
            </section>
        </div>
    }
}

/// The link, to be copied now: it is shown this once.
fn link(own: &Own, invitation: &SentInvitation) -> Html {
    let copy = {
        let (own, url) = (own.clone(), invitation.url.clone());
        Callback::from(move |()| {
            let (own, url) = (own.clone(), url.clone());
            spawn(async move {
                let copied = files::copy(&url).await;
                own.base.say(if copied {
                    settings::COPIED
                } else {
                    settings::NOT_COPIED
                });
            });
        })
    };
    let select = Callback::from(|event: FocusEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            input.select();
        }
    });
    html! {
        <div class="form-row">
            <label for="invitation">{ words::LINK }</label>
            <div class="field">
                <input
                    id="invitation" readonly=true value={invitation.url.clone()} onfocus={select}
                    aria-describedby="invitation-hint"
                />
                <Button kind={Kind::Ghost} class="field__side" text={settings::COPY} onclick={copy} />
            </div>
            <p class="form-row__hint" id="invitation-hint">{ words::LINK_HINT }</p>
        </div>
    }
}

fn row(own: &Own, list: &List, item: &Invitation) -> Html {
    let note = if item.note.is_empty() {
        words::NO_NOTE
    } else {
        &item.note
    };
    let onclick = {
        let (own, list, item) = (own.clone(), list.clone(), item.clone());
        Callback::from(move |()| {
            take_back(&own, &list, &item);
            crate::platform::clock::afterwards(dom::rescue_focus);
        })
    };
    html! {
        <li key={item.id.to_string()} class="line">
            <div class="line__text">
                <p class="line__title"><b>{ note }</b></p>
                <p class="meta">{ words::until(&long_day(item.expires_at)) }</p>
            </div>
            <Button text={words::TAKE_BACK} label={words::take_back(note)} {onclick} />
        </li>
    }
}
