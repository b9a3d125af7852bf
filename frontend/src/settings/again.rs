//! A button that sends a mail once more. The server takes no more than one each minute, so the button counts down.

use yew::prelude::*;

use crate::effect::use_effect_with;
use crate::platform::clock::{self, Timeout};
use crate::text::settings as words;
use crate::ui::button::Button;

const PAUSE_SECONDS: u32 = 60;

#[derive(PartialEq, Properties)]
pub(super) struct AgainProps {
    /// Grows with every mail that went out; the first may have gone out before the button was there.
    pub(super) sent: u32,
    #[prop_or_default]
    pub(super) busy: bool,
    pub(super) onclick: Callback<()>,
}

/// Sends again, when it may.
#[component]
pub(super) fn Again(props: &AgainProps) -> Html {
    let left = use_state_eq(|| 0_u32);
    let until = use_mut_ref(|| 0_i64);
    {
        let (set, until) = (left.setter(), until.clone());
        use_effect_with(props.sent, move |sent| {
            if *sent > 0 {
                *until.borrow_mut() = clock::now().as_millis() + i64::from(PAUSE_SECONDS) * 1_000;
                set.set(PAUSE_SECONDS);
            }
        });
    }
    {
        let set = left.setter();
        use_effect_with(*left, move |left| {
            let left = *left;
            let timer = (left > 0).then(|| {
                Timeout::new(1_000, move || {
                    let by_clock = seconds_left(*until.borrow(), clock::now().as_millis());
                    set.set(by_clock.min(left - 1));
                })
            });
            move || drop(timer)
        });
    }
    let text: AttrValue = match *left {
        0 => words::SEND_AGAIN.into(),
        seconds => words::send_again_in(seconds).into(),
    };
    html! {
        <Button class="again" {text} busy={props.busy} disabled={*left > 0} onclick={props.onclick.clone()} />
    }
}

/// By the clock: the timers of a hidden page are late.
fn seconds_left(until: i64, now: i64) -> u32 {
    let left = (until - now).clamp(0, i64::from(PAUSE_SECONDS) * 1_000);
    u32::try_from((left + 999) / 1_000).unwrap_or(PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_second_is_counted_to_its_end() {
        assert_eq!(seconds_left(60_000, 0), 60);
        assert_eq!(seconds_left(60_000, 59_001), 1);
        assert_eq!(seconds_left(60_000, 60_000), 0);
        assert_eq!(seconds_left(60_000, 90_000), 0);
        // A clock that was set back does not make anybody wait for longer than a minute.
        assert_eq!(seconds_left(60_000, -500_000), 60);
    }
}
