//! Lists of one place, such as a dialog: loaded page by page while it is on the screen, and forgotten with it.

use std::pin::Pin;

use hearth_shared::page::Page;
use yew::prelude::*;

use crate::features::friends::state::Listing;
use crate::platform::api::Failure;
use crate::platform::spawn;
use crate::store::{Ptr, Store};
use crate::text::{friends, shell};
use crate::ui::button::Button;
use crate::ui::states::failed;

/// A list of one place.
pub(crate) type Shown<T> = Store<Ptr<Listing<T>>>;
/// A page on its way.
pub(crate) type Asking<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Failure>>>>;

/// A list that is empty and of which nothing is known.
#[hook]
pub(crate) fn use_list<T: 'static>() -> Shown<T> {
    (*use_memo((), |()| Store::new(Ptr::new(Listing::default())))).clone()
}

/// Notes what a page brought, unless something else has been asked for since.
pub(crate) fn load<T: Clone + 'static>(list: &Shown<T>, more: bool, asking: Asking<T>) {
    list.change(|list| list.change(Listing::begin));
    let list = list.clone();
    spawn(async move {
        let asked = list.read(Ptr::clone);
        let outcome = asking.await;
        if list.read(|now| *now == asked) {
            list.change(|list| {
                list.change(|list| {
                    // What stands there may be the answer to another question.
                    if outcome.is_err() && !more {
                        list.items.clear();
                    }
                    list.settle(more, outcome);
                })
            });
        }
    });
}

/// What follows the items of a list: that it loads, that it failed, that there is nothing, or that there is more.
pub(crate) fn rest<T: 'static>(
    list: &Listing<T>,
    problem: &'static str,
    nothing: &str,
    load: &Callback<bool>,
) -> Html {
    let load = |more: bool| {
        let load = load.clone();
        Callback::from(move |()| load.emit(more))
    };
    if let Some(failure) = &list.failure {
        failed(problem, failure, load(!list.items.is_empty()))
    } else if !list.known || (list.loading && list.items.is_empty()) {
        html! {
            <div class="dialog__wait" role="group" aria-busy="true" aria-label={shell::LOADING}>
                <div class="skel skel--line" /><div class="skel skel--line skel--short" />
            </div>
        }
    } else if list.items.is_empty() {
        html! { <p class="quiet-line">{ nothing }</p> }
    } else if list.next.is_some() {
        html! { <div class="more"><Button text={friends::SHOW_MORE} busy={list.loading} onclick={load(true)} /></div> }
    } else {
        Html::default()
    }
}
