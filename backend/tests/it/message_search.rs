//! Finding messages: by what, and by whom.

use diesel::prelude::*;
use hearth::features::search::indexing;
use hearth::platform::db::Outcome;
use hearth::platform::db::words::{self, Index};
use hearth::schema::search_progress;
use hearth_shared::conversations::groups::{EndGroup, History, NewGroup};
use hearth_shared::conversations::{DeleteMessage, EditMessage, MessagePatch};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{ConversationId, Id};
use hearth_shared::leaving::OwnMessages;
use hearth_shared::media::{EditMedia, MediaPatch};
use hearth_shared::problem::ErrorCode;
use hearth_shared::search::{Found, FoundMessage, Search, SearchKind, SearchQuery};

use crate::administration::PASSWORD;
use crate::administration::deletion::{end, leave as close_account};
use crate::attachments::{file, send};
use crate::everywhere;
use crate::groups::{join, leave, make, public};
use crate::support::{Person, TestApp};

fn about(q: &str, conversation_id: Option<ConversationId>) -> SearchQuery {
    SearchQuery {
        q: q.to_owned(),
        kind: SearchKind::Messages,
        conversation_id,
        ..SearchQuery::default()
    }
}

/// All pages of what somebody finds.
async fn all(app: &TestApp, by: &Person, mut query: SearchQuery) -> Result<Vec<FoundMessage>, ErrorCode> {
    let mut all = Vec::new();
    loop {
        let page = by.call_with(app, &Search {}, &query, &Nothing).await?;
        let found = |found: Found| found.message.unwrap();
        all.extend(page.items.into_iter().map(found));
        match page.next_cursor {
            Some(next) => query.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

async fn find(app: &TestApp, by: &Person, q: &str) -> Vec<String> {
    let found = all(app, by, about(q, None)).await.unwrap();
    found.into_iter().map(|found| found.message.body).collect()
}

async fn find_in(app: &TestApp, by: &Person, id: ConversationId, q: &str) -> Result<Vec<String>, ErrorCode> {
    let found = all(app, by, about(q, Some(id))).await?;
    Ok(found.into_iter().map(|found| found.message.body).collect())
}

everywhere! {
    async fn messages_are_found_by_those_they_are_for(app: TestApp) {
        let (ada, ben, cyd) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cyd).await;
        let with_ben = ada.open(&app, &ben).await.id;
        let with_cyd = ada.open(&app, &cyd).await.id;
        let group = make(&app, &ada, &public("Walks")).await.id;
        ada.say(&app, with_ben, "Meet at the Café").await.unwrap();
        cyd.say(&app, with_cyd, "cafe opens at nine").await.unwrap();
        ada.say(&app, group, "no café here").await.unwrap();
        ben.post(&app, "a café in a post").await;
        assert_eq!(find(&app, &ada, "CAFE").await, ["no café here", "cafe opens at nine", "Meet at the Café"]);
        assert_eq!(find(&app, &ada, "café op").await, ["cafe opens at nine"]);
        assert_eq!(find(&app, &ben, "cafe").await, ["Meet at the Café"]);
        assert_eq!(find(&app, &cyd, "cafe").await, ["cafe opens at nine"]);
        // Where it was said comes with it.
        let found = all(&app, &ben, about("cafe", None)).await.unwrap();
        assert_eq!(found[0].other.as_ref().map(|other| other.id), Some(ada.id()));
        assert_eq!((found[0].message.conversation_id, found[0].group.is_none()), (with_ben, true));
        let found = all(&app, &ada, about("here", None)).await.unwrap();
        assert_eq!(found[0].group.as_ref().map(|group| group.title.as_str()), Some("Walks"));
        // In one conversation, and nothing in another's.
        assert_eq!(find_in(&app, &ada, with_cyd, "cafe").await.unwrap(), ["cafe opens at nine"]);
        assert_eq!(find_in(&app, &ada, with_cyd, "meet").await.unwrap(), [""; 0]);
        assert_eq!(find_in(&app, &ben, with_cyd, "cafe").await, Err(ErrorCode::NotFound));
        // Whoever has parted reads, and finds, what was said to them.
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        assert_eq!(find(&app, &ben, "cafe").await, ["Meet at the Café"]);
        assert_eq!(find(&app, &ada, "").await, [""; 0]);
    }

    async fn who_comes_later_and_who_has_gone_finds_no_more_than_they_read(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let hidden = make(&app, &ada, &NewGroup { history: History::FromJoining, ..public("Hidden") }).await.id;
        let open = make(&app, &ada, &public("Open")).await.id;
        for group in [hidden, open] {
            ada.say(&app, group, "before lunch").await.unwrap();
            join(&app, &ben, group).await.unwrap();
            ada.say(&app, group, "after lunch").await.unwrap();
        }
        assert_eq!(find(&app, &ben, "lunch").await, ["after lunch", "before lunch", "after lunch"]);
        assert_eq!(find_in(&app, &ben, hidden, "lunch").await.unwrap(), ["after lunch"]);
        leave(&app, &ben, open).await.unwrap();
        assert_eq!(find(&app, &ben, "lunch").await, ["after lunch"]);
        assert_eq!(find_in(&app, &ben, open, "lunch").await, Err(ErrorCode::NotFound));
        ada.call(&app, &EndGroup { conversation_id: open }, &Nothing).await.unwrap();
        assert_eq!(find(&app, &ada, "lunch").await, ["after lunch", "before lunch"]);
    }

    async fn what_is_changed_or_removed_is_found_as_it_is(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let said = ada.say(&app, talk, "the barn").await.unwrap();
        let patch = MessagePatch { body: "the attic".into() };
        ada.call(&app, &EditMessage { message_id: said.id }, &patch).await.unwrap();
        assert_eq!((find(&app, &ben, "barn").await.len(), find(&app, &ben, "attic").await.len()), (0, 1));
        ada.call(&app, &DeleteMessage { message_id: said.id }, &Nothing).await.unwrap();
        assert_eq!(find(&app, &ben, "attic").await, [""; 0]);
        // By what stands beside it, too, and is it called otherwise, by that.
        let plan = file(&app, &ada, "harvest-moon.txt", b"at nine").await;
        send(&app, &ada, talk, "look", &[&plan]).await.unwrap();
        assert_eq!(find(&app, &ben, "harvest").await, ["look"]);
        let patch = MediaPatch { alt_text: "a tractor".into() };
        ada.call(&app, &EditMedia { media_id: plan.id }, &patch).await.unwrap();
        assert_eq!(find(&app, &ben, "tractor").await, ["look"]);
        // With the words of whoever goes they are found no more.
        close_account(&app, &ada, PASSWORD, OwnMessages::Wipe).await;
        end(&app, &ada).await;
        assert_eq!(find(&app, &ben, "look").await, [""; 0]);
    }

    /// What was said before there was a search is indexed while the server runs, by one node or two.
    async fn what_was_there_before_is_found_after_a_while(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let mut ids = Vec::new();
        for n in 0..5 {
            ids.push(ada.say(&app, talk, &format!("cellar {n}")).await.unwrap().id.get());
        }
        app.db().write(move |tx| {
            words::forget(tx.conn(), Index::Messages, &ids)?;
            diesel::insert_into(search_progress::table)
                .values((search_progress::id.eq(2), search_progress::below.eq(i64::MAX)))
                .execute(tx.conn())?;
            Ok(Outcome::Commit(()))
        }).await.unwrap();
        assert_eq!(find(&app, &ben, "cellar").await, [""; 0]);
        let (one, two) = tokio::join!(indexing::index_all(app.db()), indexing::index_all(app.db()));
        one.and(two).unwrap();
        assert_eq!(find(&app, &ben, "cellar").await.len(), 5);
    }

    async fn pages_meet(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        for n in 0..7 {
            ada.say(&app, talk, &format!("stone {n}")).await.unwrap();
        }
        let query = SearchQuery { limit: Some(3), ..about("stone", None) };
        let found = all(&app, &ben, query).await.unwrap();
        let numbers: Vec<u32> = found.iter().map(|found| found.message.number).collect();
        assert_eq!(numbers, [7, 6, 5, 4, 3, 2, 1]);
    }
}
