//! What one wants to be told of, and where; and when devices are silent. Every choice is saved at once.

mod device;
mod hours;
mod preferences;

use hearth_shared::notifications::preferences::{Channel, NotificationPreferences, QuietHours, Topic};
use yew::prelude::*;

use self::device::Device;
use self::hours::Hours;
use super::choices::use_choices;
use super::digest::Digest;
use crate::text::settings::notifications as words;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

/// The section.
#[component]
pub(super) fn Notifications() -> Html {
    let chooser = use_choices::<NotificationPreferences>();
    let shown = match &chooser.shown {
        Some(Ok(shown)) => shown,
        Some(Err(failure)) => return failed(words::FAILED, failure, chooser.again()),
        None => return person_skeletons(4),
    };
    let turn = {
        let chooser = chooser.clone();
        Callback::from(move |(topic, channel, wanted): (Topic, Channel, bool)| {
            chooser.choose(|preferences| preferences.set(topic, channel, wanted));
        })
    };
    let set_hours = {
        let chooser = chooser.clone();
        Callback::from(move |hours: Option<QuietHours>| {
            chooser.choose(|preferences| preferences.quiet_hours = hours);
        })
    };
    html! {
        <>
            <p class="lead">{ words::INTRO }</p>
            <div class="card settings wants-card">
                { table(shown, &turn) }
            </div>
            <p class="lead">{ words::STAYS }</p>
            <Device />
            <div class="card settings">
                <Hours hours={shown.quiet_hours.clone()} onchange={set_hours} />
            </div>
            <Digest />
        </>
    }
}

/// A row for each topic, a column for each channel.
fn table(shown: &NotificationPreferences, turn: &Callback<(Topic, Channel, bool)>) -> Html {
    html! {
        <table class="wants">
            <caption class="vh">{ words::TABLE }</caption>
            <thead>
                <tr>
                    <th scope="col"><span class="vh">{ words::TOPIC }</span></th>
                    { for Channel::ALL.map(|channel| html! { <th scope="col">{ words::channel(channel) }</th> }) }
                </tr>
            </thead>
            <tbody>
                { for Topic::ALL.map(|topic| html! {
                    <tr>
                        <th scope="row">
                            { words::topic(topic) }
                            <span class="form-row__hint">{ words::about(topic) }</span>
                        </th>
                        { for Channel::ALL.map(|channel| html! { <td>{ cell(shown, topic, channel, turn) }</td> }) }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn cell(
    shown: &NotificationPreferences,
    topic: Topic,
    channel: Channel,
    turn: &Callback<(Topic, Channel, bool)>,
) -> Html {
    if !topic.has_switch(channel) {
        return html! { <span class="wants__always">{ words::ALWAYS }</span> };
    }
    let (on, turn) = (shown.wants(topic, channel), turn.clone());
    html! {
        <input
            class="switch" type="checkbox" role="switch" id={format!("{}_{}", topic.as_str(), channel.as_str())}
            checked={on} aria-label={words::switch(topic, channel)}
            onchange={move |_: Event| turn.emit((topic, channel, !on))}
        />
    }
}
