//! Hearth's web client, two programs made of one library: the first page with everything that people open every day,
//! and [`settings`] with what they need seldom. Only what a program reaches is linked into it. Reading order: [`routes`] says what pages there are, [`app`] and [`shell`] frame
//! them, [`features`] hold them. [`ui`] is what they are built of, [`text`] what they say, [`platform`] the
//! browser beneath them, [`store`] and [`context`] how they share what they know, and [`live`] keeps it as it is
//! on the server.

mod app;
mod context;
mod effect;
mod features;
mod keyboard;
mod live;
pub mod parts;
mod platform;
mod routes;
mod settings;
mod shell;
mod store;
mod text;
mod ui;

use crate::context::Base;
use crate::features::users::preferences;
use crate::platform::{clock, connection, dom, scroll, worker};
use crate::ui::avatar;

/// Starts the first program, whose parts are fetched so.
pub fn run(parts: parts::Parts) {
    parts::start(parts);
    let base = Base::new();
    begin(&base, routes::push);
    render::<app::Root>(app::RootProps { base });
}

/// Starts the second program.
pub fn run_settings() {
    let base = Base::new();
    begin(&base, dom::load);
    render::<settings::Root>(settings::RootProps { base });
}

/// What both listen to for the life of the page. `go` leads to an address of this site.
fn begin(base: &Base, go: fn(&str)) {
    preferences::follow(&base.preferences);
    base.session.follow_network();
    clock::start();
    connection::start();
    scroll::start();
    avatar::start();
    worker::start(go);
}

fn render<C: yew::BaseComponent>(props: C::Properties) {
    match dom::mount_point() {
        Some(element) => yew::Renderer::<C>::with_root_and_props(element, props).render(),
        None => yew::Renderer::<C>::with_props(props).render(),
    };
}
