//! What one wants to be told of, and where; and when devices are silent. Every choice is saved at once.

mod device;
mod hours;
mod preferences;

use hearth_shared::notifications::preferences::{Channel, NotificationPreferences, QuietHours, Topic};
use yew::prelude::*;

use self::device::Device;
use self::hours::Hours;
use super::choices::use_choices;
use super::context::use_own;
use super::digest::Digest;
use crate::store::use_selected;
use crate::text::settings::notifications as words;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

/// The section.
#[component]
pub(super) fn Notifications() -> Html {
    let chooser = use_choices::<NotificationPreferences>();
    let own = use_own();
    // Until that is known it is offered: most who have a Hearth for others have a mail server, and nothing would be lost.
    let mail = use_selected(&own.base.instance, (), |instance, ()| {
        instance.as_ref().is_none_or(|instance| instance.daily_mail)
    });
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
            <p class="lead">{ words::INTRO }{ mail.then_some(words::INTRO_MAIL) }</p>
            <div class="card settings wants-card">
                { table(shown, mail, &turn) }
            </div>
            <p class="lead">{ words::STAYS }</p>
            <Device />
            <div class="card settings">
                <Hours hours={shown.quiet_hours.clone()} onchange={set_hours} />
            </div>
            if mail { <Digest /> }
        </>
    }
}

/// A row for each topic, a column for each channel that there is.
fn table(shown: &NotificationPreferences, mail: bool, turn: &Callback<(Topic, Channel, bool)>) -> Html {
    let channels = || {
        Channel::ALL
            .into_iter()
            .filter(|channel| mail || *channel != Channel::Mail)
    };
    html! {
        <table class="wants">
            <caption class="vh">{ words::TABLE }</caption>
            <thead>
                <tr>
                    <th scope="col"><span class="vh">{ words::TOPIC }</span></th>
                    { for channels().map(|channel| html! { <th scope="col">{ words::channel(channel) }</th> }) }
                </tr>
            </thead>
            <tbody>
                { for Topic::ALL.map(|topic| html! {
                    <tr>
                        <th scope="row">
                            { words::topic(topic) }
                            <span class="form-row__hint">{ words::about(topic) }</span>
                        </th>
                        { for channels().map(|channel| html! { <td>{ cell(shown, topic, channel, turn) }</td> }) }
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
