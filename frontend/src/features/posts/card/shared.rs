//! The post that another one passes on, or a word in its place.

use hearth_shared::posts::{Original, Shared};
use yew::prelude::*;

use super::super::state::Entry;
use super::audience_mark;
use super::media::MediaOf;
use super::text::Folded;
use crate::routes::Route;
use crate::store::Ptr;
use crate::text::posts::{self as words, card};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::when::When;

/// What a post passes on; nothing for most. It is watched like the post itself.
pub(super) fn shared_post(entry: &Ptr<Entry>, onlost: &Callback<()>) -> Html {
    let watched = entry.original.map(|id| id.to_string());
    match &entry.post.shared {
        None => Html::default(),
        Some(Shared::Unavailable) => html! {
            <p class="original original--gone" data-post={watched}>
                { small_icon(Glyph::Lock) }<span>{ words::UNAVAILABLE_TITLE }</span>
            </p>
        },
        Some(Shared::Post(original)) => html! {
            <div
                class="original" data-post={watched} role="group"
                aria-label={card::shared_from(&original.author.display_name)}
            >
                <OriginalPost original={(**original).clone()} key={original.id.to_string()} onlost={onlost.clone()} />
            </div>
        },
    }
}

#[derive(PartialEq, Properties)]
pub(in super::super) struct OriginalProps {
    pub(in super::super) original: Original,
    #[prop_or_default]
    pub(in super::super) onlost: Callback<()>,
    /// Its text alone, as a reminder of what it is about.
    #[prop_or_default]
    pub(in super::super) brief: bool,
}

/// The post inside the other one.
#[component]
pub(in super::super) fn OriginalPost(props: &OriginalProps) -> Html {
    let open = use_state_eq(|| false);
    let original = &props.original;
    let profile = Route::Profile {
        username: original.author.username.clone(),
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |()| open.set(!*open))
    };
    html! {
        <>
            <header class="original__head">
                { avatar(&original.author, Size::Small) }
                <div class="post__who">
                    <Link to={profile} class="name">{ name(&original.author) }</Link>
                    <div class="meta">
                        <Link to={Route::Post { id: original.id }} class="original__time"><When at={original.created_at} /></Link>
                        <span aria-hidden="true">{ "·" }</span>
                        { audience_mark(original.audience) }
                        if original.edited_at.is_some() {
                            <span aria-hidden="true">{ "·" }</span><span>{ words::EDITED }</span>
                        }
                    </div>
                </div>
            </header>
            if !original.body.is_empty() {
                <Folded
                    id={format!("o-{}-{}", original.id, props.brief)} body={original.body.clone()}
                    mentions={original.mentions.clone()} short=false open={*open} ontoggle={toggle}
                />
            }
            if !props.brief && !original.media.is_empty() {
                <MediaOf
                    post={original.id} media={original.media.clone()} author={original.author.display_name.clone()}
                    onlost={props.onlost.clone()}
                />
            } else if !original.media.is_empty() {
                <p class="meta original__media">{ small_icon(Glyph::Photo) }{ card::media_count(&original.media) }</p>
            }
        </>
    }
}
