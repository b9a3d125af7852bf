//! A voice message: a microphone beside the empty field, and while it listens a bar that says so. What was said goes the way
//! of every file: into the tray, to the server, and out with the message. Nothing that was said is lost by leaving.

use yew::prelude::*;

use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::media::Uploads;
use crate::platform::clock::{self, Interval};
use crate::platform::recorder::{Recording, Refused};
use crate::platform::{dom, spawn};
use crate::text::chats::{VOICE, voice as words};
use crate::text::media::length;
use crate::ui::button::{Button, Kind, icon_button};
use crate::ui::icon::{Glyph, small_icon};

/// Then it ends by itself.
const LONGEST_MILLIS: u64 = 5 * 60 * 1000;
/// How often the time is looked at.
const LOOK_MILLIS: u32 = 250;

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Idle,
    /// The browser may be asking whether it may.
    Asking,
    Listening,
    Refused(Refused),
}

#[derive(PartialEq, Properties)]
pub(super) struct VoiceProps {
    pub(super) uploads: Uploads,
    /// Nothing else was begun, and there is a place for it.
    pub(super) offered: bool,
    /// The form may be higher than before.
    pub(super) ongrow: Callback<()>,
}

#[component]
pub(super) fn Voice(props: &VoiceProps) -> Html {
    let app = use_app();
    let step = use_state_eq(|| Step::Idle);
    let passed = use_state_eq(|| 0_u64);
    let held = use_mut_ref(|| None::<Recording>);
    let gone = use_mut_ref(|| false);
    let keep = {
        let (app, uploads, held) = (app.clone(), props.uploads.clone(), held.clone());
        move || {
            if let Some(recording) = held.take() {
                let (app, uploads) = (app.clone(), uploads.clone());
                spawn(async move {
                    if let Some(file) = recording.finish(VOICE).await {
                        uploads.add_voice(&app, file);
                    }
                });
            }
        }
    };
    {
        let (keep, gone) = (keep.clone(), gone.clone());
        use_effect_with((), move |()| {
            move || {
                *gone.borrow_mut() = true;
                keep();
            }
        });
    }
    let begin = {
        let (held, now) = (held.clone(), step.setter());
        Callback::from(move |()| {
            now.set(Step::Asking);
            let (held, gone, now) = (held.clone(), gone.clone(), now.clone());
            spawn(async move {
                let begun = Recording::begin().await;
                // Nobody waits for it any more: it is let go.
                if *gone.borrow() {
                    return;
                }
                now.set(match begun {
                    Ok(recording) => {
                        *held.borrow_mut() = Some(recording);
                        Step::Listening
                    }
                    Err(refused) => Step::Refused(refused),
                });
            });
        })
    };
    let over = {
        let now = step.setter();
        move || {
            now.set(Step::Idle);
            // The button that was pressed is gone.
            clock::afterwards(|| {
                if let Some(send) = dom::find(".message-form__send").filter(|_| dom::focus_is_lost()) {
                    dom::focus_quietly(&send);
                }
            });
        }
    };
    let add = {
        let over = over.clone();
        Callback::from(move |()| {
            keep();
            over();
        })
    };
    let cancel = {
        let held = held.clone();
        Callback::from(move |_: MouseEvent| {
            drop(held.take());
            over();
        })
    };
    {
        let (add, passed) = (add.clone(), passed.setter());
        use_effect_with(*step == Step::Listening, move |listening| {
            let ticking = listening.then(|| {
                let since = clock::elapsed();
                passed.set(0);
                if let Some(button) = dom::find(".voice .btn") {
                    dom::focus_quietly(&button);
                }
                Interval::new(LOOK_MILLIS, move || {
                    let now = clock::elapsed().saturating_sub(since);
                    passed.set(shown(now));
                    let live = held.borrow().as_ref().is_some_and(Recording::is_live);
                    if now >= LONGEST_MILLIS || !live {
                        app.base.announce(words::ENDED);
                        add.emit(());
                    }
                })
            });
            move || drop(ticking)
        });
    }
    {
        let ongrow = props.ongrow.clone();
        use_effect_with(*step, move |_| ongrow.emit(()));
    }
    if *step == Step::Listening {
        return html! {
            <div class="voice" role="group" aria-label={words::RECORDING}>
                <span class="voice__dot" aria-hidden="true" />
                <span class="voice__time" role="timer">{ length(*passed) }</span>
                <button type="button" class="text-btn" onclick={cancel}>{ words::CANCEL }</button>
                <Button kind={Kind::Primary} text={words::ADD} label={words::ADD_LABEL} onclick={add} />
            </div>
        };
    }
    html! {
        <>
            if let Step::Refused(refused) = *step {
                <p class="delivery delivery--failed" role="alert">
                    { small_icon(Glyph::Alert) }<span>{ words::refused(refused) }</span>
                </p>
            }
            if props.offered {
                { icon_button(Glyph::Mic, words::RECORD, "voice__mic", *step == Step::Asking, &begin) }
            }
        </>
    }
}

/// Whole seconds that have passed: what is shown never runs ahead.
fn shown(millis: u64) -> u64 {
    millis.min(LONGEST_MILLIS) / 1000 * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_that_which_has_passed() {
        for (millis, said) in [
            (0, "0:00"),
            (999, "0:00"),
            (1_000, "0:01"),
            (61_700, "1:01"),
            (300_240, "5:00"),
        ] {
            assert_eq!(length(shown(millis)), said);
        }
    }
}
