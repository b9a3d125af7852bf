//! Being named: who is, who sees it, who is told.

use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::PostId;
use hearth_shared::notifications::{ListNotifications, NotificationFilter, NotificationsQuery};
use hearth_shared::posts::{Audience, EditPost, Mention, Post, PostPatch};
use hearth_shared::users::{EditMe, FindPeople, MeChanges, PeopleQuery};

use super::{get, list, news, remove, reply, restore, rewrite};
use crate::everywhere;
use crate::support::{Person, TestApp};

const PASSWORD: &str = "kitchen table nine";

fn names(mentions: &[Mention]) -> Vec<(&str, &str)> {
    let pairs = mentions.iter();
    pairs
        .map(|mention| (mention.name.as_str(), mention.username.as_str()))
        .collect()
}

async fn edit(app: &TestApp, by: &Person, post_id: PostId, patch: PostPatch) -> Post {
    by.call(app, &EditPost { post_id }, &patch).await.unwrap();
    get(app, by, post_id).await
}

fn body(body: &str) -> PostPatch {
    PostPatch {
        body: Some(body.to_owned()),
        ..PostPatch::default()
    }
}

everywhere! {
    async fn a_name_in_a_post_is_a_person_who_is_told(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let stranger = app.person("stranger").await;
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "Hi @Ben and @stranger, I am @ada; @nobody_here").await;
        assert_eq!(names(&post.mentions), [("ada", "ada"), ("ben", "ben"), ("stranger", "stranger")]);
        assert_eq!(news(&app, &ben).await, ["mention ada: Hi @Ben and @stranger, I am @ada; @nobody_here"]);
        assert!(news(&app, &ada).await.is_empty(), "nobody is told of themselves");
        assert!(news(&app, &stranger).await.is_empty(), "who may not see it is not told");
        // The tab of their own.
        let query = NotificationsQuery { filter: NotificationFilter::Mentions, ..NotificationsQuery::default() };
        let tab = ben.call_with(&app, &ListNotifications {}, &query, &Nothing).await.unwrap();
        assert_eq!(tab.items.len(), 1);
        // An edit names others.
        let edited = edit(&app, &ada, post.id, body("Hi @cleo")).await;
        assert_eq!(names(&edited.mentions), [("cleo", "cleo")]);
        assert!(news(&app, &ben).await.is_empty());
        assert_eq!(news(&app, &cleo).await, ["mention ada: Hi @cleo"]);
        edit(&app, &ada, post.id, body("Hi again @cleo")).await;
        assert_eq!(news(&app, &cleo).await, ["mention ada: Hi again @cleo"], "told once, with the text as it is");
        // Who may not see the post any more is shown nothing of it, and sees it again with the post.
        let private = PostPatch { audience: Some(Audience::OnlyMe), ..PostPatch::default() };
        edit(&app, &ada, post.id, private).await;
        assert!(news(&app, &cleo).await.is_empty());
        let open = PostPatch { audience: Some(Audience::Friends), ..PostPatch::default() };
        edit(&app, &ada, post.id, open).await;
        assert_eq!(news(&app, &cleo).await, ["mention ada: Hi again @cleo"]);
    }

    async fn a_comment_is_told_in_one_way_only(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        let one = ben.comment(&app, &post, "for @ada").await.unwrap();
        assert_eq!(news(&app, &ada).await, ["mention ben: for @ada"]);
        let answer = reply(&app, &cleo, post.id, one.id, "@ben yes").await.unwrap();
        assert_eq!(names(&answer.mentions), [("ben", "ben")]);
        assert_eq!(news(&app, &ben).await, ["mention cleo: @ben yes"]);
        assert_eq!(news(&app, &ada).await, ["comment cleo: @ben yes", "mention ben: for @ada"]);
        // Without the names it is what it is.
        rewrite(&app, &cleo, answer.id, "yes").await;
        assert_eq!(news(&app, &ben).await, ["reply cleo: yes"]);
        rewrite(&app, &ben, one.id, "for all").await;
        assert_eq!(news(&app, &ada).await, ["comment ben+cleo: yes"]);
        rewrite(&app, &cleo, answer.id, "yes @ada @ben").await;
        assert_eq!(news(&app, &ada).await, ["mention cleo: yes @ada @ben", "comment ben: for all"]);
        assert_eq!(news(&app, &ben).await, ["mention cleo: yes @ada @ben"]);
        // It goes and comes with the comment.
        remove(&app, &ben, one.id).await.unwrap();
        assert!(news(&app, &ada).await.is_empty() && news(&app, &ben).await.is_empty());
        restore(&app, &ben, one.id).await.unwrap();
        let mut told = news(&app, &ada).await;
        told.sort();
        assert_eq!(told, ["comment ben: for all", "mention cleo: yes @ada @ben"]);
        assert_eq!(news(&app, &ben).await, ["mention cleo: yes @ada @ben"]);
    }

    async fn people_who_are_hidden_are_not_named(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "@ben and @cleo").await;
        let comment = ada.comment(&app, &post, "@ben, @cleo!").await.unwrap();
        ben.call(&app, &BlockPerson { user_id: cleo.id() }, &Nothing).await.unwrap();
        for (viewer, seen) in [(&ben, "ben"), (&cleo, "cleo")] {
            assert_eq!(names(&get(&app, viewer, post.id).await.mentions), [(seen, seen)]);
            assert_eq!(names(&list(&app, viewer, post.id, None).await[0].mentions), [(seen, seen)]);
        }
        assert_eq!(names(&get(&app, &ada, post.id).await.mentions).len(), 2);
        // Naming somebody who does not exist for one names nobody.
        let his = ben.comment(&app, &post, "@cleo @ada").await.unwrap();
        assert_eq!(names(&his.mentions), [("ada", "ada")]);
        assert!(!news(&app, &cleo).await.iter().any(|told| told.contains("ben:")));
        // An edit keeps whom a name meant, whatever they are called now.
        let rename = MeChanges { username: Some("clementine".into()), current_password: Some(PASSWORD.into()), ..MeChanges::default() };
        cleo.call(&app, &EditMe {}, &rename).await.unwrap();
        let edited = rewrite(&app, &ada, comment.id, "@ben, @cleo, hello").await;
        assert_eq!(names(&edited.mentions), [("ben", "ben"), ("cleo", "clementine")]);
    }

    /// What the box of names asks while somebody types.
    async fn people_are_found_by_the_beginning_of_their_username_friends_first(app: TestApp) {
        let ada = app.person("ada").await;
        let (near, far) = (app.person("sam_near").await, app.person("sam_afar").await);
        app.befriend(&ada, &near).await;
        for q in ["sam", "sam_", "Sam_n"] {
            let query = PeopleQuery { q: q.into(), limit: Some(5), ..PeopleQuery::default() };
            let found = ada.call_with(&app, &FindPeople {}, &query, &Nothing).await.unwrap();
            assert_eq!(found.items[0].user.id, near.id(), "{q}");
            assert_eq!(found.items.iter().any(|person| person.user.id == far.id()), !q.ends_with('n'), "{q}");
        }
    }
}
