//! What talks to the server about friends. Every change shows at once and is taken back when it is refused. What
//! the other person could not see anyway, a request declined, a suggestion hidden, waits until it cannot be taken
//! back any more.

use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{
    AcceptFriendRequest, CancelFriendRequest, CreateFriendRequest, DeclineFriendRequest, Direction, Friend,
    FriendsQuery, ListFriendRequests, ListFriends, NewFriendRequest, OPEN_REQUESTS_MAX, RemoveFriend,
    RequestStatus, RequestsQuery,
};
use hearth_shared::ids::UserId;
use hearth_shared::page::PageQuery;
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::Event;
use hearth_shared::suggestions::{HideSuggestion, ListSuggestions};
use hearth_shared::users::{FindPeople, Friendship, GetProfile, PeopleQuery, ProfileQuery, UserCard};
use hearth_shared::valid::Valid;
use yew::Callback;

use super::state::{Act, Listing, People, Relation};
use crate::context::App;
use crate::features::posts;
use crate::features::posts::state::ListId;
use crate::platform::api::Failure;
use crate::platform::{clock, dom, spawn};
use crate::store::{Ptr, Store};
use crate::text::friends as words;

/// Suggestions of a page.
const SUGGESTIONS: u32 = 12;

/// Does something about a person.
pub(crate) fn act(app: &App, user: &UserCard, act: Act) {
    let Some(before) = app.people.change(|people| people.begin(user.id, act)) else {
        return;
    };
    // The button that was pressed may have gone.
    clock::afterwards(dom::rescue_focus);
    let (held, user) = (app.clone(), user.clone());
    let go_on = Callback::from(move |undone| {
        if undone {
            held.people.change(|people| people.revert(user.id, before));
        } else {
            carry_out(&held, &user, act, before);
        }
    });
    match act {
        Act::Decline(_) => app.base.offer(words::REQUEST_DECLINED, go_on),
        _ => go_on.emit(false),
    }
}

fn carry_out(app: &App, user: &UserCard, act: Act, before: Relation) {
    let (app, user) = (app.clone(), user.clone());
    spawn(async move {
        match perform(&app, &user, act).await {
            Ok((friendship, request)) => {
                app.people
                    .change(|people| people.settle(user.id, friendship, request));
                done(&app, &user, act, friendship);
            }
            Err(failure) => {
                app.people.change(|people| people.revert(user.id, before));
                if failure.is_passing() || !look_again(&app, &user, &failure).await {
                    app.base.warn(&words::not_saved(&user.display_name), &failure);
                }
            }
        }
    });
}

type Now = (Friendship, Option<hearth_shared::ids::FriendRequestId>);

async fn perform(app: &App, user: &UserCard, act: Act) -> Result<Now, Failure> {
    let api = &app.base.api;
    match act {
        Act::Ask => {
            let body = NewFriendRequest { user_id: user.id };
            let request = api.send(&CreateFriendRequest {}, &body).await?;
            return Ok(match request.status {
                RequestStatus::Pending => (Friendship::Outgoing, Some(request.id)),
                // They had asked at the same moment.
                RequestStatus::Accepted => (Friendship::Friends, None),
            });
        }
        Act::Accept(request_id) => api.send(&AcceptFriendRequest { request_id }, &Nothing).await?,
        Act::Decline(request_id) => api.send(&DeclineFriendRequest { request_id }, &Nothing).await?,
        Act::Cancel(request_id) => api.send(&CancelFriendRequest { request_id }, &Nothing).await?,
        Act::Remove => api.send(&RemoveFriend { user_id: user.id }, &Nothing).await?,
        Act::Block => api.send(&BlockPerson { user_id: user.id }, &Nothing).await?,
        Act::Unblock => api.send(&UnblockPerson { user_id: user.id }, &Nothing).await?,
    };
    Ok((act.result(), None))
}

fn done(app: &App, user: &UserCard, act: Act, friendship: Friendship) {
    let name = &user.display_name;
    changed(app, user, friendship);
    match act {
        _ if friendship == Friendship::Friends => app.base.say(words::now_friends(name)),
        Act::Ask => app.base.say(words::request_sent(name)),
        Act::Cancel(_) => {
            let (here, user) = (app.clone(), user.clone());
            let again = Callback::from(move |undone| {
                if undone {
                    self::act(&here, &user, Act::Ask);
                }
            });
            app.base.offer(words::REQUEST_CANCELLED, again);
        }
        Act::Remove => app.base.say(words::removed(name)),
        Act::Block => app.base.say(words::blocked(name)),
        Act::Unblock => app.base.say(words::unblocked(name)),
        Act::Accept(_) | Act::Decline(_) => {}
    }
}

/// Their posts can be seen now, or no longer.
fn changed(app: &App, user: &UserCard, friendship: Friendship) {
    match friendship {
        Friendship::Friends => posts::actions::befriended(app, user.id, &user.username, true),
        Friendship::None => posts::actions::befriended(app, user.id, &user.username, false),
        Friendship::Blocked => app.posts.change(|posts| posts.blocked(user.id)),
        _ => {}
    }
}

/// An event that may be about friends.
pub(crate) fn on_event(app: &App, event: &Event) {
    let me = app.user.id;
    let known = |id: UserId| {
        app.people.read(|people| {
            let friends = people.friends.items.iter().map(|friend| &friend.user);
            friends
                .chain(people.found.items.iter().map(|person| &person.user))
                .find(|user| user.id == id)
                .map(|user| user.username.clone())
        })
    };
    let (user, username, friends) = match event {
        Event::FriendAdded { friend } => (friend.user.id, Some(friend.user.username.clone()), true),
        Event::FriendRemoved { user_id } => (*user_id, known(*user_id), false),
        _ => {
            app.people.change(|people| people.apply(me, event));
            return;
        }
    };
    let is = |people: &People| people.relation(user).map(|relation| relation.friendship);
    let before = app.people.read(is);
    app.people.change(|people| people.apply(me, event));
    if before != app.people.read(is) {
        posts::actions::befriended(app, user, &username.unwrap_or_default(), friends);
        if friends && app.posts.read(|posts| posts.list(&ListId::Feed).known) {
            posts::actions::look(app, &ListId::Feed);
        }
    }
}

/// Everything that is known is read anew.
pub(crate) fn reload(app: &App) {
    load_requests(app, Direction::Incoming);
    if app.people.read(|people| people.outgoing.known) {
        load_requests(app, Direction::Outgoing);
    }
    if app.people.read(|people| people.friends.known) {
        load_friends(app, false);
    }
}

/// The other person was faster: the request is gone, or the two are friends already. Shows how things stand
/// now, which explains itself. False when that cannot be found out.
async fn look_again(app: &App, user: &UserCard, failure: &Failure) -> bool {
    let stale = matches!(
        failure.code(),
        Some(
            ErrorCode::NotFound
                | ErrorCode::AlreadyFriends
                | ErrorCode::AlreadyRequested
                | ErrorCode::RequestsNotAccepted
        )
    );
    if !stale {
        return false;
    }
    let call = GetProfile {
        username: user.username.clone(),
    };
    let since = app.people.read(People::reading);
    match app.base.api.get(&call, &ProfileQuery::default()).await {
        Ok(profile) => {
            app.people
                .change(|people| people.learn_person(&profile.person, since));
            changed(app, user, profile.person.friendship);
            true
        }
        // There is nobody any more: what was between the two is not, either.
        Err(failure) if failure.is_not_found() => {
            app.people
                .change(|people| people.settle(user.id, Friendship::None, None));
            changed(app, user, Friendship::None);
            false
        }
        Err(_) => false,
    }
}

/// Loads people whom one may know, or more of them.
pub(crate) fn load_suggestions(app: &App, more: bool) {
    if app.people.read(|people| people.suggested.loading) {
        return;
    }
    app.people
        .change(|people| people.suggested.change(|list| list.begin()));
    let app = app.clone();
    spawn(async move {
        let next = app.people.read(|people| people.suggested.next.clone());
        let query = PageQuery {
            limit: Some(SUGGESTIONS),
            cursor: next.filter(|_| more),
        };
        let since = app.people.read(People::reading);
        let outcome = app.base.api.get(&ListSuggestions {}, &query).await;
        app.people.change(|people| {
            for one in outcome.iter().flat_map(|page| &page.items) {
                people.learn(one.user.id, Friendship::None, None, since);
                people.close(one.user.id, !one.can_request);
            }
            people.suggested.change(|list| list.settle(more, outcome));
        });
    });
}

/// Sends a suggestion away for good, once that cannot be taken back any more.
pub(crate) fn hide(app: &App, user: &UserCard) {
    let id = user.id;
    app.people.change(|people| people.hidden.insert(id));
    clock::afterwards(dom::rescue_focus);
    let (held, name) = (app.clone(), user.display_name.clone());
    let go_on = Callback::from(move |undone| {
        if undone {
            held.people.change(|people| people.hidden.remove(&id));
            return;
        }
        let (app, name) = (held.clone(), name.clone());
        spawn(async move {
            let gone = app.base.api.send(&HideSuggestion { user_id: id }, &Nothing).await;
            if let Err(failure) = gone {
                app.people.change(|people| people.hidden.remove(&id));
                app.base.warn(&words::not_saved(&name), &failure);
            }
        });
    });
    app.base
        .offer(words::suggestion_hidden(&user.display_name), go_on);
}

/// Loads one's friends, or more of them.
pub(crate) fn load_friends(app: &App, more: bool) {
    if app.people.read(|people| people.friends.loading) {
        return;
    }
    app.people
        .change(|people| people.friends.change(|list| list.begin()));
    let app = app.clone();
    spawn(async move {
        let cursor = app
            .people
            .read(|people| people.friends.next.clone())
            .filter(|_| more);
        let since = app.people.read(People::reading);
        let outcome = app
            .base
            .api
            .get(
                &ListFriends {},
                &FriendsQuery {
                    limit: Some(50),
                    cursor,
                    ..FriendsQuery::default()
                },
            )
            .await;
        let seq = outcome.as_ref().ok().and_then(|page| page.seq);
        app.people.change(|people| {
            for friend in outcome.iter().flat_map(|page| &page.items) {
                people.learn(friend.user.id, Friendship::Friends, None, since);
            }
            people.friends.change(|list| list.settle(more, outcome));
        });
        follow(&app, seq);
    });
}

/// Looks for friends who are called so, of whom not all are known here.
pub(crate) fn filter(app: &App, query: &str, into: &Store<Ptr<Listing<Friend>>>) {
    let (app, q, into) = (app.clone(), query.trim().to_owned(), into.clone());
    into.change(|list| {
        list.change(|list| {
            *list = Listing::default();
            list.loading = !q.is_empty();
        })
    });
    if q.is_empty() {
        return;
    }
    spawn(async move {
        let asked = into.read(Ptr::clone);
        let query = FriendsQuery {
            q,
            limit: Some(50),
            cursor: None,
        };
        let since = app.people.read(People::reading);
        let outcome = app.base.api.get(&ListFriends {}, &query).await;
        // Other words have been typed since.
        if into.read(|now| *now != asked) {
            return;
        }
        app.people.change(|people| {
            for friend in outcome.iter().flat_map(|page| &page.items) {
                people.learn(friend.user.id, Friendship::Friends, None, since);
            }
        });
        into.change(|list| list.change(|list| list.settle(false, outcome)));
    });
}

/// Loads the requests of one side. There are never more than one page of them.
pub(crate) fn load_requests(app: &App, direction: Direction) {
    let incoming = direction == Direction::Incoming;
    let loading = app.people.change(|people| {
        let list = if incoming {
            &mut people.incoming
        } else {
            &mut people.outgoing
        };
        let loading = list.loading;
        if !loading {
            list.change(|list| list.begin());
        }
        loading
    });
    if loading {
        return;
    }
    let app = app.clone();
    spawn(async move {
        let query = RequestsQuery {
            direction,
            limit: u32::try_from(OPEN_REQUESTS_MAX).ok(),
            cursor: None,
        };
        let since = app.people.read(People::reading);
        let outcome = app.base.api.get(&ListFriendRequests {}, &query).await;
        let seq = outcome.as_ref().ok().and_then(|page| page.seq);
        app.people.change(|people| {
            if let Ok(page) = &outcome {
                people.learn_requests(&page.items, incoming, since);
            }
            let list = if incoming {
                &mut people.incoming
            } else {
                &mut people.outgoing
            };
            list.change(|list| list.settle(false, outcome));
        });
        follow(&app, seq);
    });
}

/// What was read is kept as it is on the server from its position on.
fn follow(app: &App, seq: Option<u64>) {
    if let Some(seq) = seq {
        app.live.follow(app, Stream::User(app.user.id), seq);
    }
}

/// Searches for people; an answer to an older search is dropped.
pub(crate) fn find(app: &App, query: &str, more: bool, told: bool) {
    let cursor = app
        .people
        .read(|people| people.found.next.clone())
        .filter(|_| more);
    let valid = Valid::check(PeopleQuery {
        q: query.to_owned(),
        limit: None,
        cursor,
    });
    app.people.change(|people| {
        people.query = query.to_owned();
        people.found.change(|list| {
            if !more {
                list.next = None;
            }
            list.begin();
            if valid.is_err() {
                *list = Listing::default();
            }
        });
    });
    let Ok(valid) = valid else { return };
    let (app, query) = (app.clone(), query.to_owned());
    spawn(async move {
        let since = app.people.read(People::reading);
        let outcome = app.base.api.get(&FindPeople {}, &valid).await;
        if app.people.read(|people| people.query != query) {
            return;
        }
        if let (Ok(page), true) = (&outcome, told) {
            app.base.announce(words::found(page.items.len()));
        }
        app.people.change(|people| {
            for person in outcome.iter().flat_map(|page| &page.items) {
                people.learn_person(person, since);
            }
            people.found.change(|list| {
                // What stands there was found for other words.
                if outcome.is_err() && !more {
                    list.items.clear();
                }
                list.settle(more, outcome);
            });
        });
    });
}
