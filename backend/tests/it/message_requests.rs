//! Writing to somebody who is no friend: who may ask, how much, what the two learn of each other before the answer, and
//! what each answer does.

use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::conversations::{
    AcceptRequest, Conversation, ConversationKind, ConversationRequest, DeclineRequest, DeleteMessage,
    GetConversation, ListConversations, ListMessages, MarkRead, NewConversation, NewMessage, NewReadPosition,
    OpenConversation, REQUEST_MESSAGES_MAX, REQUESTS_MAX, SendMessage,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{ConversationId, Id, MediaId};
use hearth_shared::leaving::OwnMessages;
use hearth_shared::notifications::GetBadges;
use hearth_shared::privacy::{ChangePrivacy, PrivacyChange, Reach};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};
use hearth_shared::users::{GetProfile, ProfileQuery};

use crate::administration::{self, PASSWORD, deletion};
use crate::everywhere;
use crate::support::{Device, Person, TestApp, client_id, fetch};

const INCOMING: Option<ConversationRequest> = Some(ConversationRequest::Incoming {
    mutual_friend_count: 0,
});

async fn open(app: &TestApp, by: &Person, with: &Person) -> Result<Conversation, ErrorCode> {
    let new = NewConversation {
        kind: ConversationKind::Direct,
        user_id: with.id(),
    };
    by.call(app, &OpenConversation {}, &new).await
}

async fn take(app: &TestApp, person: &Person, messages: Reach) {
    let change = PrivacyChange {
        messages: Some(messages),
        ..PrivacyChange::default()
    };
    person
        .call(app, &ChangePrivacy {}, &change)
        .await
        .map(drop)
        .unwrap();
}

async fn seen(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
) -> Result<Conversation, ErrorCode> {
    by.call(app, &GetConversation { conversation_id }, &Nothing).await
}

async fn accept(
    app: &TestApp,
    by: &Person,
    conversation_id: ConversationId,
) -> Result<Conversation, ErrorCode> {
    by.call(app, &AcceptRequest { conversation_id }, &Nothing).await
}

async fn decline(app: &TestApp, by: &Person, conversation_id: ConversationId) -> Result<(), ErrorCode> {
    by.call(app, &DeclineRequest { conversation_id }, &Nothing)
        .await
        .map(drop)
}

async fn block(app: &TestApp, by: &Person, other: &Person) {
    by.call(app, &BlockPerson { user_id: other.id() }, &Nothing)
        .await
        .map(drop)
        .unwrap();
}

async fn can_message(app: &TestApp, viewer: &Person, of: &Person) -> bool {
    let call = GetProfile {
        username: of.username(),
    };
    let page = viewer
        .call_with(app, &call, &ProfileQuery::default(), &Nothing)
        .await;
    page.unwrap().can_message
}

async fn badge(app: &TestApp, of: &Person) -> u32 {
    of.call(app, &GetBadges {}, &Nothing).await.unwrap().conversations
}

/// Ada has written once to ben, whom she does not know.
async fn asked(app: &TestApp) -> (Person, Person, ConversationId) {
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let talk = open(app, &ada, &ben).await.unwrap();
    assert_eq!(
        (talk.request, talk.can_send),
        (Some(ConversationRequest::Outgoing), true)
    );
    ada.say(app, talk.id, "Is the bicycle still there?")
        .await
        .map(drop)
        .unwrap();
    (ada, ben, talk.id)
}

async fn check(app: &TestApp, device: &mut Device) {
    device.settle_with(app).await;
    let (fresh, _) = fetch(app, &device.person).await;
    assert_eq!(device.replica, fresh, "{}", device.person.username());
}

everywhere! {
    async fn who_may_ask_is_for_each_to_say(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let dan = app.person("dan").await;
        app.befriend(&ada, &ben).await;
        app.befriend(&ben, &cleo).await;
        // Cleo has a friend in common with ada, dan has none.
        for (reach, cleos, dans) in [(Reach::Nobody, false, false), (Reach::FriendsOfFriends, true, false), (Reach::Everyone, true, true)] {
            take(&app, &ada, reach).await;
            assert!(can_message(&app, &ben, &ada).await, "friends always may");
            for (who, may) in [(&cleo, cleos), (&dan, dans)] {
                assert_eq!(can_message(&app, who, &ada).await, may, "{} {reach:?}", who.username());
                let opened = open(&app, who, &ada).await;
                assert_eq!(opened.err(), (!may).then_some(ErrorCode::NotFriends), "{} {reach:?}", who.username());
            }
        }
        // Nothing was written so far: what she wants now counts.
        let talk = open(&app, &dan, &ada).await.unwrap();
        take(&app, &ada, Reach::Nobody).await;
        assert_eq!(dan.say(&app, talk.id, "hello").await.err(), Some(ErrorCode::NotFriends));
        assert_eq!(ada.call(&app, &ListConversations {}, &Nothing).await.unwrap().items, []);
        // And what has begun goes on.
        take(&app, &ada, Reach::Everyone).await;
        dan.say(&app, talk.id, "hello").await.map(drop).unwrap();
        take(&app, &ada, Reach::Nobody).await;
        dan.say(&app, talk.id, "hello?").await.map(drop).unwrap();
        assert!(can_message(&app, &dan, &ada).await);
        let shown = seen(&app, &ada, talk.id).await.unwrap();
        assert_eq!(shown.request, INCOMING);
        block(&app, &ada, &cleo).await;
        assert_eq!(open(&app, &cleo, &ada).await.err(), Some(ErrorCode::NotFound));
    }

    async fn a_request_is_a_few_words_and_calls_nobody(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let mut his = Device::start(&app, &ben).await;
        let mut hers = Device::start(&app, &ada).await;
        let id = open(&app, &ada, &ben).await.unwrap().id;
        let new = NewMessage { client_id: client_id(), body: "look".into(), reply_to_id: None, media_ids: vec![MediaId::new(1)] };
        let call = SendMessage { conversation_id: id };
        assert_eq!(ada.call(&app, &call, &new).await.err(), Some(ErrorCode::ValidationFailed));
        for left in (0..REQUEST_MESSAGES_MAX).rev() {
            let said = ada.say(&app, id, "Is it still there?").await.unwrap();
            let shown = seen(&app, &ada, id).await.unwrap();
            assert_eq!((shown.request_left(), shown.can_send), (Some(left), left > 0));
            assert_eq!(said.number, REQUEST_MESSAGES_MAX - left);
        }
        assert_eq!(ada.say(&app, id, "Hello?").await.err(), Some(ErrorCode::RequestPending));
        for device in [&mut hers, &mut his] {
            check(&app, device).await;
        }
        let shown = his.replica.conversations.find(id).unwrap().clone();
        assert_eq!((shown.request, shown.settings.request, shown.unread_count), (INCOMING, true, REQUEST_MESSAGES_MAX));
        assert_eq!((badge(&app, &ben).await, his.replica.conversations.unread()), (0, 0));
        // One that she takes back makes no place for another.
        let page = ada.call(&app, &ListMessages { conversation_id: id }, &Nothing).await.unwrap();
        ada.call(&app, &DeleteMessage { message_id: page.items[0].id }, &Nothing).await.map(drop).unwrap();
        assert_eq!(ada.say(&app, id, "Hello?").await.err(), Some(ErrorCode::RequestPending));
        for device in [&mut hers, &mut his] {
            check(&app, device).await;
        }
    }

    async fn nothing_is_told_before_the_answer(app: TestApp) {
        let (ada, ben, id) = asked(&app).await;
        let mut hers = Device::start(&app, &ada).await;
        let mut his = Device::start(&app, &ben).await;
        let mut other = Device::start(&app, &ben).await;
        let read = MarkRead { conversation_id: id };
        ben.call(&app, &read, &NewReadPosition { number: 1 }).await.map(drop).unwrap();
        other.wait_until_told(&app, "read").await;
        his.send(&ClientFrame::Typing { conversation_id: id }).await;
        hers.send(&ClientFrame::Typing { conversation_id: id }).await;
        // What comes behind all that.
        ada.say(&app, id, "Or the red one?").await.map(drop).unwrap();
        for device in [&mut hers, &mut his] {
            check(&app, device).await;
            let leaks = |frame: &&ServerFrame| match frame {
                ServerFrame::Read(read) => read.user_id != device.person.id(),
                ServerFrame::Typing(_) | ServerFrame::Presence(_) => true,
                _ => false,
            };
            assert_eq!(device.others.iter().filter(leaks).count(), 0, "{:?}", device.others);
            let shown = device.replica.conversations.find(id).unwrap();
            assert_eq!((shown.read_positions.len(), shown.member_count), (0, 2));
        }
        assert_eq!(seen(&app, &ada, id).await.unwrap().read_positions, []);
        // Then each sees how far the other one is.
        accept(&app, &ben, id).await.map(drop).unwrap();
        check(&app, &mut hers).await;
        let shown = hers.replica.conversations.find(id).unwrap();
        assert_eq!((shown.read_positions[0].number, shown.request), (1, Some(ConversationRequest::Accepted)));
    }

    async fn accepting_is_seen_on_all_devices_of_both(app: TestApp) {
        let (ada, ben, id) = asked(&app).await;
        let mut devices = [Device::start(&app, &ada).await, Device::start(&app, &ben).await, Device::start(&app, &ben).await];
        assert_eq!(accept(&app, &ada, id).await.err(), Some(ErrorCode::NotFound), "she has nothing to accept");
        let accepted = accept(&app, &ben, id).await.unwrap();
        assert_eq!((accepted.request, accepted.settings.request), (Some(ConversationRequest::Accepted), false));
        assert_eq!(accept(&app, &ben, id).await.unwrap(), accepted, "the same again");
        assert_eq!(decline(&app, &ben, id).await.err(), Some(ErrorCode::NotFound), "it is answered");
        assert_eq!(badge(&app, &ben).await, 1, "he has accepted, and not read it yet");
        for number in 2..=6 {
            let by = if number % 2 == 0 { &ben } else { &ada };
            assert_eq!(by.say(&app, id, "and more").await.unwrap().number, number);
        }
        for device in &mut devices {
            check(&app, device).await;
            let shown = device.replica.conversations.find(id).unwrap();
            assert_eq!((shown.can_send, shown.settings.request), (true, false));
        }
    }

    async fn to_answer_is_to_accept(app: TestApp) {
        let (ada, ben, id) = asked(&app).await;
        let mut devices = [Device::start(&app, &ada).await, Device::start(&app, &ben).await];
        ben.say(&app, id, "It is.").await.map(drop).unwrap();
        for device in &mut devices {
            check(&app, device).await;
            let shown = device.replica.conversations.find(id).unwrap();
            assert_eq!((shown.request, shown.read_positions.len()), (Some(ConversationRequest::Accepted), 1));
        }
        for _ in 0..4 {
            ada.say(&app, id, "Good.").await.map(drop).unwrap();
        }
    }

    async fn declining_is_told_to_nobody(app: TestApp) {
        let (ada, ben, id) = asked(&app).await;
        let mut hers = Device::start(&app, &ada).await;
        let mut his = [Device::start(&app, &ben).await, Device::start(&app, &ben).await];
        let before = seen(&app, &ada, id).await.unwrap();
        decline(&app, &ben, id).await.unwrap();
        assert_eq!(seen(&app, &ada, id).await.unwrap(), before, "she sees what she saw");
        assert_eq!(decline(&app, &ben, id).await.err(), Some(ErrorCode::NotFound));
        ada.say(&app, id, "Or is it sold?").await.map(drop).unwrap();
        check(&app, &mut hers).await;
        assert!(!hers.told.contains(&"conversation_added".to_owned()), "{:?}", hers.told);
        for device in &mut his {
            check(&app, device).await;
            assert!(device.replica.conversations.find(id).is_none());
            let told = device.told.iter().filter(|told| *told == "message_created").count();
            assert_eq!(told, 0, "what she writes does not come to him");
        }
        assert_eq!(seen(&app, &ben, id).await.err(), Some(ErrorCode::NotFound));
        assert_eq!((badge(&app, &ben).await, ben.say(&app, id, "no").await.err()), (0, Some(ErrorCode::NotFound)));
        // He thinks better of it.
        let again = open(&app, &ben, &ada).await.unwrap();
        assert_eq!((again.id, again.request, again.last_number), (id, INCOMING, 2));
        for device in &mut his {
            check(&app, device).await;
            assert!(device.replica.conversations.find(id).unwrap().settings.request);
        }
        accept(&app, &ben, id).await.map(drop).unwrap();
        ada.say(&app, id, "Thank you").await.map(drop).unwrap();
        for device in &mut his {
            check(&app, device).await;
        }
    }

    async fn one_answer_counts(app: TestApp) {
        for number in 0..6 {
            let (ada, ben) = (app.person(&format!("ada{number}")).await, app.person(&format!("ben{number}")).await);
            let id = open(&app, &ada, &ben).await.unwrap().id;
            ada.say(&app, id, "hello").await.map(drop).unwrap();
            let mut his = Device::start(&app, &ben).await;
            let (yes, no, said) = futures_util::join!(accept(&app, &ben, id), decline(&app, &ben, id), ada.say(&app, id, "again"));
            said.map(drop).unwrap();
            assert!(yes.is_ok() != no.is_ok(), "{yes:?} {no:?}");
            let shown = seen(&app, &ada, id).await.unwrap();
            let expected = if yes.is_ok() { ConversationRequest::Accepted } else { ConversationRequest::Outgoing };
            assert_eq!((shown.request, shown.last_number), (Some(expected), 2));
            check(&app, &mut his).await;
        }
    }

    /// Both write first, to each other: one of the two asks, and the other one has answered.
    async fn two_who_ask_each_other_have_accepted(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let id = open(&app, &ada, &ben).await.unwrap().id;
        assert_eq!(open(&app, &ben, &ada).await.unwrap().id, id);
        let mut devices = [Device::start(&app, &ada).await, Device::start(&app, &ben).await];
        let (hers, his) = futures_util::join!(ada.say(&app, id, "hello"), ben.say(&app, id, "hello"));
        assert!(hers.is_ok() && his.is_ok());
        for device in &mut devices {
            check(&app, device).await;
            assert_eq!(device.replica.conversations.find(id).unwrap().request, Some(ConversationRequest::Accepted));
        }
    }

    async fn friendship_opens_and_its_end_closes(app: TestApp) {
        let (ada, ben, id) = asked(&app).await;
        decline(&app, &ben, id).await.unwrap();
        let mut devices = [Device::start(&app, &ada).await, Device::start(&app, &ben).await];
        ada.ask_friend(&app, &ben).await.map(drop).unwrap();
        assert!(seen(&app, &ada, id).await.unwrap().can_send, "to ask for friendship changes nothing here");
        check(&app, &mut devices[0]).await;
        ben.ask_friend(&app, &ada).await.map(drop).unwrap();
        for device in &mut devices {
            check(&app, device).await;
            let shown = device.replica.conversations.find(id).unwrap();
            assert_eq!((shown.request, shown.settings.request, shown.can_send), (None, false, true));
        }
        ada.say(&app, id, "two").await.map(drop).unwrap();
        assert_eq!(badge(&app, &ben).await, 1);
        ben.call(&app, &RemoveFriend { user_id: ada.id() }, &Nothing).await.map(drop).unwrap();
        for (who, device) in [&ada, &ben].into_iter().zip(&mut devices) {
            check(&app, device).await;
            assert_eq!(who.say(&app, id, "three").await.err(), Some(ErrorCode::NotFriends));
            assert!(!device.replica.conversations.find(id).unwrap().can_send);
        }
        assert_eq!(open(&app, &ada, &ben).await.unwrap().request, None, "what was said can be read, and not more");
        assert!(!can_message(&app, &ada, &ben).await);
    }

    async fn what_was_accepted_ends_with_a_block(app: TestApp) {
        let (ada, ben, id) = asked(&app).await;
        accept(&app, &ben, id).await.map(drop).unwrap();
        let mut devices = [Device::start(&app, &ada).await, Device::start(&app, &ben).await];
        // One asks the other to be friends, and takes it back: what they have goes on.
        let request_id = ada.ask_friend(&app, &ben).await.unwrap().id;
        ben.call(&app, &hearth_shared::friends::DeclineFriendRequest { request_id }, &Nothing).await.map(drop).unwrap();
        for device in &mut devices {
            check(&app, device).await;
            assert!(device.replica.conversations.find(id).unwrap().can_send);
        }
        block(&app, &ben, &ada).await;
        for (who, device) in [&ada, &ben].into_iter().zip(&mut devices) {
            check(&app, device).await;
            assert_eq!(who.say(&app, id, "more").await.err(), Some(ErrorCode::NotFriends));
            let shown = device.replica.conversations.find(id).unwrap();
            assert_eq!((shown.can_send, shown.request), (false, None));
        }
    }

    /// Whoever of the two blocks.
    async fn a_request_is_gone_with_a_block(app: TestApp) {
        for hers in [true, false] {
            let name = |who: &str| format!("{who}_{hers}");
            let (ada, ben) = (app.person(&name("ada")).await, app.person(&name("ben")).await);
            let id = open(&app, &ada, &ben).await.unwrap().id;
            ada.say(&app, id, "hello").await.map(drop).unwrap();
            let mut devices = [Device::start(&app, &ada).await, Device::start(&app, &ben).await];
            let (by, other) = if hers { (&ada, &ben) } else { (&ben, &ada) };
            block(&app, by, other).await;
            for device in &mut devices {
                check(&app, device).await;
            }
            assert!(devices[1].replica.conversations.find(id).is_none());
            assert!(!devices[0].replica.conversations.find(id).unwrap().can_send);
            assert_eq!(accept(&app, &ben, id).await.err(), Some(ErrorCode::NotFound));
            assert_eq!(badge(&app, &ben).await, 0);
        }
    }

    /// What was taken back does not come again to whoever had put it away, and they do not hear of that.
    async fn what_is_put_away_and_taken_back_stays_away(app: TestApp) {
        let (ada, ben, id) = asked(&app).await;
        decline(&app, &ben, id).await.unwrap();
        let mut his = Device::start(&app, &ben).await;
        block(&app, &ada, &ben).await;
        check(&app, &mut his).await;
        assert!(!his.told.contains(&"conversation_removed".to_owned()), "{:?}", his.told);
        assert_eq!(open(&app, &ben, &ada).await.err(), Some(ErrorCode::NotFound));
        ada.call(&app, &UnblockPerson { user_id: ben.id() }, &Nothing).await.map(drop).unwrap();
        assert_eq!(open(&app, &ben, &ada).await.err(), Some(ErrorCode::NotFriends));
        app.befriend(&ada, &ben).await;
        assert_eq!(open(&app, &ben, &ada).await.unwrap().id, id);
    }

    /// Whoever writes first asks, also when the other one opens it in that moment.
    async fn to_open_takes_no_first_word_away(app: TestApp) {
        for number in 0..4 {
            let (ada, ben) = (app.person(&format!("ada{number}")).await, app.person(&format!("ben{number}")).await);
            let id = open(&app, &ben, &ada).await.unwrap().id;
            let (opened, said) = futures_util::join!(open(&app, &ada, &ben), ben.say(&app, id, "hello"));
            assert!(opened.is_ok() && said.is_ok());
            assert_eq!(seen(&app, &ada, id).await.unwrap().request, INCOMING);
        }
    }

    async fn that_it_was_opened_is_told_to_nobody(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let opens = async |by: &Person, with: &Person| {
            let new = NewConversation { kind: ConversationKind::Direct, user_id: with.id() };
            let answer = app.ask(by.token(), &OpenConversation {}, &Nothing, &new).await;
            assert_eq!(answer.status, 201, "{answer:?}");
            serde_json::from_str::<Conversation>(&answer.text).unwrap()
        };
        let id = opens(&ben, &ada).await.id;
        for table in ["conversations SET created_at", "conversation_members SET joined_at"] {
            administration::sql(&app, format!("UPDATE {table} = 1")).await;
        }
        let hers = opens(&ada, &ben).await;
        assert!(hers.created_at.as_millis() > 1);
        assert_eq!(seen(&app, &ada, id).await.unwrap(), hers);
        assert_eq!(seen(&app, &ben, id).await.unwrap().created_at.as_millis(), 1, "nor is he told that she has");
    }

    /// A program of before, which knew of no requests, has made them friends.
    async fn what_stayed_a_request_between_friends_is_accepted(app: TestApp) {
        let (ada, ben, id) = asked(&app).await;
        app.befriend(&ada, &ben).await;
        administration::sql(&app, format!("UPDATE conversations SET requested_by = {}", ada.id())).await;
        let mut his = Device::start(&app, &ben).await;
        assert!(his.replica.conversations.find(id).unwrap().settings.request);
        let accepted = accept(&app, &ben, id).await.unwrap();
        assert_eq!((accepted.request, accepted.settings.request), (None, false));
        check(&app, &mut his).await;
        assert_eq!(badge(&app, &ben).await, 1);
    }

    /// Those that wait, those that were accepted, and those that were put away.
    async fn all_requests_end_with_an_account(app: TestApp) {
        // Of each pair the one with the smaller id stands first.
        let dan = app.person("dan").await;
        let (ada, ben, id) = asked(&app).await;
        let cleo = app.person("cleo").await;
        let mut others = Vec::new();
        for (other, takes) in [(&cleo, true), (&dan, false)] {
            let talk = open(&app, other, &ada).await.unwrap().id;
            other.say(&app, talk, "hello").await.map(drop).unwrap();
            if takes {
                accept(&app, &ada, talk).await.map(drop).unwrap();
            } else {
                decline(&app, &ada, talk).await.unwrap();
            }
            others.push((Device::start(&app, other).await, talk));
        }
        let mut his = Device::start(&app, &ben).await;
        let planned = deletion::leave(&app, &ada, PASSWORD, OwnMessages::Keep).await;
        assert_eq!(planned.status, 202, "{planned:?}");
        administration::end(&app, &ada).await;
        his.settle_with(&app).await;
        assert!(his.replica.conversations.find(id).is_none());
        for (device, talk) in &mut others {
            device.settle_with(&app).await;
            let shown = device.replica.conversations.find(*talk).unwrap();
            assert_eq!((shown.can_send, shown.request), (false, None));
        }
    }

    async fn who_is_not_answered_cannot_ask_for_ever(app: TestApp) {
        let ada = app.person("ada").await;
        let mut opened = Vec::new();
        for number in 0..REQUESTS_MAX {
            let other = app.person(&format!("other{number}")).await;
            let id = open(&app, &ada, &other).await.unwrap().id;
            opened.push((other, id));
        }
        // They begin with what is written, however long they were open.
        administration::sql(&app, "UPDATE conversations SET created_at = 1".into()).await;
        for (_, id) in &opened {
            ada.say(&app, *id, "hello").await.map(drop).unwrap();
        }
        let last = opened.pop();
        let one_more = app.person("one_more").await;
        assert_eq!(open(&app, &ada, &one_more).await.err(), Some(ErrorCode::TooManyMessageRequests));
        // To be declined is no answer; to be accepted is one.
        let (other, id) = last.unwrap();
        decline(&app, &other, id).await.unwrap();
        assert_eq!(open(&app, &ada, &one_more).await.err(), Some(ErrorCode::TooManyMessageRequests));
        open(&app, &other, &ada).await.map(drop).unwrap();
        accept(&app, &other, id).await.map(drop).unwrap();
        open(&app, &ada, &one_more).await.map(drop).unwrap();
    }
}
