//! That one was named in what was said in a group, for as long as it may be seen.

use futures_util::future::join_all;
use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::conversations::groups::{History, NewGroup};
use hearth_shared::conversations::{
    ChangeConversationSettings, ConversationSettingsPatch, MarkRead, NewReadPosition,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::leaving::OwnMessages;
use hearth_shared::notifications::{Happening, NotificationFilter};
use hearth_shared::posts::{MutePerson, UnmutePerson};

use super::{NONE, delete, edit, end, friends, list, news, rename, see, unseen};
use crate::administration::deletion;
use crate::everywhere;
use crate::groups::{check, invite, join, leave, make, private, public, remove};
use crate::support::{Device, Person, TestApp};

everywhere! {
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

    async fn who_reads_the_chat_has_read_that_they_were_named(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        for person in [&ben, &cleo] {
            join(&app, person, id).await.unwrap();
        }
        let mut his = Device::start(&app, &ben).await;
        let told = async || {
            let told = list(&app, &ben, NotificationFilter::Mentions).await.remove(0);
            (told.read, told.seen, unseen(&app, &ben).await)
        };
        let read = async |number| ben.call(&app, &MarkRead { conversation_id: id }, &NewReadPosition { number }).await.unwrap();
        let first = ada.say(&app, id, "hello").await.unwrap();
        ada.say(&app, id, "@ben @cleo").await.unwrap();
        cleo.say(&app, id, "yes, @ben").await.unwrap();
        // Not before all of it is read.
        for number in [1, 2] {
            read(number).await;
            assert_eq!(told().await, (false, false, 1), "{number}");
        }
        check(&app, &mut his).await;
        read(3).await;
        assert_eq!(told().await, (true, true, 0), "on the other devices, too");
        check(&app, &mut his).await;
        assert_eq!(unseen(&app, &cleo).await, 1, "others have not read it");
        // With news it is unread again, also when it is an old message that names him now.
        edit(&app, &ada, first.id, "hello @ben").await;
        assert_eq!(told().await, (false, false, 1));
        read(3).await;
        assert_eq!(told().await, (true, true, 0), "he has been there again");
        check(&app, &mut his).await;
        // What names nobody changes nothing of it.
        ada.say(&app, id, "never mind").await.unwrap();
        read(4).await;
        assert_eq!(told().await, (true, true, 0));
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
        assert_eq!(count().await, (2, 1), "an invitation that was accepted is read");
        for (since, shown) in [(1, (1, 0)), (0, (2, 1))] {
            sql(format!("UPDATE conversation_members SET since_number = {since} WHERE user_id = {}", ben.id())).await;
            assert_eq!(count().await, shown, "a message from after {since}");
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
