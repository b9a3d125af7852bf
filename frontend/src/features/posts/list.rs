//! A list of posts: what is new waits behind a pill, what is older comes as the reader comes near it, and the end is
//! said. However long it is, the page holds a part of it only.

use hearth_shared::users::ViewAs;
use web_sys::Element;
use yew::prelude::*;

use super::actions;
use super::card::PostCard;
use super::state::feed::List;
use super::state::{ListId, PostKey};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::users::state::seen_by;
use crate::platform::api::Failure;
use crate::platform::connection::{self, Connection};
use crate::platform::{events, scroll, spawn};
use crate::store::use_selected;
use crate::text::posts as words;
use crate::ui::button::Button;
use crate::ui::skeleton::{post_skeletons, posts_to_come};
use crate::ui::states::{end, failed};
use crate::ui::when::{brief, point};

#[derive(PartialEq, Properties)]
pub(crate) struct PostListProps {
    pub(crate) list: ListId,
    /// What the list is called.
    pub(crate) label: AttrValue,
    /// As whom one looks at one's own posts: those that they do not see are left out.
    #[prop_or_default]
    pub(crate) view_as: Option<ViewAs>,
    /// What stands at its end; at that of the feed, how far one has read.
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
    let connected = use_selected(&connection::state(), (), |state, ()| *state == Connection::Fine);
    use_effect_with((app.clone(), id.clone()), |(app, id)| actions::arrive(app, id));
    use_effect_with(list.from, |_| scroll::release_page());
    {
        // What failed because nobody answered is tried again once somebody does.
        let (app, id) = (app.clone(), id.clone());
        use_effect_with(connected, move |connected| {
            let list = app.posts.read(|posts| posts.list(&id));
            if *connected && list.failure == Some(Failure::Unreachable) {
                actions::load(&app, &id, list.known);
            }
        });
    }
    let older = use_callback((app.clone(), id.clone()), |(), (app, id)| actions::go_on(app, id));
    let newer = use_callback((app.clone(), id.clone()), |(), (app, id)| {
        actions::step(app, id, false)
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
    let mut keys = list.on_page().to_vec();
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
        "{}{}{}",
        list.loading,
        list.from,
        list.next.as_ref().map_or("", |next| &next.0)
    );
    let started = list.known || !list.keys.is_empty();
    html! {
        <>
            <Pill list={id.clone()} waiting={list.new_count()} />
            if list.from > 0 {
                <Sentinel key={format!("up{}", list.from)} settled=true onnear={newer} />
            }
            if !keys.is_empty() {
                <div role="feed" aria-label={props.label.clone()} aria-busy={list.loading.to_string()}>
                    { for keys.iter().enumerate().map(|(index, key)| html! {
                        <PostCard key={key.to_string()} post={key.clone()} place={list.from + index + 1} />
                    }) }
                </div>
            }
            if list.has_below() {
                <Sentinel key={sentinel} onnear={older} />
            } else if let Some(failure) = &list.failure {
                { failed(if started { words::OLDER_FAILED } else { words::FEED_FAILED }, failure, again) }
            } else if !list.known {
                { post_skeletons(3) }
            } else if keys.is_empty() && list.next.is_none() {
                { props.children.clone() }
            } else if !connected {
                { offline(&list) }
            } else if list.loads_by_itself() {
                <>
                    <Sentinel key={sentinel} onnear={older} />
                    { posts_to_come(1, list.loading) }
                </>
            } else if list.next.is_some() {
                <div class="more"><Button text={words::SHOW_OLDER} busy={list.loading} onclick={go_on} /></div>
            } else {
                { end(&end_of(&app, &id, keys.last()).unwrap_or_else(|| props.end.to_string())) }
            }
        </>
    }
}

/// How far one has read, at the end of the feed.
fn end_of(app: &App, id: &ListId, last: Option<&PostKey>) -> Option<String> {
    let last = last.filter(|_| *id == ListId::Feed)?;
    let at = app.posts.read(|posts| posts.get(last))?.post.created_at;
    Some(words::caught_up(&point(at)))
}

/// There is no connection: what one sees is what was there when it was read.
fn offline(list: &List) -> Html {
    let read_at = list.read_at().map(brief).unwrap_or_default();
    let more = list.next.is_some();
    html! { <p class="quiet-line quiet-line--mid" role="status">{ words::offline(&read_at, more) }</p> }
}

#[derive(PartialEq, Properties)]
struct PillProps {
    list: ListId,
    waiting: u32,
}

/// Says that there are new posts, and shows them when it is pressed. It takes no place, so that nothing moves when it
/// comes.
#[component]
fn Pill(props: &PillProps) -> Html {
    let app = use_app();
    let showing = use_state_eq(|| false);
    let show = {
        let (id, showing) = (props.list.clone(), showing.setter());
        Callback::from(move |()| {
            let (app, id, showing) = (app.clone(), id.clone(), showing.clone());
            showing.set(true);
            spawn(async move {
                actions::show_new(&app, &id).await;
                showing.set(false);
            });
        })
    };
    if props.waiting == 0 {
        return Html::default();
    }
    html! {
        <div class="newpill-place">
            <Button class="newpill" text={words::show_new(props.waiting)} busy={*showing} onclick={show} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct SentinelProps {
    onnear: Callback<()>,
    /// Whether it counts only when the page stands where it belongs: at first it stands at its top.
    #[prop_or_default]
    settled: bool,
}

/// Notices that the reader comes near.
#[component]
fn Sentinel(props: &SentinelProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.onnear.clone(), props.settled), move |(onnear, settled)| {
            let (onnear, settled) = (onnear.clone(), *settled);
            let guard = node.cast::<Element>().map(|element| {
                let watched = element.clone();
                events::on_approach(&element, move || {
                    if settled {
                        let (onnear, element) = (onnear.clone(), watched.clone());
                        spawn(async move {
                            scroll::settled().await;
                            if events::is_near(&element) {
                                onnear.emit(());
                            }
                        });
                    } else {
                        onnear.emit(());
                    }
                })
            });
            move || drop(guard)
        });
    }
    html! { <div ref={node} class="sentinel" aria-hidden="true" /> }
}
