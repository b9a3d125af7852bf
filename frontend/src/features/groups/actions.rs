//! What talks to the server about groups. What others cannot see anyway is shown at once and taken back when it is
//! refused; what ends something waits for the answer.

use hearth_shared::conversations::Conversation;
use hearth_shared::conversations::groups::{EndGroup, JoinGroup, LeaveGroup, Role};
use hearth_shared::conversations::members::{
    ChangeRole, DeclineGroupInvitation, GroupMember, ListGroupInvitations, ListGroupMembers, RemoveMember,
    RolePatch,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::page::{MAX_LIMIT, PageQuery};
use hearth_shared::realtime::Stream;
use hearth_shared::users::UserCard;
use yew::Callback;

use crate::context::App;
use crate::features::chats::actions as chats;
use crate::features::chats::state::invitations::Invitations;
use crate::features::chats::state::members;
use crate::features::friends::state::{Listing, matches};
use crate::platform::{clock, dom, spawn};
use crate::text::{friends, groups as words};
use crate::ui::avatar::current;

/// Members of a page.
const MEMBERS: u32 = 50;

fn change<T>(app: &App, change: impl FnOnce(&mut Invitations) -> T) -> Option<T> {
    let mut result = None;
    app.chats
        .change(|chats| chats.invitations.change(|all| result = Some(change(all))));
    result
}

/// Reads the groups that one is invited to.
pub(crate) fn load_invitations(app: &App) {
    let app = app.clone();
    spawn(async move {
        let query = PageQuery {
            limit: Some(MAX_LIMIT),
            cursor: None,
        };
        let outcome = app.base.api.get(&ListGroupInvitations {}, &query).await;
        let seq = outcome.as_ref().ok().and_then(|page| page.seq);
        change(&app, |all| all.settle(outcome));
        if let Some(seq) = seq {
            app.live.follow(&app, Stream::User(app.user.id), seq);
        }
    });
}

/// Comes into a group, and opens it.
pub(super) fn join(app: &App, id: ConversationId) {
    come(app, id, chats::open);
}

/// Comes into a group that one is invited to, and stays where one is.
pub(super) fn accept(app: &App, id: ConversationId) {
    come(app, id, |app, conversation| {
        chats::learn(app, conversation);
        clock::afterwards(dom::rescue_focus);
    });
}

fn come(app: &App, id: ConversationId, then: fn(&App, Conversation)) {
    if change(app, |all| all.join(id, true)) != Some(true) {
        return;
    }
    let app = app.clone();
    spawn(async move {
        let call = JoinGroup { conversation_id: id };
        match app.base.api.send(&call, &Nothing).await {
            Ok(conversation) => {
                change(&app, |all| all.answered(id));
                app.activity.change(|activity| activity.came(id));
                then(&app, conversation);
            }
            Err(failure) => {
                change(&app, |all| {
                    all.join(id, false);
                    if failure.is_not_found() {
                        all.answered(id);
                    }
                });
                if failure.is_not_found() {
                    app.activity.change(|activity| activity.declined(id));
                }
                app.base.warn(words::NOT_JOINED, &failure);
            }
        }
    });
}

/// Declines an invitation, once that cannot be taken back any more.
pub(super) fn decline(app: &App, id: ConversationId) {
    change(app, |all| all.decline(id, true));
    clock::afterwards(dom::rescue_focus);
    let held = app.clone();
    let go_on = Callback::from(move |undone| {
        if undone {
            change(&held, |all| all.decline(id, false));
            return;
        }
        let app = held.clone();
        spawn(async move {
            let call = DeclineGroupInvitation { conversation_id: id };
            match app.base.api.send(&call, &Nothing).await {
                Err(failure) if !failure.is_not_found() => {
                    change(&app, |all| all.decline(id, false));
                    app.base.warn(words::NOT_DECLINED, &failure);
                }
                _ => {
                    app.activity.change(|activity| activity.declined(id));
                    change(&app, |all| all.answered(id));
                }
            }
        });
    });
    app.base.offer(words::DECLINED, go_on);
}

/// Leaves a group, or ends it for everybody. `failed`: one is still in it.
pub(super) fn part(app: &App, id: ConversationId, title: &str, end: bool, failed: Callback<()>) {
    let (app, title) = (app.clone(), title.to_owned());
    app.chats.change_quietly(|chats| chats.leaving = Some(id));
    spawn(async move {
        let api = &app.base.api;
        let outcome = if end {
            api.send(&EndGroup { conversation_id: id }, &Nothing).await
        } else {
            api.send(&LeaveGroup { conversation_id: id }, &Nothing).await
        };
        match outcome {
            Err(failure) if !failure.is_not_found() => {
                app.chats.change_quietly(|chats| chats.leaving = None);
                failed.emit(());
                let what = if end { words::NOT_ENDED } else { words::NOT_LEFT };
                app.base.warn(what, &failure);
            }
            _ => {
                chats::depart(&app, id);
                app.chats.change_quietly(|chats| chats.leaving = None);
                let done = if end { words::ended } else { words::left };
                app.base.say(done(&title));
            }
        }
    });
}

fn change_members(app: &App, id: ConversationId, change: impl FnOnce(&mut Listing<GroupMember>)) {
    app.chats
        .change(|chats| chats.change(id, |talk| talk.members.change(change)));
}

/// Reads who is in a group, or more of them.
pub(crate) fn load_members(app: &App, id: ConversationId, more: bool) {
    let app = app.clone();
    spawn(async move { read_members(&app, id, more).await });
}

async fn read_members(app: &App, id: ConversationId, more: bool) {
    let list = app.chats.read(|chats| chats.talk(id).members.clone());
    if list.loading {
        return;
    }
    change_members(app, id, Listing::begin);
    let query = PageQuery {
        limit: Some(MEMBERS),
        cursor: list.next.clone().filter(|_| more),
    };
    let call = ListGroupMembers { conversation_id: id };
    let version = |app: &App| {
        app.chats
            .read(|chats| chats.find(id).map(|known| known.membership_version))
    };
    let before = version(app);
    let outcome = app.base.api.get(&call, &query).await;
    if app.chats.read(|chats| chats.talk(id).gone) {
        return;
    }
    let read = outcome.is_ok();
    change_members(app, id, |list| members::settle(list, more, outcome));
    // Somebody came or went meanwhile; whether the page knows of it cannot be told.
    if read && !more && version(app) != before {
        load_members(app, id, false);
    }
}

/// Those in a group who are called like what was typed, and whether that is all of them: of a large group not everybody is
/// known here.
pub(crate) async fn called(app: &App, id: ConversationId, text: &str) -> (Vec<UserCard>, bool) {
    if app.chats.read(|chats| !chats.talk(id).members.known) {
        read_members(app, id, false).await;
    }
    let list = app.chats.read(|chats| chats.talk(id).members.clone());
    let all = list.items.iter().map(|member| current(&member.user));
    let fits = |user: &UserCard| user.id != app.user.id && matches(user, text);
    (all.filter(fits).collect(), list.known && list.next.is_none())
}

/// Gives somebody another role: at once, but for the group itself.
pub(super) fn change_role(app: &App, id: ConversationId, member: &GroupMember, role: Role) {
    let given = role == Role::Owner;
    if !given {
        let member = GroupMember {
            role,
            ..member.clone()
        };
        change_members(app, id, |list| members::put(list, member));
    }
    rescue_focus(member.user.id);
    let (app, before) = (app.clone(), member.clone());
    spawn(async move {
        let call = ChangeRole {
            conversation_id: id,
            user_id: before.user.id,
        };
        match app.base.api.send(&call, &RolePatch { role }).await {
            Ok(now) => {
                change_members(&app, id, |list| members::put(list, now));
                if given {
                    // One's own role is another one, too; that says itself when it fails.
                    drop(chats::fetch(&app, id).await);
                    rescue_focus(before.user.id);
                }
            }
            Err(failure) => {
                app.base
                    .warn(&friends::not_saved(&before.user.display_name), &failure);
                // Who has gone meanwhile does not come back by that.
                if !failure.is_not_found() {
                    change_members(&app, id, |list| members::put(list, before));
                }
            }
        }
    });
}

/// Removes somebody.
pub(super) fn remove(app: &App, id: ConversationId, member: &GroupMember) {
    change_members(app, id, |list| members::take(list, member.user.id));
    rescue_focus(member.user.id);
    let (app, before) = (app.clone(), member.clone());
    spawn(async move {
        let call = RemoveMember {
            conversation_id: id,
            user_id: before.user.id,
        };
        if let Err(failure) = app.base.api.send(&call, &Nothing).await {
            app.base
                .warn(&friends::not_saved(&before.user.display_name), &failure);
            if !failure.is_not_found() {
                change_members(&app, id, |list| members::put(list, before));
            }
        }
    });
}

/// Who has another place in the list keeps the focus; from who has left it, it goes to the title.
fn rescue_focus(user: UserId) {
    clock::afterwards(move || {
        let button = format!("[data-member=\"{user}\"] .icon-btn");
        let wanted = dom::find(&button).or_else(|| dom::find(super::info::TITLE));
        if let Some(wanted) = wanted.filter(|_| dom::focus_is_lost()) {
            dom::focus_quietly(&wanted);
        }
    });
}
