//! Where a post is prepared: its text, and its pictures and films on their way to the server. The one for a new post
//! outlives the dialog: what is on its way when that is closed goes on, and is kept in the draft when it has arrived.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hearth_shared::ids::UserId;
use hearth_shared::posts::{Audience, Post};
use web_sys::File;

use crate::context::App;
use crate::features::media::state::tray::{Kept, Tray};
use crate::features::media::{Keep, Uploads};
use crate::features::posts::drafts;
use crate::features::posts::state::draft::Draft;
use crate::store::Store;

struct Text {
    /// The text and who may read it, as they stand in the dialog.
    draft: RefCell<Draft>,
    /// Whose draft it is; none when a post is changed.
    keeps: Option<UserId>,
    /// Whether a draft is kept.
    kept: Cell<bool>,
}

impl Text {
    fn with(&self, media: Vec<Kept>) -> Draft {
        let draft = self.draft.borrow();
        Draft {
            media,
            ..draft.clone()
        }
    }

    /// Where nothing is there and nothing was, what is kept belongs to a post on its way.
    fn keep(&self, media: Vec<Kept>) {
        if let Some(user) = self.keeps {
            let draft = self.with(media);
            if self.kept.replace(!draft.is_empty()) || !draft.is_empty() {
                drafts::save(user, &draft);
            }
        }
    }
}

/// Shared handle of a desk.
#[derive(Clone)]
pub(crate) struct Desk {
    uploads: Uploads,
    text: Rc<Text>,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        self.uploads == other.uploads
    }
}

impl Desk {
    /// For new posts of somebody.
    pub(crate) fn new(user: UserId) -> Self {
        Self::with(Tray::default(), Draft::default(), Some(user))
    }

    /// For changing a post.
    pub(super) fn of(post: &Post) -> Self {
        let draft = Draft {
            body: post.body.clone(),
            audience: post.audience,
            media: Vec::new(),
        };
        Self::with(Tray::of(&post.media), draft, None)
    }

    fn with(tray: Tray, draft: Draft, keeps: Option<UserId>) -> Self {
        let text = Rc::new(Text {
            draft: RefCell::new(draft),
            keeps,
            kept: Cell::new(false),
        });
        let keep = keeps.map(|_| {
            let text = Rc::clone(&text);
            Box::new(move |media| text.keep(media)) as Keep
        });
        Self {
            uploads: Uploads::new(tray, keep),
            text,
        }
    }

    pub(super) fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    pub(super) fn tray(&self) -> &Store<Tray> {
        self.uploads.tray()
    }

    /// What stands there now.
    pub(super) fn draft(&self) -> Draft {
        self.text.with(self.tray().read(Tray::kept))
    }

    /// What was typed. Nothing is left to save when the dialog closes.
    pub(super) fn write(&self, body: String, audience: Audience) {
        *self.text.draft.borrow_mut() = Draft {
            body,
            audience,
            media: Vec::new(),
        };
        self.text.keep(self.tray().read(Tray::kept));
    }

    /// Takes up what is kept, when the dialog opens.
    pub(super) fn restore(&self, app: &App, draft: Draft) {
        self.text.kept.set(!draft.is_empty());
        let media = draft.media.clone();
        *self.text.draft.borrow_mut() = Draft {
            media: Vec::new(),
            ..draft
        };
        self.uploads.restore(app, &media);
    }

    /// Takes files in; what cannot be taken is said.
    pub(super) fn add(&self, app: &App, files: Vec<File>) {
        self.uploads.add(app, files);
    }

    /// Gives everything away: it is posted, or somebody does not want it any more.
    pub(super) fn empty(&self) {
        self.text.kept.set(false);
        *self.text.draft.borrow_mut() = Draft::default();
        self.uploads.empty();
    }

    /// The same, and nothing of it stays anywhere.
    pub(super) fn discard(&self, app: &App) {
        self.uploads.discard(app);
        self.empty();
        if let Some(user) = self.text.keeps {
            drafts::forget(user);
        }
    }
}
