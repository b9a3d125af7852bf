//! Home with the feed, and a post's own page.

pub(crate) mod actions;
mod card;
mod card_actions;
mod comment_actions;
mod comments;
pub(crate) mod composer;
mod dialogs;
pub(crate) mod drafts;
pub(crate) mod live;
mod reaction_actions;
mod reactions;
pub(crate) mod state;
pub(crate) mod viewer;

use hearth_shared::ids::PostId;
use hearth_shared::users::ViewAs;
use web_sys::Element;
use yew::prelude::*;

use self::card::PostCard;
use self::composer::Prompt;
use self::state::ListId;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::users::state::seen_by;
use crate::platform::api::Failure;
use crate::platform::{dom, events, spawn};
use crate::routes::{Route, go};
use crate::store::use_selected;
use crate::text::{posts as words, shell};
use crate::ui::button::Button;
use crate::ui::icon::Glyph;
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::post_skeletons;
use crate::ui::states::{empty, end, failed, message};

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
            <PostList list={ListId::Feed} label={words::FEED} end={words::CAUGHT_UP}>
                { empty(Glyph::Friends, words::FEED_EMPTY, html! {                    <Link to={Route::FindPeople} class="btn btn--primary">{ words::FIND_FRIENDS }</Link>
                }) }
            </PostList>
        </>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct PostListProps {
    pub(crate) list: ListId,
    /// What the list is called.
    pub(crate) label: AttrValue,
    /// As whom one looks at one's own posts: those that they do not see are left out.
    #[prop_or_default]
    pub(crate) view_as: Option<ViewAs>,
    /// What stands at its end.
    pub(crate) end: AttrValue,
    /// What stands there when it is empty.
    pub(crate) children: Html,
}

/// Posts that are loaded as the reader comes near the end.
#[component]
pub(crate) fn PostList(props: &PostListProps) -> Html {
    let app = use_app();
    let id = props.list.clone();
    let list = use_selected(&app.posts, id.clone(), |posts, id| posts.list(id));
    use_effect_with((app.clone(), id.clone()), |(app, id)| actions::arrive(app, id));
    let more = use_callback((app.clone(), id.clone()), |(), (app, id)| {
        actions::load(app, id, true)
    });
    let go_on = {
        let (app, id) = (app.clone(), id.clone());
        Callback::from(move |()| {
            app.posts
                .change(|posts| posts.change_list(&id, |list| list.go_on()));
            actions::load(&app, &id, true);
        })
    };
    let again = {
        let (app, id, known) = (app.clone(), id.clone(), list.known);
        Callback::from(move |()| actions::load(&app, &id, known))
    };
    let showing = use_state_eq(|| false);
    let show = {
        let (app, id, showing) = (app.clone(), id.clone(), showing.setter());
        Callback::from(move |()| {
            let (app, id, showing) = (app.clone(), id.clone(), showing.clone());
            showing.set(true);
            spawn(async move {
                actions::show_new(&app, &id).await;
                showing.set(false);
            });
        })
    };
    let waiting = list.new_count();
    let mut keys = list.keys.clone();
    if let Some(view_as) = props.view_as {
        app.posts.read(|posts| {
            keys.retain(|key| {
                let entry = posts.get(key);
                entry.is_some_and(|entry| seen_by(view_as, entry.post.audience))
            });
        });
    }
    // A new one for every page, also for one that brought nothing new.
    let sentinel = format!(
        "{}{}",
        list.loading,
        list.next.as_ref().map_or("", |next| &next.0)
    );
    let started = list.known || !list.keys.is_empty();
    html! {
        <>
            if waiting > 0 {
                <Button class="newpill" text={words::show_new(waiting)} busy={*showing} onclick={show} />
            }
            if !keys.is_empty() {
                <div role="feed" aria-label={props.label.clone()} aria-busy={list.loading.to_string()}>
                    { for keys.iter().enumerate().map(|(index, key)| html! {
                        <PostCard key={key.to_string()} post={key.clone()} place={index + 1} />
                    }) }
                </div>
            }
            if let Some(failure) = &list.failure {
                { failed(if started { words::OLDER_FAILED } else { words::FEED_FAILED }, failure, again) }
            } else if !list.known {
                { post_skeletons(3) }
            } else if keys.is_empty() && list.next.is_none() {
                { props.children.clone() }
            } else if list.loads_by_itself() {
                <>
                    <Sentinel key={sentinel} onnear={more} />
                    { post_skeletons(1) }
                </>
            } else if list.next.is_some() {
                <div class="more"><Button text={words::SHOW_OLDER} busy={list.loading} onclick={go_on} /></div>
            } else {
                { end(&props.end) }
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct SentinelProps {
    onnear: Callback<()>,
}

/// Notices that the reader comes near.
#[component]
fn Sentinel(props: &SentinelProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.onnear.clone(), move |onnear| {
            let onnear = onnear.clone();
            let guard = node
                .cast::<Element>()
                .map(|element| events::on_approach(&element, move || onnear.emit(())));
            move || drop(guard)
        });
    }
    html! { <div ref={node} class="sentinel" aria-hidden="true" /> }
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
