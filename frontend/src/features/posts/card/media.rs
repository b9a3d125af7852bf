//! What a post shows beside its text: its pictures, or its film.

use hearth_shared::ids::PostId;
use hearth_shared::media::{Media, MediaKind};
use yew::prelude::*;
use yew_router::prelude::*;

use super::super::viewer;
use crate::features::media::{Film, Grid};

#[derive(PartialEq, Properties)]
pub(super) struct MediaOfProps {
    /// Whose pictures: the post under which the viewer finds them.
    pub(super) post: PostId,
    pub(super) media: Vec<Media>,
    pub(super) author: AttrValue,
    pub(super) onlost: Callback<()>,
}

/// All of it.
#[component]
pub(super) fn MediaOf(props: &MediaOfProps) -> Html {
    let location = use_location();
    let onopen = {
        let post = props.post;
        Callback::from(move |picture| viewer::open(location.as_ref(), post, picture))
    };
    let (author, onlost) = (props.author.clone(), props.onlost.clone());
    match props.media.first() {
        Some(first) if first.kind == MediaKind::Video => {
            html! { <Film media={first.clone()} {author} {onlost} /> }
        }
        _ => html! { <Grid media={props.media.clone()} {author} {onopen} {onlost} /> },
    }
}
