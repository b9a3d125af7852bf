//! What stands in for a list: nothing there yet, could not be loaded, that was all.

use yew::prelude::*;

use super::button::{Button, Kind};
use super::icon::{Glyph, Icon};
use crate::platform::api::Failure;
use crate::text;

#[derive(PartialEq, Properties)]
pub(crate) struct EmptyProps {
    pub(crate) glyph: Glyph,
    pub(crate) text: AttrValue,
    /// What to do about it.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// There is nothing, and that is fine.
#[component]
pub(crate) fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="card state">
            <span class="state__icon"><Icon glyph={props.glyph} /></span>
            <p>{ &props.text }</p>
            { props.children.clone() }
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct FailedProps {
    pub(crate) what: AttrValue,
    pub(crate) failure: Failure,
    pub(crate) again: Callback<()>,
}

/// Something could not be loaded: what, why, and a way to try again.
#[component]
pub(crate) fn Failed(props: &FailedProps) -> Html {
    html! {
        <div class="card state" role="group" aria-label={props.what.clone()}>
            <span class="state__icon state__icon--problem"><Icon glyph={Glyph::CloudOff} /></span>
            <p><b>{ &props.what }</b><br />{ text::errors::failure(&props.failure) }</p>
            <Button text={text::shell::TRY_AGAIN} kind={Kind::Quiet} onclick={props.again.clone()} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct EndProps {
    pub(crate) text: AttrValue,
}

/// The end of a list, which is a good thing to reach.
#[component]
pub(crate) fn End(props: &EndProps) -> Html {
    html! { <p class="rule"><span>{ &props.text }</span></p> }
}

#[derive(PartialEq, Properties)]
pub(crate) struct MessageProps {
    pub(crate) title: AttrValue,
    pub(crate) text: AttrValue,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A page that has only one thing to say.
#[component]
pub(crate) fn Message(props: &MessageProps) -> Html {
    html! {
        <div class="card state state--page">
            <super::page::Heading text={props.title.clone()} />
            <p>{ &props.text }</p>
            { props.children.clone() }
        </div>
    }
}
