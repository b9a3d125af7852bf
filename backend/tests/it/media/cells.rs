//! The pictures, films and uploads that `docs/authorization.md` speaks of.

use hearth_shared::ids::MediaId;
use hearth_shared::media::{FinishUpload, Upload};
use hearth_shared::posts::Audience;

use super::posts::attach;
use crate::support::films::{self, Mp4};
use crate::support::{Person, TestApp, pictures};

/// Makes an object of somebody's; gives what stands for it in a path.
pub(crate) async fn media_object(app: &TestApp, owner: &Person, object: &str, audience: Audience) -> String {
    match object {
        "picture" => pictures::set_avatar(app, owner).await.1.to_string(),
        "former picture" => {
            let (_, former) = pictures::set_avatar(app, owner).await;
            pictures::set_avatar(app, owner).await;
            former.to_string()
        }
        "cover" => pictures::set_cover(app, owner).await.to_string(),
        "unattached picture" => pictures::upload(app, owner).await.id.to_string(),
        "picture's name" => pictures::set_avatar(app, owner).await.0,
        "former picture's name" => {
            let (former, _) = pictures::set_avatar(app, owner).await;
            pictures::set_avatar(app, owner).await;
            former
        }
        "picture of public post" | "picture of friends post" | "picture of private post" => {
            let picture = pictures::upload(app, owner).await.id;
            beside_post(app, owner, picture, audience).await
        }
        "film of friends post" => {
            let film = films::bring(app, owner, &films::mp4(&Mp4::default())).await;
            beside_post(app, owner, film.id, audience).await
        }
        "what stands before a film of friends post" => {
            let still = pictures::upload(app, owner).await.id;
            let poster = FinishUpload {
                poster_id: Some(still),
                ..FinishUpload::default()
            };
            let upload = upload(app, owner, true).await;
            let film = films::finish(app, owner, &upload, poster).await.unwrap();
            beside_post(app, owner, film.id, audience).await;
            still.to_string()
        }
        "upload" => upload(app, owner, false).await.id.to_string(),
        "whole upload" => upload(app, owner, true).await.id.to_string(),
        unknown => panic!("no such object: {unknown}"),
    }
}

async fn beside_post(app: &TestApp, owner: &Person, id: MediaId, audience: Audience) -> String {
    let post = owner.post_for(app, "x", audience).await;
    attach(app, owner, post.id, &[id]).await.unwrap();
    id.to_string()
}

/// An upload: begun, or all of it there.
async fn upload(app: &TestApp, owner: &Person, whole: bool) -> Upload {
    let film = films::mp4(&Mp4::default());
    let upload = films::begin(app, owner, &film).await;
    if whole {
        films::send(app, owner, &upload, &film).await;
    }
    upload
}
