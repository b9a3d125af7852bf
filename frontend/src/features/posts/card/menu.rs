//! The small menu of a post: what its author can do, and what others can.

use hearth_shared::reports::ReportSubject;
use yew::prelude::*;

use super::super::card_actions;
use super::super::dialogs::report::ReportDialogProps;
use super::super::state::{Composing, Entry};
use crate::context::use_app;
use crate::parts::Over;
use crate::store::Ptr;
use crate::text::posts::{self as words, card};
use crate::ui::icon::Glyph;
use crate::ui::menu::{Item, Menu};

#[derive(PartialEq, Properties)]
pub(super) struct PostMenuProps {
    pub(super) entry: Ptr<Entry>,
    /// Its author has deleted it.
    pub(super) ondeleted: Callback<()>,
}

/// The menu.
#[component]
pub(super) fn PostMenu(props: &PostMenuProps) -> Html {
    let app = use_app();
    let reporting = use_state_eq(|| false);
    let entry = &props.entry;
    let post = &entry.post;
    let (key, id) = (entry.key.clone(), post.id);
    let own = post.author.id == app.user.id;
    let item = |glyph, text, act: Callback<()>| Item {
        glyph,
        text,
        danger: false,
        act,
    };
    let mut items = Vec::new();
    if own {
        let (app, key) = (app.clone(), key.clone());
        items.push(item(
            Glyph::Pen,
            words::EDIT,
            Callback::from(move |()| {
                app.composing
                    .change(|open| *open = Some(Composing::Edit(key.clone())));
            }),
        ));
    }
    let saved = post.my_saved;
    items.push(item(
        Glyph::Bookmark,
        if saved { card::UNSAVE } else { card::SAVE },
        {
            let (app, key) = (app.clone(), key.clone());
            Callback::from(move |()| card_actions::save(&app, &key, !saved))
        },
    ));
    items.push(item(Glyph::Chain, card::COPY_LINK, {
        let app = app.clone();
        Callback::from(move |()| card_actions::copy_link(&app, id))
    }));
    if own {
        let (app, key, gone) = (app.clone(), key.clone(), props.ondeleted.clone());
        items.push(Item {
            danger: true,
            ..item(
                Glyph::Trash,
                words::DELETE,
                Callback::from(move |()| {
                    card_actions::delete(&app, &key);
                    gone.emit(());
                }),
            )
        });
    } else {
        let muted = post.my_muted;
        items.push(item(
            if muted { Glyph::Bell } else { Glyph::Mute },
            if muted { card::UNMUTE_POST } else { card::MUTE_POST },
            {
                let (app, key) = (app.clone(), key.clone());
                Callback::from(move |()| {
                    if muted {
                        card_actions::unmute_post(&app, &key);
                    } else {
                        card_actions::mute_post(&app, &key);
                    }
                })
            },
        ));
        items.push(item(Glyph::Mute, card::MUTE_PERSON, {
            let (app, author) = (app.clone(), post.author.clone());
            Callback::from(move |()| card_actions::mute_person(&app, &author))
        }));
        items.push(item(Glyph::Flag, card::REPORT, {
            let reporting = reporting.clone();
            Callback::from(move |()| reporting.set(true))
        }));
    }
    let asking = *reporting;
    let close = Callback::from(move |()| reporting.set(false));
    html! {
        <>
            <Menu label={words::more_actions(&post.author.display_name)} {items} irreversible=true />
            if asking {
                { Over::Report(ReportDialogProps { subject: ReportSubject::Post(id), onclose: close }).html() }
            }
        </>
    }
}
