//! The pages that are lists of posts: what has a hashtag, what one keeps for later.

use hearth_shared::rich_text::{Piece, pieces};
use yew::prelude::*;

use super::list::PostList;
use super::state::ListId;
use crate::platform::lower_case;
use crate::text::posts as words;
use crate::ui::icon::Glyph;
use crate::ui::page::Heading;
use crate::ui::states::empty;

#[derive(PartialEq, Properties)]
pub(crate) struct TagPageProps {
    /// Without the #.
    pub(crate) tag: String,
}

/// The posts with a hashtag.
#[component]
pub(crate) fn TagPage(props: &TagPageProps) -> Html {
    let tag = format!("#{}", props.tag);
    let is_tag = matches!(pieces(&tag).as_slice(), [Piece::Tag(_)]);
    html! {
        <>
            <Heading text={tag.clone()} />
            if is_tag {
                <PostList
                    list={ListId::Tag(lower_case(&props.tag))} label={words::posts_with(&tag)} end={words::END_OF_POSTS}
                >
                    { empty(Glyph::Search, &words::none_with(&tag), Html::default()) }
                </PostList>
            } else {
                { empty(Glyph::Search, words::NO_TAG, Html::default()) }
            }
        </>
    }
}

/// The posts that one keeps.
#[component]
pub(crate) fn SavedPage() -> Html {
    html! {
        <>
            <Heading text={words::SAVED_POSTS} />
            <p class="page__lead">{ words::SAVED_HINT }</p>
            <PostList list={ListId::Saved} label={words::SAVED_POSTS} end={words::END_OF_POSTS}>
                { empty(Glyph::Bookmark, words::NOTHING_SAVED, Html::default()) }
            </PostList>
        </>
    }
}
