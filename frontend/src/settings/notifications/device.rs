//! This device: whether it is told of what happens while Hearth is closed. It says what comes, and who can read it,
//! before the browser asks.

use hearth_shared::endpoint::Nothing;
use hearth_shared::push::{GetPush, Push, TestPush};
use yew::prelude::*;

use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::push::{self, Here, Trouble};
use crate::platform::spawn;
use crate::settings::context::{Own, use_own};
use crate::store::{Store, use_selected};
use crate::text::settings::push as words;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Switch, switch};
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;
use crate::ui::when::When;

/// What is known.
#[derive(Debug, Clone, PartialEq, Default)]
struct State {
    /// What the server says, and the browser.
    known: Option<Result<(Push, Here), Failure>>,
    /// What did not work the last time.
    trouble: Option<Trouble>,
    /// Whether to show what was written, while that is on its way.
    previews: Option<bool>,
    busy: bool,
}

/// What there is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The host has switched it off.
    Nowhere,
    Cannot(push::Cannot),
    Denied,
    Off,
    On,
}

/// The browser and the server must both know of it: either may have forgotten.
fn shown(push: &Push, here: Here) -> Shown {
    match (push.public_key.is_some(), here) {
        (false, _) => Shown::Nowhere,
        (true, Here::Cannot(why)) => Shown::Cannot(why),
        (true, Here::Denied) => Shown::Denied,
        (true, Here::On) if push.subscription.is_some() => Shown::On,
        (true, Here::On | Here::Off) => Shown::Off,
    }
}

fn load(own: &Own, store: &Store<State>) {
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        let here = push::here().await;
        let outcome = own.base.api.get(&GetPush {}, &Nothing).await;
        store.change(|state| state.known = Some(outcome.map(|push| (push, here))));
    });
}

/// Something under way, after which things may stand otherwise.
fn act<F>(own: &Own, store: &Store<State>, work: impl FnOnce(Own) -> F + 'static)
where
    F: Future<Output = Result<Option<Push>, Trouble>> + 'static,
{
    let (own, store) = (own.clone(), store.clone());
    store.change(|state| {
        state.busy = true;
        state.trouble = None;
    });
    spawn(async move {
        let outcome = work(own).await;
        let here = match outcome {
            // It has been waited for once.
            Err(Trouble::NotReady) => Here::Off,
            _ => push::here().await,
        };
        store.change(|state| {
            state.busy = false;
            state.previews = None;
            match outcome {
                Ok(Some(push)) => state.known = Some(Ok((push, here))),
                Ok(None) => {}
                Err(trouble) => {
                    state.trouble = Some(trouble);
                    if let Some(Ok((_, known))) = &mut state.known {
                        *known = here;
                    }
                }
            }
        });
    });
}

/// The block.
#[component]
pub(super) fn Device() -> Html {
    let own = use_own();
    let store = use_memo((), |()| Store::<State>::default());
    let state = use_selected(&store, (), |state, ()| state.clone());
    {
        let store = store.clone();
        use_effect_with(own.clone(), move |own| load(own, &store));
    }
    let body = match &state.known {
        None => person_skeletons(1),
        Some(Err(failure)) => {
            let again = {
                let (own, store) = (own.clone(), store.clone());
                Callback::from(move |()| load(&own, &store))
            };
            failed(words::FAILED, failure, again)
        }
        Some(Ok((push, here))) => match shown(push, *here) {
            Shown::Nowhere => html! { <p class="quiet-line">{ words::NOWHERE }</p> },
            Shown::Cannot(why) => html! { <p class="quiet-line">{ words::cannot(why) }</p> },
            Shown::Denied => {
                html! { <><p><b>{ words::DENIED }</b></p><p class="lead">{ words::DENIED_HINT }</p></> }
            }
            Shown::Off => off(&own, &store, &state, push),
            Shown::On => on(&own, &store, &state, push),
        },
    };
    html! {
        <section aria-labelledby="device-title">
            <h2 id="device-title">{ words::TITLE }</h2>
            { body }
            <div role="status">
                if let Some(trouble) = &state.trouble { <p class="form-row__hint">{ words::trouble(trouble) }</p> }
            </div>
        </section>
    }
}

fn off(own: &Own, store: &Store<State>, state: &State, push: &Push) -> Html {
    let turn_on = {
        let (own, store, key) = (
            own.clone(),
            store.clone(),
            push.public_key.clone().unwrap_or_default(),
        );
        Callback::from(move |()| {
            let key = key.clone();
            act(&own, &store, async move |own| {
                let push = push::turn_on(&own.base.api, &key, false).await?;
                own.base.say(words::TURNED_ON);
                Ok(Some(push))
            });
        })
    };
    html! {
        <>
            <p class="lead">{ words::WHAT_COMES }</p>
            <p class="lead">{ words::WHO_READS }</p>
            <div class="form__foot form__foot--below">
                <Button kind={Kind::Primary} text={words::TURN_ON} busy={state.busy} onclick={turn_on} />
            </div>
        </>
    }
}

fn on(own: &Own, store: &Store<State>, state: &State, push: &Push) -> Html {
    let told = push.subscription;
    let turn_off = {
        let (own, store, push) = (own.clone(), store.clone(), push.clone());
        Callback::from(move |()| {
            let push = push.clone();
            act(&own, &store, async move |own| {
                push::turn_off(&own.base.api).await.map_err(Trouble::Server)?;
                own.base.say(words::TURNED_OFF);
                Ok(Some(Push {
                    subscription: None,
                    ..push
                }))
            });
        })
    };
    let test = {
        let (own, store) = (own.clone(), store.clone());
        Callback::from(move |()| {
            act(&own, &store, async move |own| {
                let sent = own.base.api.send(&TestPush {}, &Nothing).await;
                sent.map_err(Trouble::Server)?;
                own.base.say(words::TEST_SENT);
                Ok(None)
            });
        })
    };
    let previews = {
        let (own, store) = (own.clone(), store.clone());
        Callback::from(move |wanted: bool| {
            store.change(|state| state.previews = Some(wanted));
            act(&own, &store, async move |own| {
                let push = push::set_previews(&own.base.api, wanted).await?;
                own.base.announce(words::SAVED);
                Ok(Some(push))
            });
        })
    };
    let failing = told.is_some_and(|told| told.failing);
    html! {
        <>
            <p>
                <b>{ words::ON }</b>
                if let Some(at) = told.and_then(|told| told.last_ok_at) {
                    <span class="meta">{ " · " }{ words::LAST }<When {at} /></span>
                }
            </p>
            if failing { <p class="form-row__hint">{ words::FAILING }</p> }
            <div class="card settings">
                { switch(Switch {
                    id: "push_previews",
                    label: words::PREVIEWS,
                    hint: words::PREVIEWS_HINT,
                    on: state.previews.unwrap_or(told.is_some_and(|told| told.previews)),
                    onchange: previews,
                }) }
            </div>
            <div class="form__foot form__foot--below">
                <Button text={words::TEST} busy={state.busy} onclick={test} />
                <Button kind={Kind::Ghost} text={words::TURN_OFF} busy={state.busy} onclick={turn_off} />
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::push::Cannot;
    use hearth_shared::push::PushSubscription;
    use hearth_shared::time::Timestamp;

    #[test]
    fn what_is_shown_is_what_both_sides_know() {
        let push = |on: bool, told: bool| Push {
            public_key: on.then(|| "B".to_owned()),
            subscription: told.then_some(PushSubscription {
                previews: false,
                created_at: Timestamp::from_millis(1),
                last_ok_at: None,
                failing: false,
            }),
        };
        assert_eq!(shown(&push(true, true), Here::On), Shown::On);
        assert_eq!(shown(&push(true, false), Here::On), Shown::Off);
        assert_eq!(shown(&push(true, true), Here::Off), Shown::Off);
        assert_eq!(shown(&push(true, true), Here::Denied), Shown::Denied);
        assert_eq!(
            shown(&push(true, false), Here::Cannot(Cannot::Insecure)),
            Shown::Cannot(Cannot::Insecure)
        );
        assert_eq!(shown(&push(false, true), Here::On), Shown::Nowhere);
    }
}
