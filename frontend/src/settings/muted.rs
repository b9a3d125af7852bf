//! The people of whom you want to hear no more.

use hearth_shared::endpoint::Nothing;
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{ListMutedPeople, UnmutePerson};
use hearth_shared::users::UserCard;
use yew::prelude::*;

use super::context::{Own, use_own};
use super::people::{Answer, Entry, List, Telling, load, page_of, section};
use crate::effect::use_effect_with;
use crate::platform::{clock, dom, spawn};
use crate::store::{Store, use_selected};
use crate::text::settings::muted as words;
use crate::ui::when::day;

/// The section.
#[component]
pub(super) fn Muted() -> Html {
    let own = use_own();
    let store = use_memo((), |()| Store::<List>::default());
    let list = use_selected(&store, (), |list, ()| list.clone());
    {
        let store = store.clone();
        use_effect_with(own.clone(), move |own| load(own, &store, false, read));
    }
    let again = {
        let (own, store, more) = (own.clone(), store.clone(), list.known);
        Callback::from(move |()| load(&own, &store, more, read))
    };
    let onact = Callback::from(move |user| unmute(&own, &store, user));
    html! {
        <>
            <p class="lead">{ words::INTRO }</p>
            { section(&list, &Telling {
                id: "muted-title",
                title: words::LIST,
                empty: words::EMPTY,
                failed: words::FAILED,
                more: words::MORE,
                more_failed: words::MORE_FAILED,
                action: words::UNMUTE,
                label: words::about,
                since: &|since| words::since(&day(since)),
                onact,
                again,
            }) }
        </>
    }
}

fn read(own: Own, query: PageQuery) -> Answer {
    Box::pin(async move {
        let page = own.base.api.get(&ListMutedPeople {}, &query).await?;
        Ok(page_of(page, |person| Entry {
            user: person.user,
            since: person.since,
        }))
    })
}

fn unmute(own: &Own, store: &Store<List>, user: UserCard) {
    let taken = store.change(|list| list.take(&user));
    clock::afterwards(dom::rescue_focus);
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        let gone = UnmutePerson { user_id: user.id };
        match own.base.api.send(&gone, &Nothing).await {
            Ok(Nothing) => own.base.say(words::unmuted(&user.display_name)),
            Err(failure) => {
                if let Some((at, person)) = taken {
                    store.change(|list| list.put_back(at, person));
                }
                own.base.warn(&words::not_unmuted(&user.display_name), &failure);
            }
        }
    });
}
