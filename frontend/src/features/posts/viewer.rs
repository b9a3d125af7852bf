//! The pictures of a post, large over the page. Which one stands in the address, so that Back closes it and the
//! address can be sent to somebody.

use hearth_shared::ids::{MediaId, PostId};
use hearth_shared::media::{Media, MediaKind};
use yew::prelude::*;
use yew_router::history::Location;
use yew_router::prelude::*;

use super::actions;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::parts::Over;
use crate::platform::{clock, spawn};
use crate::routes::{self, with_query};
use crate::store::use_selected;
use crate::text::posts as words;
use crate::ui::viewer::{self, Viewer};

/// How the address says whose picture is large, and which.
const POST: &str = "of";
const PICTURE: &str = "picture";
/// When addresses have run out they are asked for once in this time.
const AGAIN_MILLIS: i64 = 30_000;

fn address(location: &Location, shown: Option<(PostId, MediaId)>) -> String {
    let values = shown.map(|(post, picture)| (post.to_string(), picture.to_string()));
    let pairs: &[(&str, Option<String>)] = &[
        (POST, values.as_ref().map(|(post, _)| post.clone())),
        (PICTURE, values.map(|(_, picture)| picture)),
    ];
    with_query(location, pairs)
}

/// Opens a picture over the page.
pub(super) fn open(location: Option<&Location>, post: PostId, picture: MediaId) {
    if let Some(location) = location {
        viewer::open(&address(location, Some((post, picture))));
    }
}

/// The viewer, when the address names a picture of a post.
#[component]
pub(crate) fn PostViewer() -> Html {
    let location = use_location();
    let value = |name: &str| {
        let location = location.as_ref()?;
        routes::query_value(location, name)
    };
    let post = value(POST).and_then(|post| post.parse::<PostId>().ok());
    match (&location, post) {
        (Some(location), Some(post)) => Over::Viewer(OpenViewerProps {
            post,
            picture: value(PICTURE).unwrap_or_default(),
            location: location.clone(),
        })
        .html(),
        _ => Html::default(),
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct OpenViewerProps {
    pub(crate) post: PostId,
    picture: String,
    location: Location,
}

impl OpenViewerProps {
    /// Goes back to the page beneath.
    pub(crate) fn close(&self) {
        viewer::close(&address(&self.location, None));
    }
}

/// The viewer itself.
#[component]
pub(crate) fn OpenViewer(props: &OpenViewerProps) -> Html {
    let app = use_app();
    let id = props.post;
    let media = use_selected(&app.posts, id, |posts, id| posts.media_of(*id));
    let asked = use_mut_ref(|| 0_i64);
    let close = {
        let props = props.clone();
        Callback::from(move |()| props.close())
    };
    {
        // Who comes by the address has not read the post.
        let (app, close) = (app.clone(), close.clone());
        use_effect_with((id, media.is_some()), move |(id, known)| {
            let id = *id;
            if !known {
                spawn(async move {
                    if let Err(failure) = actions::fetch(&app, id).await {
                        if failure.is_not_found() {
                            app.base.say(words::UNAVAILABLE_TITLE);
                        } else {
                            app.base.warn(words::FEED_FAILED, &failure);
                        }
                        close.emit(());
                    }
                });
            }
        });
    }
    let onlost = {
        let app = app.clone();
        Callback::from(move |()| {
            let now = clock::now().as_millis();
            if now - asked.replace(now) > AGAIN_MILLIS {
                let app = app.clone();
                app.posts.change(|posts| posts.lose_addresses_of(id));
                spawn(async move { drop(actions::fetch(&app, id).await) });
            }
        })
    };
    let go = {
        let location = props.location.clone();
        Callback::from(move |picture: MediaId| viewer::turn(&address(&location, Some((id, picture)))))
    };
    let mut photos: Vec<Media> = media.unwrap_or_default();
    photos.retain(|one| one.kind == MediaKind::Image);
    let at = photos.iter().position(|one| one.id.to_string() == props.picture);
    // Of a picture that was taken out of the post the address says nothing any more: the first one is shown.
    let at = at.or((!photos.is_empty()).then_some(0));
    match at {
        Some(at) => html! { <Viewer {photos} {at} {go} onclose={close} {onlost} /> },
        None => Html::default(),
    }
}
