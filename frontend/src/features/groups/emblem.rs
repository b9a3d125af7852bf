//! A group's picture, or its initials on one of eight tints. Only those who may see the group may have its picture, so it
//! is asked for in the name of the person who looks, once for as long as the page is open, and held by the page.

use std::collections::HashMap;

use hearth_shared::conversations::groups::Group;
use hearth_shared::ids::{ConversationId, Id};
use yew::prelude::*;

use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::platform::connection::{self, Connection};
use crate::platform::download::picture;
use crate::platform::files::ObjectUrl;
use crate::platform::spawn;
use crate::store::{Store, use_selected};
use crate::ui::avatar::{Size, initials, own, sized, tint};

/// By where they are to be found; none of one that is on its way.
type Pictures = HashMap<AttrValue, Option<ObjectUrl>>;

thread_local! {
    static PICTURES: Store<Pictures> = Store::default();
}

/// Nothing of one person's groups is for the next one who signs in here.
pub(crate) fn forget() {
    PICTURES.with(Store::clone).change(Pictures::clear);
}

#[derive(PartialEq, Properties)]
struct EmblemProps {
    id: ConversationId,
    name: AttrValue,
    url: Option<AttrValue>,
    size: Size,
}

/// A group's picture. Its name always stands beside it.
pub(crate) fn emblem(id: ConversationId, group: &Group, size: Size) -> Html {
    let url = match size {
        Size::Profile => group.large_picture_url(),
        _ => group.picture_url.clone(),
    };
    emblem_of(id, &group.title, url.as_deref(), size)
}

/// The same, of a group of which not everything is known.
pub(crate) fn emblem_of(id: ConversationId, title: &str, url: Option<&str>, size: Size) -> Html {
    html! { <Emblem {id} name={title.to_owned()} url={own(url.map(str::to_owned))} {size} /> }
}

#[component]
fn Emblem(props: &EmblemProps) -> Html {
    let app = use_app();
    let (class, pixels) = sized(props.size);
    let shown = use_selected(&PICTURES.with(Store::clone), props.url.clone(), |all, url| {
        let known = all.get(url.as_ref()?)?.as_ref();
        known.map(|known| AttrValue::from(known.as_str().to_owned()))
    });
    // One that did not come is asked for again when the connection is back.
    let fine = use_selected(&connection::state(), (), |state, ()| *state == Connection::Fine);
    use_effect_with((props.url.clone(), fine), move |(url, fine)| {
        if let (Some(url), true) = (url, *fine) {
            ask(&app, url.clone());
        }
    });
    html! {
        <span class={classes!("av", class, format!("av-t{}", tint(props.id.get())))} aria-hidden="true">
            <span>{ initials(&props.name) }</span>
            if let Some(url) = shown {
                <img key={url.to_string()} src={url} alt="" width={pixels} height={pixels} decoding="async" />
            }
        </span>
    }
}

fn ask(app: &App, url: AttrValue) {
    let pictures = PICTURES.with(Store::clone);
    let new = pictures.change_quietly(|all| {
        let new = !all.contains_key(&url);
        all.entry(url.clone()).or_insert(None);
        new
    });
    if !new {
        return;
    }
    let app = app.clone();
    spawn(async move {
        let came = picture(&app.base.api, &url).await;
        // What another person has asked for meanwhile is theirs.
        if app.base.api.is_current() {
            pictures.change(|all| match came {
                Some(came) => drop(all.insert(url, Some(came))),
                None => drop(all.remove(&url)),
            });
        }
    });
}
