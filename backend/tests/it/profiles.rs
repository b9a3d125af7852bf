//! People's pages: every field, for every audience, to every viewer; and what one sees of oneself as somebody else.

use hearth_shared::endpoint::{API_BASE, Method, Nothing};
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::{
    EditMe, FieldAudience, FieldName, FindPeople, GetMe, GetProfile, MeChanges, PeopleQuery, Profile,
};
use serde_json::{Value, json};

use crate::everywhere;
use crate::support::pictures;
use crate::support::{Answer, Person, TestApp};

async fn raw(app: &TestApp, viewer: &Person, path: &str) -> Answer {
    app.raw(
        Method::Get,
        &format!("{API_BASE}{path}"),
        viewer.token(),
        None::<&()>,
    )
    .await
}

async fn patch(app: &TestApp, person: &Person, changes: Value) -> Answer {
    app.raw(
        Method::Patch,
        &format!("{API_BASE}/users/me"),
        person.token(),
        Some(&changes),
    )
    .await
}

async fn field(app: &TestApp, viewer: &Person, of: &Person, name: FieldName) -> Option<String> {
    let page = GetProfile {
        username: of.username(),
    };
    let page: Profile = viewer.call(app, &page, &Nothing).await.unwrap();
    page.fields
        .into_iter()
        .find(|field| field.name == name)
        .map(|field| field.value)
}

fn everything() -> Value {
    json!({
        "bio": "Bees, bread\nand bicycles",
        "location": "Lyon", "work": "Baker", "education": "Bread school", "website": "https://ada.example/bees",
        "birthday": "1990-05-17", "relationship": "partnership", "pronouns": "she/her"
    })
}

/// As it stands in the page.
fn value_of(name: FieldName) -> &'static str {
    match name {
        FieldName::Email => "ada@example.org",
        FieldName::Location => "Lyon",
        FieldName::Work => "Baker",
        FieldName::Education => "Bread school",
        FieldName::Website => "https://ada.example/bees",
        FieldName::Birthday => "05-17",
        FieldName::Relationship => "partnership",
        FieldName::Pronouns => "she/her",
        FieldName::Unknown => "",
    }
}

/// An answer's text, without what names the session that an address was made for.
fn without_signatures(answer: &Answer) -> String {
    let mut text = String::new();
    for part in answer.text.split("?session=") {
        let rest = if text.is_empty() {
            part
        } else {
            part.split_once('"').unwrap().1
        };
        text.push_str(rest);
    }
    text
}

everywhere! {
    async fn every_field_is_seen_by_its_audience_alone(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        assert_eq!(patch(&app, &ada, everything()).await.status, 200);
        for name in FieldName::ALL {
            for audience in FieldAudience::ALL {
                let mut changes = MeChanges::default();
                changes.audiences.set(name, audience);
                let me = ada.call(&app, &EditMe {}, &changes).await.unwrap();
                let mine = me.fields.iter().find(|field| field.name == name).unwrap();
                assert_eq!(mine.audience, audience);
                let own = field(&app, &ada, &ada, name).await;
                assert!(own.is_some_and(|own| own.ends_with(value_of(name))), "{name:?}");
                let wanted = Some(value_of(name).to_owned());
                let friends = field(&app, &ben, &ada, name).await;
                assert_eq!(friends, wanted.clone().filter(|_| audience != FieldAudience::OnlyMe), "{name:?} {audience:?} to a friend");
                let strangers = field(&app, &dan, &ada, name).await;
                assert_eq!(strangers, wanted.filter(|_| audience == FieldAudience::Everyone), "{name:?} {audience:?} to a stranger");
            }
        }
    }

    async fn until_one_has_chosen_friends_see_it_and_nobody_the_address(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        patch(&app, &ada, everything()).await;
        for name in FieldName::ALL {
            let shown = name != FieldName::Email;
            assert_eq!(field(&app, &ben, &ada, name).await.is_some(), shown, "{name:?}");
            assert_eq!(field(&app, &dan, &ada, name).await, None, "{name:?}");
        }
        // The year is for whom one shows it to.
        assert_eq!(field(&app, &ben, &ada, FieldName::Birthday).await.as_deref(), Some("05-17"));
        assert_eq!(field(&app, &ada, &ada, FieldName::Birthday).await.as_deref(), Some("1990-05-17"));
        patch(&app, &ada, json!({"birth_year_shown": true})).await;
        assert_eq!(field(&app, &ben, &ada, FieldName::Birthday).await.as_deref(), Some("1990-05-17"));
        // An empty text takes a field away, and its audience stays.
        let me = patch(&app, &ada, json!({"work": "", "audiences": {"work": "everyone"}, "bio": ""})).await.json();
        let work = me["fields"].as_array().unwrap().iter().find(|field| field["name"] == "work").unwrap();
        assert_eq!(work, &json!({"name": "work", "value": "", "audience": "everyone"}));
        assert_eq!(me["bio"], "");
        assert_eq!(field(&app, &ben, &ada, FieldName::Work).await, None);
        assert_eq!(field(&app, &ben, &ada, FieldName::Location).await.as_deref(), Some("Lyon"), "the rest stays");
    }

    /// Byte for byte, but for the addresses of pictures, which are each one's own.
    async fn as_somebody_else_one_sees_what_they_see(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        patch(&app, &ada, everything()).await;
        patch(&app, &ada, json!({"audiences": {"location": "everyone", "work": "only_me", "email": "friends"}})).await;
        pictures::set_avatar(&app, &ada).await;
        pictures::set_cover(&app, &ada).await;
        for (view_as, viewer) in [("friend", &ben), ("stranger", &dan)] {
            let pretended = raw(&app, &ada, &format!("/users/ada?view_as={view_as}")).await;
            let real = raw(&app, viewer, "/users/ada").await;
            assert_eq!(without_signatures(&pretended), without_signatures(&real), "{view_as}");
            assert_eq!(pretended.json()["cover"].is_null(), view_as == "stranger");
        }
        let own = raw(&app, &ada, "/users/ada").await;
        assert_ne!(own.text, raw(&app, &ada, "/users/ada?view_as=friend").await.text);
        // Of somebody else's page it is not asked, and it does not tell who is there.
        let others = raw(&app, &ben, "/users/ada?view_as=friend").await;
        assert_eq!((others.status, others.code().as_str()), (422, "validation_failed"));
        assert_eq!(raw(&app, &ben, "/users/nobody?view_as=friend").await.status, 404);
        assert_eq!(raw(&app, &ada, "/users/ada?view_as=moderator").await.status, 422);
    }

    async fn what_cannot_be_said_is_refused(app: TestApp) {
        let ada = app.person("ada").await;
        patch(&app, &ada, everything()).await;
        let before = raw(&app, &ada, "/users/me").await.text;
        for (changes, field) in [
            (json!({"website": "javascript:alert(1)"}), "website"),
            (json!({"website": "data:text/html,x"}), "website"),
            (json!({"website": "https://a@b.example"}), "website"),
            (json!({"birthday": "1990-02-30"}), "birthday"),
            (json!({"relationship": "king"}), "relationship"),
            (json!({"bio": "x".repeat(161)}), "bio"),
            (json!({"location": "x".repeat(101)}), "location"),
            (json!({"display_name": ""}), "display_name"),
            (json!({"display_name": "\u{200b}"}), "display_name"),
            (json!({"pronouns": "a\u{0}b"}), "pronouns"),
            (json!({"audiences": {"work": "moderators"}}), "audiences.work"),
            (json!({"bio": 7}), "bio"),
        ] {
            let answer = patch(&app, &ada, changes.clone()).await;
            assert_eq!(answer.status, 422, "{changes}: {answer:?}");
            assert_eq!(answer.json()["errors"][0]["field"], field, "{changes}");
        }
        assert_eq!(raw(&app, &ada, "/users/me").await.text, before, "nothing has changed");
        // What is no business of this call changes nothing either.
        let same = patch(&app, &ada, json!({"id": "7", "rev": 99, "created_at": "2000-01-01T00:00:00.000Z", "friend_count": 9})).await;
        assert_eq!((same.status, same.text), (200, before));
    }

    async fn a_new_name_is_found_and_the_old_one_is_not(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let found = async |q: &str| {
            let query = PeopleQuery { q: q.to_owned(), ..PeopleQuery::default() };
            ben.call_with(&app, &FindPeople {}, &query, &Nothing).await.unwrap().items.len()
        };
        assert_eq!(found("ada test").await, 1);
        let changes = MeChanges { display_name: Some(" Zoë   Brandt ".to_owned()), ..MeChanges::default() };
        let me = ada.call(&app, &EditMe {}, &changes).await.unwrap();
        assert_eq!((me.user.display_name.as_str(), me.user.rev), ("Zoë Brandt", 2));
        assert_eq!((found("ada test").await, found("brandt").await, found("ada").await), (0, 1, 1));
        let again = ada.call(&app, &EditMe {}, &changes).await.unwrap();
        assert_eq!(again.user.rev, 2, "the same name is no change");
        let bio = MeChanges { bio: Some("hello".to_owned()), ..MeChanges::default() };
        assert_eq!(ada.call(&app, &EditMe {}, &bio).await.unwrap().user.rev, 2, "the card is the same");
        assert_eq!(ada.call(&app, &GetMe {}, &Nothing).await.unwrap().bio, "hello");
        let nobody = GetProfile { username: "brandt".into() };
        assert_eq!(ben.call(&app, &nobody, &Nothing).await.map(|_| ()), Err(ErrorCode::NotFound));
    }
}
