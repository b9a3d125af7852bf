//! Many at once, and for long: positions and numbers without a gap, and unread counts that never drift.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hearth_shared::conversations::groups::{History, NewGroup};
use hearth_shared::conversations::{
    ChangeConversationSettings, ConversationSettingsPatch, DeleteMessage, MarkRead, NewReadPosition,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::notifications::GetBadges;
use hearth_shared::realtime::Stream;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::everywhere;
use crate::groups::{join, leave, make, public};
use crate::support::{Device, Person, TestApp, fetch};

everywhere! {
    /// 20 senders in one conversation: numbers and positions are 1 … n, and every device's list is that list.
    async fn parallel_senders_leave_no_gap(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await;
        // Their list begins with this one: from here on everything comes as an event.
        ada.say(&app, talk.id, "first").await.unwrap();
        let mut devices = Vec::new();
        for person in [&ada, &ada, &ben, &ben] {
            devices.push(Device::start(&app, person).await);
        }
        let senders = (0..20).map(|sender| {
            let (app, ada, ben) = (&app, &ada, &ben);
            async move {
                let mut mine = Vec::new();
                for count in 0..10 {
                    let person = if sender % 2 == 0 { ada } else { ben };
                    let said = person.say(app, talk.id, &format!("{sender}: {count}")).await.unwrap();
                    mine.push(said);
                }
                assert!(mine.is_sorted_by_key(|message| message.seq), "whoever sends one after the other");
                mine
            }
        });
        let sent: Vec<_> = join_all(senders).await.into_iter().flatten().collect();
        let mut numbers: Vec<u32> = sent.iter().map(|message| message.number).collect();
        let mut positions: Vec<u64> = sent.iter().map(|message| message.seq).collect();
        numbers.sort_unstable();
        positions.sort_unstable();
        assert_eq!(numbers, (2..=201).collect::<Vec<_>>());
        assert_eq!(positions, (2..=201).collect::<Vec<_>>());
        for device in &mut devices {
            device.settle(&app).await;
            let applied: Vec<u64> = device
                .applied
                .iter()
                .filter(|(stream, _)| *stream == Stream::Conversation(talk.id))
                .map(|(_, seq)| *seq)
                .collect();
            assert_eq!(applied, (2..=201).collect::<Vec<_>>());
            assert_eq!(device.replica, fetch(&app, &device.person).await.0);
        }
    }

    /// Three people, two devices each, 2,000 actions: every badge is what one counts by hand.
    async fn unread_never_drifts(app: TestApp) {
        let mut random = StdRng::seed_from_u64(20_261_122);
        let people = [app.person("ada").await, app.person("ben").await, app.person("cleo").await];
        let pairs = [(0, 1), (0, 2), (1, 2)];
        let mut talks = Vec::new();
        for (a, b) in pairs {
            app.befriend(&people[a], &people[b]).await;
            talks.push(people[a].open(&app, &people[b]).await.id);
        }
        let mut devices = Vec::new();
        for person in [0, 0, 1, 1, 2, 2] {
            devices.push((Device::start(&app, &people[person]).await, true));
        }
        let mut by_hand = ByHand::default();
        for step in 1..=2_000 {
            let talk = random.random_range(0..pairs.len());
            let (a, b) = pairs[talk];
            let who = if random.random() { a } else { b };
            let (person, id) = (&people[who], talks[talk]);
            match random.random_range(0..20) {
                0..10 => {
                    let said = person.say(&app, id, &format!("{step}")).await.unwrap();
                    by_hand.said(id, person.id());
                    assert_eq!(said.number, by_hand.last[&id]);
                }
                10..18 => {
                    let number = random.random_range(0..=by_hand.last.get(&id).copied().unwrap_or(0));
                    let call = MarkRead { conversation_id: id };
                    let state = person.call(&app, &call, &NewReadPosition { number }).await.unwrap();
                    by_hand.read(id, person.id(), number);
                    assert_eq!(state.unread_count, by_hand.unread(id, person.id()));
                }
                18 => {
                    let (device, connected) = &mut devices[random.random_range(0..6)];
                    device.disconnect();
                    *connected = false;
                }
                _ => {
                    let (device, connected) = &mut devices[random.random_range(0..6)];
                    if !*connected {
                        device.connect(&app).await;
                        *connected = true;
                    }
                }
            }
            if step % 50 == 0 {
                for (device, _) in devices.iter_mut().filter(|(_, connected)| *connected) {
                    by_hand.settle(&app, device).await;
                }
            }
        }
        for (device, connected) in &mut devices {
            if !*connected {
                device.connect(&app).await;
            }
            by_hand.settle(&app, device).await;
            assert_eq!(device.replica, fetch(&app, &device.person).await.0);
        }
    }
}

everywhere! {
    /// The same in groups, into which people come and out of which they go, and where words are taken back.
    async fn unread_never_drifts_in_groups(app: TestApp) {
        let mut random = StdRng::seed_from_u64(20_261_129);
        let host = app.person("host").await;
        let people = [app.person("ada").await, app.person("ben").await, app.person("cleo").await];
        let mut groups = Vec::new();
        for history in [History::All, History::FromJoining] {
            let new = NewGroup { history, ..public("Garden week") };
            groups.push(make(&app, &host, &new).await.id);
        }
        let mut devices = Vec::new();
        for person in [0, 0, 1, 1, 2, 2] {
            devices.push((Device::start(&app, &people[person]).await, true));
        }
        let mut by_hand = ByHand::default();
        let mut said = Vec::new();
        for step in 1..=1_500 {
            let (group, person) = (groups[random.random_range(0..2)], &people[random.random_range(0..3)]);
            let is_in = by_hand.is_in(group, person.id());
            match random.random_range(0..24) {
                0..10 => {
                    let who = if is_in { person } else { &host };
                    let message = who.say(&app, group, &format!("{step}")).await.unwrap();
                    by_hand.said(group, who.id());
                    assert_eq!(message.number, by_hand.last[&group]);
                    said.push((who.clone(), group, message.id));
                }
                10..15 if is_in => {
                    let number = random.random_range(0..=by_hand.last.get(&group).copied().unwrap_or(0));
                    let call = MarkRead { conversation_id: group };
                    let state = person.call(&app, &call, &NewReadPosition { number }).await.unwrap();
                    by_hand.read(group, person.id(), number);
                    assert_eq!(state.unread_count, by_hand.unread(group, person.id()));
                }
                15 if !said.is_empty() => {
                    let (who, group, message_id) = said.swap_remove(random.random_range(0..said.len()));
                    let gone = who.call(&app, &DeleteMessage { message_id }, &Nothing).await;
                    // Who is no longer there, or came again where nothing of before is shown, removes nothing.
                    assert!(gone.is_ok() || who.id() != host.id(), "{group}");
                }
                16..20 if !is_in => {
                    let here = join(&app, person, group).await.unwrap();
                    by_hand.joined(group, person.id());
                    assert_eq!(here.unread_count, 0);
                }
                20 if is_in => {
                    leave(&app, person, group).await.unwrap();
                    by_hand.left(group, person.id());
                }
                21 => {
                    let (device, connected) = &mut devices[random.random_range(0..6)];
                    device.disconnect();
                    *connected = false;
                }
                22 if is_in => {
                    let (muted, archived) = (random.random_bool(0.3), random.random_bool(0.3));
                    let call = ChangeConversationSettings { conversation_id: group };
                    let pinned = Some(random.random_bool(0.3));
                    let patch = ConversationSettingsPatch { muted: Some(muted), archived: Some(archived), pinned };
                    person.call(&app, &call, &patch).await.unwrap();
                    by_hand.set(group, person.id(), muted, archived);
                }
                22.. => {
                    let (device, connected) = &mut devices[random.random_range(0..6)];
                    if !*connected {
                        device.connect(&app).await;
                        *connected = true;
                    }
                }
                _ => {}
            }
            if step % 50 == 0 {
                for (device, _) in devices.iter_mut().filter(|(_, connected)| *connected) {
                    by_hand.settle(&app, device).await;
                }
            }
        }
        for (device, connected) in &mut devices {
            if !*connected {
                device.connect(&app).await;
            }
            by_hand.settle(&app, device).await;
            assert_eq!(device.replica.conversations, fetch(&app, &device.person).await.0.conversations);
        }
    }
}

/// What was said and read, counted without any of the code that is tested.
#[derive(Default)]
struct ByHand {
    last: BTreeMap<ConversationId, u32>,
    read: BTreeMap<(ConversationId, UserId), u32>,
    muted: BTreeSet<(ConversationId, UserId)>,
    /// Put away, since when nothing was said.
    archived: BTreeSet<(ConversationId, UserId)>,
}

impl ByHand {
    fn said(&mut self, id: ConversationId, by: UserId) {
        let last = self.last.entry(id).or_default();
        *last += 1;
        self.archived.retain(|(talk, _)| *talk != id);
        // To write is to have read.
        self.read.insert((id, by), *last);
    }

    /// What was said before somebody came counts as read.
    fn joined(&mut self, id: ConversationId, who: UserId) {
        let last = self.last.get(&id).copied().unwrap_or(0);
        self.read.insert((id, who), last);
    }

    fn left(&mut self, id: ConversationId, who: UserId) {
        self.read.remove(&(id, who));
        self.set(id, who, false, false);
    }

    fn set(&mut self, id: ConversationId, by: UserId, muted: bool, archived: bool) {
        for (set, wanted) in [(&mut self.muted, muted), (&mut self.archived, archived)] {
            if wanted {
                set.insert((id, by));
            } else {
                set.remove(&(id, by));
            }
        }
    }

    fn is_in(&self, id: ConversationId, who: UserId) -> bool {
        self.read.contains_key(&(id, who))
    }

    fn read(&mut self, id: ConversationId, by: UserId, number: u32) {
        let read = self.read.entry((id, by)).or_default();
        *read = number.max(*read);
    }

    fn unread(&self, id: ConversationId, of: UserId) -> u32 {
        let last = self.last.get(&id).copied().unwrap_or(0);
        last - self.read.get(&(id, of)).copied().unwrap_or(0)
    }

    /// Lets a device hear what there is to hear, and compares. Read positions travel without a promise: while two nodes
    /// have lost sight of each other, they come with the look that follows.
    async fn settle(&self, app: &TestApp, device: &mut Device) {
        let until = Instant::now() + Duration::from_secs(15);
        loop {
            device.settle(app).await;
            if self.agrees(device) || Instant::now() > until {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.check(app, device).await;
    }

    fn agrees(&self, device: &Device) -> bool {
        let me = device.person.id();
        let talks = &device.replica.conversations.items;
        talks
            .iter()
            .all(|talk| talk.unread_count == self.unread(talk.id, me))
    }

    async fn check(&self, app: &TestApp, device: &Device) {
        let me: &Person = &device.person;
        let mut waiting = 0;
        for conversation in &device.replica.conversations.items {
            let unread = self.unread(conversation.id, me.id());
            assert_eq!(conversation.unread_count, unread);
            let place = (conversation.id, me.id());
            let asks = !self.muted.contains(&place) && !self.archived.contains(&place);
            waiting += u32::from(unread > 0 && asks);
        }
        assert_eq!(device.replica.conversations.unread(), waiting);
        let badges = me.call(app, &GetBadges {}, &Nothing).await.unwrap();
        assert_eq!(badges.conversations, waiting);
    }
}
