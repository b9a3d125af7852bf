//! One comment, with what can be done about it and its replies.

use hearth_shared::posts::{NewComment, ReactionKind};
use hearth_shared::reports::ReportSubject;
use yew::prelude::*;

use super::super::card::edited_mark;
use super::super::dialogs::history::{EditsOf, HistoryProps};
use super::super::dialogs::report::ReportDialogProps;
use super::super::dialogs::who::{ReactorsOf, WhoProps};
use super::super::reactions::Reactions;
use super::super::state::thread::CommentEntry;
use super::super::state::{Delivery, Entry};
use super::super::{comment_actions as actions, reaction_actions};
use super::edit::EditForm;
use super::replies::Replies;
use crate::context::{App, use_app};
use crate::parts::Over;
use crate::platform::{clock, dom};
use crate::routes::Route;
use crate::store::Ptr;
use crate::text::posts::{card, comments};
use crate::text::{errors, posts as words, shell};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::dialog::Question;
use crate::ui::icon::Glyph;
use crate::ui::link::Link;
use crate::ui::menu::{Item, Menu};
use crate::ui::rich::rich_post;
use crate::ui::when::When;

/// What is open about a comment.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Open {
    Edit,
    /// Somebody else's is about to go.
    Delete,
    Report,
    Who,
    History,
}

#[derive(PartialEq, Properties)]
pub(super) struct CommentRowProps {
    pub(super) entry: Ptr<Entry>,
    pub(super) item: CommentEntry,
    /// It is a reply itself: what answers it is filed beside it.
    #[prop_or_default]
    pub(super) onreply: Option<Callback<()>>,
}

/// A comment.
#[component]
pub(super) fn CommentRow(props: &CommentRowProps) -> Html {
    let app = use_app();
    let open = use_state_eq(|| None::<Open>);
    // Counts the presses of Reply; zero while nobody answers.
    let asked = use_state_eq(|| 0_u32);
    let row = use_node_ref();
    let item = &props.item;
    let comment = &item.comment;
    let set = |to: Option<Open>| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    let ask = {
        let asked = asked.clone();
        props
            .onreply
            .clone()
            .unwrap_or_else(|| Callback::from(move |()| asked.set(*asked + 1)))
    };
    let author = Route::Profile {
        username: comment.author.username.clone(),
    };
    let done = {
        let (row, close) = (row.clone(), set(None));
        Callback::from(move |()| {
            close.emit(());
            let row = row.clone();
            // Once the menu is there again.
            clock::afterwards(move || dom::focus_within(&row, ".icon-btn[aria-haspopup]"));
        })
    };
    let leave = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(0))
    };
    let editing = *open == Some(Open::Edit);
    let post = props.entry.key.clone();
    html! {
        <li ref={row} class={classes!("cmt", (item.delivery == Delivery::Sending).then_some("cmt--sending"))}>
            { avatar(&comment.author, Size::Small) }
            <div class="cmt__main">
                if editing {
                    <EditForm post={post} item={item.clone()} onclose={done} />
                } else {
                    <div class="cmt__line">
                        <div class="cmt__b">
                            <Link to={author} class="cmt__name">{ name(&comment.author) }</Link>
                            <div class="cmt__text">{ rich_post(&comment.body, &comment.mentions) }</div>
                        </div>
                        if item.id().is_some() { { menu(&app, props, &set) } }
                    </div>
                    { meta(&app, props, &set, &ask) }
                }
                if let Some(id) = item.id().filter(|_| props.onreply.is_none()) {
                    <Replies
                        entry={props.entry.clone()} to={id} count={props.entry.thread.reply_count(comment)}
                        asked={*asked} onask={ask} onleave={leave}
                    />
                }
            </div>
            { dialog(&app, props, *open, set(None)) }
        </li>
    }
}

fn dialog(app: &App, props: &CommentRowProps, open: Option<Open>, onclose: Callback<()>) -> Html {
    let item = &props.item;
    let id = item.comment.id;
    match open {
        Some(Open::Delete) => {
            let (app, post) = (app.clone(), props.entry.key.clone());
            let delete = Callback::from(move |()| actions::delete(&app, &post, id, false));
            html! {
                <Question
                    title={comments::DELETE_TITLE} text={comments::delete(&item.comment.author.display_name)}
                    yes={words::DELETE} onyes={delete} onno={onclose}
                />
            }
        }
        Some(Open::Report) => Over::Report(ReportDialogProps {
            subject: ReportSubject::Comment(id),
            onclose,
        })
        .html(),
        Some(Open::Who) => Over::Who(WhoProps {
            of: ReactorsOf::Comment(id),
            counts: item.comment.reactions.clone(),
            onclose,
        })
        .html(),
        Some(Open::History) => Over::History(HistoryProps {
            of: EditsOf::Comment(id),
            now: item.comment.body.clone().into(),
            onclose,
        })
        .html(),
        Some(Open::Edit) | None => Html::default(),
    }
}

fn menu(app: &App, props: &CommentRowProps, set: &dyn Fn(Option<Open>) -> Callback<()>) -> Html {
    let comment = &props.item.comment;
    let own = comment.author.id == app.user.id;
    let item = |glyph, text, act| Item {
        glyph,
        text,
        danger: false,
        act,
    };
    let mut items = Vec::new();
    if own {
        items.push(item(Glyph::Pen, words::EDIT, set(Some(Open::Edit))));
    } else {
        items.push(item(Glyph::Flag, card::REPORT, set(Some(Open::Report))));
    }
    // The author of a post may remove any comment on it.
    if own || props.entry.post.author.id == app.user.id {
        let (app, post, id) = (app.clone(), props.entry.key.clone(), comment.id);
        // Only what one wrote oneself can be put back.
        let delete = if own {
            Callback::from(move |()| actions::delete(&app, &post, id, true))
        } else {
            set(Some(Open::Delete))
        };
        items.push(Item {
            danger: true,
            ..item(Glyph::Trash, words::DELETE, delete)
        });
    }
    let label = words::more_comment_actions(&comment.author.display_name);
    html! { <Menu {label} class="icon-btn icon-btn--s" {items} irreversible=true /> }
}

fn meta(
    app: &App,
    props: &CommentRowProps,
    set: &dyn Fn(Option<Open>) -> Callback<()>,
    ask: &Callback<()>,
) -> Html {
    let (item, post) = (&props.item, &props.entry.key);
    let comment = &item.comment;
    match &item.delivery {
        Delivery::Done => {
            let ask = ask.clone();
            html! {
                <div class="meta cmt__meta">
                    <When at={comment.created_at} />
                    if comment.edited_at.is_some() { { edited_mark(set(Some(Open::History))) } }
                    <Feelings entry={props.entry.clone()} item={item.clone()} onwho={set(Some(Open::Who))} />
                    <button type="button" class="btn act cmt__reply" onclick={move |_: MouseEvent| ask.emit(())}>
                        { comments::REPLY }<span class="vh">{ comments::reply_to(&comment.author.display_name) }</span>
                    </button>
                </div>
            }
        }
        Delivery::Sending => {
            html! { <p class="meta cmt__meta"><span class="delivery--sending">{ words::SENDING }</span></p> }
        }
        Delivery::Failed(failure) => {
            let again = {
                let (app, post) = (app.clone(), post.clone());
                let new = NewComment {
                    client_id: comment.client_id.clone(),
                    body: comment.body.clone(),
                    parent_id: comment.parent_id,
                };
                Callback::from(move |_: MouseEvent| actions::send_again(&app, &post, new.clone()))
            };
            let discard = {
                let (app, post) = (app.clone(), post.clone());
                let (parent, id) = (comment.parent_id, comment.client_id.clone());
                Callback::from(move |_: MouseEvent| actions::discard(&app, &post, parent, &id))
            };
            html! {
                <p class="delivery delivery--failed">
                    <span><b>{ words::NOT_SENT }</b>{ " " }{ errors::failure(failure) }</span>
                    <button type="button" class="text-btn" onclick={again}>{ shell::TRY_AGAIN }</button>
                    <button type="button" class="text-btn" onclick={discard}>{ words::DISCARD }</button>
                </p>
            }
        }
    }
}

#[derive(PartialEq, Properties)]
struct FeelingsProps {
    entry: Ptr<Entry>,
    item: CommentEntry,
    onwho: Callback<()>,
}

/// The reactions to a comment.
#[component]
fn Feelings(props: &FeelingsProps) -> Html {
    let app = use_app();
    let item = &props.item;
    let react = use_callback(
        (app, props.entry.key.clone(), item.comment.id),
        |kind: ReactionKind, (app, key, id)| reaction_actions::react_to_comment(app, key, *id, kind),
    );
    html! {
        <Reactions mine={item.mine()} counts={item.reactions()} small=true onchoose={react} onwho={props.onwho.clone()} />
    }
}
