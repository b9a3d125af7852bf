//! What a chosen file is taken for, by what the browser says of it and by its name.

use hearth_shared::media::MediaKind;

use super::ACCEPT;

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
