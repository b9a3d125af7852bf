//! How pictures come, are used again, and go.

use hearth::features::media::clean::{Cleared, GRACE, collect_orphans};
use hearth::features::media::service;
use hearth::platform::clock;
use hearth::platform::db::Outcome;
use hearth_shared::endpoint::Nothing;
use hearth_shared::media::{DeleteMedia, Media};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hearth_shared::users::{GetMe, Me};
use serde_json::from_str;

use crate::everywhere;
use crate::support::pictures::{self, Form, get, stored};
use crate::support::{Answer, Options, TestApp};

fn media(answer: &Answer) -> Media {
    from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {answer:?}"))
}

fn me(answer: &Answer) -> Me {
    from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {answer:?}"))
}

/// So much later that what belongs to nothing has had its time.
fn later() -> Timestamp {
    let grace = i64::try_from(GRACE.as_millis()).unwrap();
    Timestamp::from_millis(clock::now().as_millis() + grace + 60_000)
}

const SMALL: Options = Options {
    media_quota: Some(200_000),
    ..Options::PLAIN
};

everywhere! {
    async fn names_of_files_do_no_harm(app: TestApp) {
        let ada = app.person("ada").await;
        let long = "x".repeat(300);
        for (sent, kept) in [
            ("filename=\"../../../etc/passwd\"", "passwd.jpg"),
            ("filename=\"..\\\\..\\\\boot.ini\"", "boot.jpg"),
            ("filename*=UTF-8''a%00b.png", "ab.jpg"),
            ("filename*=UTF-8''%E2%80%AEgnp.exe", "gnp.jpg"),
            ("filename=\"CON\"", "CON.jpg"),
            (&format!("filename=\"{long}.jpg\""), &format!("{}.jpg", &long[..120])),
            ("filename*=UTF-8''Zo%C3%AB.jpg", "Zoë.jpg"),
        ] {
            let answer = Form::new().named_file(sent, &pictures::jpeg(9, 9)).post(&app, &ada).await;
            assert_eq!(media(&answer).name, kept, "{sent}");
        }
        // Two letters, 43 letters, a word of ours: nothing that anybody has sent.
        for (path, _) in stored(&app) {
            let parts: Vec<_> = path.strip_prefix(app.media_folder()).unwrap().iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            assert_eq!(parts.len(), 3, "{parts:?}");
            assert_eq!((parts[0].len(), parts[1].len()), (2, 43), "{parts:?}");
            assert!(["full", "medium", "thumb"].contains(&parts[2].as_str()), "{parts:?}");
        }
    }

    /// What was cut away is gone; what was a picture can be one again.
    async fn a_picture_is_made_of_an_earlier_one(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let upload = media(&Form::new().field("alt_text", " at sea ").file("sea.jpg", &pictures::jpeg(90, 60)).post(&app, &ada).await);
        assert_eq!((upload.alt_text.as_str(), upload.name.as_str()), ("at sea", "sea.jpg"));
        let first = me(&Form::new().field("media_id", upload.id).put(&app, &ada, "avatar").await).user;
        assert!(first.avatar_url.is_some() && first.rev == 2, "{first:?}");
        let cover = me(&Form::new().field("media_id", upload.id).put(&app, &ada, "cover").await).cover.unwrap();
        assert_eq!((cover.width, cover.height, cover.alt_text.as_str()), (Some(1500), Some(500), "at sea"));
        // Once more, as it is: no new picture.
        let again = me(&Form::new().field("media_id", cover.id).put(&app, &ada, "cover").await).cover.unwrap();
        assert_eq!(again.id, cover.id);
        for (form, field, code) in [
            (Form::new().field("media_id", 7), "media_id", "not_offered"),
            (Form::new().field("media_id", "x"), "media_id", "wrong_type"),
            (Form::new(), "file", "required"),
            (Form::new().field("media_id", upload.id).field("crop_x", 1), "crop_size", "required"),
            (Form::new().field("media_id", upload.id).field("crop_x", 60).field("crop_y", 0).field("crop_size", 60), "crop_size", "outside_image"),
            (Form::new().field("media_id", upload.id).field("crop_x", 0).field("crop_y", 0).field("crop_size", 0), "crop_size", "outside_image"),
            (Form::new().field("media_id", upload.id).field("crop_x", -1).field("crop_y", 0).field("crop_size", 9), "crop_x", "wrong_type"),
        ] {
            let answer = form.put(&app, &ada, "avatar").await;
            assert_eq!(answer.status, 422, "{answer:?}");
            let error = &answer.json()["errors"][0];
            assert_eq!((error["field"].as_str(), error["code"].as_str()), (Some(field), Some(code)), "{answer:?}");
        }
        // Somebody else's is like none.
        let others = Form::new().field("media_id", upload.id).put(&app, &ben, "avatar").await;
        let none = Form::new().field("media_id", 7).put(&app, &ben, "avatar").await;
        assert_eq!(others.json()["errors"], none.json()["errors"]);
    }

    async fn a_removed_picture_is_gone_from_everywhere(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (name, avatar) = pictures::set_avatar(&app, &ada).await;
        let cover = pictures::set_cover(&app, &ada).await;
        let files = stored(&app).len();
        assert_eq!(files, 5 + 3);
        let wrong = ben.call(&app, &DeleteMedia { media_id: avatar }, &Nothing).await;
        assert_eq!(wrong, Err(ErrorCode::NotFound));
        ada.call(&app, &DeleteMedia { media_id: avatar }, &Nothing).await.unwrap();
        assert_eq!(get(&app, &format!("/api/v1/avatars/{name}")).await.0, 404);
        ada.call(&app, &DeleteMedia { media_id: cover }, &Nothing).await.unwrap();
        let mine = ada.call(&app, &GetMe {}, &Nothing).await.unwrap();
        assert_eq!((mine.user.avatar_url, mine.cover), (None, None));
        assert!(stored(&app).is_empty(), "not a byte is left");
        assert_eq!(ada.call(&app, &DeleteMedia { media_id: cover }, &Nothing).await, Err(ErrorCode::NotFound));
    }

    async fn what_belongs_to_nothing_is_cleared_away_after_a_day(app: TestApp) {
        let ada = app.person("ada").await;
        let kept = &app.servers()[0].media;
        let upload = pictures::upload(&app, &ada).await;
        pictures::set_avatar(&app, &ada).await;
        // As a crash leaves it: bytes, and no row.
        kept.store.put(&service::path(&service::random_name(), hearth::features::media::pipeline::Variant::Full), b"x".to_vec()).await.unwrap();
        assert_eq!(stored(&app).len(), 3 + 5 + 1);
        assert_eq!(collect_orphans(kept, clock::now()).await.unwrap(), Cleared::default());
        assert_eq!(stored(&app).len(), 3 + 5 + 1, "it is not time yet");
        assert_eq!(collect_orphans(kept, later()).await.unwrap(), Cleared { rows: 1, files: 1, ..Cleared::default() });
        assert_eq!(stored(&app).len(), 5, "what is shown stays");
        assert_eq!(get(&app, &upload.url).await.0, 404);
        assert_eq!(collect_orphans(kept, later()).await.unwrap(), Cleared::default());
    }

    async fn all_of_a_person_can_be_listed_and_goes_with_them(app: TestApp) {
        let ada = app.person("ada").await;
        let (name, avatar) = pictures::set_avatar(&app, &ada).await;
        let cover = pictures::set_cover(&app, &ada).await;
        let kept = &app.servers()[0].media;
        let id = ada.id();
        let rows = app.db().read(move |conn| service::list_all(conn, id, 0, 100)).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.id()).collect::<Vec<_>>(), [avatar, cover]);
        let keys = app.db().write(move |tx| service::purge(tx, id).map(Outcome::Commit)).await.unwrap();
        service::erase(&kept.store, &keys).await;
        assert!(stored(&app).is_empty());
        assert_eq!(get(&app, &format!("/api/v1/avatars/{name}")).await.0, 404);
    }
}

mod with_little_space {
    use super::*;

    everywhere! {
        with SMALL;
        async fn the_space_of_a_person_is_bounded(app: TestApp) {
            let (ada, ben) = (app.person("ada").await, app.person("ben").await);
            let picture = pictures::jpeg(900, 700);
            let mut taken = Vec::new();
            let refused = loop {
                let answer = Form::new().file("x.jpg", &picture).post(&app, &ada).await;
                if answer.status != 201 {
                    break answer;
                }
                taken.push(media(&answer));
                assert!(taken.len() < 20, "without end");
            };
            assert_eq!((refused.status, refused.code().as_str()), (422, "quota_exceeded"));
            assert_eq!(stored(&app).len(), taken.len() * 3, "nothing is left of what was refused");
            assert_eq!(Form::new().file("x.jpg", &picture).post(&app, &ben).await.status, 201, "each has their own");
            ada.call(&app, &DeleteMedia { media_id: taken[0].id }, &Nothing).await.unwrap();
            assert_eq!(Form::new().file("x.jpg", &picture).post(&app, &ada).await.status, 201);
        }
    }
}
