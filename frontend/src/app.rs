//! The whole client: who is signed in decides what is shown.

use hearth_shared::users::UserCard;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::context::{App, Base, use_base};
use crate::effect::use_effect_with;
use crate::features::auth::{RegisterPage, SendOn, SignInPage};
use crate::features::chats::{kept, sending};
use crate::platform::api::Failure;
use crate::platform::session::Phase;
use crate::platform::{dom, push, spawn};
use crate::routes::Route;
use crate::shell::Shell;
use crate::store::use_selected;
use crate::text::{errors, shell as words};
use crate::ui::button::{Button, Kind};
use crate::ui::states::message;
use crate::ui::toast::{Toaster, Toasts};

#[derive(PartialEq, Properties)]
pub(crate) struct RootProps {
    pub(crate) base: Base,
}

/// The root.
#[component]
pub(crate) fn Root(props: &RootProps) -> Html {
    html! {
        <ContextProvider<Base> context={props.base.clone()}>
            <BrowserRouter><Gate /></BrowserRouter>
            <Toaster toasts={props.base.toasts.clone()} />
        </ContextProvider<Base>>
    }
}

#[component]
fn Gate() -> Html {
    let base = use_base();
    let phase = use_selected(base.session.phase(), (), |phase, ()| phase.clone());
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let booting = phase == Phase::Booting;
    {
        let base = base.clone();
        use_effect_with((), move |()| spawn(async move { base.session.boot().await }));
    }
    use_effect_with(booting, |booting| {
        if !booting {
            dom::remove("boot");
        }
    });
    {
        let base = base.clone();
        use_effect_with(matches!(phase, Phase::SignedOut(_)), move |out| {
            if *out {
                base.learn_instance();
            }
        });
    }
    match phase {
        Phase::Booting => Html::default(),
        Phase::Unreachable(failure) => html! { { unreachable_page(&base, &failure) } },
        Phase::SignedIn(user) => html! { <SignedIn key={user.id.to_string()} user={user.clone()} /> },
        Phase::SignedOut(why) => match route {
            Route::Login => html! { <SignInPage {why} /> },
            Route::Register => html! { <RegisterPage /> },
            _ => html! { <SendOn why={Some(why)} /> },
        },
    }
}

#[derive(PartialEq, Properties)]
struct SignedInProps {
    user: UserCard,
}

/// A new person gets new stores; a new card of the same person does not.
#[component]
fn SignedIn(props: &SignedInProps) -> Html {
    let base = use_base();
    let app = use_memo(props.user.id, |_| App::new(base.clone(), props.user.clone()));
    // What was said to the one before is not for this one.
    use_effect_with(props.user.id, move |_| base.toasts.change(Toasts::clear));
    use_effect_with((*app).clone(), |app| {
        let app = app.clone();
        kept::restore(&app);
        push::follow(&app.base.api);
        app.live.start(&app);
        move || {
            app.live.stop();
            if app.base.session.has_ended() {
                sending::keep_as_drafts(&app);
            }
        }
    });
    html! {
        <ContextProvider<App> context={(*app).clone()}><Shell /></ContextProvider<App>>
    }
}

/// Nothing is known because nothing answers.
pub(crate) fn unreachable_page(base: &Base, failure: &Failure) -> Html {
    let (title, why) = match failure {
        Failure::Unreachable => (words::UNREACHABLE_TITLE, words::UNREACHABLE.to_owned()),
        failure => (words::BUSY_TITLE, errors::failure(failure)),
    };
    let again = {
        let base = base.clone();
        Callback::from(move |()| {
            let base = base.clone();
            spawn(async move { base.session.boot().await });
        })
    };
    html! {
        <main class="gate" id="main">
            { message(title, &why, html! {                <Button kind={Kind::Primary} text={words::TRY_AGAIN} onclick={again} />
            }) }
        </main>
    }
}
