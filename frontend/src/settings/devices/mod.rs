//! Where one is signed in, and signing out there.

mod agent;
mod state;

use hearth_shared::auth::{EndOtherSessions, EndSession, ListSessions, SignedInDevice};
use hearth_shared::endpoint::Nothing;
use yew::prelude::*;

use super::context::{Own, use_own};
use crate::context::Base;
use crate::effect::use_effect_with;
use crate::features::users::actions::sign_out;
use crate::features::users::state::Reading;
use crate::platform::{dom, spawn};
use crate::store::{Store, use_selected};
use crate::text::settings::devices as words;
use crate::text::shell;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Question;
use crate::ui::icon::{Glyph, icon};
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;
use crate::ui::when::{When, long_day};

type List = Store<Reading<Vec<SignedInDevice>>>;

fn load(own: &Own, list: &List) {
    let (own, list) = (own.clone(), list.clone());
    spawn(async move {
        let outcome = own.base.api.get(&ListSessions {}, &Nothing).await;
        list.change(|list| list.settle(outcome.map(|devices| state::sorted(devices.items))));
    });
}

/// Out of the list at once; back into it when it did not work.
fn end(own: &Own, list: &List, device: SignedInDevice) {
    let before = list.read(|list| list.value.clone()).unwrap_or_default();
    let at = before
        .iter()
        .position(|other| other.id == device.id)
        .unwrap_or_default();
    list.change(|list| list.value = Some(state::without(&before, device.id)));
    let (own, list) = (own.clone(), list.clone());
    spawn(async move {
        let call = EndSession {
            session_id: device.id,
        };
        match own.base.api.get(&call, &Nothing).await {
            // What is gone already is what was wanted.
            Err(failure) if !failure.is_not_found() => {
                own.base.warn(words::NOT_OUT, &failure);
                list.change(|list| {
                    let now = list.value.take().unwrap_or_default();
                    list.value = Some(state::put_back(now, device, at));
                });
            }
            _ => own.base.say(words::ONE_OUT),
        }
    });
}

/// The section.
#[component]
pub(super) fn Devices() -> Html {
    let own = use_own();
    let list = (*use_memo((), |()| List::default())).clone();
    let reading = use_selected(&list, (), |list, ()| list.clone());
    let busy = use_state_eq(|| false);
    let asking = use_state_eq(|| false);
    let count = reading.value.as_ref().map_or(0, Vec::len);
    {
        let list = list.clone();
        use_effect_with(own.clone(), move |own| load(own, &list));
    }
    // The button that was pressed has gone with its row.
    let shown = use_mut_ref(|| 0);
    use_effect_with(count, move |count| {
        if std::mem::replace(&mut *shown.borrow_mut(), *count) > *count {
            dom::rescue_focus();
        }
    });
    let again = {
        let (own, list) = (own.clone(), list.clone());
        Callback::from(move |()| load(&own, &list))
    };
    let Some(devices) = &reading.value else {
        return match &reading.failure {
            Some(failure) => failed(words::FAILED, failure, again),
            None => person_skeletons(2),
        };
    };
    let others = {
        let (own, list, busy) = (own.clone(), list.clone(), busy.clone());
        Callback::from(move |()| {
            busy.set(true);
            let (own, list, busy) = (own.clone(), list.clone(), busy.setter());
            spawn(async move {
                match own.base.api.get(&EndOtherSessions {}, &Nothing).await {
                    Ok(_) => {
                        own.base.say(words::OTHERS_OUT);
                        load(&own, &list);
                    }
                    Err(failure) => own.base.warn(words::NOT_OUT, &failure),
                }
                busy.set(false);
            });
        })
    };
    let row = |device: &SignedInDevice| {
        let (own, list, asking, device) = (own.clone(), list.clone(), asking.clone(), device.clone());
        let name = name(&device.user_agent);
        let onclick = {
            let device = device.clone();
            Callback::from(move |()| {
                if device.current {
                    asking.set(true);
                } else {
                    end(&own, &list, device.clone());
                }
            })
        };
        html! {
            <li key={device.id.to_string()} class="line">
                <span class="line__icon">{ icon(Glyph::Device) }</span>
                <div class="line__text">
                    <p class="line__title">
                        <b>{ &name }</b>
                        if device.current { <span class="tag">{ words::THIS }</span> }
                    </p>
                    <p class="meta">
                        { words::USED }<When at={device.last_used_at} />{ " · " }
                        { words::since(&long_day(device.created_at)) }
                    </p>
                </div>
                <Button text={words::SIGN_OUT} label={words::sign_out_of(&name)} {onclick} />
            </li>
        }
    };
    html! {
        <>
            if count > 1 { <p class="intro">{ words::INTRO }</p> }
            <ul class="card lines">{ for devices.iter().map(row) }</ul>
            if count > 1 {
                <div class="form__foot form__foot--below">
                    <Button text={words::SIGN_OUT_OTHERS} busy={*busy} onclick={others} />
                </div>
            } else {
                <p class="quiet-line">{ words::ONLY_THIS }</p>
            }
            if *asking { { question(&own.base, &asking) } }
        </>
    }
}

fn question(base: &Base, asking: &UseStateHandle<bool>) -> Html {
    let (base, no) = (base.clone(), asking.setter());
    html! {
        <Question
            title={words::THIS_QUESTION} text={words::THIS_QUESTION_TEXT} yes={shell::SIGN_OUT} kind={Kind::Primary}
            onyes={move |()| sign_out(&base)} onno={move |()| no.set(false)}
        />
    }
}

/// "Firefox on Windows", or as much of it as is known.
fn name(user_agent: &str) -> String {
    let agent = agent::of(user_agent);
    match (agent.browser, agent.system) {
        (Some(browser), Some(system)) => words::browser_on(browser, system),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => words::UNKNOWN.to_owned(),
    }
}
