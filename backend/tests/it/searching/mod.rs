//! Looking for everything at once: as one types, page after page, and never what is hidden.

mod hidden;
mod plans;

use std::collections::BTreeSet;

use diesel::prelude::*;
use hearth::features::search::indexing;
use hearth::platform::db::Outcome;
use hearth::schema::search_progress;
use hearth_shared::conversations::groups::{EditGroup, EndGroup, GroupPatch};
use hearth_shared::endpoint::Nothing;
use hearth_shared::posts::{Audience, DeletePost};
use hearth_shared::problem::ErrorCode;
use hearth_shared::search::{
    Found, FoundAll, Further, Search, SearchAll, SearchAllQuery, SearchKind, SearchQuery,
};

use crate::everywhere;
use crate::groups::{join, make, private, public};
use crate::support::{Options, Person, TestApp};

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

async fn all_of(app: &TestApp, by: &Person, q: &str, limit: Option<u32>) -> FoundAll {
    let query = SearchAllQuery {
        q: q.to_owned(),
        limit,
    };
    by.call_with(app, &SearchAll {}, &query, &Nothing).await.unwrap()
}

/// How many of each kind are found, and that nothing says that there are more.
async fn counts(app: &TestApp, by: &Person, q: &str) -> [usize; 4] {
    let found = all_of(app, by, q, Some(20)).await;
    assert_eq!(found.more, Further::default(), "{q}");
    numbers(&found)
}

fn numbers(found: &FoundAll) -> [usize; 4] {
    [
        found.people.len(),
        found.groups.len(),
        found.posts.len(),
        found.messages.len(),
    ]
}

fn about(q: &str, kind: SearchKind) -> SearchQuery {
    SearchQuery {
        q: q.to_owned(),
        kind,
        ..SearchQuery::default()
    }
}

/// What a found thing is called, of whichever kind.
fn called(found: Found) -> String {
    let person = found.person.map(|person| person.user.username);
    let group = found.group.map(|card| card.group.title);
    let post = found.post.map(|post| post.body);
    let message = found.message.map(|found| found.message.body);
    person.or(group).or(post).or(message).unwrap()
}

/// A page, and the query of the next one.
async fn page(app: &TestApp, by: &Person, query: &SearchQuery) -> (Vec<String>, Option<SearchQuery>) {
    let page = by.call_with(app, &Search {}, query, &Nothing).await.unwrap();
    let next = page.next_cursor.map(|cursor| SearchQuery {
        cursor: Some(cursor),
        ..query.clone()
    });
    assert!(page.items.iter().all(|found| found.kind == query.kind));
    (page.items.into_iter().map(called).collect(), next)
}

/// All pages.
async fn pages(app: &TestApp, by: &Person, query: SearchQuery) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = Some(query);
    while let Some(query) = next {
        let (some, following) = page(app, by, &query).await;
        all.extend(some);
        next = following;
    }
    all
}

const KINDS: [SearchKind; 4] = [
    SearchKind::People,
    SearchKind::Groups,
    SearchKind::Posts,
    SearchKind::Messages,
];

everywhere! {
    with PUBLIC;
    async fn every_kind_comes_as_one_types(app: TestApp) {
        let (ada, gardener) = (app.person("ada").await, app.person("gardener").await);
        app.befriend(&ada, &gardener).await;
        let talk = ada.open(&app, &gardener).await.id;
        make(&app, &ada, &public("Gardens of the town")).await;
        ada.post_for(&app, "Our GARDEN is open", Audience::Public).await;
        gardener.say(&app, talk, "I am in the garden").await.unwrap();
        for length in 2..="garden".len() {
            assert_eq!(counts(&app, &ada, &"garden"[..length]).await, [1; 4], "{length}");
        }
        // A letter is in nearly everything that was said.
        assert_eq!(counts(&app, &ada, "g").await, [1, 1, 0, 0]);
        assert_eq!(counts(&app, &ada, "gardenx").await, [0; 4]);
        assert_eq!(counts(&app, &ada, "town g").await, [0, 1, 0, 0]);
        for nothing in ["", "  ", "…!?", "🎉"] {
            assert_eq!(counts(&app, &ada, nothing).await, [0; 4], "{nothing}");
        }
        assert_eq!(counts(&app, &gardener, "garden").await, [0, 1, 1, 1], "nobody looks for themselves");
    }

    /// Words that begin alike are named on SQLite up to a number of them, and have entries of their own on PostgreSQL up to a
    /// length.
    async fn long_beginnings_find_long_words(app: TestApp) {
        let ada = app.person("ada").await;
        for n in 0..70 {
            ada.post(&app, &format!("wanderlust{n} {}", if n < 3 { "thermodynamically" } else { "x" })).await;
        }
        ada.post(&app, "wander, and the straßenbahnhaltestelle").await;
        let found = async |q: &str| pages(&app, &ada, about(q, SearchKind::Posts)).await.len();
        for (q, count) in [
            ("wande", 71), ("wander", 71), ("wanderl", 70), ("wanderlust", 70), ("wanderlust1", 11),
            ("wanderlust12", 1), ("wanderlust1x", 0), ("thermodynamic", 3), ("thermodynamically", 3),
            ("thermodynamicallyx", 0), ("x wanderlust6", 11), ("wanderlust6 thermo", 0), ("wanderlust2 thermo", 1),
            ("straßenbahnh", 1), ("STRAẞENBAHN", 1), ("strassenbahn", 0),
        ] {
            assert_eq!(found(q).await, count, "{q}");
        }
    }

    /// While everything is indexed anew, nothing is lost.
    async fn what_is_not_indexed_anew_yet_is_found(app: TestApp) {
        let ada = app.person("ada").await;
        ada.post(&app, "everybody dances").await;
        app.db().write(|tx| {
            diesel::insert_into(search_progress::table)
                .values((search_progress::id.eq(1), search_progress::below.eq(i64::MAX)))
                .execute(tx.conn())?;
            Ok(Outcome::Commit(()))
        }).await.unwrap();
        for q in ["everyb", "everybody", "dan"] {
            assert_eq!(counts(&app, &ada, q).await, [0, 0, 1, 0], "{q}");
        }
        indexing::index_all(app.db()).await.unwrap();
        assert_eq!(counts(&app, &ada, "everyb").await, [0, 0, 1, 0]);
    }

    async fn the_few_go_on_page_after_page(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        for n in 0..4 {
            app.person(&format!("maple{n}")).await;
            make(&app, &ada, &public(&format!("Maple {n}"))).await;
            ben.post(&app, &format!("maple post {n}")).await;
            ben.say(&app, talk, &format!("maple message {n}")).await.unwrap();
        }
        let few = all_of(&app, &ada, "maple", Some(3)).await;
        assert_eq!(numbers(&few), [3; 4]);
        let cursors = [few.more.people, few.more.groups, few.more.posts, few.more.messages];
        for (kind, cursor) in KINDS.into_iter().zip(cursors) {
            assert!(cursor.is_some(), "{kind:?}");
            let rest = SearchQuery { cursor: cursor.clone(), ..about("maple", kind) };
            assert_eq!(pages(&app, &ada, rest).await.len(), 1, "{kind:?}");
            let whole = pages(&app, &ada, SearchQuery { limit: Some(3), ..about("maple", kind) }).await;
            assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), 4, "{kind:?}: {whole:?}");
            // A place in one list is none in another.
            for other in KINDS.into_iter().filter(|other| *other != kind) {
                let wrong = SearchQuery { cursor: cursor.clone(), ..about("maple", other) };
                let refused = ada.call_with(&app, &Search {}, &wrong, &Nothing).await;
                assert_eq!(refused.err(), Some(ErrorCode::InvalidCursor), "{kind:?} {other:?}");
            }
        }
        let many = all_of(&app, &ada, "maple", Some(1_000)).await;
        assert_eq!((numbers(&many), many.more), ([4; 4], Further::default()));
        let one = all_of(&app, &ada, "maple", Some(0)).await;
        assert_eq!(numbers(&one), [1; 4]);
        let long = SearchAllQuery { q: "x".repeat(101), limit: None };
        let refused = ada.call_with(&app, &SearchAll {}, &long, &Nothing).await;
        assert_eq!(refused.err(), Some(ErrorCode::ValidationFailed));
    }

    async fn those_who_are_near_come_first(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (friend, stranger) = (app.person("linden_z").await, app.person("linden_a").await);
        app.befriend(&ada, &friend).await;
        let far = make(&app, &ben, &public("Linden avenue")).await.id;
        make(&app, &ben, &private("Linden secrets")).await;
        let asked = make(&app, &friend, &private("Linden asked")).await.id;
        let mine = make(&app, &ada, &private("Linden zoo")).await.id;
        crate::groups::invite(&app, &friend, asked, &[&ada]).await.unwrap();
        let found = all_of(&app, &ada, "lind", None).await;
        let people: Vec<_> = found.people.iter().map(|person| person.user.id).collect();
        assert_eq!(people, [friend.id(), stranger.id()]);
        let groups: Vec<_> = found.groups.iter().map(|card| (card.id, card.my_role.is_some(), card.invited)).collect();
        assert_eq!(groups, [(mine, true, false), (asked, false, true), (far, false, false)]);
        join(&app, &ada, far).await.unwrap();
        let found = all_of(&app, &ada, "lind", None).await;
        let groups: Vec<_> = found.groups.iter().map(|card| card.id).collect();
        assert_eq!(groups, [far, mine, asked], "in both: once, among one's own");
    }

    /// Others write, remove, come and go between the pages: what was there all the time comes once.
    async fn pages_meet_while_others_write(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let mut stay: [Vec<String>; 4] = Default::default();
        let mut go = Vec::new();
        for n in 10..22 {
            stay[0].push(app.person(&format!("cedar{n}")).await.username());
            let group = make(&app, &ben, &public(&format!("Cedar {n}"))).await.id;
            let post = ben.post(&app, &format!("cedar post {n}")).await;
            ben.say(&app, talk, &format!("cedar message {n}")).await.unwrap();
            if n % 4 == 0 {
                go.push((group, post.id));
            } else {
                stay[1].push(format!("Cedar {n}"));
                stay[2].push(post.body);
            }
            stay[3].push(format!("cedar message {n}"));
        }
        for (kind, expected) in KINDS.into_iter().zip(stay) {
            let mut seen = Vec::new();
            let mut next = Some(SearchQuery { limit: Some(5), ..about("ceda", kind) });
            let mut turn = 0;
            while let Some(query) = next {
                let (some, following) = page(&app, &ada, &query).await;
                seen.extend(some);
                next = following;
                turn += 1;
                assert!(turn < 30, "{kind:?}");
                match kind {
                    SearchKind::People => drop(app.person(&format!("cedar{turn}_new")).await),
                    SearchKind::Groups => {
                        let late = make(&app, &ben, &public(&format!("Cedar 1{turn} new"))).await.id;
                        join(&app, &app.person(&format!("comes{turn}")).await, late).await.unwrap();
                        if let Some((conversation_id, _)) = go.get(turn) {
                            let patch = GroupPatch { title: Some("Oak".into()), description: None };
                            ben.call(&app, &EditGroup { conversation_id: *conversation_id }, &patch).await.unwrap();
                            ben.call(&app, &EndGroup { conversation_id: *conversation_id }, &Nothing).await.unwrap();
                        }
                    }
                    SearchKind::Posts => {
                        ben.post(&app, "cedar meanwhile").await;
                        if let Some((_, post_id)) = go.get(turn) {
                            ben.call(&app, &DeletePost { post_id: *post_id }, &Nothing).await.unwrap();
                        }
                    }
                    SearchKind::Messages => drop(ben.say(&app, talk, "cedar meanwhile").await.unwrap()),
                }
            }
            for name in &expected {
                let times = seen.iter().filter(|seen| *seen == name).count();
                assert_eq!(times, 1, "{kind:?} {name}: {seen:?}");
            }
            assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{kind:?}: {seen:?}");
        }
    }
}
