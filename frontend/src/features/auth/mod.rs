//! The pages of those who are not signed in. Nothing typed is lost: the fields belong to the browser, only
//! a wrong password is cleared.

pub(crate) mod components;
mod register;
mod sign_in;
pub(crate) mod state;

use hearth_shared::auth::SessionQuery;
use yew::prelude::*;
use yew_router::prelude::*;

pub(crate) use self::register::RegisterPage;
pub(crate) use self::sign_in::SignInPage;
use self::state::Errors;
use crate::effect::use_effect_with;
use crate::platform::dom;
use crate::platform::session::Why;
use crate::routes::{self, Route};

const COOKIE: SessionQuery = SessionQuery { cookie: true };

/// After every refused attempt the focus goes to the first field that is wrong.
#[hook]
pub(crate) fn use_wrong_field(form: &NodeRef, errors: &Errors) {
    let form = form.clone();
    use_effect_with(errors.attempt(), move |attempt| {
        if *attempt > 0 {
            dom::focus_within(&form, "[aria-invalid=true]");
        }
    });
}

#[derive(PartialEq, Properties)]
pub(crate) struct SendOnProps {
    /// Why nobody is signed in; none when somebody is.
    pub(crate) why: Option<Why>,
}

/// Sends those who are not signed in to the sign-in page, which remembers where they wanted to go, and those
/// who have just signed in to where they wanted to go.
#[component]
pub(crate) fn SendOn(props: &SendOnProps) -> Html {
    let location = use_location();
    use_effect_with(props.why, move |why| {
        let target = match (why, location) {
            (None, location) => location
                .as_ref()
                .and_then(routes::wanted)
                .unwrap_or_else(|| Route::Home.to_path()),
            (Some(Why::Person), _) | (Some(_), None) => Route::Login.to_path(),
            (Some(_), Some(location)) => routes::login_for(&location),
        };
        routes::replace(&target);
    });
    Html::default()
}
