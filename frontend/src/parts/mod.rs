//! The first program comes in parts: at first what the sign-in page and Home need, the rest a moment later or when
//! somebody wants it. A [`Screen`] is something that a part shows; [`later`] shows it, once the part is here. What a
//! part holds is not written down anywhere: it is all that its screens reach and the first part does not.

mod ahead;
mod over;
mod people;
mod talk;

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;

use yew::prelude::*;

pub(crate) use self::ahead::use_ahead;
pub(crate) use self::over::Over;
pub(crate) use self::people::People;
pub(crate) use self::talk::Talk;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::platform::connection::{self, Connection};
use crate::platform::{dom, spawn};
use crate::routes::Route;
use crate::store::{Store, use_selected};
use crate::text::shell as words;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Glyph, icon};
use crate::ui::page::Heading;

/// A part, by what it is for. In this order they are fetched when there is time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Dialogs and menus over the page.
    Over,
    /// Chats and groups.
    Talk,
    /// Friends, people's pages, what is told of them, search.
    People,
}

impl Part {
    const ALL: [Self; 3] = [Self::Over, Self::Talk, Self::People];
}

/// What a part brings with it: how it shows its screens.
#[derive(Clone, Copy)]
pub struct Entry(fn(&Screen) -> Html);

/// A part on its way; none when it does not come.
pub type Coming = Pin<Box<dyn Future<Output = Option<Entry>>>>;

/// How each part is fetched. A program that is not taken apart has them all from the start.
#[derive(Clone, Copy)]
pub struct Parts {
    /// Fetches what [`over`] enters.
    pub over: fn() -> Coming,
    /// Fetches what [`talk`] enters.
    pub talk: fn() -> Coming,
    /// Fetches what [`people`] enters.
    pub people: fn() -> Coming,
}

/// The entry of the part with what opens over the page. Only the split point calls it.
#[must_use]
pub fn over() -> Entry {
    Entry(|screen| match screen {
        Screen::Over(screen) => over::show(screen),
        _ => Html::default(),
    })
}

/// The entry of the part with chats and groups. Only the split point calls it.
#[must_use]
pub fn talk() -> Entry {
    Entry(|screen| match screen {
        Screen::Talk(screen) => talk::show(screen),
        _ => Html::default(),
    })
}

/// The entry of the part with people. Only the split point calls it.
#[must_use]
pub fn people() -> Entry {
    Entry(|screen| match screen {
        Screen::People(screen) => people::show(screen),
        _ => Html::default(),
    })
}

/// Something that a part shows.
#[derive(Clone, PartialEq)]
pub(crate) enum Screen {
    Over(Over),
    Talk(Talk),
    People(People),
}

impl Screen {
    /// The page at an address, unless the first part has it.
    pub(crate) fn at(route: &Route) -> Option<Self> {
        let talk = Talk::at(route).map(Self::Talk);
        talk.or_else(|| People::at(route).map(Self::People))
    }

    fn part(&self) -> Part {
        match self {
            Self::Over(_) => Part::Over,
            Self::Talk(_) => Part::Talk,
            Self::People(_) => Part::People,
        }
    }
}

/// How it stands with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Nobody has asked for it.
    #[default]
    Away,
    Coming,
    Here,
    /// It did not come.
    Lost,
}

thread_local! {
    static PARTS: Cell<Option<Parts>> = const { Cell::new(None) };
    static ENTRIES: Cell<[Option<Entry>; Part::ALL.len()]> = const { Cell::new([None; Part::ALL.len()]) };
    static STATES: Store<[State; Part::ALL.len()]> = Store::default();
}

/// Says how parts are fetched; once, before anything is shown.
pub(crate) fn start(parts: Parts) {
    PARTS.set(Some(parts));
}

fn states() -> Store<[State; Part::ALL.len()]> {
    STATES.with(Store::clone)
}

fn state(part: Part) -> State {
    states().read(|states| states[part as usize])
}

fn turn(part: Part, to: State) {
    states().change(|states| states[part as usize] = to);
}

/// Fetches a part unless it is here or on its way.
async fn fetch(part: Part) {
    let Some(parts) = PARTS.get() else { return };
    if matches!(state(part), State::Coming | State::Here) {
        return;
    }
    turn(part, State::Coming);
    let coming = match part {
        Part::Over => (parts.over)(),
        Part::Talk => (parts.talk)(),
        Part::People => (parts.people)(),
    };
    let entry = coming.await;
    if entry.is_some() {
        let mut entries = ENTRIES.get();
        entries[part as usize] = entry;
        ENTRIES.set(entries);
    }
    turn(part, if entry.is_some() { State::Here } else { State::Lost });
}

/// Shows what a part shows: at once when it is here.
pub(crate) fn later(screen: Screen) -> Html {
    html! { <Later {screen} /> }
}

#[derive(PartialEq, Properties)]
struct LaterProps {
    screen: Screen,
}

#[component]
fn Later(props: &LaterProps) -> Html {
    let app = use_app();
    let part = props.screen.part();
    let state = use_selected(&states(), part, |states, part| states[*part as usize]);
    let connected = use_selected(&connection::state(), (), |state, ()| *state == Connection::Fine);
    // What did not come because nobody answered is asked for again once somebody does.
    use_effect_with((part, connected), |(part, _)| {
        let part = *part;
        spawn(async move { fetch(part).await });
    });
    if let Some(entry) = ENTRIES.get()[part as usize] {
        return (entry.0)(&props.screen);
    }
    let again = Callback::from(move |()| spawn(async move { fetch(part).await }));
    let lost = (state == State::Lost).then(|| lost(connected, again));
    match (&props.screen, lost) {
        (Screen::Over(_), None) => html! { <p class="later" role="status">{ words::COMING }</p> },
        (Screen::Over(over), Some(lost)) => {
            let over = over.clone();
            let onclose = Callback::from(move |()| over.close(&app));
            html! { <Dialog id="later" title={words::LOST_TITLE} {onclose} first="h2"><div class="state">{ lost }</div></Dialog> }
        }
        (Screen::Talk(talk), lost) => page(talk.title(), talk.waiting(), lost),
        (Screen::People(people), lost) => page(people.title(), people.waiting(), lost),
    }
}

/// A page that is not here yet: its name, and the shape of what comes or why it does not.
fn page(title: &'static str, waiting: Html, lost: Option<Html>) -> Html {
    html! {
        <>
            <Heading text={title} hidden=true />
            { lost.map_or(waiting, |lost| html! { <div class="card state" role="alert">{ lost }</div> }) }
        </>
    }
}

/// Why a part is not here, and what one can do.
fn lost(connected: bool, again: Callback<()>) -> Html {
    let reload = Callback::from(|()| dom::reload());
    html! {
        <>
            <span class="state__icon state__icon--problem">{ icon(Glyph::CloudOff) }</span>
            <p>{ if connected { words::LOST } else { words::LOST_OFFLINE } }</p>
            <Button text={words::TRY_AGAIN} kind={Kind::Quiet} onclick={again} />
            // A server with a newer version has no parts of an older one.
            if connected { <Button text={words::RELOAD} kind={Kind::Quiet} onclick={reload} /> }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_has_home_and_the_way_in() {
        for route in [Route::Home, Route::Login, Route::Register, Route::NotFound] {
            assert!(Screen::at(&route).is_none(), "{route:?}");
        }
        let of = |route: &Route| Screen::at(route).map(|screen| screen.part());
        assert_eq!(of(&Route::Chats), Some(Part::Talk));
        assert_eq!(of(&Route::Groups), Some(Part::Talk));
        assert_eq!(of(&Route::Friends), Some(Part::People));
    }

    #[test]
    fn an_entry_shows_the_screens_of_its_part_only() {
        let chats = Screen::Talk(Talk::Chats(None));
        assert!((people().0)(&chats) == Html::default());
        assert!((talk().0)(&chats) != Html::default());
    }
}
