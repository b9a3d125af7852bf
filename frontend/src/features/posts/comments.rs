//! The comments under a post and the field in which one writes them.

use hearth_shared::posts::{COMMENT_MAX, NewComment};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::comment_actions as actions;
use super::state::thread::CommentEntry;
use super::state::{Delivery, Entry, PostKey};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::platform::{clock, dom, spawn};
use crate::routes::Route;
use crate::store::Ptr;
use crate::text::{errors, posts as words, shell};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::button::{Button, Kind, icon_button};
use crate::ui::dialog::Question;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::menu::{Item, Menu};
use crate::ui::rich::rich;
use crate::ui::when::When;

#[derive(PartialEq, Properties)]
pub(super) struct CommentsProps {
    pub(super) entry: Ptr<Entry>,
    /// Grows when the reader wants to write.
    pub(super) asked: u32,
}

/// All that is shown of the comments of a post.
#[component]
pub(super) fn Comments(props: &CommentsProps) -> Html {
    let app = use_app();
    let entry = &props.entry;
    let thread = &entry.thread;
    let earlier = thread.earlier(entry.post.comment_count);
    let load = {
        let (app, key) = (app.clone(), entry.key.clone());
        Callback::from(move |()| actions::load_earlier(&app, &key))
    };
    let owner = entry.post.author.id == app.user.id;
    html! {
        <section class="comments" aria-label={words::comments_on(&entry.post.author.display_name)}>
            if let Some(failure) = &thread.failure {
                <p class="delivery delivery--failed" role="alert">
                    { small_icon(Glyph::Alert) }
                    <span>{ words::EARLIER_FAILED }{ " " }{ errors::failure(failure) }</span>
                    <button type="button" class="text-btn" onclick={let load = load.clone(); move |_: MouseEvent| load.emit(())}>
                        { shell::TRY_AGAIN }
                    </button>
                </p>
            } else if earlier > 0 {
                <div><Button kind={Kind::Ghost} class="comments__earlier" text={words::earlier_comments(earlier)} busy={thread.loading} onclick={load} /></div>
            }
            if !thread.items.is_empty() {
                <ul class="comments__list">
                    { for thread.items.iter().map(|item| html! {
                        <CommentRow key={item.key()} post={entry.key.clone()} item={item.clone()} {owner} />
                    }) }
                </ul>
            }
            <CommentForm post={entry.key.clone()} asked={props.asked} />
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct CommentRowProps {
    post: PostKey,
    item: CommentEntry,
    /// The reader wrote the post and may remove any comment.
    owner: bool,
}

#[component]
fn CommentRow(props: &CommentRowProps) -> Html {
    let app = use_app();
    let (asking, editing) = (use_state_eq(|| false), use_state_eq(|| false));
    let row = use_node_ref();
    let item = &props.item;
    let comment = &item.comment;
    let own = comment.author.id == app.user.id;
    let set = |handle: &UseStateHandle<bool>, on: bool| {
        let handle = handle.clone();
        Callback::from(move |()| handle.set(on))
    };
    let mut items = Vec::new();
    if own {
        items.push(Item {
            glyph: Glyph::Pen,
            text: words::EDIT,
            danger: false,
            act: set(&editing, true),
        });
    }
    if own || props.owner {
        items.push(Item {
            glyph: Glyph::Trash,
            text: words::DELETE,
            danger: true,
            act: set(&asking, true),
        });
    }
    let delete = {
        let (app, post, id, asking) = (app.clone(), props.post.clone(), item.id(), asking.clone());
        Callback::from(move |()| {
            asking.set(false);
            let (app, post) = (app.clone(), post.clone());
            if let Some(id) = id {
                spawn(async move { actions::delete(&app, &post, id).await });
            }
        })
    };
    let author = Route::Profile {
        username: comment.author.username.clone(),
    };
    let done = {
        let (row, editing) = (row.clone(), editing.clone());
        Callback::from(move |()| {
            editing.set(false);
            let row = row.clone();
            // Once the menu is there again.
            clock::afterwards(move || dom::focus_within(&row, "[aria-haspopup]"));
        })
    };
    html! {
        <li ref={row} class={classes!("cmt", (item.delivery == Delivery::Sending).then_some("cmt--sending"))}>
            { avatar(&comment.author, Size::Small) }
            <div class="cmt__main">
                if *editing {
                    <EditForm post={props.post.clone()} item={item.clone()} onclose={done} />
                } else {
                    <div class="cmt__b">
                        <Link to={author} class="cmt__name">{ name(&comment.author) }</Link>
                        <div class="cmt__text">{ rich(&comment.body, false) }</div>
                    </div>
                    { comment_meta(&app, &props.post, item) }
                }
            </div>
            if item.id().is_some() && !items.is_empty() && !*editing {
                <Menu label={words::more_comment_actions(&comment.author.display_name)} class="icon-btn icon-btn--s" {items} />
            }
            if *asking {
                <Question
                    title={words::DELETE_COMMENT_TITLE} text={words::DELETE_COMMENT} yes={words::DELETE}
                    onyes={delete} onno={set(&asking, false)}
                />
            }
        </li>
    }
}

fn comment_meta(app: &App, post: &PostKey, item: &CommentEntry) -> Html {
    let comment = &item.comment;
    let again = {
        let (app, post) = (app.clone(), post.clone());
        let new = NewComment {
            client_id: comment.client_id.clone(),
            body: comment.body.clone(),
            parent_id: None,
        };
        Callback::from(move |_: MouseEvent| actions::send_again(&app, &post, new.clone()))
    };
    let discard = {
        let (app, post, id) = (app.clone(), post.clone(), comment.client_id.clone());
        Callback::from(move |_: MouseEvent| actions::discard(&app, &post, &id))
    };
    match &item.delivery {
        Delivery::Done => html! {
            <p class="meta cmt__meta">
                <When at={comment.created_at} />
                if comment.edited_at.is_some() { <span>{ words::EDITED }</span> }
            </p>
        },
        Delivery::Sending => {
            html! { <p class="meta cmt__meta"><span class="delivery--sending">{ words::SENDING }</span></p> }
        }
        Delivery::Failed(failure) => html! {
            <p class="delivery delivery--failed">
                <span><b>{ words::NOT_SENT }</b>{ " " }{ errors::failure(failure) }</span>
                <button type="button" class="text-btn" onclick={again}>{ shell::TRY_AGAIN }</button>
                <button type="button" class="text-btn" onclick={discard}>{ words::DISCARD }</button>
            </p>
        },
    }
}

#[derive(PartialEq, Properties)]
struct CommentFormProps {
    post: PostKey,
    asked: u32,
}

/// Whether Enter means "send": not with Shift, and not while a word is being composed.
fn is_send(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && !event.is_composing()
}

#[component]
fn CommentForm(props: &CommentFormProps) -> Html {
    let app = use_app();
    let area = use_node_ref();
    let sendable = use_state_eq(|| false);
    let problem = use_state_eq(|| None::<String>);
    {
        let area = area.clone();
        use_effect_with(props.asked, move |asked| {
            if *asked > 0 {
                dom::focus(&area);
            }
        });
    }
    let send = {
        let (app, post, area) = (app.clone(), props.post.clone(), area.clone());
        let (sendable, problem) = (sendable.clone(), problem.clone());
        Callback::from(move |()| {
            let Some(element) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = element.value();
            if text.trim().is_empty() {
                return;
            }
            dom::focus(&area);
            if let Err(wrong) = actions::send(&app, &post, text) {
                return problem.set(wrong.first().map(errors::field));
            }
            problem.set(None);
            app.posts
                .change_quietly(|posts| posts.keep_unsent(&post, String::new()));
            element.set_value("");
            dom::grow(&element);
            sendable.set(false);
        })
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if is_send(&event) {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    {
        // What was typed here before the reader went elsewhere.
        let (area, sendable) = (area.clone(), sendable.clone());
        let text = app.posts.read(|posts| posts.unsent(&props.post));
        use_effect_with((), move |()| {
            if let Some(element) = area.cast::<HtmlTextAreaElement>().filter(|_| !text.is_empty()) {
                element.set_value(&text);
                dom::grow(&element);
                sendable.set(!text.trim().is_empty());
            }
        });
    }
    let filled = *sendable;
    let oninput = {
        let (app, post) = (app.clone(), props.post.clone());
        Callback::from(move |event: InputEvent| {
            let element = event.target_unchecked_into::<HtmlTextAreaElement>();
            dom::grow(&element);
            let text = element.value();
            sendable.set(!text.trim().is_empty());
            app.posts.change_quietly(|posts| posts.keep_unsent(&post, text));
        })
    };
    let id = format!("c-{}", props.post);
    html! {
        <>
            <div class="cmt cmt--form">
                { avatar(&app.user, Size::Small) }
                <div class="field field--area">
                    <label class="vh" for={id.clone()}>{ words::WRITE_A_COMMENT }</label>
                    <textarea
                        ref={area} {id} rows="1" placeholder={words::WRITE_A_COMMENT} maxlength={COMMENT_MAX.to_string()}
                        enterkeyhint="send" {onkeydown} {oninput}
                    />
                    { icon_button(Glyph::Send, words::SEND_COMMENT, "icon-btn--s field__send", !filled, &send) }
                </div>
            </div>
            if let Some(problem) = &*problem {
                <p class="delivery delivery--failed" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct EditFormProps {
    post: PostKey,
    item: CommentEntry,
    onclose: Callback<()>,
}

/// Changes one's own comment in place.
#[component]
fn EditForm(props: &EditFormProps) -> Html {
    let app = use_app();
    let area = use_node_ref();
    let busy = use_state_eq(|| false);
    {
        let (area, body) = (area.clone(), props.item.comment.body.clone());
        use_effect_with((), move |()| {
            if let Some(element) = area.cast::<HtmlTextAreaElement>() {
                element.set_value(&body);
                dom::grow(&element);
            }
            // After the menu has given the focus back to its button.
            clock::afterwards(move || dom::focus(&area));
        });
    }
    let save = {
        let (app, post, area, busy) = (app.clone(), props.post.clone(), area.clone(), busy.clone());
        let (id, before, close) = (
            props.item.id(),
            props.item.comment.body.clone(),
            props.onclose.clone(),
        );
        Callback::from(move |()| {
            let text = area
                .cast::<HtmlTextAreaElement>()
                .map(|area| area.value())
                .unwrap_or_default();
            let Some(id) = id.filter(|_| !text.trim().is_empty() && !*busy) else {
                return;
            };
            if text.trim() == before {
                return close.emit(());
            }
            busy.set(true);
            let (app, post, busy, close) = (app.clone(), post.clone(), busy.setter(), close.clone());
            spawn(async move {
                match actions::edit(&app, &post, id, text).await {
                    Ok(()) => close.emit(()),
                    Err(failure) => {
                        app.base.warn(words::EDIT_FAILED, &failure);
                        busy.set(false);
                    }
                }
            });
        })
    };
    let onkeydown = {
        let (save, close) = (save.clone(), props.onclose.clone());
        Callback::from(move |event: KeyboardEvent| {
            if is_send(&event) {
                event.prevent_default();
                save.emit(());
            } else if event.key() == "Escape" {
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let oninput = Callback::from(|event: InputEvent| dom::grow(&event.target_unchecked_into()));
    html! {
        <div class="cmt__edit">
            <div class="field field--area">
                <textarea ref={area} rows="1" aria-label={words::EDIT_COMMENT} maxlength={COMMENT_MAX.to_string()} {onkeydown} {oninput} />
            </div>
            <div class="cmt__buttons">
                <Button text={shell::CANCEL} onclick={props.onclose.clone()} />
                <Button text={shell::SAVE} kind={Kind::Primary} busy={*busy} onclick={save} />
            </div>
        </div>
    }
}
