//! The server dies in the middle of an upload: what it has confirmed is there, the rest comes again, and nothing is left
//! lying about.

use std::time::Duration;

use hearth::features::media::clean::collect_orphans;
use hearth_shared::endpoint::Nothing;
use hearth_shared::media::{CompleteUpload, DeleteMedia, FinishUpload, GetUpload, PIECE_SIZE, Upload};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::uploads::later;
use crate::support::films::{begin, finish, long, send, send_part};
use crate::support::pictures::{get, stored};
use crate::support::postgres::TestDatabase;
use crate::support::program::Host;
use crate::support::{Client, TestApp};

/// After so many bytes of a piece the program dies; at last when it has all of them, and may have said so.
const CUTS: [u64; 7] = [0, 1, 4_096, 70_000, 1 << 20, PIECE_SIZE - 1, PIECE_SIZE];

/// Whether the server said, before it died, that the piece is safe.
async fn confirmed(mut line: TcpStream) -> bool {
    let mut answer = Vec::new();
    // A line that is torn is no answer.
    line.read_to_end(&mut answer).await.ok();
    answer.starts_with(b"HTTP/1.1 200")
}

async fn killed(database: Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(folder.path(), database.as_deref());
    let mut running = host.start().await;
    let app = Client::new(&running.base);
    let ada = app.person("ada").await;
    let film = long(2);
    for (round, cut) in CUTS.into_iter().enumerate() {
        let upload = begin(&app, &ada, &film).await;
        let line = send_part(&app, &ada, &upload, &film[..usize::try_from(cut).unwrap()]).await;
        tokio::time::sleep(Duration::from_millis(10)).await;
        running.kill();
        let said = confirmed(line).await;
        running = host.start().await;
        let look = GetUpload { upload_id: upload.id };
        let after: Upload = ada.call(&app, &look, &Nothing).await.unwrap();
        let whole = after.received == PIECE_SIZE;
        assert!(
            whole || after.received == 0,
            "{cut}: no half piece counts: {after:?}"
        );
        assert!(whole || !said, "{cut}: what was confirmed is there");
        assert!(cut == PIECE_SIZE || !whole, "{cut}: what was not sent is not");
        send(&app, &ada, &after, &film).await;

        // And once more while it makes a film of the pieces.
        let call = CompleteUpload { upload_id: upload.id };
        let asked = FinishUpload::default();
        let finishing = ada.try_call_with(&app, &call, &Nothing, &asked);
        let dying = async {
            tokio::time::sleep(Duration::from_millis(round as u64 * 4)).await;
            running.kill();
        };
        let (answer, ()) = tokio::join!(finishing, dying);
        running = host.start().await;
        let media = finish(&app, &ada, &upload, FinishUpload::default())
            .await
            .unwrap();
        if let Some(first) = answer {
            assert_eq!(first.unwrap().id, media.id, "one film, not two");
        }
        let (status, _, bytes) = get(&app, &media.url).await;
        assert_eq!(status, 200);
        assert_eq!(bytes.len(), film.len(), "{cut}");
        assert!(
            bytes.ends_with(&film[film.len() - usize::try_from(PIECE_SIZE).unwrap()..]),
            "{cut}"
        );
        let remove = DeleteMedia { media_id: media.id };
        ada.call(&app, &remove, &Nothing).await.unwrap();
    }
    running.kill();
    let left = TestApp::left_by_program(folder, database).await;
    collect_orphans(&left.servers()[0].media, later()).await.unwrap();
    let files: Vec<_> = stored(&left).into_iter().map(|(path, _)| path).collect();
    assert!(files.is_empty(), "{files:?}");
}

#[tokio::test]
async fn an_upload_outlives_the_server_on_sqlite() {
    killed(None).await;
}

#[tokio::test]
async fn an_upload_outlives_the_server_on_postgres() {
    if let Some(database) = TestDatabase::create_empty() {
        killed(Some(database.url.clone())).await;
    }
}
