//! What one wants to be told of, and where; and when devices are silent. Every choice is saved at once.

mod choices;
mod hours;

use hearth_shared::endpoint::Nothing;
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, Channel, GetNotificationPreferences, NotificationPreferences, Topic,
};
use yew::prelude::*;

use self::choices::Choices;
use self::hours::Hours;
use super::context::{Own, use_own};
use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::spawn;
use crate::store::{Store, use_selected};
use crate::text::settings::notifications as words;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

/// None until they are read, or could not be.
type Reading = Option<Result<Choices, Failure>>;

/// The section.
#[component]
pub(super) fn Notifications() -> Html {
    let own = use_own();
    let store = use_memo((), |()| Store::<Reading>::default());
    let reading = use_selected(&store, (), |reading, ()| reading.clone());
    {
        let store = store.clone();
        use_effect_with(own.clone(), move |own| load(own, &store));
    }
    let choices = match reading {
        Some(Ok(choices)) => choices,
        Some(Err(failure)) => {
            let again = Callback::from(move |()| load(&own, &store));
            return failed(words::FAILED, &failure, again);
        }
        None => return person_skeletons(4),
    };
    let turn = {
        let (own, store) = (own.clone(), store.clone());
        Callback::from(move |(topic, channel, wanted): (Topic, Channel, bool)| {
            choose(&own, &store, |choices| choices.shown.set(topic, channel, wanted));
        })
    };
    let change = {
        let store = store.clone();
        Callback::from(move |change: hours::Change| choose(&own, &store, |choices| change.make(choices)))
    };
    html! {
        <>
            <p class="lead">{ words::INTRO }</p>
            <div class="card settings wants-card">
                { table(&choices.shown, &turn) }
            </div>
            <p class="lead">{ words::STAYS }</p>
            // What this device does about push stands here, in a card of its own.
            <div class="card settings">
                <Hours hours={choices.shown.quiet_hours.clone()} onchange={change} />
            </div>
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

fn load(own: &Own, store: &Store<Reading>) {
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        let outcome = own.base.api.get(&GetNotificationPreferences {}, &Nothing).await;
        store.change(|reading| *reading = Some(outcome.map(Choices::new)));
    });
}

fn choose(own: &Own, store: &Store<Reading>, change: impl FnOnce(&mut Choices)) {
    store.change(|reading| {
        if let Some(Ok(choices)) = reading {
            change(choices);
        }
    });
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        let next = |reading: &mut Reading| match reading {
            Some(Ok(choices)) => choices.next(),
            _ => None,
        };
        while let Some(wanted) = store.change_quietly(next) {
            let outcome = own
                .base
                .api
                .send(&ChangeNotificationPreferences {}, &wanted)
                .await;
            let failure = store.change(|reading| match (reading, outcome) {
                (Some(Ok(choices)), Ok(known)) => {
                    choices.settled(known);
                    None
                }
                (Some(Ok(choices)), Err(failure)) => {
                    choices.refused();
                    Some(failure)
                }
                _ => None,
            });
            match failure {
                Some(failure) => own.base.warn(words::NOT_SAVED, &failure),
                None => own.base.announce(words::SAVED),
            }
        }
    });
}
