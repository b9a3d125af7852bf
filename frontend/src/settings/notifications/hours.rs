//! Quiet hours: whether there are any, from when until when, and by the clocks of which place.

use hearth_shared::notifications::preferences::QuietHours;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choices::{Choices, clock_of, minute_of};
use crate::platform::clock;
use crate::text::settings::notifications as words;
use crate::ui::button::Button;
use crate::ui::field::{Switch, switch};
use crate::ui::icon::{Glyph, small_icon};

/// What is chosen.
pub(super) enum Change {
    /// Whether there are any; in this place, when there were none.
    On(bool, String),
    /// Others.
    To(QuietHours),
}

impl Change {
    pub(super) fn make(self, choices: &mut Choices) {
        match self {
            Self::On(on, here) => choices.set_quiet(on, &here),
            Self::To(hours) => choices.shown.quiet_hours = Some(hours),
        }
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct HoursProps {
    pub(super) hours: Option<QuietHours>,
    pub(super) onchange: Callback<Change>,
}

/// All of it.
#[component]
pub(super) fn Hours(props: &HoursProps) -> Html {
    let here = use_memo((), |()| clock::time_zone());
    let same = use_state_eq(|| false);
    let turn = {
        let (onchange, here, same) = (props.onchange.clone(), here.clone(), same.setter());
        Callback::from(move |on: bool| {
            same.set(false);
            onchange.emit(Change::On(on, (*here).clone()));
        })
    };
    html! {
        <>
            { switch(Switch {
                id: "quiet_hours",
                label: words::QUIET,
                hint: words::QUIET_HINT,
                on: props.hours.is_some(),
                onchange: turn,
            }) }
            if let Some(hours) = &props.hours {
                { times(hours, &same, &props.onchange) }
                { zone(hours, &here, &props.onchange) }
            }
        </>
    }
}

fn times(hours: &QuietHours, same: &UseStateHandle<bool>, onchange: &Callback<Change>) -> Html {
    let field = |id: &'static str, label: &'static str, minute: u16, set: fn(&mut QuietHours, u16)| {
        let (hours, set_same, onchange) = (hours.clone(), same.setter(), onchange.clone());
        let changed = move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            // A time that is not whole yet is no choice.
            let Some(minute) = input.and_then(|input| minute_of(&input.value())) else {
                return;
            };
            let mut hours = hours.clone();
            set(&mut hours, minute);
            set_same.set(hours.from == hours.to);
            if hours.from != hours.to {
                onchange.emit(Change::To(hours));
            }
        };
        html! {
            <div class="form-row">
                <label for={id}>{ label }</label>
                <div class={classes!("field", same.then_some("field--wrong"))}>
                    <input
                        {id} type="time" value={clock_of(minute)} required=true onchange={changed}
                        aria-invalid={same.then_some("true")} aria-describedby={same.then_some("quiet-same")}
                    />
                </div>
            </div>
        }
    };
    html! {
        <>
            <div class="hours" role="group" aria-label={words::QUIET}>
                { field("quiet_from", words::FROM, hours.from, |hours, minute| hours.from = minute) }
                { field("quiet_until", words::UNTIL, hours.to, |hours, minute| hours.to = minute) }
            </div>
            if **same {
                <p class="form-row__error" id="quiet-same" role="alert">{ small_icon(Glyph::Alert) }{ words::SAME }</p>
            }
        </>
    }
}

fn zone(hours: &QuietHours, here: &str, onchange: &Callback<Change>) -> Html {
    let moved = QuietHours {
        time_zone: here.to_owned(),
        ..hours.clone()
    };
    let (differs, onchange) = (moved != *hours, onchange.clone());
    let follow = Callback::from(move |()| onchange.emit(Change::To(moved.clone())));
    html! {
        <div class="hours__zone">
            <p class="form-row__hint" aria-live="polite">{ words::zone(&hours.time_zone, here) }</p>
            if differs { <Button text={words::ZONE_HERE} onclick={follow} /> }
        </div>
    }
}
