//! Many come and go while others talk.

use std::time::Instant;

use futures_util::future::join_all;
use hearth_shared::conversations::groups::{NewGroup, Role};
use hearth_shared::conversations::members::LineKind;
use hearth_shared::realtime::Stream;

use super::{check, invite, join, leave, lines, make, members, private, public, remove};
use crate::everywhere;
use crate::support::{Device, TestApp};

everywhere! {
    /// Nobody gets anything of a time in which they are not there; who stays misses nothing.
    async fn whoever_has_gone_gets_nothing_and_the_others_no_gap(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let id = make(&app, &ada, &public("Garden week")).await.id;
        join(&app, &ben, id).await.unwrap();
        let mut guests = Vec::new();
        for number in 0..5 {
            guests.push(app.person(&format!("guest_{number}")).await);
        }
        let mut staying = Vec::new();
        for person in [&ada, &ben] {
            staying.push(Device::start(&app, person).await);
        }
        let mut passing = Vec::new();
        for person in &guests {
            passing.push(Device::start(&app, person).await);
        }
        let talk = [&ada, &ben].map(|person| {
            let app = &app;
            async move {
                for number in 0..40 {
                    person.say(app, id, &format!("{number}")).await.unwrap();
                }
            }
        });
        let pass = passing.iter_mut().enumerate().map(|(place, device)| {
            let (app, ada) = (&app, &ada);
            async move {
                for round in 0..8 {
                    let who = device.person.clone();
                    join(app, &who, id).await.unwrap();
                    who.say(app, id, "here").await.unwrap();
                    device.live(app, |device| device.replica.logs.contains_key(&id)).await;
                    if (place + round) % 2 == 0 {
                        leave(app, &who, id).await.unwrap();
                    } else {
                        remove(app, ada, id, &who).await.unwrap();
                    }
                    device.live(app, |device| !device.replica.logs.contains_key(&id)).await;
                }
            }
        });
        let begun = Instant::now();
        futures_util::future::join(join_all(talk), join_all(pass)).await;
        println!("80 changes of membership and 120 messages in {:?}", begun.elapsed());
        for device in staying.iter_mut().chain(&mut passing) {
            check(&app, device).await;
        }
        let told = staying[0].replica.logs[&id].lines.clone();
        assert_eq!(told.len(), 2 + 5 * 8 * 2);
        let head = staying[0].replica.conversations.find(id).unwrap().last_seq;
        for device in &staying {
            let mut applied: Vec<u64> = of_group(device, id);
            assert!(applied.is_sorted_by(|a, b| a + 1 == *b), "{applied:?}");
            assert_eq!(applied.pop(), Some(head));
        }
        for device in &passing {
            let me = device.person.id();
            let mine = told.iter().filter(|line| line.subject.id == me);
            let places: Vec<u64> = mine.map(|line| line.seq).collect();
            let was_there = |seq: &u64| places.chunks(2).any(|stay| stay[0] <= *seq && *seq < stay[1]);
            let wrong: Vec<u64> = of_group(device, id).into_iter().filter(|seq| !was_there(seq)).collect();
            assert!(wrong.is_empty(), "{wrong:?} outside of {places:?}");
        }
    }

    /// Of a join beside an end, a removal beside a leave, two owners beside each other, one comes first, and it adds up.
    async fn what_happens_at_once_adds_up(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        for round in 0..10 {
            let new = NewGroup { user_ids: vec![ben.id()], ..private(&format!("Round {round}")) };
            let id = make(&app, &ada, &new).await.id;
            // All of the same at once: one does it.
            let joined = join_all((0..4).map(|_| join(&app, &ben, id))).await;
            assert!(joined.iter().all(Result::is_ok));
            let whom = [&ben];
            let again = join_all((0..4).map(|_| invite(&app, &ada, id, &whom))).await;
            assert!(again.into_iter().all(|invited| invited.unwrap().count == 0));
            let (left, removed) = futures_util::future::join(leave(&app, &ben, id), remove(&app, &ada, id, &ben)).await;
            assert!(left.is_ok() != removed.is_ok(), "{left:?} {removed:?}");
            invite(&app, &ada, id, &[&ben]).await.unwrap();
            // She goes while he comes: either it has ended, or it is his.
            let (left, joined) = futures_util::future::join(leave(&app, &ada, id), join(&app, &ben, id)).await;
            left.unwrap();
            if joined.is_ok() {
                assert_eq!(members(&app, &ben, id).await, [(ben.id(), Role::Owner)]);
                let told: Vec<_> = lines(&app, &ben, id).await.into_iter().map(|line| line.kind).collect();
                let last = [LineKind::Joined, LineKind::Left, LineKind::RoleChanged];
                assert_eq!(told[told.len() - 3..], last);
                leave(&app, &ben, id).await.unwrap();
            }
        }
        crate::authorization::settle(&app).await;
        let sql = "SELECT COUNT(*) AS number FROM conversation_members".to_owned();
        assert_eq!(crate::authorization::count(&app, sql).await, 0);
    }
}

fn of_group(device: &Device, id: hearth_shared::ids::ConversationId) -> Vec<u64> {
    let of_group = device
        .applied
        .iter()
        .filter(|(stream, _)| *stream == Stream::Conversation(id));
    of_group.map(|(_, seq)| *seq).collect()
}
