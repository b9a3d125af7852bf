//! Groups: making, coming, talking, going, ending.

mod finding;
mod here;
mod history;
mod invitations;
mod news;
pub(crate) mod pictures;
mod races;
mod roles;
mod size;

use hearth_shared::conversations::groups::{
    CreateGroup, EndGroup, GetGroup, GroupPatch, History, JoinGroup, LeaveGroup, NewGroup, Role, Visibility,
};
use hearth_shared::conversations::members::{
    ChangeRole, GroupLine, GroupMember, InviteToGroup, Invited, Invitees, LineKind, ListGroupMembers,
    RemoveMember, RolePatch,
};
use hearth_shared::conversations::{Conversation, GetConversation, ListMessages, MarkRead, NewReadPosition};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::notifications::GetBadges;
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::{Device, Person, TestApp, client_id, fetch};

/// A group to make, private, that shows all to everybody who comes.
fn private(title: &str) -> NewGroup {
    NewGroup {
        client_id: client_id(),
        title: title.to_owned(),
        description: String::new(),
        visibility: Visibility::Private,
        history: History::All,
        user_ids: Vec::new(),
    }
}

/// The same, found by everybody.
pub(crate) fn public(title: &str) -> NewGroup {
    NewGroup {
        visibility: Visibility::Public,
        ..private(title)
    }
}

pub(crate) async fn make(app: &TestApp, owner: &Person, new: &NewGroup) -> Conversation {
    owner.call(app, &CreateGroup {}, new).await.unwrap()
}

pub(crate) async fn join(
    app: &TestApp,
    who: &Person,
    conversation_id: ConversationId,
) -> Result<Conversation, ErrorCode> {
    who.call(app, &JoinGroup { conversation_id }, &Nothing).await
}

pub(crate) async fn leave(
    app: &TestApp,
    who: &Person,
    conversation_id: ConversationId,
) -> Result<(), ErrorCode> {
    let call = LeaveGroup { conversation_id };
    who.call(app, &call, &Nothing).await.map(drop)
}

async fn invite(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
    whom: &[&Person],
) -> Result<Invited, ErrorCode> {
    let whom = Invitees {
        user_ids: whom.iter().map(|person| person.id()).collect(),
    };
    by.call(app, &InviteToGroup { conversation_id }, &whom).await
}

async fn remove(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
    whom: &Person,
) -> Result<(), ErrorCode> {
    let call = RemoveMember {
        conversation_id,
        user_id: whom.id(),
    };
    by.call(app, &call, &Nothing).await.map(drop)
}

pub(crate) async fn promote(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
    whom: &Person,
    role: Role,
) -> Result<GroupMember, ErrorCode> {
    let call = ChangeRole {
        conversation_id,
        user_id: whom.id(),
    };
    by.call(app, &call, &RolePatch { role }).await
}

async fn members(app: &TestApp, who: &Person, conversation_id: ConversationId) -> Vec<(UserId, Role)> {
    let call = ListGroupMembers { conversation_id };
    let page = who.call(app, &call, &Nothing);
    let page = page.await.unwrap();
    page.items
        .iter()
        .map(|member| (member.user.id, member.role))
        .collect()
}

async fn lines(app: &TestApp, who: &Person, conversation_id: ConversationId) -> Vec<GroupLine> {
    let call = ListMessages { conversation_id };
    who.call(app, &call, &Nothing).await.unwrap().lines
}

/// What a device shows is what a fresh read shows.
async fn check(app: &TestApp, device: &mut Device) {
    device.settle_with(app).await;
    let (fresh, _) = fetch(app, &device.person).await;
    assert_eq!(device.replica, fresh);
}

everywhere! {
    async fn people_come_talk_and_go(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let mut devices = Vec::new();
        for person in [&ada, &ben, &dan] {
            devices.push(Device::start(&app, person).await);
        }
        let new = NewGroup { user_ids: vec![ben.id()], description: "Beds  \n and seeds ".into(), ..public("  Garden\tweek ") };
        let made = make(&app, &ada, &new).await;
        let group = made.group.clone().unwrap();
        assert_eq!((group.title.as_str(), group.description.as_str()), ("Garden week", "Beds  \n and seeds"));
        assert_eq!((made.my_role, made.member_count, made.unread_count), (Some(Role::Owner), 1, 0));
        for device in &mut devices {
            check(&app, device).await;
        }
        assert_eq!(devices[1].replica.invitations.items.len(), 1);
        assert_eq!(devices[1].replica.conversations.items.len(), 0);
        let id = made.id;
        ada.say(&app, id, "Who has a spade?").await.unwrap();
        // One because he is asked, the other because everybody may.
        for person in [&ben, &dan] {
            let here = join(&app, person, id).await.unwrap();
            assert_eq!((here.my_role, here.unread_count, here.last_number), (Some(Role::Member), 0, 1));
            assert_eq!(join(&app, person, id).await.unwrap(), here, "once more changes nothing");
        }
        dan.say(&app, id, "I have two.").await.unwrap();
        for device in &mut devices {
            check(&app, device).await;
        }
        let shown = devices[1].replica.conversations.find(id).unwrap();
        assert_eq!((shown.unread_count, shown.member_count, shown.read_positions.len()), (1, 3, 2));
        let badges = ben.call(&app, &GetBadges {}, &Nothing).await.unwrap();
        assert_eq!(badges.conversations, 1);
        let call = MarkRead { conversation_id: id };
        ben.call(&app, &call, &NewReadPosition { number: 2 }).await.unwrap();
        leave(&app, &dan, id).await.unwrap();
        for device in &mut devices {
            check(&app, device).await;
        }
        assert_eq!(devices[2].replica.conversations.items, []);
        let shown = devices[0].replica.conversations.find(id).unwrap();
        assert_eq!((shown.unread_count, shown.member_count), (1, 2));
        assert_eq!(shown.read_positions.iter().map(|seen| (seen.user_id, seen.number)).collect::<Vec<_>>(), [(ben.id(), 2)]);
        let told: Vec<_> = lines(&app, &ben, id).await.into_iter().map(|line| (line.kind, line.subject.id, line.after_number)).collect();
        assert_eq!(told, [
            (LineKind::Created, ada.id(), 0),
            (LineKind::Joined, ben.id(), 1),
            (LineKind::Joined, dan.id(), 1),
            (LineKind::Left, dan.id(), 2),
        ]);
    }

    /// Nothing of a group is there for somebody who has gone, whatever they knew of it; and it is told to nobody.
    async fn who_has_gone_is_told_nothing(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let id = make(&app, &ada, &NewGroup { user_ids: vec![ben.id()], ..private("Garden week") }).await.id;
        join(&app, &ben, id).await.unwrap();
        let his = ben.say(&app, id, "mine").await.unwrap();
        let mut device = Device::start(&app, &ben).await;
        remove(&app, &ada, id, &ben).await.unwrap();
        device.wait_until_told(&app, "conversation_removed").await;
        let hers = ada.say(&app, id, "about him").await.unwrap();
        check(&app, &mut device).await;
        assert_eq!(device.replica.logs.len(), 0);
        let after = hers.seq - 1;
        assert!(device.applied.iter().all(|(stream, seq)| stream.to_string().starts_with("u:") || *seq < after));
        let missing = |error: Result<(), ErrorCode>| assert_eq!(error, Err(ErrorCode::NotFound));
        missing(ben.call(&app, &GetConversation { conversation_id: id }, &Nothing).await.map(drop));
        missing(ben.call(&app, &ListMessages { conversation_id: id }, &Nothing).await.map(drop));
        missing(ben.call(&app, &GetGroup { conversation_id: id }, &Nothing).await.map(drop));
        missing(ben.say(&app, id, "hm").await.map(drop));
        missing(join(&app, &ben, id).await.map(drop));
        missing(leave(&app, &ben, id).await);
        let call = hearth_shared::conversations::DeleteMessage { message_id: his.id };
        missing(ben.call(&app, &call, &Nothing).await.map(drop));
        // An honest retry of what was sent before is answered all the same.
        let again = hearth_shared::conversations::NewMessage { client_id: his.client_id.clone(), body: "mine".into(), reply_to_id: None, media_ids: Vec::new() };
        let call = hearth_shared::conversations::SendMessage { conversation_id: id };
        let react = hearth_shared::conversations::AddMessageReaction { message_id: his.id };
        let which = hearth_shared::conversations::WhichEmoji { emoji: "👍".into() };
        ada.call_with(&app, &react, &which, &Nothing).await.unwrap();
        let answered = ben.call(&app, &call, &again).await.unwrap();
        assert_eq!((answered.id, answered.reactions.len()), (his.id, 0), "what was felt since is not his to see");
        // Asked again, he sees all of it again, and nothing counts as unread.
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        let back = join(&app, &ben, id).await.unwrap();
        assert_eq!((back.unread_count, back.last_number, back.first_number), (0, 2, 1));
        check(&app, &mut device).await;
        assert_eq!(device.replica.logs[&id].items.len(), 2);
    }

    async fn one_client_id_makes_one_group(app: TestApp) {
        let ada = app.person("ada").await;
        let new = public("Garden week");
        let makes = (0..50).map(|_| ada.call(&app, &CreateGroup {}, &new));
        let made = futures_util::future::join_all(makes).await;
        let mut ids: Vec<_> = made.into_iter().map(|group| group.unwrap().id).collect();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let other = NewGroup { title: "Garden month".into(), ..new.clone() };
        assert_eq!(ada.call(&app, &CreateGroup {}, &other).await, Err(ErrorCode::ClientIdReused));
        assert_eq!(lines(&app, &ada, ids[0]).await.len(), 1);
        // Nor does the same request bring back what has ended since.
        ada.call(&app, &EndGroup { conversation_id: ids[0] }, &Nothing).await.unwrap();
        assert_eq!(ada.call(&app, &CreateGroup {}, &new).await, Err(ErrorCode::ClientIdReused));
    }

    async fn what_is_called_something_else_is_so_for_everybody(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        join(&app, &ben, id).await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        let call = hearth_shared::conversations::groups::EditGroup { conversation_id: id };
        let patch = GroupPatch { title: Some(" Garden  month ".into()), description: None };
        let named = ada.call(&app, &call, &patch).await.unwrap();
        assert_eq!(named.group.unwrap().title, "Garden month");
        let same = ada.call(&app, &call, &patch).await.unwrap();
        assert_eq!(same.last_seq, named.last_seq, "nothing has changed");
        check(&app, &mut his).await;
        let shown = his.replica.conversations.find(id).unwrap();
        assert_eq!(shown.group.as_ref().unwrap().title, "Garden month");
        assert_eq!(his.replica.logs[&id].lines.last().unwrap().kind, LineKind::Renamed);
    }

    /// From one moment on nobody is in it; what was said goes, and nothing is left of it.
    async fn what_has_ended_is_gone_for_everybody(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &cleo).await;
        let id = make(&app, &ada, &NewGroup { user_ids: vec![cleo.id()], ..public("zqxcanary") }).await.id;
        join(&app, &ben, id).await.unwrap();
        let said = ben.say(&app, id, "zqxwords").await.unwrap();
        let answer = hearth_shared::conversations::NewMessage { client_id: client_id(), body: "zqxwords too".into(), reply_to_id: Some(said.id), media_ids: Vec::new() };
        ada.call(&app, &hearth_shared::conversations::SendMessage { conversation_id: id }, &answer).await.unwrap();
        let mut devices = [Device::start(&app, &ben).await, Device::start(&app, &cleo).await];
        assert_eq!(ben.call(&app, &EndGroup { conversation_id: id }, &Nothing).await.err(), Some(ErrorCode::Forbidden));
        ada.call(&app, &EndGroup { conversation_id: id }, &Nothing).await.unwrap();
        for device in &mut devices {
            check(&app, device).await;
            assert_eq!(device.replica.conversations.items, []);
            assert_eq!(device.replica.invitations.items, []);
        }
        crate::authorization::settle(&app).await;
        for table in ["conversations", "messages", "conversation_events", "conversation_members", "groups", "group_words", "group_invitations"] {
            let sql = format!("SELECT COUNT(*) AS number FROM {table}");
            assert_eq!(crate::authorization::count(&app, sql).await, 0, "{table}");
        }
    }
}
