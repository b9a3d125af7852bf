//! The people whom you have blocked, and blocking another.

use hearth_shared::blocks::{BlockPerson, BlockedPerson, ListBlocks, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::page::{Cursor, PageQuery};
use hearth_shared::users::{Friendship, GetProfile, ProfileQuery, UserCard};
use yew::prelude::*;

use super::context::{Own, use_own};
use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::{clock, dom, spawn};
use crate::store::{Store, use_selected};
use crate::text::settings::blocked as words;
use crate::ui::avatar::{Size, avatar};
use crate::ui::button::Button;
use crate::ui::dialog::Question;
use crate::ui::field::{TextField, clear, text_of};
use crate::ui::icon::Glyph;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};
use crate::ui::when::day;

/// What is known of the list.
#[derive(Debug, Clone, PartialEq, Default)]
struct List {
    people: Vec<BlockedPerson>,
    next: Option<Cursor>,
    known: bool,
    loading: bool,
    failure: Option<Failure>,
}

impl List {
    fn take(&mut self, user: &UserCard) -> Option<(usize, BlockedPerson)> {
        let at = self.people.iter().position(|person| person.user.id == user.id)?;
        Some((at, self.people.remove(at)))
    }

    fn put_back(&mut self, at: usize, person: BlockedPerson) {
        if self.people.iter().all(|other| other.user.id != person.user.id) {
            self.people.insert(at.min(self.people.len()), person);
        }
    }
}

/// The section.
#[component]
pub(super) fn Blocked() -> Html {
    let own = use_own();
    let store = use_memo((), |()| Store::<List>::default());
    let list = use_selected(&store, (), |list, ()| list.clone());
    let asking = use_state_eq(|| None::<UserCard>);
    {
        let store = store.clone();
        use_effect_with(own.clone(), move |own| load(own, &store, false));
    }
    let again = {
        let (own, store, more) = (own.clone(), store.clone(), list.known);
        Callback::from(move |()| load(&own, &store, more))
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
            <section class="section" aria-labelledby="blocked-title">
                <h2 class="section__title" id="blocked-title">{ words::LIST }</h2>
                if !list.known {
                    if let Some(failure) = &list.failure {
                        { failed(words::FAILED, failure, again) }
                    } else {
                        { person_skeletons(2) }
                    }
                } else if list.people.is_empty() && list.next.is_none() {
                    { empty(Glyph::Check, words::EMPTY, Html::default()) }
                } else {
                    <ul class="card people">
                        { for list.people.iter().map(|person| row(person, &asking)) }
                    </ul>
                    if let Some(failure) = &list.failure {
                        { failed(words::MORE_FAILED, failure, again) }
                    } else if list.next.is_some() {
                        <div class="more"><Button text={words::MORE} busy={list.loading} onclick={again} /></div>
                    }
                }
            </section>
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

fn row(person: &BlockedPerson, asking: &UseStateHandle<Option<UserCard>>) -> Html {
    let user = &person.user;
    let ask = {
        let (user, asking) = (user.clone(), asking.setter());
        Callback::from(move |()| asking.set(Some(user.clone())))
    };
    html! {
        <li class="person" key={user.id.to_string()}>
            { avatar(user, Size::Post) }
            <div class="person__text">
                <b>{ &user.display_name }</b>
                <p class="meta person__note"><span>{ "@" }{ &user.username }</span><span>{ words::since(&day(person.since)) }</span></p>
            </div>
            <Button text={words::UNBLOCK} label={words::about(words::UNBLOCK, &user.display_name)} onclick={ask} />
        </li>
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

fn load(own: &Own, store: &Store<List>, more: bool) {
    let (own, store) = (own.clone(), store.clone());
    let cursor = store.change(|list| {
        list.loading = true;
        list.failure = None;
        list.next.clone().filter(|_| more)
    });
    spawn(async move {
        let query = PageQuery { limit: None, cursor };
        let outcome = own.base.api.get(&ListBlocks {}, &query).await;
        store.change(|list| {
            list.loading = false;
            match outcome {
                Ok(page) => {
                    if !more {
                        list.people.clear();
                    }
                    for person in page.items {
                        list.put_back(usize::MAX, person);
                    }
                    list.next = page.next_cursor;
                    list.known = true;
                }
                Err(failure) => list.failure = Some(failure),
            }
        });
    });
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
                let person = BlockedPerson {
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

#[cfg(test)]
mod tests {
    use hearth_shared::ids::{Id, UserId};
    use hearth_shared::time::Timestamp;

    use super::*;

    fn person(id: i64) -> BlockedPerson {
        BlockedPerson {
            user: UserCard {
                id: UserId::new(id),
                username: format!("u{id}"),
                display_name: format!("Person {id}"),
                avatar_url: None,
                rev: 1,
            },
            since: Timestamp::from_millis(id),
        }
    }

    #[test]
    fn somebody_comes_back_to_their_place_and_only_once() {
        let mut list = List {
            people: vec![person(3), person(2), person(1)],
            ..List::default()
        };
        let (at, taken) = list.take(&person(2).user).unwrap();
        assert_eq!(list.people.len(), 2);
        list.put_back(at, taken.clone());
        list.put_back(0, taken);
        let ids: Vec<i64> = list.people.iter().map(|person| person.user.id.get()).collect();
        assert_eq!(ids, [3, 2, 1]);
        assert!(list.take(&person(9).user).is_none());
    }
}
