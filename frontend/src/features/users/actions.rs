//! What talks to the server about profiles; the way out.

use hearth_shared::users::{GetProfile, ProfileQuery};

use crate::context::{App, Base};
use crate::features::friends::state::People;
use crate::features::posts::drafts;
use crate::platform::spawn;
use crate::text::shell;

/// Reads a profile.
pub(crate) fn load_profile(app: &App, username: &str) {
    let (app, username) = (app.clone(), username.to_owned());
    spawn(async move {
        let since = app.people.read(People::reading);
        let outcome = app
            .base
            .api
            .get(
                &GetProfile {
                    username: username.clone(),
                },
                &ProfileQuery::default(),
            )
            .await;
        if let Ok(profile) = &outcome {
            app.people
                .change(|people| people.learn_person(&profile.person, since));
        }
        app.accounts
            .change(|accounts| accounts.settle(&username, outcome));
    });
}

/// Signs out everywhere in this browser. Nothing private stays on the device.
pub(crate) fn sign_out(base: &Base) {
    let base = base.clone();
    drafts::forget_all();
    spawn(async move {
        if !base.session.sign_out().await {
            base.say(shell::SIGN_OUT_FAILED);
        }
    });
}
