//! A random walk: twenty people on two devices each befriend and block each other, write, answer, react, pass on, mute,
//! remove and put back, and look at what they are told; and after every act the counts and lines of those whom it
//! concerns are what a plain model says ([`model`], [`lines`]), on a fresh read; every hundred acts those of everybody,
//! and those on all devices. The seed is fixed, so that what went wrong goes wrong again.

mod acts;
mod check;
mod comments;
mod groups;
mod lines;
mod log;
mod model;
mod posts;

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hearth_shared::auth::{Credentials, Login, SessionQuery};
use hearth_shared::endpoint::Endpoint;
use hearth_shared::problem::ErrorCode;
use hearth_testkit::person::PASSWORD;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use self::check::Names;
use self::log::Log;
use self::model::{Who, World};
use crate::everywhere;
use crate::support::{Device, Options, Person, TestApp};

const SEED: u64 = 20_261_129;
const PEOPLE: usize = 20;
const DEVICES_EACH: usize = 2;
/// How often everybody is looked at, and all devices.
const EVERY: usize = 100;
/// Access tokens live for 15 minutes.
const RENEWED_AFTER: Duration = Duration::from_secs(600);

everywhere! {
    with Options { public_posts: true, ..Options::default() };
    async fn what_people_are_told_never_drifts(app: TestApp) {
        // Two nodes do everything more slowly, and the same.
        let acts = if app.servers().len() == 1 { 5_000 } else { 1_500 };
        let begun = Instant::now();
        let mut walk = Walk::begin(&app, SEED).await;
        for _ in 0..acts {
            walk.step().await;
        }
        walk.check(0..PEOPLE).await;
        walk.check_replicas().await;
        println!("{acts} acts and what {PEOPLE} people were told of them in {:?}", begun.elapsed());
        walk.tell_what_was_seen();
    }
}

/// A walk under way.
struct Walk<'a> {
    app: &'a TestApp,
    seed: u64,
    dice: StdRng,
    people: Vec<Person>,
    devices: Vec<Device>,
    world: World,
    names: Names,
    log: Log,
    /// The number of the act.
    number: usize,
    renewed: Instant,
}

impl<'a> Walk<'a> {
    async fn begin(app: &'a TestApp, seed: u64) -> Self {
        println!("seed {seed}");
        let names: Vec<String> = (0..PEOPLE).map(|number| format!("walker_{number}_")).collect();
        let mut people = Vec::new();
        for name in &names {
            people.push(app.person(name).await);
        }
        let mut devices = Vec::new();
        for person in people.iter().flat_map(|person| [person; DEVICES_EACH]) {
            devices.push(Device::start(app, person).await);
        }
        let ids = people.iter().map(Person::id).collect();
        let mut walk = Self {
            app,
            seed,
            dice: StdRng::seed_from_u64(seed),
            people,
            devices,
            world: World::new(ids),
            names: Names::default(),
            log: Log::default(),
            number: 0,
            renewed: Instant::now(),
        };
        walk.make_groups().await;
        walk
    }

    /// Something happens, and whom it concerns is looked at.
    async fn step(&mut self) {
        self.number += 1;
        self.world.act = self.number;
        self.world.touched.clear();
        let act = self.act().await;
        let concerned = self.world.touched.clone();
        self.log.add(self.number, act.words, act.post, act.people);
        self.check(concerned).await;
        if self.number.is_multiple_of(EVERY) {
            self.check(0..PEOPLE).await;
            let who = self.any_person();
            self.check_lists(who).await;
            self.check_devices().await;
            self.renew().await;
        }
    }

    /// Where we are, for whoever reads what went wrong.
    fn place(&self) -> String {
        format!("seed {}, act {}", self.seed, self.number)
    }

    /// A walk in which little happens proves little.
    fn tell_what_was_seen(&self) {
        let lines: Vec<usize> = (0..PEOPLE).map(|who| self.world.shown(who).len()).collect();
        let grouped = (0..PEOPLE).flat_map(|who| self.world.shown(who));
        let grouped = grouped.filter(|(_, line)| line.count > 1).count();
        println!("lines {lines:?}, {grouped} of them of several people");
        assert!(lines.iter().sum::<usize>() > 10 * PEOPLE && grouped > 2 * PEOPLE);
    }

    fn any_person(&mut self) -> Who {
        self.dice.random_range(0..PEOPLE)
    }

    /// Signs everybody in anew before what they have runs out. Their devices connect again.
    async fn renew(&mut self) {
        if self.renewed.elapsed() < RENEWED_AFTER {
            return;
        }
        self.renewed = Instant::now();
        let app = self.app;
        let again = self.people.iter().map(|person| sign_in(app, person));
        self.people = join_all(again).await;
        for device in &mut self.devices {
            let who = self.world.who(device.person.id());
            device.person = self.people[who].clone();
            device.disconnect();
            device.connect(app).await;
        }
    }

    async fn ask<E: Endpoint>(&self, who: Who, endpoint: &E, body: &E::Body) -> Result<E::Reply, ErrorCode>
    where
        E::Query: Default,
    {
        self.ask_with(who, endpoint, &E::Query::default(), body).await
    }

    /// Asks; a server that is too busy is asked again.
    async fn ask_with<E: Endpoint>(
        &self,
        who: Who,
        endpoint: &E,
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, ErrorCode> {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let answer = self.people[who]
                .try_call_with(self.app, endpoint, query, body)
                .await;
            match answer {
                None | Some(Err(ErrorCode::Unavailable | ErrorCode::RequestTimeout)) => {
                    assert!(Instant::now() < until, "{}: no answer", self.place());
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Some(answer) => return answer,
            }
        }
    }
}

async fn sign_in(app: &TestApp, person: &Person) -> Person {
    let credentials = Credentials {
        login: person.username(),
        password: PASSWORD.to_owned(),
        restore: None,
        code: None,
    };
    let answer = app
        .ask(None, &Login {}, &SessionQuery::default(), &credentials)
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    Person {
        session: serde_json::from_str(&answer.text).unwrap(),
    }
}
