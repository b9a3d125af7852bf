//! Files that come in pieces: what has arrived stays, whatever breaks.

use std::time::{Duration, Instant};

use hearth::features::media::clean::{Cleared, GRACE, collect_orphans};
use hearth::features::media::service;
use hearth::platform::clock;
use hearth_shared::endpoint::{API_BASE, Method, Nothing};
use hearth_shared::ids::Id;
use hearth_shared::media::{
    CancelUpload, CompleteUpload, CreateUpload, DeleteMedia, FinishUpload, GetUpload, Media, PIECE_SIZE,
    Upload, VIDEO_MAX,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use serde_json::{from_str, json};

use crate::everywhere;
use crate::support::films::{self, begin, finish, long, put, put_raw, send, send_part};
use crate::support::pictures::{self, Form, get, stored};
use crate::support::{Options, Person, TestApp};

const BYTES: &str = "application/octet-stream";

async fn look(app: &TestApp, person: &Person, upload: &Upload) -> Result<Upload, ErrorCode> {
    let call = GetUpload { upload_id: upload.id };
    person.call(app, &call, &Nothing).await
}

/// So much later that what belongs to nothing has had its time.
pub(super) fn later() -> Timestamp {
    let grace = i64::try_from(GRACE.as_millis()).unwrap();
    Timestamp::from_millis(clock::now().as_millis() + grace + 60_000)
}

/// A film of one piece that has so many bytes.
fn small() -> Vec<u8> {
    films::mp4(&films::Mp4::default())
}

everywhere! {
    /// Cut at any boundary of pieces, the client asks and goes on; on which node does not matter.
    async fn an_upload_that_was_cut_goes_on(app: TestApp) {
        let ada = app.person("ada").await;
        let film = long(3);
        for cut in 0..=3_u64 {
            let new = films::new_upload(&film);
            let upload = ada.call(&app, &CreateUpload {}, &new).await.unwrap();
            assert_eq!((upload.received, upload.size, upload.piece_size), (0, film.len() as u64, PIECE_SIZE));
            for piece in 0..cut {
                assert_eq!(put(&app, &ada, &upload, piece * PIECE_SIZE, &film).await.status, 200);
            }
            // What the client has forgotten, the server has not.
            let again = ada.call(&app, &CreateUpload {}, &new).await.unwrap();
            let safe = film.len().min(usize::try_from(cut * PIECE_SIZE).unwrap()) as u64;
            assert_eq!((again.id, again.received), (upload.id, safe), "{cut}");
            assert_eq!(look(&app, &ada, &upload).await.unwrap(), again);
            let early = finish(&app, &ada, &upload, FinishUpload::default()).await;
            if safe < upload.size {
                assert_eq!(early, Err(ErrorCode::UploadOffset), "{cut}: not whole yet");
            }
            send(&app, &ada, &again, &film).await;
            let media = finish(&app, &ada, &upload, FinishUpload::default()).await.unwrap();
            let (status, _, bytes) = get(&app, &media.url).await;
            assert_eq!(status, 200);
            assert_eq!(bytes.len(), film.len());
            assert!(bytes.ends_with(&film[film.len() - 2 * usize::try_from(PIECE_SIZE).unwrap()..]), "{cut}");
            assert_eq!(stored(&app).len(), 1, "{cut}: the film, and no piece");
            ada.call(&app, &DeleteMedia { media_id: media.id }, &Nothing).await.unwrap();
            assert!(stored(&app).is_empty());
        }
    }

    async fn a_piece_stands_where_it_belongs(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let film = long(2);
        let upload = begin(&app, &ada, &film).await;
        let piece = usize::try_from(PIECE_SIZE).unwrap();
        for (offset, bytes, kind, status, code) in [
            (PIECE_SIZE, film[piece..].to_vec(), BYTES, 409, "upload_offset"),
            (1, film[..piece].to_vec(), BYTES, 409, "upload_offset"),
            (upload.size, Vec::new(), BYTES, 409, "upload_offset"),
            (u64::MAX, Vec::new(), BYTES, 409, "upload_offset"),
            (0, film[..piece - 1].to_vec(), BYTES, 400, "bad_request"),
            (0, film[..piece + 1].to_vec(), BYTES, 413, "payload_too_large"),
            (0, Vec::new(), BYTES, 400, "bad_request"),
            (0, film[..9].to_vec(), "application/json", 415, "unsupported_media_type"),
            (0, film[..9].to_vec(), "multipart/form-data; boundary=x", 415, "unsupported_media_type"),
        ] {
            let answer = put_raw(&app, Some(&ada), upload.id, offset, kind, bytes).await;
            assert_eq!((answer.status, answer.code().as_str()), (status, code), "{offset}");
        }
        assert_eq!(look(&app, &ada, &upload).await.unwrap(), upload, "none of them counts");
        for id in ["7", "x"] {
            assert_eq!(put_raw(&app, Some(&ada), id, 0, BYTES, Vec::new()).await.status, 404);
        }
        assert_eq!(put(&app, &ben, &upload, 0, &film).await.status, 404, "somebody else's");
        assert_eq!(look(&app, &ben, &upload).await, Err(ErrorCode::NotFound));
        assert_eq!(finish(&app, &ben, &upload, FinishUpload::default()).await, Err(ErrorCode::NotFound));
        let cancel = CancelUpload { upload_id: upload.id };
        assert_eq!(ben.call(&app, &cancel, &Nothing).await, Err(ErrorCode::NotFound));
        assert!(stored(&app).is_empty());
        assert_eq!(put(&app, &ada, &upload, 0, &film).await.status, 200);
        // Once more, and with other bytes: it is there already.
        let other = vec![7; piece];
        let answer = put_raw(&app, Some(&ada), upload.id, 0, BYTES, other).await;
        let after: Upload = from_str(&answer.text).unwrap();
        assert_eq!((answer.status, after.received), (200, PIECE_SIZE));
        send(&app, &ada, &after, &film).await;
        let media = finish(&app, &ada, &upload, FinishUpload::default()).await.unwrap();
        let (_, _, bytes) = get(&app, &media.url).await;
        assert!(bytes.ends_with(&film[film.len() - piece..]), "the first ones count");
    }

    /// Of two for the same place one has a row; the bytes are those of one of them.
    async fn two_pieces_at_once_are_one(app: TestApp) {
        let ada = app.person("ada").await;
        let (one, mut other) = (long(2), long(2));
        let piece = usize::try_from(PIECE_SIZE).unwrap();
        // The same film with other pictures.
        for byte in &mut other[1000..piece] {
            *byte ^= 0x55;
        }
        let upload = begin(&app, &ada, &one).await;
        let answers = futures_util::future::join_all([
            put(&app, &ada, &upload, 0, &one),
            put(&app, &ada, &upload, 0, &other),
        ]).await;
        assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 200]);
        assert_eq!(stored(&app).len(), 1, "the one that came late is gone");
        let upload = look(&app, &ada, &upload).await.unwrap();
        assert_eq!(upload.received, PIECE_SIZE);
        send(&app, &ada, &upload, &one).await;
        // And finished by two at once: one film.
        let (first, second) = futures_util::join!(
            finish(&app, &ada, &upload, FinishUpload::default()),
            finish(&app, &ada, &upload, FinishUpload::default()),
        );
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!(first.id, second.id);
        let (_, _, bytes) = get(&app, &first.url).await;
        let tail = |film: &[u8]| bytes[1000..] == film[1000..];
        assert!(tail(&one) || tail(&other), "not a mixture");
        assert_eq!(stored(&app).len(), 1);
    }

    async fn to_finish_twice_is_to_finish_once(app: TestApp) {
        let ada = app.person("ada").await;
        let film = small();
        let new = films::new_upload(&film);
        let upload = ada.call(&app, &CreateUpload {}, &new).await.unwrap();
        send(&app, &ada, &upload, &film).await;
        let path = format!("{API_BASE}/uploads/{}/complete", upload.id);
        let mut made = Vec::new();
        for status in [201, 200] {
            let body = json!({"alt_text": " waves "});
            let answer = app.raw(Method::Post, &path, ada.token(), Some(&body)).await;
            assert_eq!(answer.status, status, "{answer:?}");
            made.push(from_str::<Media>(&answer.text).unwrap());
        }
        assert_eq!(made[0].id, made[1].id);
        assert_eq!((made[0].alt_text.as_str(), made[0].name.as_str()), ("waves", "at sea.mp4"));
        let whole = look(&app, &ada, &upload).await.unwrap();
        assert_eq!(whole.received, whole.size);
        assert_eq!(ada.call(&app, &CreateUpload {}, &new).await.unwrap().id, upload.id);
        assert_eq!(put(&app, &ada, &upload, 0, &film).await.status, 200, "it is there");
        let cancel = CancelUpload { upload_id: upload.id };
        assert_eq!(ada.call(&app, &cancel, &Nothing).await, Err(ErrorCode::NotFound), "it is a film now");
        ada.call(&app, &DeleteMedia { media_id: made[0].id }, &Nothing).await.unwrap();
        assert_eq!(finish(&app, &ada, &upload, FinishUpload::default()).await, Err(ErrorCode::NotFound));
        assert!(stored(&app).is_empty());
    }

    async fn what_is_cancelled_leaves_nothing(app: TestApp) {
        let ada = app.person("ada").await;
        let film = long(2);
        let upload = begin(&app, &ada, &film).await;
        put(&app, &ada, &upload, 0, &film).await;
        assert_eq!(stored(&app).len(), 1);
        let cancel = CancelUpload { upload_id: upload.id };
        ada.call(&app, &cancel, &Nothing).await.unwrap();
        assert!(stored(&app).is_empty());
        assert_eq!(ada.call(&app, &cancel, &Nothing).await, Err(ErrorCode::NotFound));
        assert_eq!(put(&app, &ada, &upload, PIECE_SIZE, &film).await.status, 404);
        assert!(stored(&app).is_empty());
    }

    async fn only_so_many_are_open_at_a_time(app: TestApp) {
        let ada = app.person("ada").await;
        let film = small();
        let mut open = Vec::new();
        for _ in 0..5 {
            open.push(begin(&app, &ada, &film).await);
        }
        let new = films::new_upload(&film);
        assert_eq!(ada.call(&app, &CreateUpload {}, &new).await, Err(ErrorCode::TooManyUploads));
        send(&app, &ada, &open[0], &film).await;
        finish(&app, &ada, &open[0], FinishUpload::default()).await.unwrap();
        assert_eq!(ada.call(&app, &CreateUpload {}, &new).await.unwrap().received, 0);
        let mut other = new.clone();
        other.size += 1;
        assert_eq!(ada.call(&app, &CreateUpload {}, &other).await, Err(ErrorCode::ClientIdReused));
        for (size, code) in [(0, "required"), (VIDEO_MAX + 1, "video_too_large")] {
            let body = json!({"client_id": crate::support::client_id(), "name": "x.mp4", "size": size});
            let answer = app.raw(Method::Post, &format!("{API_BASE}/uploads"), ada.token(), Some(&body)).await;
            let error = &answer.json()["errors"][0];
            assert_eq!((answer.status, error["field"].as_str(), error["code"].as_str()), (422, Some("size"), Some(code)));
        }
    }

    /// As every crash leaves it: a row without its pieces, pieces without a row, half a file.
    async fn what_a_crash_leaves_is_cleared_away(app: TestApp) {
        let ada = app.person("ada").await;
        let kept = &app.servers()[0].media;
        let film = long(2);
        let open = begin(&app, &ada, &film).await;
        put(&app, &ada, &open, 0, &film).await;
        // Its bytes were safe, and then the server died: no row says so, and the piece comes again.
        let piece = stored(&app)[0].0.clone();
        let stray = piece.with_file_name(service::random_name());
        std::fs::write(&stray, b"a piece that nobody knows of").unwrap();
        std::fs::write(piece.with_file_name("full#1"), b"half").unwrap();
        let lost = format!("{}/full", service::folder(&service::random_name()));
        kept.store.put(&lost, b"a film that has no row".to_vec()).await.unwrap();
        assert_eq!(collect_orphans(kept, clock::now()).await.unwrap(), Cleared::default(), "it is not time yet");
        let upload = look(&app, &ada, &open).await.unwrap();
        assert_eq!(upload.received, PIECE_SIZE);
        send(&app, &ada, &upload, &film).await;
        let media = finish(&app, &ada, &open, FinishUpload::default()).await.unwrap();
        assert!(!stray.exists(), "with the others");
        // One whose pieces somebody has taken away: it cannot become a film, and nothing says that it could.
        let broken = begin(&app, &ada, &film).await;
        send(&app, &ada, &broken, &film).await;
        let before = stored(&app);
        let pieces: Vec<_> = before.iter().filter(|(_, bytes)| bytes.len() < film.len() && bytes.len() > 900).collect();
        assert_eq!(pieces.len(), 2);
        std::fs::remove_file(&pieces[0].0).unwrap();
        assert_eq!(finish(&app, &ada, &broken, FinishUpload::default()).await, Err(ErrorCode::NotFound));
        let cleared = collect_orphans(kept, later()).await.unwrap();
        assert_eq!((cleared.rows, cleared.uploads), (1, 2), "{cleared:?}");
        assert!(stored(&app).is_empty(), "{:?}", stored(&app).iter().map(|(path, _)| path).collect::<Vec<_>>());
        assert_eq!(get(&app, &media.url).await.0, 404);
        assert_eq!(look(&app, &ada, &broken).await, Err(ErrorCode::NotFound));
        assert_eq!(collect_orphans(kept, later()).await.unwrap(), Cleared::default());
    }

    /// A client that dies in the middle of a piece has sent nothing.
    async fn half_a_piece_is_none(app: TestApp) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let ada = app.person("ada").await;
        let film = long(2);
        let upload = begin(&app, &ada, &film).await;
        let mut line = send_part(&app, &ada, &upload, &film[..100_000]).await;
        line.shutdown().await.unwrap();
        // It may say what was wrong; that it has closed the line means that it has given up.
        let mut rest = Vec::new();
        line.read_to_end(&mut rest).await.ok();
        assert_eq!(look(&app, &ada, &upload).await.unwrap().received, 0);
        assert!(stored(&app).is_empty());
        send(&app, &ada, &upload, &film).await;
        finish(&app, &ada, &upload, FinishUpload::default()).await.unwrap();
    }

    /// A line is torn just when a piece is whole: either its bytes are gone, or they count.
    async fn what_a_torn_line_brought_is_counted_or_gone(app: TestApp) {
        let ada = app.person("ada").await;
        let film = long(2);
        let piece = usize::try_from(PIECE_SIZE).unwrap();
        for wait in 0..8_u64 {
            let upload = begin(&app, &ada, &film).await;
            let line = send_part(&app, &ada, &upload, &film[..piece]).await;
            tokio::time::sleep(Duration::from_millis(wait * 3)).await;
            // The line is reset, not closed.
            line.set_zero_linger().unwrap();
            drop(line);
            let until = Instant::now() + Duration::from_secs(10);
            loop {
                let received = look(&app, &ada, &upload).await.unwrap().received;
                let (counted, kept) = (received / PIECE_SIZE, stored(&app).len() as u64);
                // It may still be at work: what counts is how it ends.
                if counted == kept && (kept > 0 || wait == 0 || Instant::now() + Duration::from_secs(9) > until) {
                    break;
                }
                assert!(Instant::now() < until, "after {wait}: {kept} pieces are kept, {counted} count");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            ada.call(&app, &CancelUpload { upload_id: upload.id }, &Nothing).await.unwrap();
        }
    }

    async fn a_picture_stands_there_until_it_plays(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let film = small();
        let upload = begin(&app, &ada, &film).await;
        send(&app, &ada, &upload, &film).await;
        let still = pictures::upload(&app, &ada).await;
        let bens = pictures::upload(&app, &ben).await;
        let avatar = pictures::set_avatar(&app, &ada).await.1;
        let mut answers = Vec::new();
        for wrong in [bens.id, avatar, Id::new(7)] {
            let path = format!("{API_BASE}/uploads/{}/complete", upload.id);
            let body = json!({"poster_id": wrong});
            let answer = app.raw(Method::Post, &path, ada.token(), Some(&body)).await;
            assert_eq!(answer.status, 422);
            answers.push(answer.json()["errors"].clone());
        }
        assert_eq!(answers[0][0]["field"], "poster_id");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "somebody else's is like none");
        let poster = FinishUpload { alt_text: String::new(), poster_id: Some(still.id) };
        let media = finish(&app, &ada, &upload, poster.clone()).await.unwrap();
        assert_eq!(media.blurhash, still.blurhash);
        let (_, headers, bytes) = get(&app, media.thumb_url.as_ref().unwrap()).await;
        assert_eq!(headers["content-type"], "image/jpeg");
        assert!(bytes.starts_with(b"\xff\xd8"));
        assert_eq!(get(&app, media.medium_url.as_ref().unwrap()).await.0, 200);
        // It is no picture by itself any more.
        let second = begin(&app, &ada, &film).await;
        send(&app, &ada, &second, &film).await;
        assert_eq!(finish(&app, &ada, &second, poster).await, Err(ErrorCode::ValidationFailed));
        let without = finish(&app, &ada, &second, FinishUpload::default()).await.unwrap();
        assert_eq!((without.thumb_url, without.medium_url, without.blurhash), (None, None, None));
        ada.call(&app, &DeleteMedia { media_id: without.id }, &Nothing).await.unwrap();
        // The film goes on without it.
        ada.call(&app, &DeleteMedia { media_id: still.id }, &Nothing).await.unwrap();
        let call = CompleteUpload { upload_id: upload.id };
        let bare = ada.call(&app, &call, &FinishUpload::default()).await.unwrap();
        assert_eq!((bare.id, bare.thumb_url, bare.blurhash), (media.id, None, None));
        ada.call(&app, &DeleteMedia { media_id: media.id }, &Nothing).await.unwrap();
        assert_eq!(stored(&app).len(), 5 + 3, "the profile picture, and Ben's");
    }
}

mod with_little_space {
    use super::*;

    const SMALL: Options = Options {
        media_quota: Some(10_000_000),
        ..Options::PLAIN
    };

    everywhere! {
        with SMALL;
        /// What is on its way counts with all that it will have.
        async fn the_space_of_a_person_is_bounded(app: TestApp) {
            let ada = app.person("ada").await;
            let mut new = films::new_upload(b"");
            new.size = 9_990_000;
            let upload = ada.call(&app, &CreateUpload {}, &new).await.unwrap();
            let more = films::new_upload(&[0; 10_001]);
            assert_eq!(ada.call(&app, &CreateUpload {}, &more).await, Err(ErrorCode::QuotaExceeded));
            let picture = Form::new().file("x.jpg", &pictures::jpeg(900, 700)).post(&app, &ada).await;
            assert_eq!(picture.code(), "quota_exceeded");
            ada.call(&app, &CancelUpload { upload_id: upload.id }, &Nothing).await.unwrap();
            ada.call(&app, &CreateUpload {}, &more).await.unwrap();
        }
    }
}
