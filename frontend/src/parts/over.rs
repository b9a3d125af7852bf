//! The part with what opens over the page: the composer, large pictures, dialogs about posts, emoji to pick from.

use yew::prelude::*;

use super::{Screen, later};
use crate::context::App;
use crate::features::activity::{Latest, LatestProps};
use crate::features::posts::composer::{OpenComposer, OpenComposerProps};
use crate::features::posts::dialogs::history::{History, HistoryProps};
use crate::features::posts::dialogs::report::{ReportDialog, ReportDialogProps};
use crate::features::posts::dialogs::share::{ShareDialog, ShareDialogProps};
use crate::features::posts::dialogs::who::{Who, WhoProps};
use crate::features::posts::viewer::{OpenViewer, OpenViewerProps};
use crate::features::search::palette::{self, OpenPalette};
use crate::keyboard;
use crate::ui::emoji::{Panel, PanelProps};

/// What it shows.
#[derive(Clone, PartialEq)]
pub(crate) enum Over {
    /// Where a post is written or changed.
    Composer(OpenComposerProps),
    /// The pictures of a post, large.
    Viewer(OpenViewerProps),
    /// Who reacted to something.
    Who(WhoProps),
    /// What stood there before.
    History(HistoryProps),
    /// Asks the host to look at something.
    Report(ReportDialogProps),
    /// Passes a post on.
    Share(ShareDialogProps),
    /// Emoji to pick from.
    Emoji(PanelProps),
    /// The list of shortcuts.
    Shortcuts(Callback<()>),
    /// Finds everything while one types.
    Palette,
    /// The latest of what one is told of.
    Glance(LatestProps),
}

impl Over {
    /// Nobody wants to see it any more.
    pub(super) fn close(&self, app: &App) {
        match self {
            Self::Composer(_) => app.composing.change(|open| *open = None),
            Self::Viewer(props) => props.close(),
            Self::Who(props) => props.onclose.emit(()),
            Self::History(props) => props.onclose.emit(()),
            Self::Report(props) => props.onclose.emit(()),
            Self::Share(props) => props.onclose.emit(()),
            Self::Emoji(props) => props.onclose.emit(()),
            Self::Shortcuts(onclose) => onclose.emit(()),
            Self::Palette => drop(palette::close(app)),
            Self::Glance(props) => props.onclose.emit(()),
        }
    }

    /// Shows it, once the part is here.
    pub(crate) fn html(self) -> Html {
        later(Screen::Over(self))
    }
}

/// Shows it. Nothing outside of the part may come here.
pub(super) fn show(screen: &Over) -> Html {
    match screen.clone() {
        Over::Composer(props) => html! { <OpenComposer ..props /> },
        Over::Viewer(props) => {
            let key = props.post.to_string();
            html! { <OpenViewer {key} ..props /> }
        }
        Over::Who(props) => html! { <Who ..props /> },
        Over::History(props) => html! { <History ..props /> },
        Over::Report(props) => html! { <ReportDialog ..props /> },
        Over::Share(props) => html! { <ShareDialog ..props /> },
        Over::Emoji(props) => html! { <Panel ..props /> },
        Over::Shortcuts(onclose) => keyboard::shortcuts(onclose),
        Over::Palette => html! { <OpenPalette /> },
        Over::Glance(props) => html! { <Latest ..props /> },
    }
}
