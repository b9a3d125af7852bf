//! The second program: what a person does about themselves, and the ways back to a lost account. Reading order:
//! [`sections`] lists the pages, [`routes`] finds them, [`frame`] surrounds them, [`context`] is what they share,
//! [`gate`] holds those for people who are not signed in.
//!
//! Nothing here may reach posts, chats or the socket: that would link them into this program, too.

mod account;
mod again;
mod appearance;
mod blocked;
mod choices;
pub(crate) mod context;
mod data;
mod devices;
mod digest;
mod form;
mod frame;
mod gate;
mod invitations;
mod link;
mod muted;
mod notifications;
mod people;
mod privacy;
mod profile;
pub(crate) mod routes;
mod sections;
mod security;

use hearth_shared::users::UserCard;
use yew::prelude::*;
use yew_router::prelude::*;

use self::context::{Farewell, Own};
use self::frame::Frame;
use self::routes::{Page, way_out};
use crate::app::unreachable_page;
use crate::context::{Base, use_base};
use crate::effect::use_effect_with;
use crate::platform::session::Phase;
use crate::platform::{dom, spawn};
use crate::store::use_selected;
use crate::ui::toast::{Toaster, Toasts};

#[derive(PartialEq, Properties)]
pub(crate) struct RootProps {
    pub(crate) base: Base,
}

/// The root.
#[component]
pub(crate) fn Root(props: &RootProps) -> Html {
    let farewell = use_memo((), |()| Farewell::default());
    html! {
        <ContextProvider<Base> context={props.base.clone()}>
            <ContextProvider<Farewell> context={(*farewell).clone()}>
                <BrowserRouter><Door /></BrowserRouter>
            </ContextProvider<Farewell>>
            <Toaster toasts={props.base.toasts.clone()} />
        </ContextProvider<Base>>
    }
}

/// Who is signed in decides what is shown; a way back to a lost account is shown to everybody.
#[component]
fn Door() -> Html {
    let base = use_base();
    let phase = use_selected(base.session.phase(), (), |phase, ()| phase.clone());
    let location = use_location();
    let page = location
        .as_ref()
        .map_or(Page::NotFound, |location| Page::at(location.path()));
    {
        let base = base.clone();
        use_effect_with((), move |()| {
            base.learn_instance();
            spawn(async move { base.session.boot().await });
        });
    }
    use_effect_with(phase == Phase::Booting && !page.is_gate(), |waiting| {
        if !waiting {
            dom::remove("boot");
        }
    });
    let farewell = use_context::<Farewell>().unwrap_or_default();
    let gone = use_selected(&farewell, (), |until, ()| *until);
    let out = match &phase {
        Phase::SignedOut(why) if !page.is_gate() && gone.is_none() => {
            location.as_ref().map(|here| way_out(*why, here))
        }
        _ => None,
    };
    use_effect_with(out, |out| {
        if let Some(address) = out {
            dom::load_instead(address);
        }
    });
    if let Some(shown) = gate::page(page) {
        return shown;
    }
    match phase {
        Phase::SignedOut(_) if gone.is_some() => data::farewell(gone),
        Phase::Booting | Phase::SignedOut(_) => Html::default(),
        Phase::Unreachable(failure) => html! { { unreachable_page(&base, &failure) } },
        Phase::SignedIn(user) => html! { <SignedIn key={user.id.to_string()} user={user.clone()} {page} /> },
    }
}

#[derive(PartialEq, Properties)]
struct SignedInProps {
    user: UserCard,
    page: Page,
}

/// Another person gets a context of their own; a new card of the same person does not.
#[component]
fn SignedIn(props: &SignedInProps) -> Html {
    let base = use_base();
    let own = use_memo(props.user.id, |_| Own::new(&base, props.user.clone()));
    // What was said to the one before is not for this one.
    use_effect_with(props.user.id, move |_| base.toasts.change(Toasts::clear));
    use_effect_with((*own).clone(), |own| own.load_me());
    html! {
        <ContextProvider<Own> context={(*own).clone()}><Frame page={props.page} /></ContextProvider<Own>>
    }
}
