//! What happens to messages after they were sent: answers, changes, removals, emoji.

use hearth_shared::conversations::{
    AddMessageReaction, DeleteMessage, EXCERPT_MAX, EditMessage, Message, MessagePatch, NewMessage,
    REACTIONS_MAX, RemoveMessageReaction, SendMessage, WhichEmoji,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::MessageId;
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::{Device, Person, TestApp, client_id, fetch};

async fn edit(app: &TestApp, by: &Person, message: &Message, body: &str) -> Result<Message, ErrorCode> {
    let patch = MessagePatch {
        body: body.to_owned(),
    };
    by.call(
        app,
        &EditMessage {
            message_id: message.id,
        },
        &patch,
    )
    .await
}

async fn remove(app: &TestApp, by: &Person, message: &Message) -> Result<Message, ErrorCode> {
    by.call(
        app,
        &DeleteMessage {
            message_id: message.id,
        },
        &Nothing,
    )
    .await
}

async fn put(app: &TestApp, by: &Person, message: &Message, emoji: &str) -> Result<Message, ErrorCode> {
    let which = WhichEmoji {
        emoji: emoji.to_owned(),
    };
    by.call_with(
        app,
        &AddMessageReaction {
            message_id: message.id,
        },
        &which,
        &Nothing,
    )
    .await
}

async fn take(app: &TestApp, by: &Person, message: &Message, emoji: &str) -> Result<Message, ErrorCode> {
    let which = WhichEmoji {
        emoji: emoji.to_owned(),
    };
    by.call_with(
        app,
        &RemoveMessageReaction {
            message_id: message.id,
        },
        &which,
        &Nothing,
    )
    .await
}

async fn answer(app: &TestApp, by: &Person, to: &Message, body: &str) -> Result<Message, ErrorCode> {
    let new = NewMessage {
        client_id: client_id(),
        body: body.to_owned(),
        reply_to_id: Some(to.id),
        media_ids: Vec::new(),
    };
    let call = SendMessage {
        conversation_id: to.conversation_id,
    };
    by.call(app, &call, &new).await
}

fn felt(message: &Message) -> Vec<(&str, u32, usize)> {
    let felt = message.reactions.iter();
    felt.map(|felt| (felt.emoji.as_str(), felt.count, felt.user_ids.len()))
        .collect()
}

everywhere! {
    /// Every act is told to every device, and what they have then is what a fresh read shows.
    async fn every_act_arrives_and_is_what_a_fresh_read_shows(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let question = ada.say(&app, talk, "06:41 or 07:41?").await.unwrap();
        let mut devices = [
            Device::start(&app, &ada).await,
            Device::start(&app, &ada).await,
            Device::start(&app, &ben).await,
        ];
        let said = answer(&app, &ben, &question, "The earlier one").await.unwrap();
        let quote = said.reply_to.as_ref().unwrap();
        assert_eq!((quote.id, quote.number, quote.excerpt.as_str()), (question.id, 1, "06:41 or 07:41?"));
        let changed = edit(&app, &ada, &question, "06:41, 07:41 or 08:41?").await.unwrap();
        assert_eq!((changed.number, changed.seq, changed.edited_at.is_some()), (1, 3, true));
        for (by, emoji) in [(&ada, "👍"), (&ben, "👍"), (&ben, "❤️"), (&ben, "👍")] {
            put(&app, by, &said, emoji).await.unwrap();
        }
        let now = take(&app, &ada, &said, "👍").await.unwrap();
        assert_eq!(felt(&now), [("👍", 1, 1), ("❤️", 1, 1)]);
        assert_eq!(now.reply_to.unwrap().excerpt, "06:41, 07:41 or 08:41?", "as it is now");
        let gone = remove(&app, &ada, &question).await.unwrap();
        assert_eq!((gone.body.as_str(), gone.deleted_at.is_some(), gone.number), ("", true, 1));
        for device in &mut devices {
            device.settle(&app).await;
            let (fresh, _) = fetch(&app, &device.person).await;
            assert_eq!(device.replica, fresh);
            let log = &device.replica.logs[&talk];
            assert_eq!(log.items[1].reply_to.as_ref().unwrap().excerpt, "", "nothing of what is gone is quoted");
        }
        assert_eq!(ada.open(&app, &ben).await.last_seq, 8, "once each; what was there already is no event");
    }

    async fn only_who_wrote_it_changes_or_removes_it(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let said = ada.say(&app, talk, "one").await.unwrap();
        assert_eq!(edit(&app, &ben, &said, "two").await, Err(ErrorCode::Forbidden));
        assert_eq!(remove(&app, &ben, &said).await, Err(ErrorCode::Forbidden));
        // To a stranger it is not there.
        for outcome in [
            edit(&app, &cleo, &said, "two").await,
            remove(&app, &cleo, &said).await,
            put(&app, &cleo, &said, "👍").await,
            take(&app, &cleo, &said, "👍").await,
        ] {
            assert_eq!(outcome, Err(ErrorCode::NotFound));
        }
        assert_eq!(edit(&app, &ada, &said, "  ").await, Err(ErrorCode::ValidationFailed));
        assert_eq!(edit(&app, &ada, &said, &"x".repeat(4_001)).await, Err(ErrorCode::ValidationFailed));
        assert_eq!(edit(&app, &ada, &said, "one").await.unwrap(), said, "nothing is changed into what it says");
        // What is gone is gone, and to remove it again is no mistake.
        let gone = remove(&app, &ada, &said).await.unwrap();
        assert_eq!(remove(&app, &ada, &said).await.unwrap(), gone);
        assert_eq!(edit(&app, &ada, &said, "back").await, Err(ErrorCode::NotFound));
        assert_eq!(put(&app, &ben, &said, "👍").await, Err(ErrorCode::NotFound));
        // An answer that was on its way is not lost.
        let late = answer(&app, &ben, &gone, "late").await.unwrap();
        assert_eq!(late.reply_to.unwrap().excerpt, "");
    }

    /// Who has parted writes nothing, in whatever way, but may take back what they said.
    async fn who_has_parted_can_only_remove(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let said = ada.say(&app, talk, "one").await.unwrap();
        ben.call(&app, &RemoveFriend { user_id: ada.id() }, &Nothing).await.unwrap();
        assert_eq!(edit(&app, &ada, &said, "two").await, Err(ErrorCode::NotFriends));
        assert_eq!(put(&app, &ada, &said, "👍").await, Err(ErrorCode::NotFriends));
        assert!(remove(&app, &ada, &said).await.unwrap().deleted_at.is_some());
    }

    async fn what_is_answered_was_said_in_the_same_conversation(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let (with_ben, with_cleo) = (ada.open(&app, &ben).await.id, ada.open(&app, &cleo).await.id);
        let elsewhere = cleo.say(&app, with_cleo, "secret").await.unwrap();
        for id in [elsewhere.id, "4611686018427387904".parse::<MessageId>().unwrap()] {
            let new = NewMessage { client_id: client_id(), body: "x".into(), reply_to_id: Some(id), media_ids: Vec::new() };
            let call = SendMessage { conversation_id: with_ben };
            assert_eq!(ada.call(&app, &call, &new).await, Err(ErrorCode::ValidationFailed));
        }
        // A long text is quoted by its beginning; another quote is another request.
        let long = ben.say(&app, with_ben, &"ä".repeat(EXCERPT_MAX + 1)).await.unwrap();
        let new = NewMessage { client_id: client_id(), body: "x".into(), reply_to_id: Some(long.id), media_ids: Vec::new() };
        let call = SendMessage { conversation_id: with_ben };
        let said = ada.call(&app, &call, &new).await.unwrap();
        let excerpt = said.reply_to.unwrap().excerpt;
        assert_eq!((excerpt.chars().count(), excerpt.ends_with('…')), (EXCERPT_MAX, true));
        let other = NewMessage { reply_to_id: None, ..new };
        assert_eq!(ada.call(&app, &call, &other).await, Err(ErrorCode::ClientIdReused));
    }

    async fn emoji_are_emoji_and_bounded(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let said = ada.say(&app, talk, "one").await.unwrap();
        for wrong in ["", "a", "👍👍", "<b>", "\u{0}"] {
            assert_eq!(put(&app, &ben, &said, wrong).await, Err(ErrorCode::ValidationFailed), "{wrong:?}");
        }
        // The same picture without its selector is the same.
        put(&app, &ada, &said, "❤").await.unwrap();
        let both = put(&app, &ben, &said, "❤️").await.unwrap();
        assert_eq!(felt(&both), [("❤️", 2, 2)]);
        put(&app, &ada, &said, "😀\u{fe0f}").await.unwrap();
        let more = ["😀", "😃", "😄", "😁", "😆", "😅", "🤣", "😂", "🙂", "🙃", "😉", "😊", "😇", "🥰", "😍", "🤩", "😘", "😗", "😚"];
        for emoji in more {
            put(&app, &ada, &said, emoji).await.unwrap();
        }
        assert_eq!(put(&app, &ada, &said, "🐢").await, Err(ErrorCode::ValidationFailed), "one too many");
        let all = put(&app, &ben, &said, "😚").await.unwrap();
        assert_eq!((all.reactions.len(), all.reactions[REACTIONS_MAX - 1].count), (REACTIONS_MAX, 2));
    }

    /// A request that comes again is answered also when its words were changed or removed since; elsewhere it is another one.
    async fn what_was_sent_can_be_asked_for_again(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let (here, elsewhere) = (ada.open(&app, &ben).await.id, ada.open(&app, &cleo).await.id);
        let new = NewMessage { client_id: client_id(), body: "one".into(), reply_to_id: None, media_ids: Vec::new() };
        let call = SendMessage { conversation_id: here };
        let said = ada.call(&app, &call, &new).await.unwrap();
        let changed = edit(&app, &ada, &said, "two").await.unwrap();
        assert_eq!(ada.call(&app, &call, &new).await.unwrap(), changed);
        let gone = remove(&app, &ada, &said).await.unwrap();
        assert_eq!(ada.call(&app, &call, &new).await.unwrap(), gone);
        let call = SendMessage { conversation_id: elsewhere };
        assert_eq!(ada.call(&app, &call, &new).await, Err(ErrorCode::ClientIdReused));
    }

    /// Many at once leave the exact count, whoever is asked.
    async fn many_at_once_leave_the_exact_count(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let said = ada.say(&app, talk, "one").await.unwrap();
        let mut device = Device::start(&app, &ben).await;
        let acts = (0..60).map(|n| {
            let (app, by, said) = (&app, if n % 2 == 0 { &ada } else { &ben }, &said);
            async move {
                let outcome = if n % 4 < 2 { put(app, by, said, "👍").await } else { take(app, by, said, "👍").await };
                outcome.unwrap();
            }
        });
        futures_util::future::join_all(acts).await;
        for by in [&ada, &ben] {
            put(&app, by, &said, "👍").await.unwrap();
        }
        device.settle(&app).await;
        let (fresh, _) = fetch(&app, &ben).await;
        assert_eq!(felt(&fresh.logs[&talk].items[0]), [("👍", 2, 2)]);
        assert_eq!(device.replica, fresh);
    }
}

/// What the picker offers can be put on a message, and comes back as it was sent: else one picture would be two.
#[test]
fn every_emoji_of_the_picker_is_one_and_written_as_unicode_has_it() {
    let list = include_str!("../../../frontend/emoji/emoji.txt");
    let offered = list
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(emoji, _)| emoji);
    let wrong: Vec<&str> = offered
        .filter(|emoji| emojis::get(emoji).map(emojis::Emoji::as_str) != Some(emoji))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
