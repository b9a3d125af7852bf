//! The frame of the settings: a bar with the way back, the list of sections, the one that is shown. A wide screen has
//! the list beside it; on a phone the list is a page of its own.

use hearth_shared::instance::Instance;
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::context::use_own;
use super::link::Way;
use super::routes::{self, LIST, Page};
use super::sections::{SECTIONS, Section};
use crate::context::Base;
use crate::effect::use_effect_with;
use crate::features::users::actions::sign_out;
use crate::platform::{dom, events};
use crate::store::use_selected;
use crate::text::{settings as words, shell};
use crate::ui::banner::ConnectionBanner;
use crate::ui::button::{Button, Kind};
use crate::ui::icon::{Glyph, icon, small_icon};
use crate::ui::page::{Heading, use_arrival};
use crate::ui::states::message;

/// Where the list stands beside what it leads to; settings.css says the same.
const WIDE: &str = "(min-width: 760px)";

#[derive(PartialEq, Properties)]
pub(crate) struct FrameProps {
    pub(crate) page: Page,
}

/// Everything around and inside a page of the settings.
#[component]
pub(crate) fn Frame(props: &FrameProps) -> Html {
    let own = use_own();
    let page = props.page;
    let offered = use_selected(&own.base.instance, (), |instance, ()| offered(instance.as_ref()));
    use_arrival();
    use_effect_with(page, |page| {
        if *page == Page::List
            && dom::matches_media(WIDE)
            && let Some(first) = SECTIONS.first()
        {
            routes::replace(&first.address());
        }
    });
    use_effect_with((), |()| {
        let guard = events::on_document("keydown", |event| {
            if leads_home(event) {
                dom::load("/");
            }
        });
        move || drop(guard)
    });
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        if let Some(main) = dom::find("#main") {
            drop(main.focus());
        }
    });
    html! {
        <>
            <a class="skip" href="#main" onclick={skip}>{ shell::SKIP }</a>
            <header class="desk-bar">
                <a href="/" class="wordmark"><i aria-hidden="true" />{ shell::WORDMARK }</a>
                <span class="grow" />
                <a href="/" class="btn btn--ghost">{ small_icon(Glyph::Back) }<span>{ words::BACK_HOME }</span></a>
            </header>
            <div class="desk">
                if page != Page::List {
                    <nav class="desk__list" aria-label={words::TITLE}>
                        <ul class="rail__list">
                            { for offered.iter().filter_map(|at| SECTIONS.get(*at)).map(|section| html! {
                                <li key={section.path}>{ side_link(section, page) }</li>
                            }) }
                        </ul>
                    </nav>
                }
                <main class="desk__main" id="main" tabindex="-1">
                    { shown(page, &offered, &own.base) }
                </main>
            </div>
            <ConnectionBanner offline={words::OFFLINE} />
        </>
    }
}

/// Places in the list of what this Hearth offers. Until that is known everything is.
fn offered(instance: Option<&Instance>) -> Vec<usize> {
    let yes = |section: &Section| instance.is_none_or(|instance| (section.offered)(instance));
    SECTIONS
        .iter()
        .enumerate()
        .filter_map(|(at, section)| yes(section).then_some(at))
        .collect()
}

/// Esc, where it means nothing else.
fn leads_home(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(|event| {
        event.key() == "Escape"
            && !event.default_prevented()
            && !event.is_composing()
            && !dom::is_typing(event.target())
            && !dom::has_dialog()
    })
}

fn shown(page: Page, offered: &[usize], base: &Base) -> Html {
    match page {
        Page::List => list(offered, base),
        Page::Section(at) if offered.contains(&at) => page.section().map(section).unwrap_or_default(),
        _ => html! {
            { message(shell::NOT_FOUND_TITLE, shell::NOT_FOUND, html! {
                <Way to={LIST} class="btn btn--primary">{ words::TITLE }</Way>
            }) }
        },
    }
}

fn section(section: &'static Section) -> Html {
    html! {
        <div key={section.path}>
            <Way to={LIST} class="desk__back">{ small_icon(Glyph::Back) }{ words::TITLE }</Way>
            <Heading text={section.title} />
            { (section.body)() }
        </div>
    }
}

/// The page that a phone begins with.
fn list(offered: &[usize], base: &Base) -> Html {
    let base = base.clone();
    let out = Callback::from(move |()| sign_out(&base));
    html! {
        <div key="list">
            <Heading text={words::TITLE} />
            <ul class="card desk__index">
                { for offered.iter().filter_map(|at| SECTIONS.get(*at)).map(|section| html! {
                    <li key={section.path}>
                        <Way to={section.address()} class="desk__row">
                            { icon(section.glyph) }
                            <span class="t"><b>{ section.title }</b><span>{ section.hint }</span></span>
                        </Way>
                    </li>
                }) }
            </ul>
            <div class="desk__out">
                <Button text={shell::SIGN_OUT} kind={Kind::Quiet} icon={Glyph::SignOut} onclick={out} />
            </div>
        </div>
    }
}

fn side_link(section: &'static Section, page: Page) -> Html {
    let current = page.section().is_some_and(|shown| shown.path == section.path);
    html! {
        <Way to={section.address()} class="nav-i" {current}>{ icon(section.glyph) }<span class="lbl">{ section.title }</span></Way>
    }
}
