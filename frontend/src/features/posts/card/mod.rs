//! A post as it stands in a list or on its own page.

mod acts;
mod media;
mod menu;
mod shared;
mod text;

use hearth_shared::posts::Audience;
use yew::prelude::*;

use self::acts::Acts;
use self::media::MediaOf;
use self::menu::PostMenu;
pub(super) use self::shared::OriginalPost;
use self::shared::shared_post;
use self::text::Folded;
use super::comments::Comments;
use super::dialogs::history::{EditsOf, HistoryProps};
use super::state::{Delivery, Entry, PostKey};
use super::{actions, card_actions};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::parts::Over;
use crate::routes::Route;
use crate::store::{Ptr, use_selected};
use crate::text::{errors, posts as words, shell};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::when::When;

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
    let comment = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(*asked + 1))
    };
    {
        // What stands on the page is watched.
        let live = app.live.clone();
        let ids = entry.as_ref().map(|entry| (entry.id(), entry.original));
        use_effect_with(ids, move |_| {
            live.look_around();
            move || live.look_around()
        });
    }
    let unfold = {
        let (app, key) = (app.clone(), props.post.clone());
        Callback::from(move |()| {
            app.posts
                .change(|posts| posts.change(&key, |entry| entry.unfolded = !entry.unfolded));
        })
    };
    let onlost = use_callback((app.clone(), props.post.clone()), |(), (app, key)| {
        card_actions::refresh_media(app, key)
    });
    let talked = use_mut_ref(|| false);
    let Some(entry) = entry else {
        return Html::default();
    };
    let post = &entry.post;
    let id = |part: &str| format!("{part}-{}", entry.key);
    let sent = entry.id().is_some();
    let has_thread = {
        // Once it is there it stays: the last comment may go while somebody writes the next one.
        let mut talked = talked.borrow_mut();
        *talked |= sent && (!entry.thread.top().items.is_empty() || post.comment_count > 0 || *asked > 0);
        *talked
    };
    let alone = post.media.is_empty() && post.shared.is_none();
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
            aria-labelledby={format!("{} {}", id("n"), id("t"))}
            aria-describedby={id("b")}
            aria-posinset={props.place.map(|place| place.to_string())}
            aria-setsize={props.place.map(|_| "-1")}
        >
            <header class="post__head">
                <Link to={Route::Profile { username: post.author.username.clone() }} decorative=true class="post__picture">
                    { avatar(&post.author, Size::Post) }
                </Link>
                <div class="post__who">
                    <Link to={Route::Profile { username: post.author.username.clone() }} class="name" id={id("n")}>
                        { name(&post.author) }
                    </Link>
                    <Meta entry={entry.clone()} />
                </div>
                if sent {
                    <PostMenu entry={entry.clone()} ondeleted={props.ondeleted.clone()} />
                }
            </header>
            <Folded
                id={id("b")} body={post.body.clone()} mentions={post.mentions.clone()} short={alone}
                open={entry.unfolded} ontoggle={unfold}
            />
            if !post.media.is_empty() {
                <MediaOf post={post.id} media={post.media.clone()} author={post.author.display_name.clone()} onlost={onlost.clone()} />
            }
            { shared_post(&entry, &onlost) }
            { delivery_line(&app, &entry) }
            if entry.gone {
                <p class="notice" role="status">{ small_icon(Glyph::Alert) }<span>{ words::GONE }</span></p>
            }
            if sent {
                <Acts entry={entry.clone()} expanded={has_thread} oncomment={comment} />
                if has_thread {
                    <Comments entry={entry.clone()} asked={*asked} />
                }
            }
        </article>
    }
}

#[derive(PartialEq, Properties)]
struct EntryProps {
    entry: Ptr<Entry>,
}

/// When it was written, for whom, and whether it was changed since.
#[component]
fn Meta(props: &EntryProps) -> Html {
    let history = use_state_eq(|| false);
    let entry = &props.entry;
    let post = &entry.post;
    let time_id = format!("t-{}", entry.key);
    let dot = html! { <span aria-hidden="true">{ "·" }</span> };
    let show = |on: bool| {
        let history = history.clone();
        Callback::from(move |()| history.set(on))
    };
    html! {
        <>
            <div class="meta">
                if let Some(id) = entry.id() {
                    <Link to={Route::Post { id }} id={time_id} class="post__time"><When at={post.created_at} /></Link>
                } else {
                    <span id={time_id}>{ words::JUST_NOW }</span>
                }
                { dot.clone() }
                { audience_mark(post.audience) }
                if post.edited_at.is_some() {
                    { dot }
                    { edited_mark(show(true)) }
                }
            </div>
            if *history {
                { Over::History(HistoryProps { of: EditsOf::Post(post.id), now: post.body.clone().into(), onclose: show(false) }).html() }
            }
        </>
    }
}

/// "Edited", which opens what stood there before.
pub(super) fn edited_mark(onclick: Callback<()>) -> Html {
    html! {
        <button type="button" class="text-btn meta__btn" aria-haspopup="dialog" onclick={move |_: MouseEvent| onclick.emit(())}>
            { words::EDITED }
        </button>
    }
}

/// Who may see it: an icon and a word.
pub(super) fn audience_mark(audience: Audience) -> Html {
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
