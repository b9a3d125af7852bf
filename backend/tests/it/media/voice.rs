//! What somebody has said, sent with a message: what is taken, what is kept of it, how it comes, and to whom.

use hearth_shared::conversations::{NewMessage, SendMessage};
use hearth_shared::endpoint::{API_BASE, Method, Nothing};
use hearth_shared::media::{
    AUDIO_MAX, CompleteUpload, CreateUpload, FinishUpload, Media, MediaKind, NewUpload, UploadKind,
};
use hearth_shared::posts::{Audience, CreatePost, NewPost};
use hearth_shared::problem::ErrorCode;

use crate::attachments::send;
use crate::everywhere;
use crate::support::films::{self, Mp4, WebM, boxed, element, mp4, webm};
use crate::support::pictures::{address, get, get_with, holds, stored};
use crate::support::{Person, TestApp, client_id};

/// As Chromium and Firefox record.
fn opus() -> WebM {
    WebM {
        codec: "A_OPUS",
        sound: true,
        duration: None,
        sized: false,
        ..WebM::default()
    }
}

/// As phones record.
fn m4a() -> Mp4 {
    Mp4 {
        brand: *b"M4A ",
        handler: *b"soun",
        codec: *b"mp4a",
        size: (0, 0),
        data: b"what somebody says".to_vec(),
        ..Mp4::default()
    }
}

fn new_voice(size: u64) -> NewUpload {
    NewUpload {
        client_id: client_id(),
        name: "Voice message.webm".to_owned(),
        size,
        kind: UploadKind::Audio,
    }
}

async fn bring(app: &TestApp, by: &Person, bytes: &[u8]) -> Media {
    let new = new_voice(bytes.len() as u64);
    let begun = by.call(app, &CreateUpload {}, &new).await.unwrap();
    films::send(app, by, &begun, bytes).await;
    let call = CompleteUpload { upload_id: begun.id };
    by.call(app, &call, &FinishUpload::default()).await.unwrap()
}

/// Why a recording is refused.
async fn refused(app: &TestApp, by: &Person, bytes: &[u8]) -> String {
    let new = new_voice(bytes.len() as u64);
    let begun = by.call(app, &CreateUpload {}, &new).await.unwrap();
    films::send(app, by, &begun, bytes).await;
    let path = format!("{API_BASE}/uploads/{}/complete", begun.id);
    let answer = app
        .raw(Method::Post, &path, by.token(), Some(&serde_json::json!({})))
        .await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let error = &answer.json()["errors"][0];
    assert_eq!(error["field"], "file", "{answer:?}");
    error["code"].as_str().unwrap().to_owned()
}

everywhere! {
    async fn it_is_kept_without_what_is_personal_and_plays_in_the_page(app: TestApp) {
        let ada = app.person("ada").await;
        let place = boxed(b"udta", &boxed(b"\xa9xyz", b"\0\x12\x15\xc7CANARY+48.2082+016.3738/"));
        let beside = element(0x1254_c367, &element(0x7373, b"CANARY LOCATION"));
        for (sent, kind, name, length) in [
            // Its length is that of what is in it: nobody has written it down.
            (webm(&WebM { beside, ..opus() }), "audio/webm", "Voice message.webm", 1200),
            (webm(&WebM { sized: true, duration: Some(1500.0), ..opus() }), "audio/webm", "Voice message.webm", 1500),
            (mp4(&Mp4 { in_moov: place.clone(), behind: place, ..m4a() }), "audio/mp4", "Voice message.mp4", 2500),
            (mp4(&Mp4 { brand: *b"isom", ..m4a() }), "audio/mp4", "Voice message.mp4", 2500),
        ] {
            assert!(holds(&sent, b"CANARY"));
            let media = bring(&app, &ada, &sent).await;
            assert_eq!((media.kind, media.name.as_str(), media.duration_ms), (MediaKind::Audio, name, Some(length)));
            assert_eq!((media.width, media.height, &media.medium_url, &media.thumb_url), (None, None, &None, &None));
            let (status, headers, bytes) = get(&app, &media.url).await;
            assert_eq!((status, bytes.len()), (200, sent.len()), "nothing in it moves");
            assert!(!holds(&bytes, b"CANARY") && !holds(&bytes, &films::TAKEN));
            let header = |name: &str| headers[name].to_str().unwrap();
            assert_eq!((header("content-type"), header("x-content-type-options")), (kind, "nosniff"));
            assert!(header("content-disposition").starts_with("inline; "));
            assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
            let (status, headers, part) = get_with(&app, &media.url, &[("range", "bytes=2-5")]).await;
            assert_eq!((status, part.as_slice()), (206, &bytes[2..6]));
            assert_eq!(headers["content-range"].to_str().unwrap(), format!("bytes 2-5/{}", sent.len()));
        }
        for (path, bytes) in stored(&app) {
            assert!(!holds(&bytes, b"CANARY"), "{}", path.display());
        }
    }

    async fn what_is_no_voice_is_refused_and_leaves_nothing(app: TestApp) {
        let ada = app.person("ada").await;
        let whole = mp4(&m4a());
        let both = films::track(&Mp4::default(), b"vide", b"avc1", &[]);
        for (name, bytes, code) in [
            ("a film", mp4(&Mp4::default()), "unsupported_video"),
            ("a WebM film", webm(&WebM::default()), "unsupported_video"),
            ("sound, and pictures too", mp4(&Mp4 { in_moov: both, ..m4a() }), "unsupported_video"),
            ("sound that few play", webm(&WebM { codec: "A_AC3", ..opus() }), "unsupported_video"),
            ("the same in MP4", mp4(&Mp4 { codec: *b"ac-3", ..m4a() }), "unsupported_video"),
            ("Matroska", webm(&WebM { kind: "matroska", ..opus() }), "unsupported_video"),
            ("a page", b"<!doctype html><script>alert(1)</script>".to_vec(), "unsupported_video"),
            ("cut", whole[..whole.len() - 1].to_vec(), "broken_video"),
            ("nothing said", mp4(&Mp4 { data: Vec::new(), ..m4a() }), "broken_video"),
            ("no time", mp4(&Mp4 { duration: 0, ..m4a() }), "broken_video"),
            ("too long", mp4(&Mp4 { duration: 4_294_967_294, ..m4a() }), "video_too_large"),
        ] {
            assert_eq!(refused(&app, &ada, &bytes).await, code, "{name}");
        }
        // Nor is sound alone a film.
        for bytes in [webm(&opus()), whole] {
            assert_eq!(films::refused(&app, &ada, &bytes).await, "unsupported_video");
        }
        assert!(stored(&app).is_empty(), "of none a piece is left");
        let large = app.ask(ada.token(), &CreateUpload {}, &Nothing, &new_voice(AUDIO_MAX + 1)).await;
        assert_eq!((large.status, large.json()["errors"][0]["code"].as_str()), (422, Some("file_too_large")));
        // The same name and size as a film is another request.
        let new = new_voice(9);
        ada.call(&app, &CreateUpload {}, &new).await.unwrap();
        let film = NewUpload { kind: UploadKind::Video, ..new };
        assert_eq!(ada.call(&app, &CreateUpload {}, &film).await.unwrap_err(), ErrorCode::ClientIdReused);
    }

    /// Those in the conversation hear it; nobody else, and no post takes it.
    async fn who_may_read_the_message_hears_it(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let voice = bring(&app, &ada, &webm(&opus())).await;
        let post = NewPost { client_id: client_id(), body: String::new(), audience: Audience::Friends, media_ids: vec![voice.id], shared_post_id: None };
        assert_eq!(ada.call(&app, &CreatePost {}, &post).await.unwrap_err(), ErrorCode::ValidationFailed);
        assert_eq!(get(&app, &address(&app, Some(&ben), voice.id)).await.0, 404, "not sent yet");
        let sent = send(&app, &ada, talk, "", &[&voice]).await.unwrap();
        let beside = &sent.attachments[0];
        assert_eq!((beside.kind, beside.duration_ms, beside.width), (MediaKind::Audio, Some(1200), None));
        for (viewer, status) in [(&ada, 200), (&ben, 200), (&dan, 404)] {
            assert_eq!(get(&app, &address(&app, Some(viewer), voice.id)).await.0, status);
        }
        let answer = NewMessage { client_id: client_id(), body: "Yes".into(), reply_to_id: Some(sent.id), media_ids: Vec::new() };
        let answer = ben.call(&app, &SendMessage { conversation_id: talk }, &answer).await.unwrap();
        assert_eq!(answer.reply_to.unwrap().attached, Some(MediaKind::Audio));
    }
}
