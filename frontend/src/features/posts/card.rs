//! A post as it stands in a list or on its own page.

use hearth_shared::posts::Audience;
use yew::prelude::*;

use super::actions;
use super::comments::Comments;
use super::state::{Composing, Delivery, Entry, PostKey};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::platform::{dom, spawn};
use crate::routes::Route;
use crate::store::{Ptr, use_selected};
use crate::text::{errors, posts as words, shell};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::dialog::Question;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::menu::{Item, Menu};
use crate::ui::rich::rich;
use crate::ui::when::When;

/// Posts up to this long, without line ends, are set larger.
const SHORT: usize = 120;

#[derive(PartialEq, Properties)]
pub(crate) struct PostCardProps {
    pub(crate) post: PostKey,
    /// Its place in the list, from 1; none on its own page.
    #[prop_or_default]
    pub(crate) place: Option<usize>,
    /// The post has been deleted by its author here.
    #[prop_or_default]
    pub(crate) ondeleted: Callback<()>,
}

/// A post.
#[component]
pub(crate) fn PostCard(props: &PostCardProps) -> Html {
    let app = use_app();
    let entry = use_selected(&app.posts, props.post.clone(), |posts, key| posts.get(key));
    // Counts the presses of Comment, each of which moves the focus to the field.
    let asked = use_state_eq(|| 0_u32);
    let like = {
        let (app, key) = (app.clone(), props.post.clone());
        Callback::from(move |_: MouseEvent| actions::toggle_like(&app, &key))
    };
    let comment = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(*asked + 1))
    };
    {
        // What stands on the page is watched.
        let live = app.live.clone();
        use_effect_with(entry.as_ref().and_then(|entry| entry.id()), move |_| {
            live.look_around();
            move || live.look_around()
        });
    }
    let Some(entry) = entry else {
        return Html::default();
    };
    let post = &entry.post;
    let (name_id, time_id, body_id) = (
        format!("n-{}", entry.key),
        format!("t-{}", entry.key),
        format!("b-{}", entry.key),
    );
    let sent = entry.id().is_some();
    let liked = entry.like.shown(post);
    let likes = entry.like.count(post);
    let has_thread = sent && (!entry.thread.items.is_empty() || post.comment_count > 0 || *asked > 0);
    let state = match entry.delivery {
        Delivery::Done => None,
        Delivery::Sending => Some("post--sending"),
        Delivery::Failed(_) => Some("post--failed"),
    };
    html! {
        <article
            class={classes!("card", "post", state)}
            tabindex="0"
            data-post={entry.id().map(|id| id.to_string())}
            aria-labelledby={format!("{name_id} {time_id}")}
            aria-describedby={body_id.clone()}
            aria-posinset={props.place.map(|place| place.to_string())}
            aria-setsize={props.place.map(|_| "-1")}
        >
            <header class="post__head">
                <Link to={Route::Profile { username: post.author.username.clone() }} decorative=true class="post__picture">
                    { avatar(&post.author, Size::Post) }
                </Link>
                <div class="post__who">
                    <Link to={Route::Profile { username: post.author.username.clone() }} class="name" id={name_id}>
                        { name(&post.author) }
                    </Link>
                    <div class="meta">
                        if let Some(id) = entry.id() {
                            <Link to={Route::Post { id }} id={time_id} class="post__time"><When at={post.created_at} /></Link>
                        } else {
                            <span id={time_id}>{ words::JUST_NOW }</span>
                        }
                        <span aria-hidden="true">{ "·" }</span>
                        { audience_mark(post.audience) }
                        if post.edited_at.is_some() {
                            <span aria-hidden="true">{ "·" }</span>
                            <span>{ words::EDITED }</span>
                        }
                    </div>
                </div>
                if sent && post.author.id == app.user.id {
                    <OwnMenu post={entry.key.clone()} author={post.author.display_name.clone()} ondeleted={props.ondeleted.clone()} />
                }
            </header>
            <Body entry={entry.clone()} id={body_id} />
            { delivery_line(&app, &entry) }
            if entry.gone {
                <p class="notice" role="status">{ small_icon(Glyph::Alert) }<span>{ words::GONE }</span></p>
            }
            if sent {
                <div class="acts" role="group" aria-label={words::POST_ACTIONS}>
                    <button type="button" class="btn act act--like" aria-pressed={liked.to_string()} onclick={like}>
                        { small_icon(Glyph::Heart) }
                        <span>{ if liked { words::LIKED } else { words::LIKE } }</span>
                        if likes > 0 { <span class="act__count">{ likes }</span> }
                    </button>
                    <button type="button" class="btn act act--comment" aria-expanded={has_thread.to_string()} onclick={comment}>
                        { small_icon(Glyph::Comment) }
                        <span>{ words::COMMENT }</span>
                        if post.comment_count > 0 { <span class="act__count">{ post.comment_count }</span> }
                    </button>
                </div>
                if has_thread {
                    <Comments entry={entry.clone()} asked={*asked} />
                }
            }
        </article>
    }
}

/// Who may see it: an icon and a word.
fn audience_mark(audience: Audience) -> Html {
    html! {
        <span class="audience" title={words::seen_by(audience)}>
            { small_icon(glyph_of(audience)) }{ words::audience(audience) }
        </span>
    }
}

/// The icon of an audience.
pub(super) fn glyph_of(audience: Audience) -> Glyph {
    match audience {
        Audience::Public => Glyph::Globe,
        Audience::Friends => Glyph::Friends,
        Audience::OnlyMe => Glyph::Lock,
    }
}

#[derive(PartialEq, Properties)]
struct EntryProps {
    entry: Ptr<Entry>,
    #[prop_or_default]
    id: AttrValue,
}

/// The text; a long one is folded after twelve lines.
#[component]
fn Body(props: &EntryProps) -> Html {
    let app = use_app();
    let node = use_node_ref();
    let long = use_state_eq(|| false);
    let entry = &props.entry;
    {
        let (node, long) = (node.clone(), long.setter());
        use_effect_with((entry.post.body.clone(), entry.unfolded), move |(_, unfolded)| {
            if !unfolded {
                long.set(dom::overflows(&node));
            }
        });
    }
    let body = &entry.post.body;
    let short = !body.contains('\n') && body.chars().nth(SHORT).is_none();
    let toggle = {
        let key = entry.key.clone();
        Callback::from(move |_: MouseEvent| {
            app.posts
                .change(|posts| posts.change(&key, |entry| entry.unfolded = !entry.unfolded));
        })
    };
    html! {
        <>
            <div
                ref={node}
                id={props.id.clone()}
                class={classes!("post__body", short.then_some("lg"), (!entry.unfolded).then_some("post__body--folded"))}
            >{ rich(body, false) }</div>
            if *long || entry.unfolded {
                <button type="button" class="btn btn--ghost post__more" aria-expanded={entry.unfolded.to_string()} onclick={toggle}>
                    { if entry.unfolded { words::READ_LESS } else { words::READ_MORE } }
                </button>
            }
        </>
    }
}

/// What became of a post that was written here.
fn delivery_line(app: &App, entry: &Ptr<Entry>) -> Html {
    let key = entry.key.clone();
    let again = {
        let (app, key) = (app.clone(), key.clone());
        Callback::from(move |_: MouseEvent| actions::publish_again(&app, &key))
    };
    let app = app.clone();
    let discard = Callback::from(move |_: MouseEvent| actions::discard(&app, &key));
    match &entry.delivery {
        Delivery::Done => Html::default(),
        Delivery::Sending => html! { <p class="delivery delivery--sending">{ words::POSTING }</p> },
        Delivery::Failed(failure) => html! {
            <p class="delivery delivery--failed">
                { small_icon(Glyph::Alert) }
                <span><b>{ words::NOT_POSTED }</b>{ " " }{ errors::failure(failure) }</span>
                <button type="button" class="text-btn" onclick={again}>{ shell::TRY_AGAIN }</button>
                <button type="button" class="text-btn" onclick={discard}>{ words::DISCARD }</button>
            </p>
        },
    }
}

#[derive(PartialEq, Properties)]
struct OwnMenuProps {
    post: PostKey,
    author: String,
    ondeleted: Callback<()>,
}

/// What the author can do with a post.
#[component]
fn OwnMenu(props: &OwnMenuProps) -> Html {
    let app = use_app();
    let asking = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let edit = {
        let (app, key) = (app.clone(), props.post.clone());
        Callback::from(move |()| {
            app.composing
                .change(|open| *open = Some(Composing::Edit(key.clone())))
        })
    };
    let ask = |on: bool| {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(on))
    };
    let delete = {
        let (app, key, gone) = (app.clone(), props.post.clone(), props.ondeleted.clone());
        let (asking, busy) = (asking.setter(), busy.setter());
        Callback::from(move |()| {
            let (app, key, gone) = (app.clone(), key.clone(), gone.clone());
            let (asking, busy) = (asking.clone(), busy.clone());
            busy.set(true);
            spawn(async move {
                if actions::delete(&app, &key).await {
                    gone.emit(());
                } else {
                    busy.set(false);
                    asking.set(false);
                }
            });
        })
    };
    let items = vec![
        Item {
            glyph: Glyph::Pen,
            text: words::EDIT,
            danger: false,
            act: edit,
        },
        Item {
            glyph: Glyph::Trash,
            text: words::DELETE,
            danger: true,
            act: ask(true),
        },
    ];
    html! {
        <>
            <Menu label={words::more_actions(&props.author)} {items} />
            if *asking {
                <Question
                    title={words::DELETE_POST_TITLE} text={words::DELETE_POST} yes={words::DELETE}
                    busy={*busy} onyes={delete} onno={ask(false)}
                />
            }
        </>
    }
}
