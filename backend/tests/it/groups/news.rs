//! What people are told of groups: that they are asked to come ([`Happening::GroupInvitation`]), and that they were named in
//! what was said there ([`Happening::MessageMention`]). After every step the views and the counts say the same.

use futures_util::future::join_all;
use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::conversations::groups::{EditGroup, EndGroup, GroupPatch, History, NewGroup};
use hearth_shared::conversations::members::{DeclineGroupInvitation, WithdrawInvitation};
use hearth_shared::conversations::{
    ChangeConversationSettings, ConversationSettingsPatch, DeleteMessage, EditMessage, Message, MessagePatch,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{RemoveFriend, RequestStatus};
use hearth_shared::ids::{ConversationId, MessageId};
use hearth_shared::leaving::OwnMessages;
use hearth_shared::notifications::{
    GetBadges, Happening, ListNotifications, MarkNotificationsRead, MarkNotificationsSeen, Notification,
    NotificationFilter, NotificationsQuery, UpTo,
};
use hearth_shared::posts::{MutePerson, UnmutePerson};
use hearth_shared::problem::ErrorCode;

use super::{check, invite, join, leave, make, private, public, remove};
use crate::administration::deletion;
use crate::everywhere;
use crate::support::{Device, Person, TestApp};

const ALL: UpTo = UpTo { up_to: u64::MAX };

async fn list(app: &TestApp, who: &Person, filter: NotificationFilter) -> Vec<Notification> {
    let query = NotificationsQuery {
        filter,
        limit: Some(100),
        cursor: None,
    };
    let page = who.call_with(app, &ListNotifications {}, &query, &Nothing).await;
    page.unwrap().items
}

/// Whether a view shows something.
type Fits = fn(&Notification) -> bool;

/// What somebody is told of groups, in words. Every view shows its part of all, and the badge counts what was not seen.
async fn news(app: &TestApp, who: &Person) -> Vec<String> {
    let all = list(app, who, NotificationFilter::All).await;
    let part = |fits: Fits| all.iter().filter(|told| fits(told)).cloned().collect::<Vec<_>>();
    let views: [(NotificationFilter, Fits); 3] = [
        (NotificationFilter::Unread, |told| !told.read),
        (NotificationFilter::Requests, |told| told.what.is_request()),
        (NotificationFilter::Mentions, |told| told.what.is_mention()),
    ];
    for (filter, fits) in views {
        assert_eq!(list(app, who, filter).await, part(fits), "{filter:?}");
    }
    assert_eq!(unseen(app, who).await as usize, part(|told| !told.seen).len());
    let words = all.iter().filter_map(|told| {
        let by: Vec<&str> = told.actors.iter().map(|actor| actor.username.as_str()).collect();
        assert_eq!(told.actor_count.min(3) as usize, by.len());
        let by = by.join("+");
        let title = |told: &Notification| told.group.clone().unwrap().title;
        match told.what {
            Happening::GroupInvitation { status, .. } => {
                let what = match status {
                    RequestStatus::Pending => "asked",
                    RequestStatus::Accepted => "joined",
                };
                Some(format!("{what} {by}: {}", title(told)))
            }
            Happening::MessageMention { number, .. } => {
                let said = told.excerpt.clone().unwrap_or_default();
                Some(format!("named {by}: {} {number} {said}", title(told)))
            }
            _ => None,
        }
    });
    words.collect()
}

async fn unseen(app: &TestApp, who: &Person) -> u32 {
    who.call(app, &GetBadges {}, &Nothing)
        .await
        .unwrap()
        .notifications
}

async fn see(app: &TestApp, who: &Person) {
    who.call(app, &MarkNotificationsSeen {}, &ALL).await.unwrap();
}

/// Friends whose friendship is no news any more.
async fn friends(app: &TestApp, a: &Person, others: &[&Person]) {
    for other in others {
        app.befriend(a, other).await;
        see(app, other).await;
        other.call(app, &MarkNotificationsRead {}, &ALL).await.unwrap();
    }
    see(app, a).await;
    a.call(app, &MarkNotificationsRead {}, &ALL).await.unwrap();
}

async fn edit(app: &TestApp, by: &Person, message_id: MessageId, body: &str) -> Message {
    let patch = MessagePatch {
        body: body.to_owned(),
    };
    by.call(app, &EditMessage { message_id }, &patch).await.unwrap()
}

async fn delete(app: &TestApp, by: &Person, message_id: MessageId) {
    by.call(app, &DeleteMessage { message_id }, &Nothing)
        .await
        .unwrap();
}

async fn rename(app: &TestApp, by: &Person, conversation_id: ConversationId, title: &str) {
    let patch = GroupPatch {
        title: Some(title.to_owned()),
        description: None,
    };
    by.call(app, &EditGroup { conversation_id }, &patch)
        .await
        .unwrap();
}

async fn end(app: &TestApp, by: &Person, conversation_id: ConversationId) {
    by.call(app, &EndGroup { conversation_id }, &Nothing)
        .await
        .unwrap();
}

const NONE: [&str; 0] = [];

everywhere! {
    async fn an_invitation_is_told_and_says_what_became_of_it(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        friends(&app, &ada, &[&ben]).await;
        let mut his = Device::start(&app, &ben).await;
        let id = make(&app, &ada, &NewGroup { user_ids: vec![ben.id()], ..private("Garden week") }).await.id;
        assert_eq!(news(&app, &ben).await, ["asked ada: Garden week"]);
        assert_eq!(unseen(&app, &ben).await, 1);
        check(&app, &mut his).await;
        for other in [&ada, &dan] {
            assert_eq!(news(&app, other).await, NONE, "nobody else is told");
        }
        // Asked once more nothing is told; called something else, the card says so, and is no news.
        see(&app, &ben).await;
        assert_eq!(invite(&app, &ada, id, &[&ben]).await.unwrap().count, 0);
        rename(&app, &ada, id, "Garden month").await;
        assert_eq!(news(&app, &ben).await, ["asked ada: Garden month"]);
        assert_eq!(unseen(&app, &ben).await, 0);
        check(&app, &mut his).await;
        // Nothing is left of what is declined, or taken back.
        ben.call(&app, &DeclineGroupInvitation { conversation_id: id }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ben).await, NONE);
        check(&app, &mut his).await;
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (1, 1));
        let withdraw = WithdrawInvitation { conversation_id: id, user_id: ben.id() };
        ada.call(&app, &withdraw, &Nothing).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        check(&app, &mut his).await;
        // What is accepted says so, and is read by that; until he goes.
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        join(&app, &ben, id).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["joined ada: Garden month"]);
        assert!(list(&app, &ben, NotificationFilter::Unread).await.is_empty());
        check(&app, &mut his).await;
        rename(&app, &ada, id, "Garden year").await;
        assert_eq!(news(&app, &ben).await, ["joined ada: Garden year"]);
        leave(&app, &ben, id).await.unwrap();
        assert_eq!(news(&app, &ben).await, NONE);
        // Once more, from the beginning; and removed.
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["asked ada: Garden year"]);
        join(&app, &ben, id).await.unwrap();
        remove(&app, &ada, id, &ben).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        check(&app, &mut his).await;
    }

    /// Whoever asks is a friend, who does not go, and the group is there.
    async fn what_nobody_can_accept_any_more_is_not_told(app: TestApp) {
        let (ada, ben, cleo, dan) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await, app.person("dan").await);
        friends(&app, &ada, &[&ben, &cleo, &dan]).await;
        let mut devices = Vec::new();
        for person in [&ben, &cleo, &dan] {
            devices.push(Device::start(&app, person).await);
        }
        let guests = vec![ben.id(), cleo.id(), dan.id()];
        let id = make(&app, &ada, &NewGroup { user_ids: guests, ..private("Garden week") }).await.id;
        for device in &mut devices {
            check(&app, device).await;
            assert_eq!(news(&app, &device.person).await, ["asked ada: Garden week"]);
        }
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        cleo.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        for (device, left) in devices.iter_mut().zip([0, 0, 1]) {
            assert_eq!((news(&app, &device.person).await.len(), unseen(&app, &device.person).await), (left, left as u32));
            check(&app, device).await;
        }
        end(&app, &ada, id).await;
        assert_eq!(news(&app, &dan).await, NONE);
        check(&app, &mut devices[2]).await;
        // The account of whoever asks.
        let id = make(&app, &ada, &NewGroup { user_ids: vec![dan.id()], ..private("Garden month") }).await.id;
        assert_eq!((news(&app, &dan).await.len(), unseen(&app, &dan).await), (1, 1));
        assert_eq!(deletion::leave(&app, &ada, "kitchen table nine", OwnMessages::Keep).await.status, 202);
        deletion::end(&app, &ada).await;
        assert_eq!((news(&app, &dan).await.len(), unseen(&app, &dan).await), (0, 0));
        assert_eq!(join(&app, &dan, id).await.err(), Some(ErrorCode::NotFound));
        check(&app, &mut devices[2]).await;
    }

    /// Many are told as one is.
    async fn everybody_who_is_asked_is_told(app: TestApp) {
        let ada = app.person("ada").await;
        let mut guests = Vec::new();
        for number in 0..12 {
            let guest = app.person(&format!("guest_{number}")).await;
            friends(&app, &ada, &[&guest]).await;
            guests.push(guest);
        }
        let id = make(&app, &ada, &private("Garden week")).await.id;
        invite(&app, &ada, id, &guests.iter().collect::<Vec<_>>()).await.unwrap();
        for guest in &guests {
            assert_eq!((news(&app, guest).await, unseen(&app, guest).await), (vec!["asked ada: Garden week".to_owned()], 1));
        }
        join(&app, &guests[0], id).await.unwrap();
        let all = guests.iter().map(|guest| format!("@{}", guest.username())).collect::<Vec<_>>().join(" ");
        ada.say(&app, id, &all).await.unwrap();
        assert_eq!(news(&app, &guests[0]).await.len(), 2, "who is in it is named");
        assert_eq!(news(&app, &guests[1]).await.len(), 1, "who is asked is not");
        end(&app, &ada, id).await;
        for guest in &guests {
            assert_eq!((news(&app, guest).await.len(), unseen(&app, guest).await), (0, 0));
        }
        crate::authorization::settle(&app).await;
        let sql = "SELECT COUNT(*) AS number FROM message_mentions".to_owned();
        assert_eq!(crate::authorization::count(&app, sql).await, 0);
    }

    async fn who_is_named_in_a_group_is_told_where(app: TestApp) {
        let (ada, ben, cleo, dan) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await, app.person("dan").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cleo] {
            join(&app, person, id).await.unwrap();
        }
        let mut his = Device::start(&app, &ben).await;
        let one = ada.say(&app, id, "Hi @ben, @CLEO, @dan, I am @ada; mail@ben").await.unwrap();
        let said = "named ada: Garden week 1 Hi @ben, @CLEO, @dan, I am @ada; mail@ben";
        for person in [&ben, &cleo] {
            assert_eq!((news(&app, person).await, unseen(&app, person).await), (vec![said.to_owned()], 1));
        }
        for person in [&ada, &dan] {
            assert_eq!(news(&app, person).await, NONE, "neither oneself, nor who is not in it");
        }
        check(&app, &mut his).await;
        let told = list(&app, &ben, NotificationFilter::Mentions).await.remove(0);
        assert_eq!(told.what, Happening::MessageMention { conversation_id: id, message_id: one.id, number: 1 });
        // One card for the conversation, with the newest of those who named him and of what they said.
        see(&app, &ben).await;
        let two = cleo.say(&app, id, "@ben again").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named cleo+ada: Garden week 2 @ben again"]);
        assert_eq!(unseen(&app, &ben).await, 1);
        let three = ada.say(&app, id, "yes @ben").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named ada+cleo: Garden week 3 yes @ben"]);
        check(&app, &mut his).await;
        // What is taken back is told no more; who said more still stands there.
        delete(&app, &ada, three.id).await;
        assert_eq!(news(&app, &ben).await, ["named ada+cleo: Garden week 2 @ben again"]);
        edit(&app, &cleo, two.id, "never mind").await;
        assert_eq!(news(&app, &ben).await, [said]);
        check(&app, &mut his).await;
        see(&app, &ben).await;
        edit(&app, &ada, one.id, "Hello @ben").await;
        assert_eq!(news(&app, &ben).await, ["named ada: Garden week 1 Hello @ben"]);
        assert_eq!(news(&app, &cleo).await, NONE, "it names her no more");
        assert_eq!(unseen(&app, &ben).await, 0, "that it says something else is no news");
        edit(&app, &ada, one.id, "Hello").await;
        assert_eq!(news(&app, &ben).await, NONE);
        check(&app, &mut his).await;
        // An edit names, too.
        edit(&app, &cleo, two.id, "I meant @ben").await;
        assert_eq!((news(&app, &ben).await, unseen(&app, &ben).await), (vec!["named cleo: Garden week 2 I meant @ben".to_owned()], 1));
        // An owner removes what others said.
        delete(&app, &ada, two.id).await;
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        check(&app, &mut his).await;
        // Between two people every message is meant.
        friends(&app, &ada, &[&ben]).await;
        let talk = ada.open(&app, &ben).await.id;
        ada.say(&app, talk, "@ben").await.unwrap();
        assert_eq!(news(&app, &ben).await, NONE);
    }

    async fn who_mutes_a_group_is_told_and_who_mutes_a_person_is_not(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        join(&app, &ben, id).await.unwrap();
        let call = ChangeConversationSettings { conversation_id: id };
        let patch = ConversationSettingsPatch { muted: Some(true), archived: Some(true), ..ConversationSettingsPatch::default() };
        ben.call(&app, &call, &patch).await.unwrap();
        ada.say(&app, id, "for all").await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        let named = ada.say(&app, id, "@ben").await.unwrap();
        assert_eq!((news(&app, &ben).await, unseen(&app, &ben).await), (vec!["named ada: Garden week 2 @ben".to_owned()], 1));
        delete(&app, &ada, named.id).await;
        ben.call(&app, &MutePerson { user_id: ada.id() }, &Nothing).await.unwrap();
        let quiet = ada.say(&app, id, "@ben, quietly").await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        edit(&app, &ada, quiet.id, "@ben, more quietly").await;
        assert_eq!(news(&app, &ben).await, NONE);
        ben.call(&app, &UnmutePerson { user_id: ada.id() }, &Nothing).await.unwrap();
        ada.say(&app, id, "@ben, aloud").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named ada: Garden week 4 @ben, aloud"]);
    }

    /// Nothing is told of what one may not see, before one came, after one went, and when one comes again.
    async fn what_is_told_of_a_group_ends_with_being_in_it(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        friends(&app, &ada, &[&ben]).await;
        let new = NewGroup { history: History::FromJoining, ..public("Garden week") };
        let id = make(&app, &ada, &new).await.id;
        join(&app, &cleo, id).await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        let before = ada.say(&app, id, "@ben will come").await.unwrap();
        join(&app, &ben, id).await.unwrap();
        assert_eq!(news(&app, &ben).await, NONE, "nobody comes to old news");
        edit(&app, &ada, before.id, "@ben, did you read this?").await;
        assert_eq!(news(&app, &ben).await, NONE, "he has not");
        let named = ada.say(&app, id, "@ben, welcome").await.unwrap();
        cleo.say(&app, id, "@ben!").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named cleo+ada: Garden week 3 @ben!"]);
        check(&app, &mut his).await;
        leave(&app, &ben, id).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        check(&app, &mut his).await;
        let away = ada.say(&app, id, "@ben has gone").await.unwrap();
        assert_eq!(news(&app, &ben).await, NONE);
        join(&app, &ben, id).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        for (message, body) in [(named.id, "@ben, welcome again"), (away.id, "@ben is back")] {
            edit(&app, &ada, message, body).await;
            assert_eq!(news(&app, &ben).await, NONE, "{body}");
        }
        let again = ada.say(&app, id, "@ben, at last").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named ada: Garden week 5 @ben, at last"]);
        delete(&app, &ada, again.id).await;
        assert_eq!(news(&app, &ben).await, NONE, "what she said before is not his to see");
        check(&app, &mut his).await;
        // Removed, and when it ends.
        ada.say(&app, id, "@ben").await.unwrap();
        assert_eq!(unseen(&app, &ben).await, 1);
        remove(&app, &ada, id, &ben).await.unwrap();
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        check(&app, &mut his).await;
        join(&app, &ben, id).await.unwrap();
        ada.say(&app, id, "@ben @cleo").await.unwrap();
        end(&app, &ada, id).await;
        for person in [&ben, &cleo] {
            assert_eq!((news(&app, person).await.len(), unseen(&app, person).await), (0, 0));
        }
        check(&app, &mut his).await;
    }

    /// What is told is shown by the rule, whatever was written down: hidden it is neither listed nor counted.
    async fn what_may_not_be_seen_is_not_counted(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        friends(&app, &ada, &[&ben]).await;
        let id = make(&app, &ada, &NewGroup { user_ids: vec![ben.id()], ..private("Garden week") }).await.id;
        let sql = |statement: String| crate::administration::sql(&app, statement);
        let count = async || (news(&app, &ben).await.len(), unseen(&app, &ben).await);
        assert_eq!(count().await, (1, 1));
        sql(format!("DELETE FROM group_invitations WHERE user_id = {}", ben.id())).await;
        assert_eq!(count().await, (0, 0));
        invite(&app, &ada, id, &[&ben]).await.unwrap();
        assert_eq!(count().await, (1, 1));
        join(&app, &ben, id).await.unwrap();
        ada.say(&app, id, "@ben").await.unwrap();
        assert_eq!(count().await, (2, 2));
        for (since, shown) in [(1, 1), (0, 2)] {
            sql(format!("UPDATE conversation_members SET since_number = {since} WHERE user_id = {}", ben.id())).await;
            assert_eq!(count().await, (shown, shown as u32), "a message from after {since}");
        }
        sql(format!("DELETE FROM conversation_members WHERE user_id = {}", ben.id())).await;
        assert_eq!(count().await, (0, 0));
    }

    /// An older message that names somebody only since it was changed is what is shown, until another one goes.
    async fn what_is_shown_instead_is_told_to_all_devices(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        join(&app, &ben, id).await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        let one = ada.say(&app, id, "one").await.unwrap();
        let two = ada.say(&app, id, "@ben two").await.unwrap();
        ada.say(&app, id, "@ben three").await.unwrap();
        edit(&app, &ada, one.id, "@ben one").await;
        assert_eq!(news(&app, &ben).await, ["named ada: Garden week 1 @ben one"]);
        check(&app, &mut his).await;
        delete(&app, &ada, two.id).await;
        assert_eq!(news(&app, &ben).await, ["named ada: Garden week 3 @ben three"]);
        check(&app, &mut his).await;
        delete(&app, &ada, one.id).await;
        check(&app, &mut his).await;
    }

    async fn a_block_takes_one_out_of_what_is_told(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cleo] {
            join(&app, person, id).await.unwrap();
        }
        let mut his = Device::start(&app, &ben).await;
        cleo.say(&app, id, "@ben one").await.unwrap();
        ada.say(&app, id, "@ben two").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named ada+cleo: Garden week 2 @ben two"]);
        ben.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named cleo: Garden week 1 @ben one"]);
        check(&app, &mut his).await;
        let hidden = ada.say(&app, id, "@ben three").await.unwrap();
        ben.say(&app, id, "@ada four").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named cleo: Garden week 1 @ben one"]);
        assert_eq!(news(&app, &ada).await, NONE, "nor is she told of him");
        ben.call(&app, &UnblockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["named cleo: Garden week 1 @ben one"]);
        edit(&app, &ada, hidden.id, "@ben, now").await;
        assert_eq!(news(&app, &ben).await, ["named ada+cleo: Garden week 3 @ben, now"]);
        check(&app, &mut his).await;
        // An account that goes takes its part with it, and the names that meant it.
        ben.say(&app, id, "@cleo").await.unwrap();
        assert_eq!(deletion::leave(&app, &ada, "kitchen table nine", OwnMessages::Wipe).await.status, 202);
        deletion::end(&app, &ada).await;
        assert_eq!(news(&app, &ben).await, ["named cleo: Garden week 1 @ben one"]);
        assert_eq!(deletion::leave(&app, &cleo, "kitchen table nine", OwnMessages::Keep).await.status, 202);
        deletion::end(&app, &cleo).await;
        assert_eq!((news(&app, &ben).await.len(), unseen(&app, &ben).await), (0, 0));
        let sql = "SELECT COUNT(*) AS number FROM message_mentions".to_owned();
        assert_eq!(crate::authorization::count(&app, sql).await, 1, "only what she said to him");
    }

    /// Everybody names everybody in two groups, at once, changes it and takes it back, while some block each other and are
    /// asked: nobody waits for ever, and what everybody shows is what is there.
    async fn many_who_name_each_other_at_once(app: TestApp) {
        let mut people = Vec::new();
        for number in 0..6 {
            people.push(app.person(&format!("person_{number}")).await);
        }
        let ada = people[0].clone();
        friends(&app, &ada, &people[1..].iter().collect::<Vec<_>>()).await;
        let mut groups = Vec::new();
        for title in ["One", "Two"] {
            let id = make(&app, &ada, &public(title)).await.id;
            for person in &people[1..] {
                join(&app, person, id).await.unwrap();
            }
            groups.push(id);
        }
        let mut devices = Vec::new();
        for person in &people {
            devices.push(Device::start(&app, person).await);
        }
        let names: Vec<String> = people.iter().map(|person| format!("@{}", person.username())).collect();
        let talks = people.iter().enumerate().map(|(number, person)| {
            let (app, groups, names) = (&app, &groups, &names);
            async move {
                for round in 0..4 {
                    let id = groups[(number + round) % 2];
                    // Each in another order.
                    let mut names = names.clone();
                    names.rotate_left(number);
                    let said = person.say(app, id, &names.join(" ")).await.unwrap();
                    match round {
                        0 => delete(app, person, said.id).await,
                        1 => drop(edit(app, person, said.id, &names[..3].join(" ")).await),
                        _ => {}
                    }
                }
            }
        });
        let asks = async {
            for round in 0..4 {
                let user_ids = people[1..].iter().map(Person::id).collect();
                let id = make(&app, &ada, &NewGroup { user_ids, ..private("Three") }).await.id;
                rename(&app, &ada, groups[round % 2], &format!("Called {round}")).await;
                if round % 2 == 0 {
                    end(&app, &ada, id).await;
                }
            }
        };
        let blocks = async {
            let (a, b) = (&people[4], &people[5]);
            for _ in 0..3 {
                a.call(&app, &BlockPerson { user_id: b.id() }, &Nothing).await.unwrap();
                a.call(&app, &UnblockPerson { user_id: b.id() }, &Nothing).await.unwrap();
            }
        };
        tokio::join!(join_all(talks), asks, blocks);
        for device in &mut devices {
            check(&app, device).await;
            let told = news(&app, &device.person).await;
            let named = told.iter().filter(|told| told.starts_with("named"));
            assert_eq!(named.count(), 2, "{told:?}");
        }
    }
}
