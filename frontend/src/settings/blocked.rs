//! The people whom you have blocked, and blocking another.

use hearth_shared::blocks::{BlockPerson, ListBlocks, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::page::PageQuery;
use hearth_shared::users::{Friendship, GetProfile, ProfileQuery, UserCard};
use yew::prelude::*;

use super::context::{Own, use_own};
use super::people::{Answer, Entry, List, Telling, load, page_of, section};
use crate::effect::use_effect_with;
use crate::platform::{clock, dom, spawn};
use crate::store::{Store, use_selected};
use crate::text::settings::blocked as words;
use crate::ui::button::Button;
use crate::ui::dialog::Question;
use crate::ui::field::{TextField, clear, text_of};
use crate::ui::when::day;

/// The section.
#[component]
pub(super) fn Blocked() -> Html {
    let own = use_own();
    let store = use_memo((), |()| Store::<List>::default());
    let list = use_selected(&store, (), |list, ()| list.clone());
    let asking = use_state_eq(|| None::<UserCard>);
    {
        let store = store.clone();
        use_effect_with(own.clone(), move |own| load(own, &store, false, read));
    }
    let again = {
        let (own, store, more) = (own.clone(), store.clone(), list.known);
        Callback::from(move |()| load(&own, &store, more, read))
    };
    let ask = {
        let asking = asking.setter();
        Callback::from(move |user| asking.set(Some(user)))
    };
    let yes = {
        let (own, store, asking) = (own.clone(), store.clone(), asking.clone());
        Callback::from(move |()| {
            if let Some(user) = (*asking).clone() {
                asking.set(None);
                unblock(&own, &store, user);
            }
        })
    };
    html! {
        <>
            <p class="lead">{ words::INTRO }</p>
            <Another {own} store={(*store).clone()} />
            { section(&list, &Telling {
                id: "blocked-title",
                title: words::LIST,
                empty: words::EMPTY,
                failed: words::FAILED,
                more: words::MORE,
                more_failed: words::MORE_FAILED,
                action: words::UNBLOCK,
                label: words::about,
                since: &|since| words::since(&day(since)),
                onact: ask,
                again,
            }) }
            if let Some(user) = &*asking {
                <Question
                    title={words::unblock_title(&user.display_name)} text={words::unblock_body(&user.display_name)}
                    yes={words::UNBLOCK} kind={crate::ui::button::Kind::Primary} onyes={yes}
                    onno={let asking = asking.setter(); move |()| asking.set(None)}
                />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct AnotherProps {
    own: Own,
    store: Store<List>,
}

/// Blocking somebody by their username, such as one who cannot be found otherwise any more.
#[component]
fn Another(props: &AnotherProps) -> Html {
    let input = use_node_ref();
    let busy = use_state_eq(|| false);
    let error = use_state_eq(|| None::<AttrValue>);
    let asking = use_state_eq(|| None::<UserCard>);
    let own = props.own.clone();
    let onsubmit = {
        let (own, input) = (own.clone(), input.clone());
        let (busy, error, asking) = (busy.clone(), error.setter(), asking.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let typed = text_of(&input);
            let typed = typed.trim();
            let username = typed.strip_prefix('@').unwrap_or(typed).to_ascii_lowercase();
            if username.is_empty() {
                error.set(Some(words::ENTER_NAME.into()));
                return dom::focus(&input);
            }
            error.set(None);
            busy.set(true);
            let (own, input) = (own.clone(), input.clone());
            let (busy, error, asking) = (busy.setter(), error.clone(), asking.clone());
            spawn(async move {
                let profile = GetProfile { username };
                match own.base.api.get(&profile, &ProfileQuery::default()).await {
                    Ok(found) => {
                        let user = found.person.user;
                        match found.person.friendship {
                            Friendship::Myself => error.set(Some(words::YOURSELF.into())),
                            Friendship::Blocked => error.set(Some(words::already(&user.display_name).into())),
                            _ => asking.set(Some(user)),
                        }
                    }
                    Err(failure) if failure.is_not_found() => {
                        error.set(Some(words::NOBODY.into()));
                        dom::focus(&input);
                    }
                    Err(failure) => error.set(Some(crate::text::errors::failure(&failure).into())),
                }
                busy.set(false);
            });
        })
    };
    let yes = {
        let (own, store, input, asking) = (own, props.store.clone(), input.clone(), asking.clone());
        Callback::from(move |()| {
            if let Some(user) = (*asking).clone() {
                asking.set(None);
                clear(&input);
                block(&own, &store, user);
            }
        })
    };
    html! {
        <section class="section" aria-labelledby="block-title">
            <h2 class="section__title" id="block-title">{ words::BLOCK_TITLE }</h2>
            <form class="card settings block-form" novalidate=true {onsubmit} aria-busy={busy.then_some("true")}>
                <TextField
                    id="block-username" label={words::USERNAME} {input} hint={words::USERNAME_HINT} verbatim=true
                    autocomplete="off" error={(*error).clone()}
                />
                <Button submit=true text={words::BLOCK} busy={*busy} />
            </form>
            if let Some(user) = &*asking {
                <Question
                    title={words::block_title(&user.display_name)} text={words::block_body(&user.display_name)}
                    yes={words::BLOCK} onyes={yes} onno={let asking = asking.setter(); move |()| asking.set(None)}
                />
            }
        </section>
    }
}

fn read(own: Own, query: PageQuery) -> Answer {
    Box::pin(async move {
        let page = own.base.api.get(&ListBlocks {}, &query).await?;
        Ok(page_of(page, |person| Entry {
            user: person.user,
            since: person.since,
        }))
    })
}

fn unblock(own: &Own, store: &Store<List>, user: UserCard) {
    let taken = store.change(|list| list.take(&user));
    clock::afterwards(dom::rescue_focus);
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        match own
            .base
            .api
            .send(&UnblockPerson { user_id: user.id }, &Nothing)
            .await
        {
            Ok(Nothing) => own.base.say(words::unblocked(&user.display_name)),
            Err(failure) => {
                if let Some((at, person)) = taken {
                    store.change(|list| list.put_back(at, person));
                }
                own.base.warn(&words::not_unblocked(&user.display_name), &failure);
            }
        }
    });
}

fn block(own: &Own, store: &Store<List>, user: UserCard) {
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        match own
            .base
            .api
            .send(&BlockPerson { user_id: user.id }, &Nothing)
            .await
        {
            Ok(Nothing) => {
                let person = Entry {
                    user: user.clone(),
                    since: clock::now(),
                };
                store.change(|list| list.put_back(0, person));
                own.base.say(words::blocked(&user.display_name));
            }
            Err(failure) => own.base.warn(&words::not_blocked(&user.display_name), &failure),
        }
    });
}
