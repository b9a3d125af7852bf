//! Home with the feed, a post's own page, and what else lists posts.

pub(crate) mod actions;
mod card;
pub(crate) mod card_actions;
mod comment_actions;
mod comments;
pub(crate) mod composer;
pub(crate) mod dialogs;
pub(crate) mod drafts;
mod list;
pub(crate) mod live;
mod pages;
mod reaction_actions;
mod reactions;
pub(crate) mod state;
pub(crate) mod viewer;

use hearth_shared::ids::PostId;
use yew::prelude::*;

use self::card::PostCard;
use self::composer::Prompt;
pub(crate) use self::list::PostList;
pub(crate) use self::pages::{SavedPage, TagPage};
use self::state::ListId;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::{dom, events, spawn};
use crate::routes::{Route, go};
use crate::store::use_selected;
use crate::text::{posts as words, shell};
use crate::ui::icon::Glyph;
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::post_skeletons;
use crate::ui::states::{empty, failed, message};

/// The feed.
#[component]
pub(crate) fn HomePage() -> Html {
    let app = use_app();
    {
        // Those who come back to the tab after a while learn what is new.
        let app = app.clone();
        use_effect_with((), move |()| {
            let guard = events::on_document("visibilitychange", move |_| {
                if dom::visible() {
                    actions::arrive(&app, &ListId::Feed);
                }
            });
            move || drop(guard)
        });
    }
    html! {
        <>
            <Heading text={shell::HOME} hidden=true />
            <Prompt />
            <PostList list={ListId::Feed} label={words::FEED} end={words::END_OF_POSTS}>
                { empty(Glyph::Friends, words::FEED_EMPTY, html! {                    <Link to={Route::FindPeople} class="btn btn--primary">{ words::FIND_FRIENDS }</Link>
                }) }
            </PostList>
        </>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct PostPageProps {
    pub(crate) id: PostId,
}

/// A post's own page.
#[component]
pub(crate) fn PostPage(props: &PostPageProps) -> Html {
    let app = use_app();
    let id = props.id;
    let failure = use_state_eq(|| None::<Failure>);
    let attempt = use_state_eq(|| 0_u32);
    let entry = use_selected(&app.posts, id, |posts, id| posts.by_id(*id));
    {
        let (app, failure) = (app.clone(), failure.setter());
        use_effect_with((id, *attempt), move |(id, _)| {
            let id = *id;
            failure.set(None);
            spawn(async move {
                let outcome = actions::fetch(&app, id).await;
                comment_actions::begin_thread(&app, id);
                failure.set(outcome.err());
            });
        });
    }
    let again = {
        let attempt = attempt.clone();
        Callback::from(move |()| attempt.set(*attempt + 1))
    };
    {
        // It is gone, by what somebody else did: asking again says so.
        let attempt = attempt.clone();
        use_effect_with(entry.is_some() || failure.is_some(), move |settled| {
            let settled = *settled;
            move || {
                if settled {
                    attempt.set(*attempt + 1);
                }
            }
        });
    }
    let ondeleted = Callback::from(|()| go(&Route::Home));
    match (entry, &*failure) {
        (Some(entry), failure) if failure.as_ref().is_none_or(|failure| !failure.is_not_found()) => html! {
            <>
                <Heading text={words::post_by(&entry.post.author.display_name)} hidden=true />
                <PostCard post={entry.key.clone()} {ondeleted} />
            </>
        },
        (_, Some(failure)) if failure.is_not_found() => html! {
            { message(words::UNAVAILABLE_TITLE, words::UNAVAILABLE, html! {                <Link to={Route::Home} class="btn btn--primary">{ words::BACK_HOME }</Link>
            }) }
        },
        (_, Some(failure)) => html! {
            <>
                <Heading text={words::POST_TITLE} hidden=true />
                { failed(words::FEED_FAILED, failure, again) }
            </>
        },
        _ => html! {
            <>
                <Heading text={words::POST_TITLE} hidden=true />
                { post_skeletons(1) }
            </>
        },
    }
}
