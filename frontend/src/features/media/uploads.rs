//! Files that are to stand beside a text, on their way to the server. They outlive what shows them: what is on its way when
//! a dialog is closed or a conversation left goes on, and is kept in a draft when it has arrived.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ClientId, MediaId, UploadId};
use hearth_shared::media::{
    CancelUpload, DeleteMedia, EditMedia, Media, MediaKind, MediaPatch, UPLOAD_MAX, UploadKind, UploadMedia,
};
use hearth_shared::problem::ErrorCode;
use web_sys::{Blob, File};

use super::pieces;
use super::state::tray::{For, Item, Kept, Tray};
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::picture::{self, Picked};
use crate::platform::shrink;
use crate::platform::spawn;
use crate::platform::upload::{self, Form, Stop};
use crate::store::Store;
use crate::text::media as words;

/// A file that was chosen here.
pub(super) struct Held {
    key: u32,
    pub(super) file: Picked,
    pub(super) stop: Stop,
    /// Of one that goes in pieces, so that a second try goes on where the first one ended.
    pub(super) client_id: RefCell<Option<ClientId>>,
    pub(super) upload: Cell<Option<UploadId>>,
    pub(super) poster: Cell<Option<MediaId>>,
}

/// What is told what has arrived, whenever that changes.
pub(crate) type Keep = Box<dyn Fn(Vec<Kept>)>;

struct Inner {
    tray: Store<Tray>,
    held: RefCell<Vec<Rc<Held>>>,
    /// None where something is changed that is there already.
    keep: Option<Keep>,
}

/// Shared handle of some files.
#[derive(Clone)]
pub(crate) struct Uploads(Rc<Inner>);

impl PartialEq for Uploads {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Uploads {
    pub(crate) fn new(tray: Tray, keep: Option<Keep>) -> Self {
        Self(Rc::new(Inner {
            tray: Store::new(tray),
            held: RefCell::default(),
            keep,
        }))
    }

    pub(crate) fn tray(&self) -> &Store<Tray> {
        &self.0.tray
    }

    fn keep(&self) {
        if let Some(keep) = &self.0.keep {
            keep(self.tray().read(Tray::kept));
        }
    }

    /// Takes up what a draft keeps.
    pub(crate) fn restore(&self, app: &App, kept: &[Kept]) {
        self.tray().change(|tray| tray.restore(kept));
        self.pump(app);
    }

    /// Gives everything away: it was sent, or somebody does not want it any more.
    pub(crate) fn empty(&self) {
        for held in self.0.held.take() {
            held.stop.now();
        }
        self.tray().change(|tray| *tray = tray.emptied());
    }

    /// The same, and the server does not keep it, either.
    pub(crate) fn discard(&self, app: &App) {
        let items = self.tray().read(|tray| tray.items().to_vec());
        for item in &items {
            self.let_go(app, item);
        }
        self.empty();
    }

    /// Takes files in; what cannot be taken is said.
    pub(crate) fn add(&self, app: &App, files: Vec<File>) {
        self.take(app, files, |tray, file| {
            tray.add(&file.name(), &file.type_(), file.size())
        });
    }

    /// Takes in what somebody has said.
    pub(crate) fn add_voice(&self, app: &App, file: File) {
        self.take(app, vec![file], |tray, file| {
            Some(tray.add_voice(&file.name(), file.size()))
        });
    }

    fn take(&self, app: &App, files: Vec<File>, put: fn(&mut Tray, &File) -> Option<u32>) {
        if files.is_empty() {
            return;
        }
        self.tray().change(|tray| {
            tray.refused.clear();
            for file in files {
                let Some(key) = put(tray, &file) else {
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
    pub(crate) fn change<T>(&self, app: &App, change: impl FnOnce(&mut Tray) -> T) -> T {
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
        // Beside a message of another tab may stand what this one only found in the draft.
        let drafted = self.0.keep.is_some() && self.tray().read(|tray| tray.rules == For::Post);
        let mine = held.is_some() || drafted;
        if let Some(media) = media.filter(|_| mine) {
            forget(app, media);
        } else if let Some(upload_id) = upload {
            let app = app.clone();
            // As below.
            spawn(async move { drop(app.base.api.send(&CancelUpload { upload_id }, &Nothing).await) });
        }
    }

    fn held(&self, key: u32) -> Option<Rc<Held>> {
        self.0.held.borrow().iter().find(|held| held.key == key).cloned()
    }

    /// Begins what may begin.
    fn pump(&self, app: &App) {
        while let Some(key) = self.tray().change(Tray::begin) {
            let (uploads, app) = (self.clone(), app.clone());
            spawn(async move { uploads.bring(&app, key).await });
        }
    }

    /// Brings one to the server, or what is new about it.
    async fn bring(&self, app: &App, key: u32) {
        let Some(item) = self.tray().read(|tray| tray.get(key).cloned()) else {
            return;
        };
        let outcome = match (item.media, self.held(key)) {
            (Some(media), _) => Some(describe(app, media.id, &item.alt).await),
            (None, Some(held)) => match item.kind {
                MediaKind::Image => self.picture(app, &held, &item.alt).await,
                MediaKind::Video => {
                    pieces::bring(app, &held, UploadKind::Video, &item.alt, self.told(key)).await
                }
                MediaKind::Audio => pieces::bring(app, &held, UploadKind::Audio, "", self.told(key)).await,
                MediaKind::File => pieces::bring(app, &held, UploadKind::File, "", self.told(key)).await,
            },
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
            Some(Err(trouble)) if trouble.is_of_its_kind() && tray.make_file(key) => {}
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

impl Trouble {
    /// Whether it cannot be brought as what it was taken for, and might be as something else.
    fn is_of_its_kind(&self) -> bool {
        match self {
            Self::Gone => false,
            Self::Failed(failure) => failure.code() == Some(ErrorCode::ValidationFailed),
            Self::Unfit(_) => true,
        }
    }
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

/// The server need not keep what nobody will see. Nothing is lost when this fails: it is cleared away within a day.
pub(crate) fn forget(app: &App, media_id: MediaId) {
    let app = app.clone();
    spawn(async move { drop(app.base.api.send(&DeleteMedia { media_id }, &Nothing).await) });
}
