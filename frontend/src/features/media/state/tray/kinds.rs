//! What a chosen file is taken for, by what the browser says of it and by its name.

use hearth_shared::media::{AUDIO_MAX, MediaKind};

use super::{ACCEPT, For, Item, Refusal, Step, Tray};

/// What a file can be shown as. Some systems do not say what kind it is.
pub(super) fn shown_as(kind: &str, name: &str) -> Option<MediaKind> {
    match kind {
        "video/mp4" | "video/webm" => Some(MediaKind::Video),
        "" => {
            let name = name.to_ascii_lowercase();
            let film = name.ends_with(".mp4") || name.ends_with(".webm");
            Some(if film { MediaKind::Video } else { MediaKind::Image })
        }
        kind => ACCEPT
            .split(',')
            .any(|known| known == kind)
            .then_some(MediaKind::Image),
    }
}

/// Whether a file may know where it was taken.
pub(super) fn is_of_camera(name: &str, kind: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let raw = ["heic", "heif", "dng", "tif", "tiff"];
    kind.starts_with("image/")
        || kind.starts_with("video/")
        || raw.iter().any(|one| ending.eq_ignore_ascii_case(one))
}

impl Tray {
    /// Takes in what somebody has said, also when there are enough already: it cannot be chosen once more, and of
    /// what is too much something else may go.
    pub(crate) fn add_voice(&mut self, name: &str, bytes: f64) -> u32 {
        let kind = if bytes > AUDIO_MAX as f64 {
            MediaKind::File
        } else {
            MediaKind::Audio
        };
        self.push(Item::chosen(kind, name, bytes))
    }

    /// What was taken for a picture, a film or a recording cannot be brought as one. True when it goes as a file then.
    pub(crate) fn make_file(&mut self, key: u32) -> bool {
        let allowed = self.rules == For::Message;
        let (mut made, mut raw) = (false, None);
        self.change(key, |item| {
            if allowed && item.kind != MediaKind::File {
                // What a microphone has heard here says nothing of where that was.
                raw = (item.kind != MediaKind::Audio).then(|| item.name.clone());
                item.kind = MediaKind::File;
                // Nothing of it is shown, and nobody describes it.
                item.preview = None;
                item.alt.clear();
                item.step = Step::Waiting;
                made = true;
            }
        });
        self.refused.extend(raw.map(|name| (name, Refusal::Raw)));
        made
    }
}
