//! Every kind of thing that people are told, by the same questions: is it told at once, to every device; are several who
//! do the same one line; do "seen" and "read" mean what they mean; does it go when it is undone; does nothing come of what is
//! muted, hidden or done by oneself. The kinds are in [`rows`].

mod rows;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{AcceptFriendRequest, RequestStatus};
use hearth_shared::ids::NotificationId;
use hearth_shared::notifications::{
    Counts, GetBadges, Happening, ListNotifications, MarkNotificationRead, MarkNotificationsRead,
    MarkNotificationsSeen, Notification, NotificationFilter, NotificationsQuery, UpTo,
};

use self::rows::{Does, Mute, OTHERS, ROWS, Row, Stage, kind_of};
use crate::everywhere;
use crate::support::{Client, Device, Person, TestApp};

/// How long a device is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// How soon somebody knows.
const AT_ONCE: Duration = Duration::from_secs(1);

everywhere! {
    async fn each_kind_is_told_seen_read_and_undone(app: TestApp) {
        for (number, row) in ROWS.iter().enumerate() {
            let mut scene = Scene::set(&app, number).await;
            scene.expect(&[], false, false).await;
            for (who, all) in [(0, &[0][..]), (1, &[1, 0]), (2, &[2, 1, 0])] {
                scene.happens(who).await;
                scene.expect(all, false, false).await;
            }
            scene.see().await;
            scene.expect(&[2, 1, 0], true, false).await;
            scene.read().await;
            scene.expect(&[2, 1, 0], true, true).await;
            scene.undo(1).await;
            scene.expect(&[2, 0], true, true).await;
            scene.undo(2).await;
            scene.undo(0).await;
            scene.expect(&[], false, false).await;
            scene.happens(1).await;
            scene.expect(&[1], false, false).await;
            scene.took.sort_unstable();
            let usual = scene.took[scene.took.len() / 2];
            println!("{}: told in {:?}", row.kind, scene.took);
            assert!(usual < AT_ONCE, "{row:?}: {:?}", scene.took);
        }
    }

    async fn of_what_is_muted_hidden_or_ones_own_nothing_is_told(app: TestApp) {
        for (number, row) in ROWS.iter().enumerate() {
            let mut scene = Scene::set(&app, number).await;
            for mute in row.mutes {
                scene.mute(*mute, true).await;
                scene.happens(0).await;
                scene.expect(&[], false, false).await;
                if *mute == Mute::Person {
                    scene.happens(1).await;
                    scene.expect(&[1], false, false).await;
                    scene.undo(1).await;
                }
                scene.undo(0).await;
                scene.mute(*mute, false).await;
                scene.happens(0).await;
                scene.expect(&[0], false, false).await;
                scene.undo(0).await;
            }
            // Some of it nobody can do to themselves.
            scene.try_by(&scene.stage.me).await;
            scene.expect(&[], false, false).await;
            scene.happens(1).await;
            scene.happens(2).await;
            scene.block(1).await;
            scene.expect(&[2], false, false).await;
            scene.block(2).await;
            scene.expect(&[], false, false).await;
            // Where they do not see what it would be about they cannot, and elsewhere it is not told.
            scene.block(3).await;
            scene.try_by(&scene.stage.others[3]).await;
            scene.expect(&[], false, false).await;
        }
    }

    /// What was asked is answered: the line stays, says so, and asks for nothing.
    async fn an_accepted_request_says_so(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let mut device = Device::start(&app, &ada).await;
        let request_id = ben.ask_friend(&app, &ada).await.unwrap().id;
        let one_waits = Counts { notifications: 1, friend_requests: 1 };
        device.live(&app, |device| device.replica.counts == one_waits).await;
        ada.call(&app, &AcceptFriendRequest { request_id }, &Nothing).await.unwrap();
        // Whoever has answered has read it.
        let answered = Counts { notifications: 0, friend_requests: 0 };
        device.live(&app, |device| device.replica.counts == answered).await;
        device.settle_with(&app).await;
        let told = all(&app, &ada, NotificationFilter::Requests).await;
        assert_eq!(told, device.replica.notifications.items);
        let accepted = Happening::FriendRequest { request_id, status: RequestStatus::Accepted };
        assert_eq!((told[0].what, told[0].read), (accepted, true));
        assert!(all(&app, &ada, NotificationFilter::Unread).await.is_empty());
    }

    /// While the only one who did it is suspended nothing has happened, in the list and in the badge.
    async fn what_suspended_people_did_is_not_counted(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        ben.ask_friend(&app, &ada).await.unwrap();
        let shown = async || {
            let badges = ada.call(&app, &GetBadges {}, &Nothing).await.unwrap();
            (all(&app, &ada, NotificationFilter::All).await.len(), badges.notifications, badges.friend_requests)
        };
        assert_eq!(shown().await, (1, 1, 1));
        for (suspended, expected) in [("1", (0, 0, 0)), ("NULL", (1, 1, 1))] {
            crate::administration::sql(&app, format!("UPDATE users SET suspended_at = {suspended} WHERE id = {}", ben.id())).await;
            assert_eq!(shown().await, expected, "{suspended}");
        }
    }

    /// All up to a place are read at once, and what comes after is not.
    async fn all_up_to_a_place_are_read(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ben, &ada).await;
        let (first, second) = (ada.post(&app, "one").await, ada.post(&app, "two").await);
        ben.comment(&app, &first, "a").await.unwrap();
        let up_to = all(&app, &ada, NotificationFilter::All).await[0].position;
        ben.comment(&app, &second, "b").await.unwrap();
        ada.call(&app, &MarkNotificationsRead {}, &UpTo { up_to }).await.unwrap();
        let unread = all(&app, &ada, NotificationFilter::Unread).await;
        let about: Vec<Happening> = unread.into_iter().map(|told| told.what).collect();
        assert_eq!(about, [Happening::Comment { post_id: second.id }]);
        // With news it is unread again.
        ben.comment(&app, &first, "c").await.unwrap();
        assert_eq!(all(&app, &ada, NotificationFilter::Unread).await.len(), 2);
    }
}

async fn all(app: &Client, person: &Person, filter: NotificationFilter) -> Vec<Notification> {
    let query = NotificationsQuery {
        filter,
        limit: Some(100),
        cursor: None,
    };
    let page = person
        .call_with(app, &ListNotifications {}, &query, &Nothing)
        .await;
    page.unwrap().items
}

/// A line: who did it, how many, and whether it is seen and read.
type Line = (Vec<String>, u32, bool, bool);

/// A row that is played.
struct Scene<'a> {
    app: &'a TestApp,
    row: &'static Row,
    stage: Stage,
    /// The node where it happens.
    near: Client,
    /// Mine: one on the other node, and one on this one.
    devices: [Device; 2],
    /// What I was told before it begins.
    before: BTreeSet<NotificationId>,
    /// When what happened was known on the other node.
    took: Vec<Duration>,
    happened: Option<Instant>,
    /// Whose request for friendship waits.
    waiting: BTreeSet<usize>,
}

impl<'a> Scene<'a> {
    async fn set(app: &'a TestApp, row: usize) -> Self {
        let stage = Stage::set(app, row).await;
        let me = &stage.me;
        let told = all(app, me, NotificationFilter::All).await;
        if let Some(newest) = told.first() {
            let up_to = UpTo {
                up_to: newest.position,
            };
            me.call(app, &MarkNotificationsSeen {}, &up_to).await.unwrap();
            me.call(app, &MarkNotificationsRead {}, &up_to).await.unwrap();
        }
        let nodes = app.nodes();
        let (near, far) = (nodes[0].clone(), nodes[nodes.len() - 1].clone());
        let mut devices = [far.base(), near.base()].map(|base| Device::offline(me).through(base));
        for device in &mut devices {
            device.connect(app).await;
            device.load(app).await;
            device.settle_with(app).await;
        }
        Self {
            app,
            row: &ROWS[row],
            near,
            devices,
            before: told.iter().map(|told| told.id).collect(),
            took: Vec::new(),
            happened: None,
            waiting: BTreeSet::new(),
            stage,
        }
    }

    async fn happens(&mut self, who: usize) {
        assert!(who < OTHERS);
        self.happened = Some(Instant::now());
        let by = &self.stage.others[who];
        self.stage.act(&self.near, self.row.does, by).await.unwrap();
        if self.row.does == Does::Asks {
            self.waiting.insert(who);
        }
    }

    /// Somebody tries to do it.
    async fn try_by(&self, by: &Person) {
        if let Err(refused) = self.stage.act(&self.near, self.row.does, by).await {
            println!("{}: {refused:?}", self.row.kind);
        }
    }

    async fn undo(&mut self, who: usize) {
        self.waiting.remove(&who);
        let by = &self.stage.others[who];
        self.stage.undo(&self.near, self.row.does, by).await;
    }

    async fn mute(&self, mute: Mute, muted: bool) {
        let by = &self.stage.others[0];
        self.stage.mute(&self.near, mute, self.row.topic, by, muted).await;
    }

    async fn block(&mut self, who: usize) {
        self.waiting.remove(&who);
        let other = self.stage.others[who].id();
        self.stage.block(&self.near, other).await;
    }

    /// I look at the list.
    async fn see(&self) {
        let up_to = all(&self.near, &self.stage.me, NotificationFilter::All).await[0].position;
        let call = MarkNotificationsSeen {};
        self.stage
            .me
            .call(&self.near, &call, &UpTo { up_to })
            .await
            .unwrap();
    }

    /// I read what is new, line by line.
    async fn read(&self) {
        for told in all(&self.near, &self.stage.me, NotificationFilter::Unread).await {
            let call = MarkNotificationRead {
                notification_id: told.id,
            };
            self.stage.me.call(&self.near, &call, &Nothing).await.unwrap();
        }
    }

    /// What the lines must be of what some people did, the last one first.
    fn wanted(&self, people: &[usize], seen: bool, read: bool) -> Vec<Line> {
        let names = people.iter().map(|who| self.stage.others[*who].username());
        if self.row.grouped {
            let names: Vec<String> = names.collect();
            let count = u32::try_from(names.len()).unwrap();
            return (count > 0)
                .then_some((names, count, seen, read))
                .into_iter()
                .collect();
        }
        names.map(|name| (vec![name], 1, seen, read)).collect()
    }

    /// Fails unless that is what a fresh read shows, counts and all, and what both devices show, at once.
    async fn expect(&mut self, people: &[usize], seen: bool, read: bool) {
        let wanted = self.wanted(people, seen, read);
        let new = u32::try_from(wanted.len()).unwrap();
        let counts = Counts {
            notifications: if seen { 0 } else { new },
            // A request waits whether one wants to be told of it or not.
            friend_requests: u32::try_from(self.waiting.len()).unwrap(),
        };
        let before = &self.before;
        for device in &mut self.devices {
            let shows = |device: &Device| {
                let replica = &device.replica;
                lines(&replica.notifications.items, before) == wanted && replica.counts == counts
            };
            // What does not come is told better by what is compared next.
            let came = tokio::time::timeout(PATIENCE, device.live(self.app, shows)).await;
            if let (Ok(_), Some(happened)) = (came, self.happened.take()) {
                self.took.push(happened.elapsed());
            }
        }
        let me = &self.stage.me;
        let told = all(self.app, me, NotificationFilter::All).await;
        assert_eq!(lines(&told, &self.before), wanted, "{:?}", self.row);
        for told in told.iter().filter(|told| !self.before.contains(&told.id)) {
            assert_eq!(kind_of(told), self.row.kind);
            self.stage.check_subject(self.row.does, told);
        }
        let badges = me.call(self.app, &GetBadges {}, &Nothing).await.unwrap();
        assert_eq!(badges.notifications, counts.notifications, "{:?}", self.row);
        assert_eq!(badges.friend_requests, counts.friend_requests, "{:?}", self.row);
        let unread = all(self.app, me, NotificationFilter::Unread).await;
        assert_eq!(
            unread.len(),
            if read { 0 } else { wanted.len() },
            "{:?}",
            self.row
        );
        // Nothing comes later that says something else.
        for device in &mut self.devices {
            device.settle_with(self.app).await;
            assert_eq!(lines(&device.replica.notifications.items, &self.before), wanted);
            assert_eq!(device.replica.counts, counts);
        }
    }
}

/// The lines that are new.
fn lines(told: &[Notification], before: &BTreeSet<NotificationId>) -> Vec<Line> {
    let new = told.iter().filter(|told| !before.contains(&told.id));
    new.map(|told| {
        let names = told.actors.iter().map(|actor| actor.username.clone()).collect();
        (names, told.actor_count, told.seen, told.read)
    })
    .collect()
}
