//! Who gets a picture, and how it comes.

use hearth_shared::auth::Logout;
use hearth_shared::endpoint::{API_BASE, Nothing};
use hearth_shared::friends::RemoveFriend;
use hearth_shared::media::Media;
use hearth_shared::page::PageQuery;
use hearth_shared::users::{GetMe, GetProfile, ListUserPhotos, Profile, RemoveAvatar};
use serde_json::from_str;

use crate::everywhere;
use crate::support::pictures::{self, Form, get, get_with};
use crate::support::{Person, TestApp};

async fn profile(app: &TestApp, viewer: &Person, of: &Person) -> Profile {
    let page = GetProfile {
        username: of.username(),
    };
    viewer.call(app, &page, &Nothing).await.unwrap()
}

/// Until something is so: sessions that ended on another node are dead within two seconds.
async fn wait_for_404(app: &TestApp, address: &str) {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(5);
    loop {
        // On every node.
        let answers = [get(app, address).await.0, get(app, address).await.0];
        if answers == [404, 404] {
            return;
        }
        assert!(
            std::time::Instant::now() < until,
            "{answers:?} after five seconds"
        );
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

everywhere! {
    async fn a_picture_comes_with_nothing_that_could_be_run(app: TestApp) {
        let ada = app.person("ada").await;
        let answer = Form::new().file("Zoë x.jpg", &pictures::jpeg(60, 40)).post(&app, &ada).await;
        let media: Media = from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {answer:?}"));
        let (status, headers, bytes) = get(&app, &media.url).await;
        assert_eq!(status, 200);
        let mut names: Vec<String> = headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            format!("{name}: {value}")
        }).filter(|line| !["date", "x-request-id", "etag"].iter().any(|own| line.starts_with(own))).collect();
        names.sort();
        let length = format!("content-length: {}", bytes.len());
        let wanted = [
            "accept-ranges: bytes",
            "cache-control: private, no-store",
            "content-disposition: inline; filename=\"Zo_ x.jpg\"; filename*=UTF-8''Zo%C3%AB%20x.jpg",
            length.as_str(),
            "content-security-policy: default-src 'none'; sandbox",
            "content-type: image/jpeg",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "permissions-policy: camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
            "referrer-policy: same-origin",
            "x-content-type-options: nosniff",
            "x-frame-options: DENY",
        ];
        assert_eq!(names, wanted);
        let (name, _) = pictures::set_avatar(&app, &ada).await;
        let (status, headers, _) = get(&app, &format!("{API_BASE}/avatars/{name}")).await;
        assert_eq!(status, 200);
        assert_eq!(headers["cache-control"], "private, max-age=86400, immutable");
        assert_eq!(headers["content-security-policy"], "default-src 'none'; sandbox");
    }

    async fn a_part_is_given_to_who_asks_for_it(app: TestApp) {
        let ada = app.person("ada").await;
        let media = pictures::upload(&app, &ada).await;
        let (_, headers, all) = get(&app, &media.url).await;
        let (tag, size) = (headers["etag"].to_str().unwrap().to_owned(), all.len());
        let range = |headers: &reqwest::header::HeaderMap| headers["content-range"].to_str().unwrap().to_owned();
        let (status, headers, part) = get_with(&app, &media.url, &[("range", "bytes=2-5")]).await;
        assert_eq!((status, range(&headers), part.as_slice()), (206, format!("bytes 2-5/{size}"), &all[2..6]));
        assert_eq!(headers["content-length"], "4");
        let (status, _, part) = get_with(&app, &media.url, &[("range", "bytes=-7")]).await;
        assert_eq!((status, part.as_slice()), (206, &all[size - 7..]));
        let (status, headers, _) = get_with(&app, &media.url, &[("range", "bytes=999999-")]).await;
        assert_eq!((status, range(&headers)), (416, format!("bytes */{size}")));
        let (status, _, part) = get_with(&app, &media.url, &[("range", "bytes=2-5"), ("if-range", &tag)]).await;
        assert_eq!((status, part.len()), (206, 4));
        let (status, _, part) = get_with(&app, &media.url, &[("range", "bytes=2-5"), ("if-range", "\"other\"")]).await;
        assert_eq!((status, part.len()), (200, size));
        let (status, _, part) = get_with(&app, &media.url, &[("if-none-match", &tag)]).await;
        assert_eq!((status, part.len()), (304, 0));
        let head = app.http.head(format!("{}{}", app.base(), media.url)).send().await.unwrap();
        assert_eq!(head.status(), 200);
        assert_eq!(head.headers()["content-length"].to_str().unwrap(), size.to_string());
    }

    /// The address alone opens nothing: who it was made for must be allowed to see the picture at that moment.
    async fn an_address_is_worth_what_its_session_may_see_now(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        pictures::set_cover(&app, &ada).await;
        let cover = profile(&app, &ben, &ada).await.cover.unwrap().url;
        let (_, headers, _) = get(&app, &cover).await;
        let tag = headers["etag"].to_str().unwrap().to_owned();
        assert_eq!(get(&app, &cover).await.0, 200);
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        let (status, headers, body) = get(&app, &cover).await;
        assert_eq!(status, 404, "no friend any more");
        // Not even that it has not changed.
        assert_eq!(get_with(&app, &cover, &[("if-none-match", &tag)]).await.0, 404);
        let missing = pictures::address(&app, Some(&ben), hearth_shared::ids::Id::new(7));
        let (_, other_headers, other_body) = get(&app, &missing).await;
        let id = |headers: &reqwest::header::HeaderMap| headers["x-request-id"].to_str().unwrap().to_owned();
        let text = |body: Vec<u8>, id: String| String::from_utf8(body).unwrap().replace(&id, "");
        assert_eq!(text(body, id(&headers)), text(other_body, id(&other_headers)));
        // Of oneself until one signs out.
        let own = ada.call(&app, &GetMe {}, &Nothing).await.unwrap().cover.unwrap().url;
        assert_eq!(get(&app, &own).await.0, 200);
        ada.call_with(&app, &Logout {}, &Default::default(), &Default::default()).await.unwrap();
        wait_for_404(&app, &own).await;
    }

    async fn an_address_cannot_be_changed(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let media = pictures::upload(&app, &ada).await;
        assert_eq!(get(&app, &media.url).await.0, 200);
        let bens = pictures::address(&app, Some(&ben), media.id);
        assert_eq!(get(&app, &bens).await.0, 404, "not attached: its owner's alone");
        let session = |person: &Person| person.session.session_id.to_string();
        for changed in [
            media.url.replace("/full", "/thumb"),
            media.url.replace("/full", "/fullest"),
            media.url.replace(&session(&ada), &session(&ben)),
            media.url.replace("expires=1", "expires=2"),
            media.url.replace("signature=", "signature=A"),
            media.url.split('?').next().unwrap().to_owned(),
            format!("{}&expires=1", media.url),
        ] {
            assert_eq!(get(&app, &changed).await.0, 404, "{changed}");
        }
        // Squares are of profile pictures; the name is good and the file is not there.
        let thumb = media.thumb_url.unwrap();
        assert_eq!(get(&app, &thumb).await.0, 200);
    }

    async fn the_name_of_a_picture_dies_with_it(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (first, _) = pictures::set_avatar(&app, &ada).await;
        let path = |name: &str| format!("{API_BASE}/avatars/{name}");
        let (status, _, small) = get(&app, &path(&first)).await;
        assert_eq!(status, 200);
        assert_eq!(image::load_from_memory(&small).unwrap().width(), 128);
        assert!(first.len() >= 43 + 4, "{first}");
        let (second, _) = pictures::set_avatar(&app, &ada).await;
        assert_ne!(first, second);
        assert_eq!(get(&app, &path(&first)).await.0, 404);
        let card = profile(&app, &ben, &ada).await.person.user;
        assert_eq!(card.avatar_url.as_deref(), Some(path(&second).as_str()));
        let (status, _, large) = get(&app, &card.large_avatar_url().unwrap()).await;
        assert_eq!(status, 200);
        assert_eq!(image::load_from_memory(&large).unwrap().width(), 512);
        for wrong in [second.replace("-128", "-64"), second.replace("-128", ""), second.replace("-128", "-full"), "-128".to_owned(), "%00-128".to_owned()] {
            assert_eq!(get(&app, &path(&wrong)).await.0, 404, "{wrong}");
        }
        ada.call(&app, &RemoveAvatar {}, &Nothing).await.unwrap();
        assert_eq!(get(&app, &path(&second)).await.0, 404);
        let after = profile(&app, &ben, &ada).await.person.user;
        assert_eq!((after.avatar_url, after.rev), (None, card.rev + 1));
        ada.call(&app, &RemoveAvatar {}, &Nothing).await.unwrap();
        assert_eq!(profile(&app, &ben, &ada).await.person.user.rev, card.rev + 1, "nothing more happened");
    }

    /// The present picture is for whoever sees the person, what was before and covers are for friends.
    async fn photos_are_those_that_the_viewer_may_see(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let (_, former) = pictures::set_avatar(&app, &ada).await;
        let cover = pictures::set_cover(&app, &ada).await;
        let (_, present) = pictures::set_avatar(&app, &ada).await;
        pictures::upload(&app, &ada).await;
        for (viewer, wanted) in [(&ada, vec![present, cover, former]), (&ben, vec![present, cover, former]), (&dan, vec![present])] {
            let mut query = PageQuery { limit: Some(2), cursor: None };
            let mut seen = Vec::new();
            loop {
                let photos = ListUserPhotos { username: "ada".into() };
                let page = viewer.call_with(&app, &photos, &query, &Nothing).await.unwrap();
                for media in page.items {
                    assert_eq!(get(&app, &media.url).await.0, 200);
                    seen.push(media.id);
                }
                query.cursor = page.next_cursor;
                if query.cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, wanted, "{}", viewer.username());
        }
    }
}
