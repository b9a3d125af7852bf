//! Hearth's web client. Reading order: [`routes`] says what pages there are, [`app`] and [`shell`] frame
//! them, [`features`] hold them. [`ui`] is what they are built of, [`text`] what they say, [`platform`] the
//! browser beneath them, [`store`] and [`context`] how they share what they know, and [`live`] keeps it as it is
//! on the server.

mod app;
mod context;
mod effect;
mod features;
mod keyboard;
mod live;
mod platform;
mod routes;
mod shell;
mod store;
mod text;
mod ui;

use crate::context::Base;
use crate::features::users::preferences;
use crate::ui::avatar;
use crate::platform::{clock, connection, dom, scroll};

fn main() {
    let base = Base::new();
    preferences::follow(&base.preferences);
    base.session.follow_network();
    clock::start();
    connection::start();
    scroll::start();
    avatar::start();
    match dom::mount_point() {
        Some(element) => {
            yew::Renderer::<app::Root>::with_root_and_props(element, app::RootProps { base }).render();
        }
        None => {
            yew::Renderer::<app::Root>::with_props(app::RootProps { base }).render();
        }
    }
}
