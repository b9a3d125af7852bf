//! Where a post is prepared: its text, and its pictures and films on their way to the server. The one for a new post
//! outlives the dialog: what is on its way when that is closed goes on, and is kept in the draft when it has arrived.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ClientId, MediaId, UploadId, UserId};
use hearth_shared::media::{
    CancelUpload, DeleteMedia, EditMedia, Media, MediaPatch, UPLOAD_MAX, UploadMedia,
};
use hearth_shared::posts::{Audience, Post};
use web_sys::{Blob, File};

use super::film;
use crate::context::App;
use crate::features::posts::drafts;
use crate::features::posts::state::draft::Draft;
use crate::features::posts::state::tray::{Item, Tray};
use crate::platform::api::Failure;
use crate::platform::picture::{self, Picked};
use crate::platform::shrink;
use crate::platform::spawn;
use crate::platform::upload::{self, Form, Stop};
use crate::store::Store;
use crate::text::posts::composer as words;

/// A file that was chosen here.
pub(super) struct Held {
    key: u32,
    pub(super) file: Picked,
    pub(super) stop: Stop,
    /// Of a film on its way, so that a second try goes on where the first one ended.
    pub(super) client_id: RefCell<Option<ClientId>>,
    pub(super) upload: Cell<Option<UploadId>>,
    pub(super) poster: Cell<Option<MediaId>>,
}

struct Inner {
    tray: Store<Tray>,
    /// The text and who may read it, as they stand in the dialog.
    text: RefCell<Draft>,
    held: RefCell<Vec<Rc<Held>>>,
    /// Whose draft it is; none when a post is changed.
    keeps: Option<UserId>,
    /// Whether a draft is kept.
    kept: Cell<bool>,
}

/// Shared handle of a desk.
#[derive(Clone)]
pub(crate) struct Desk(Rc<Inner>);

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Desk {
    /// For new posts of somebody.
    pub(crate) fn new(user: UserId) -> Self {
        Self::with(Tray::default(), Draft::default(), Some(user))
    }

    /// For changing a post.
    pub(super) fn of(post: &Post) -> Self {
        let text = Draft {
            body: post.body.clone(),
            audience: post.audience,
            media: Vec::new(),
        };
        Self::with(Tray::of(&post.media), text, None)
    }

    fn with(tray: Tray, text: Draft, keeps: Option<UserId>) -> Self {
        Self(Rc::new(Inner {
            tray: Store::new(tray),
            text: RefCell::new(text),
            held: RefCell::default(),
            keeps,
            kept: Cell::new(false),
        }))
    }

    pub(super) fn tray(&self) -> &Store<Tray> {
        &self.0.tray
    }

    /// What stands there now.
    pub(super) fn draft(&self) -> Draft {
        let text = self.0.text.borrow();
        Draft {
            media: self.tray().read(Tray::kept),
            ..text.clone()
        }
    }

    /// What was typed. Nothing is left to save when the dialog closes.
    pub(super) fn write(&self, body: String, audience: Audience) {
        *self.0.text.borrow_mut() = Draft {
            body,
            audience,
            media: Vec::new(),
        };
        self.keep();
    }

    /// Where nothing is there and nothing was, what is kept belongs to a post on its way.
    fn keep(&self) {
        if let Some(user) = self.0.keeps {
            let draft = self.draft();
            if self.0.kept.replace(!draft.is_empty()) || !draft.is_empty() {
                drafts::save(user, &draft);
            }
        }
    }

    /// Takes up what is kept, when the dialog opens.
    pub(super) fn restore(&self, app: &App, draft: Draft) {
        self.0.kept.set(!draft.is_empty());
        self.tray().change(|tray| tray.restore(&draft.media));
        *self.0.text.borrow_mut() = Draft {
            media: Vec::new(),
            ..draft
        };
        self.pump(app);
    }

    /// Gives everything away: it is posted, or somebody does not want it any more.
    pub(super) fn empty(&self) {
        for held in self.0.held.take() {
            held.stop.now();
        }
        self.0.kept.set(false);
        *self.0.text.borrow_mut() = Draft::default();
        self.tray().change(|tray| *tray = tray.emptied());
    }

    /// The same, and nothing of it stays anywhere.
    pub(super) fn discard(&self, app: &App) {
        let items = self.tray().read(|tray| tray.items().to_vec());
        for item in &items {
            self.let_go(app, item);
        }
        self.empty();
        if let Some(user) = self.0.keeps {
            drafts::forget(user);
        }
    }

    /// Takes files in; what cannot be taken is said.
    pub(crate) fn add(&self, app: &App, files: Vec<File>) {
        if files.is_empty() {
            return;
        }
        self.tray().change(|tray| {
            tray.refused.clear();
            for file in files {
                let Some(key) = tray.add(&file.name(), &file.type_(), file.size()) else {
                    continue;
                };
                let Some(file) = Picked::new(file) else {
                    tray.failed(key, words::NOT_OPENED.to_owned(), false);
                    continue;
                };
                tray.preview(key, file.url.clone());
                self.0.held.borrow_mut().push(Rc::new(Held {
                    key,
                    file,
                    stop: Stop::default(),
                    client_id: RefCell::default(),
                    upload: Cell::default(),
                    poster: Cell::default(),
                }));
            }
        });
        self.pump(app);
    }

    /// Changes the tray; what follows is done.
    pub(super) fn change<T>(&self, app: &App, change: impl FnOnce(&mut Tray) -> T) -> T {
        let result = self.tray().change(change);
        self.keep();
        self.pump(app);
        result
    }

    /// Takes one away, and stops it when it is on its way.
    pub(super) fn remove(&self, app: &App, key: u32) {
        if let Some(item) = self.change(app, |tray| tray.remove(key)) {
            self.let_go(app, &item);
            self.0.held.borrow_mut().retain(|held| held.key != key);
        }
    }

    /// The server need not keep what nobody will see. What stands beside a post is the post's.
    fn let_go(&self, app: &App, item: &Item) {
        let held = self.held(item.key);
        let upload = held.as_ref().and_then(|held| {
            held.stop.now();
            held.upload.get()
        });
        let media = item.media.as_ref().map(|media| media.id);
        let mine = held.is_some() || self.0.keeps.is_some();
        let app = app.clone();
        spawn(async move {
            // Nothing is lost when this fails: it is cleared away within a day.
            if let Some(media_id) = media.filter(|_| mine) {
                drop(app.base.api.send(&DeleteMedia { media_id }, &Nothing).await);
            } else if let Some(upload_id) = upload {
                drop(app.base.api.send(&CancelUpload { upload_id }, &Nothing).await);
            }
        });
    }

    fn held(&self, key: u32) -> Option<Rc<Held>> {
        self.0.held.borrow().iter().find(|held| held.key == key).cloned()
    }

    /// Begins what may begin.
    fn pump(&self, app: &App) {
        while let Some(key) = self.tray().change(Tray::begin) {
            let (desk, app) = (self.clone(), app.clone());
            spawn(async move { desk.bring(&app, key).await });
        }
    }

    /// Brings one to the server, or what is new about it.
    async fn bring(&self, app: &App, key: u32) {
        let Some(item) = self.tray().read(|tray| tray.get(key).cloned()) else {
            return;
        };
        let outcome = match (item.media, self.held(key)) {
            (Some(media), _) => Some(describe(app, media.id, &item.alt).await),
            (None, Some(held)) if item.film => film::bring(app, &held, &item.alt, self.told(key)).await,
            (None, Some(held)) => self.picture(app, &held, &item.alt).await,
            (None, None) => return,
        };
        if !app.base.api.is_current() {
            // They have signed out: nothing of them is kept here any more.
            return;
        }
        self.change(app, |tray| match outcome {
            // It was taken away meanwhile.
            None => {}
            Some(Ok(media)) => tray.arrived(key, media),
            Some(Err(Trouble::Gone)) => tray.lose(key),
            Some(Err(Trouble::Failed(failure))) => tray.failed(key, words::upload_failed(&failure), true),
            Some(Err(Trouble::Unfit(why))) => tray.failed(key, why.to_owned(), false),
        });
    }

    /// What is told how far one has come.
    fn told(&self, key: u32) -> impl Fn(f64) + Clone + use<> {
        let tray = self.tray().clone();
        move |part| {
            if tray.change_quietly(|tray| tray.progress(key, part)) {
                tray.change(|_| ());
            }
        }
    }

    async fn picture(&self, app: &App, held: &Held, alt: &str) -> Option<Outcome> {
        let (file, kind) = (&held.file.file, held.file.file.type_());
        let mut blob: Blob = file.clone().into();
        // Of one that moves a copy would stand still.
        if file.size() > shrink::LIGHT && kind != "image/gif" {
            let Some(image) = picture::open(&held.file).await else {
                return Some(Err(Trouble::Unfit(words::NOT_OPENED)));
            };
            let (width, height) = picture::size(&image);
            let max = UPLOAD_MAX as f64;
            if let Some(size) = shrink::smaller(width, height, file.size(), max) {
                match picture::copy(&image, size, shrink::copy_kind(&kind)).await {
                    Some(copy) if copy.size() <= max => blob = copy,
                    _ if shrink::is_acceptable(width, height, file.size(), max) => {}
                    _ => return Some(Err(Trouble::Unfit(words::TOO_LARGE))),
                }
            }
        }
        let mut form = Form::new(blob, file.name());
        if !alt.trim().is_empty() {
            form = form.with("alt_text", alt.trim());
        }
        let sent = upload::send(
            &app.base.api,
            &UploadMedia {},
            &form,
            &held.stop,
            self.told(held.key),
        );
        Some(sent.await?.map_err(Trouble::Failed))
    }
}

/// Why something was not brought.
pub(super) enum Trouble {
    /// The server does not have it any more.
    Gone,
    Failed(Failure),
    /// This file never arrives; why.
    Unfit(&'static str),
}

pub(super) type Outcome = Result<Media, Trouble>;

/// Says what is to be seen in something that the server has, and learns how it stands.
async fn describe(app: &App, media_id: MediaId, alt: &str) -> Outcome {
    let patch = MediaPatch {
        alt_text: alt.trim().to_owned(),
    };
    match app.base.api.send(&EditMedia { media_id }, &patch).await {
        Err(failure) if failure.is_not_found() => Err(Trouble::Gone),
        other => other.map_err(Trouble::Failed),
    }
}
