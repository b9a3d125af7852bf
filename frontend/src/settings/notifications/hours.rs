//! Quiet hours: whether there are any, from when until when, and by the clocks of which place.

use hearth_shared::notifications::preferences::QuietHours;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::platform::clock;
use crate::text::settings::notifications as words;
use crate::ui::button::Button;
use crate::ui::field::{Switch, switch};
use crate::ui::icon::{Glyph, small_icon};

/// What they are when they are turned on first: from ten in the evening until seven in the morning.
const NIGHT: (u16, u16) = (22 * 60, 7 * 60);

#[derive(PartialEq, Properties)]
pub(super) struct HoursProps {
    pub(super) hours: Option<QuietHours>,
    pub(super) onchange: Callback<Option<QuietHours>>,
}

/// All of it.
#[component]
pub(super) fn Hours(props: &HoursProps) -> Html {
    let here = use_memo((), |()| clock::time_zone());
    // The time that was chosen for both ends, which is none to be quiet.
    let refused = use_state_eq(|| None::<u16>);
    // Those that are turned off, for when they are turned on again.
    let before = use_mut_ref(|| None::<QuietHours>);
    let turn = {
        let (hours, onchange) = (props.hours.clone(), props.onchange.clone());
        let (here, refused) = (here.clone(), refused.setter());
        Callback::from(move |on: bool| {
            refused.set(None);
            let hours = hours.clone();
            onchange.emit(turned(on, hours, &mut before.borrow_mut(), &here));
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
                { times(hours, &refused, &props.onchange) }
                { zone(hours, &here, &props.onchange) }
            }
        </>
    }
}

fn times(
    hours: &QuietHours,
    refused: &UseStateHandle<Option<u16>>,
    onchange: &Callback<Option<QuietHours>>,
) -> Html {
    // What is refused stays in sight, so that the fields show what the error speaks of.
    let hours = QuietHours {
        from: refused.unwrap_or(hours.from),
        to: refused.unwrap_or(hours.to),
        ..hours.clone()
    };
    let same = refused.is_some();
    let field = |id: &'static str, label: &'static str, minute: u16, set: fn(&mut QuietHours, u16)| {
        let (hours, refuse, onchange) = (hours.clone(), refused.setter(), onchange.clone());
        let changed = move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            // A time that is not whole yet is no choice.
            let Some(minute) = input.and_then(|input| minute_of(&input.value())) else {
                return;
            };
            let mut hours = hours.clone();
            set(&mut hours, minute);
            if hours.from == hours.to {
                refuse.set(Some(minute));
            } else {
                refuse.set(None);
                onchange.emit(Some(hours));
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
            if same {
                <p class="form-row__error" id="quiet-same" role="alert">{ small_icon(Glyph::Alert) }{ words::SAME }</p>
            }
        </>
    }
}

fn zone(hours: &QuietHours, here: &str, onchange: &Callback<Option<QuietHours>>) -> Html {
    let moved = QuietHours {
        time_zone: here.to_owned(),
        ..hours.clone()
    };
    let (differs, onchange) = (moved != *hours, onchange.clone());
    let follow = Callback::from(move |()| onchange.emit(Some(moved.clone())));
    html! {
        <div class="hours__zone">
            <p class="form-row__hint" aria-live="polite">{ words::zone(&hours.time_zone, here) }</p>
            if differs { <Button text={words::ZONE_HERE} onclick={follow} /> }
        </div>
    }
}

/// The hours as they are turned on, in this place when there were none before, or off.
fn turned(
    on: bool,
    hours: Option<QuietHours>,
    before: &mut Option<QuietHours>,
    here: &str,
) -> Option<QuietHours> {
    if !on {
        *before = hours;
        return None;
    }
    let first = || QuietHours {
        from: NIGHT.0,
        to: NIGHT.1,
        time_zone: here.to_owned(),
    };
    hours.or_else(|| Some(before.take().unwrap_or_else(first)))
}

/// A minute of the day as a field for a time has it: "07:05".
fn clock_of(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The minute of the day; `None` for a time that is not whole.
fn minute_of(clock: &str) -> Option<u16> {
    let mut parts = clock.split(':').map(|part| part.parse::<u16>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_that_are_turned_on_again_are_those_of_before() {
        let mut before = None;
        let first = turned(true, None, &mut before, "Europe/Berlin").unwrap();
        assert_eq!((first.from, first.to), NIGHT);
        let changed = QuietHours { from: 60, ..first };
        let same = turned(true, Some(changed.clone()), &mut before, "UTC");
        assert_eq!(same.as_ref(), Some(&changed));
        assert_eq!(turned(false, same, &mut before, "UTC"), None);
        assert_eq!(turned(true, None, &mut before, "UTC"), Some(changed));
    }

    #[test]
    fn times_of_the_day() {
        for (minute, clock) in [(0, "00:00"), (425, "07:05"), (1439, "23:59")] {
            assert_eq!(clock_of(minute), clock);
            assert_eq!(minute_of(clock), Some(minute));
        }
        assert_eq!(minute_of("22:00:00"), Some(1320));
        for broken in ["", "7", "24:00", "10:60", "a:b"] {
            assert_eq!(minute_of(broken), None, "{broken:?}");
        }
    }
}
