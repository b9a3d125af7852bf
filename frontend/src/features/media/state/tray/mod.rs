//! Pictures, films and other files that are to stand beside a text: which ones, in which order, how far each has come. What
//! sends them is in `uploads.rs`; here is only what may happen and what follows from it.

mod kinds;

use hearth_shared::conversations::{ATTACHMENTS_MAX, Attachment};
use hearth_shared::ids::MediaId;
use hearth_shared::media::{FILE_MAX, Media, MediaKind, UPLOAD_MAX, VIDEO_MAX};
use hearth_shared::posts::MEDIA_MAX;
use serde::{Deserialize, Serialize};

use self::kinds::{is_of_camera, shown_as};

/// Pictures and films that can be shown, as a file field wants it said.
pub(crate) const ACCEPT: &str = "image/jpeg,image/png,image/webp,image/gif,video/mp4,video/webm";
/// So many are sent at once: more would only make each slower.
const AT_ONCE: usize = 2;
/// Pictures above this are not even opened; below, one that is too large is made smaller here.
const PICTURE_MAX: f64 = 60.0 * 1024.0 * 1024.0;

/// What they are to stand beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum For {
    /// Pictures, or one film.
    #[default]
    Post,
    /// Files of all kinds, in any company.
    Message,
}

impl For {
    /// How many.
    const fn most(self) -> usize {
        match self {
            Self::Post => MEDIA_MAX,
            Self::Message => ATTACHMENTS_MAX,
        }
    }

    /// The id of the list on the page: a post may be written over a conversation.
    pub(crate) const fn list(self) -> &'static str {
        match self {
            Self::Post => "tray",
            Self::Message => "message-tray",
        }
    }

    /// The field of the text.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::Post => "#composer-text",
            Self::Message => "#message",
        }
    }
}

/// How far one has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Until there is a place in the line.
    Waiting,
    /// On its way: per cent.
    Going(u8),
    /// The server has it.
    Done,
    /// It did not arrive; why, in words.
    Failed(Stumble),
}

/// Why something did not arrive.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stumble {
    pub(crate) why: String,
    /// Whether the same file may arrive another time.
    pub(crate) again: bool,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    /// The same for as long as the page lives.
    pub(crate) key: u32,
    pub(crate) kind: MediaKind,
    /// The name of its file.
    pub(crate) name: String,
    /// Bytes of the file; 0 when that is not known.
    pub(crate) size: u64,
    /// Where the file can be looked at in this browser.
    pub(crate) preview: Option<String>,
    /// What is to be seen in it.
    pub(crate) alt: String,
    /// What the server knows of it.
    pub(crate) media: Option<Media>,
    pub(crate) step: Step,
}

impl Item {
    /// A file that nobody has looked into yet.
    fn chosen(kind: MediaKind, name: &str, bytes: f64) -> Self {
        Self {
            key: 0,
            kind,
            name: name.to_owned(),
            size: bytes as u64,
            preview: None,
            alt: String::new(),
            media: None,
            step: Step::Waiting,
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not one of the kinds.
    Kind,
    /// Nothing in it.
    Empty,
    /// A picture with too many bytes.
    Picture,
    /// A film with too many.
    Film,
    /// Any other file with too many.
    File,
    /// There are as many as a post can have.
    Many,
    /// As many as a message can have.
    ManyFiles,
    /// A film stands alone.
    Alone,
    /// None: it goes, but as a file, with everything that is in it.
    Raw,
}

/// What a draft keeps of something that the server has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) id: MediaId,
    /// The server's answer corrects what an older version did not keep.
    #[serde(default = "picture")]
    pub(crate) kind: MediaKind,
    #[serde(default)]
    pub(crate) alt: String,
    #[serde(default)]
    pub(crate) name: String,
}

const fn picture() -> MediaKind {
    MediaKind::Image
}

impl From<&Attachment> for Kept {
    fn from(attachment: &Attachment) -> Self {
        Self {
            id: attachment.id,
            kind: attachment.kind,
            alt: attachment.alt_text.clone(),
            name: attachment.name.clone(),
        }
    }
}

/// All of them, in the order in which they will stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tray {
    pub(crate) rules: For,
    items: Vec<Item>,
    next: u32,
    /// Files that were not taken, each with the reason.
    pub(crate) refused: Vec<(String, Refusal)>,
    /// Some of a draft are gone from the server.
    pub(crate) lost: bool,
}

impl Tray {
    /// With what stands beside a post already.
    pub(crate) fn of(media: &[Media]) -> Self {
        let mut tray = Self::default();
        for one in media {
            tray.push(Item {
                key: 0,
                kind: one.kind,
                name: one.name.clone(),
                size: one.size,
                preview: None,
                alt: one.alt_text.clone(),
                media: Some(one.clone()),
                step: Step::Done,
            });
        }
        tray
    }

    /// For a message, which takes more.
    pub(crate) fn for_message() -> Self {
        Self {
            rules: For::Message,
            ..Self::default()
        }
    }

    /// Without anything, but with keys that were never used.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            rules: self.rules,
            next: self.next,
            ..Self::default()
        }
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    pub(crate) fn get(&self, key: u32) -> Option<&Item> {
        self.items.iter().find(|item| item.key == key)
    }

    fn change(&mut self, key: u32, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.iter_mut().find(|item| item.key == key) {
            change(item);
        }
    }

    fn push(&mut self, mut item: Item) -> u32 {
        self.next += 1;
        item.key = self.next;
        self.items.push(item);
        self.next
    }

    /// Takes a file in, at the end; `kind` is empty when the browser does not know it. When it is not taken, that is
    /// kept with its reason.
    pub(crate) fn add(&mut self, name: &str, kind: &str, bytes: f64) -> Option<u32> {
        match self.judge(name, kind, bytes) {
            Ok(taken) => {
                if taken == MediaKind::File && is_of_camera(name, kind) {
                    self.refused.push((name.to_owned(), Refusal::Raw));
                }
                Some(self.push(Item::chosen(taken, name, bytes)))
            }
            Err(refusal) => {
                self.refused.push((name.to_owned(), refusal));
                None
            }
        }
    }

    fn judge(&self, name: &str, kind: &str, bytes: f64) -> Result<MediaKind, Refusal> {
        let found = match shown_as(kind, name) {
            None => Err(Refusal::Kind),
            Some(MediaKind::Video) if bytes > VIDEO_MAX as f64 => Err(Refusal::Film),
            // One that moves cannot be made smaller here.
            Some(MediaKind::Image)
                if bytes > PICTURE_MAX || kind == "image/gif" && bytes > UPLOAD_MAX as f64 =>
            {
                Err(Refusal::Picture)
            }
            Some(kind) => Ok(kind),
        };
        if bytes <= 0.0 {
            return Err(Refusal::Empty);
        }
        let films = |item: &Item| item.kind == MediaKind::Video;
        let full = self.items.len() >= self.rules.most();
        match (self.rules, found) {
            (For::Message, _) if full => Err(Refusal::ManyFiles),
            // What cannot be shown can still be sent.
            (For::Message, Err(_)) if bytes > FILE_MAX as f64 => Err(Refusal::File),
            (For::Message, found) => Ok(found.unwrap_or(MediaKind::File)),
            (For::Post, Ok(kind))
                if self.items.iter().any(films) || kind == MediaKind::Video && !self.items.is_empty() =>
            {
                Err(Refusal::Alone)
            }
            (For::Post, Ok(_)) if full => Err(Refusal::Many),
            (For::Post, found) => found,
        }
    }

    /// Where a file can be looked at, when there is something to see.
    pub(crate) fn preview(&mut self, key: u32, url: String) {
        self.change(key, |item| {
            item.preview = (item.kind != MediaKind::File).then_some(url);
        });
    }

    /// Takes in what a draft keeps. What is there already stays as it is; what the draft no longer has is gone from
    /// here too, when it had arrived. All of it is looked at once more: it may be gone from the server.
    pub(crate) fn restore(&mut self, kept: &[Kept]) {
        self.items
            .retain(|item| id_of(item).is_none_or(|id| kept.iter().any(|one| one.id == id)));
        for one in kept {
            if self.items.iter().any(|item| id_of(item) == Some(one.id)) {
                continue;
            }
            self.push(Item {
                key: 0,
                kind: one.kind,
                name: one.name.clone(),
                size: 0,
                preview: None,
                alt: one.alt.clone(),
                media: Some(media_of(one)),
                step: Step::Waiting,
            });
        }
        self.items.truncate(self.rules.most());
    }

    /// What a draft keeps.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        let items = self.items.iter();
        items
            .filter_map(|item| {
                Some(Kept {
                    id: id_of(item)?,
                    kind: item.kind,
                    alt: item.alt.clone(),
                    name: item.name.clone(),
                })
            })
            .collect()
    }

    /// The next one that may go, from now on on its way.
    pub(crate) fn begin(&mut self) -> Option<u32> {
        let going = self
            .items
            .iter()
            .filter(|item| matches!(item.step, Step::Going(_)))
            .count();
        if going >= AT_ONCE {
            return None;
        }
        let item = self.items.iter_mut().find(|item| item.step == Step::Waiting)?;
        item.step = Step::Going(0);
        Some(item.key)
    }

    /// A part of it has gone, 0 to 1. The last per cent is the answer. True when that is worth showing.
    pub(crate) fn progress(&mut self, key: u32, part: f64) -> bool {
        let now = (part.clamp(0.0, 1.0) * 99.0) as u8;
        let mut shown = false;
        self.change(key, |item| {
            if let Step::Going(before) = item.step
                && now > before
            {
                item.step = Step::Going(now);
                shown = true;
            }
        });
        shown
    }

    /// The server has it. When it was described meanwhile, that has still to be said.
    pub(crate) fn arrived(&mut self, key: u32, media: Media) {
        self.change(key, |item| {
            item.step = if item.alt.trim() == media.alt_text {
                Step::Done
            } else {
                Step::Waiting
            };
            (item.kind, item.size) = (media.kind, media.size);
            item.media = Some(media);
        });
    }

    /// It did not arrive.
    pub(crate) fn failed(&mut self, key: u32, why: String, again: bool) {
        self.change(key, |item| item.step = Step::Failed(Stumble { why, again }));
    }

    /// Once more.
    pub(crate) fn retry(&mut self, key: u32) {
        self.change(key, |item| {
            if matches!(item.step, Step::Failed(_)) {
                item.step = Step::Waiting;
            }
        });
    }

    /// Once more with all that only the network was in the way of.
    pub(crate) fn retry_all(&mut self) {
        for item in &mut self.items {
            if matches!(&item.step, Step::Failed(stumble) if stumble.again) {
                item.step = Step::Waiting;
            }
        }
    }

    /// What is to be seen in it. When the server has it, that has to be told.
    pub(crate) fn describe(&mut self, key: u32, alt: String) {
        self.change(key, |item| {
            item.alt = alt;
            let told = item
                .media
                .as_ref()
                .is_none_or(|media| media.alt_text == item.alt.trim());
            if !told && item.step == Step::Done {
                item.step = Step::Waiting;
            }
        });
    }

    /// Its address no longer works: the server gives a new one.
    pub(crate) fn look_again(&mut self, key: u32) {
        self.change(key, |item| {
            if item.step == Step::Done {
                item.step = Step::Waiting;
            }
        });
    }

    /// Takes one away.
    pub(crate) fn remove(&mut self, key: u32) -> Option<Item> {
        let at = self.items.iter().position(|item| item.key == key)?;
        Some(self.items.remove(at))
    }

    /// One of a draft is gone from the server.
    pub(crate) fn lose(&mut self, key: u32) {
        if self.remove(key).is_some() {
            self.lost = true;
        }
    }

    /// Puts one at another place. The place, counted from 1, when it moved.
    pub(crate) fn put(&mut self, key: u32, to: usize) -> Option<usize> {
        let from = self.items.iter().position(|item| item.key == key)?;
        if to >= self.items.len() || to == from {
            return None;
        }
        let item = self.items.remove(from);
        self.items.insert(to, item);
        Some(to + 1)
    }

    /// Whether all that is there has arrived.
    pub(crate) fn is_ready(&self) -> bool {
        self.items.iter().all(|item| item.step == Step::Done)
    }

    /// How many have not arrived yet, and how many did not arrive.
    pub(crate) fn open(&self) -> (usize, usize) {
        let failed = |item: &&Item| matches!(item.step, Step::Failed(_));
        let stuck = self.items.iter().filter(failed).count();
        let open = self.items.iter().filter(|item| item.step != Step::Done).count();
        (open - stuck, stuck)
    }

    /// What has arrived, in its order.
    pub(crate) fn media(&self) -> Vec<Media> {
        self.items.iter().filter_map(|item| item.media.clone()).collect()
    }

    /// Whether one more can be added.
    pub(crate) fn has_place(&self) -> bool {
        let alone = self.rules == For::Post && self.items.iter().any(|item| item.kind == MediaKind::Video);
        self.items.len() < self.rules.most() && !alone
    }
}

fn id_of(item: &Item) -> Option<MediaId> {
    item.media.as_ref().map(|media| media.id)
}

/// As much as is known of something until the server has been asked.
fn media_of(kept: &Kept) -> Media {
    Media {
        id: kept.id,
        kind: kept.kind,
        url: String::new(),
        medium_url: None,
        thumb_url: None,
        width: None,
        height: None,
        duration_ms: None,
        blurhash: None,
        alt_text: kept.alt.clone(),
        name: kept.name.clone(),
        size: 0,
    }
}

#[cfg(test)]
mod tests;
