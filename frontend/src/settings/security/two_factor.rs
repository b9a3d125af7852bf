//! How the second factor stands, and what can be done about it.

use hearth_shared::auth::{DisableTwoFactor, GetTwoFactor, NewRecoveryCodes};
use hearth_shared::endpoint::Nothing;
use yew::prelude::*;

use super::codes::Codes;
use super::proof::{self, Proof};
use super::set_up::SetUp;
use crate::effect::use_effect_with;
use crate::features::users::state::Reading;
use crate::platform::spawn;
use crate::settings::context::use_own;
use crate::settings::form::use_focus_on_change;
use crate::text::settings::security as words;
use crate::ui::button::{Button, Kind};
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    SettingUp,
    MakingCodes,
    TurningOff,
}

/// The card of the second factor.
#[component]
pub(super) fn TwoFactor() -> Html {
    let own = use_own();
    let state = use_state_eq(Reading::<hearth_shared::auth::TwoFactor>::default);
    let doing = use_state_eq(|| Doing::Nothing);
    // Codes that were made just now; the server will never show them again.
    let codes = use_state_eq(|| None::<Vec<String>>);
    let tries = use_state_eq(|| 0_u32);
    let root = use_node_ref();
    {
        let (own, state) = (own.clone(), state.clone());
        use_effect_with(*tries, move |_| {
            spawn(async move {
                let outcome = own.base.api.get(&GetTwoFactor {}, &Nothing).await;
                let mut reading = (*state).clone();
                reading.settle(outcome);
                state.set(reading);
            });
        });
    }
    use_focus_on_change(*doing, &root, "input:not([hidden]), button");
    let again = {
        let tries = tries.clone();
        Callback::from(move |()| tries.set(*tries + 1))
    };
    let go = |to: Doing| {
        let doing = doing.clone();
        Callback::from(move |()| doing.set(to))
    };
    let cancel = go(Doing::Nothing);
    let made = {
        let (codes, own) = (codes.clone(), own.clone());
        Callback::from(move |made: Vec<String>| {
            codes.set(Some(made));
            own.load_me();
        })
    };
    let kept = {
        let (own, codes, doing, again) = (own.clone(), codes.clone(), doing.clone(), again.clone());
        Callback::from(move |()| {
            if *doing == Doing::SettingUp {
                own.base.say(words::TURNED_ON);
            }
            codes.set(None);
            doing.set(Doing::Nothing);
            again.emit(());
        })
    };
    let off = {
        let (own, doing, again) = (own.clone(), doing.clone(), again.clone());
        Callback::from(move |()| {
            own.base.say(words::TURNED_OFF);
            own.load_me();
            doing.set(Doing::Nothing);
            again.emit(());
        })
    };
    let Some(now) = state.value else {
        return match &state.failure {
            Some(failure) => failed(words::TWO_FACTOR_FAILED, failure, again),
            None => person_skeletons(1),
        };
    };
    html! {
        <div class="card settings" ref={root}>
            { match *doing {
                Doing::Nothing if now.enabled => html! {
                    <>
                        <p>{ words::on_hint(now.recovery_codes_left) }</p>
                        <div class="form__foot">
                            <Button text={words::NEW_CODES} onclick={go(Doing::MakingCodes)} />
                            <Button text={words::TURN_OFF} onclick={go(Doing::TurningOff)} />
                        </div>
                    </>
                },
                Doing::Nothing => html! {
                    <>
                        <p>{ words::OFF_HINT }</p>
                        <div class="form__foot"><Button text={words::SET_UP} onclick={go(Doing::SettingUp)} /></div>
                    </>
                },
                Doing::SettingUp => html! { <SetUp onmade={made} oncancel={cancel} /> },
                Doing::MakingCodes => {
                    let ask = {
                        let own = own.clone();
                        Callback::from(move |(body, answer): proof::Asking| {
                            let call = own.base.api.send(&NewRecoveryCodes {}, &body);
                            let made = made.clone();
                            spawn(async move {
                                answer.emit(call.await.map(|codes| made.emit(codes.recovery_codes)));
                            });
                        })
                    };
                    html! { <Proof key="codes" hint={words::NEW_CODES_HINT} yes={words::MAKE_CODES} onsend={ask} oncancel={cancel} /> }
                }
                Doing::TurningOff => {
                    let ask = {
                        let own = own.clone();
                        Callback::from(move |(body, answer): proof::Asking| {
                            let call = own.base.api.send(&DisableTwoFactor {}, &body);
                            let off = off.clone();
                            spawn(async move { answer.emit(call.await.map(|_| off.emit(()))) });
                        })
                    };
                    html! {
                        <Proof
                            key="off" hint={words::TURN_OFF_HINT} yes={words::TURN_OFF} kind={Kind::Danger}
                            onsend={ask} oncancel={cancel}
                        />
                    }
                }
            } }
            if let Some(codes) = (*codes).clone() {
                <Codes {codes} onkept={kept} />
            }
        </div>
    }
}
