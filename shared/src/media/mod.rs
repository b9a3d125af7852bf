//! Pictures, films and other files: what is sent when one is uploaded, and how it stands beside what it belongs to.

mod uploads;

use serde::{Deserialize, Serialize};

pub use uploads::{
    AUDIO_MAX, CancelUpload, CompleteUpload, CreateUpload, FILE_MAX, FinishUpload, GetUpload, NewUpload,
    PIECE_SIZE, PutPiece, UPLOAD_NAME_MAX, UPLOADS_OPEN_MAX, Upload, UploadKind, VIDEO_MAX,
};

use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{MediaId, SessionId};
use crate::valid::{Report, Validate};

/// Bytes of an uploaded picture at most.
pub const UPLOAD_MAX: usize = 10 * 1024 * 1024;
/// Bytes of an uploaded profile picture or cover at most.
pub const AVATAR_UPLOAD_MAX: usize = 5 * 1024 * 1024;
/// Characters of the description of a picture at most.
pub const ALT_TEXT_MAX: usize = 1000;
/// Characters of the name of a file that are kept; the rest is cut off.
pub const FILE_NAME_MAX: usize = 120;
/// Pixels of a picture on its longer side at most.
pub const SIDE_MAX: u32 = 8192;
/// Pixels of a picture at most.
pub const PIXELS_MAX: u64 = 24_000_000;

/// What something uploaded is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A recording of a voice, sent with a message.
    Audio,
    /// Any other file.
    #[serde(other)]
    File,
}

/// Something uploaded, as one who may see it gets it. The addresses are signed for this session and for a few
/// minutes; ask again for what it belongs to when they have run out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Media {
    /// Which.
    pub id: MediaId,
    /// What it is.
    pub kind: MediaKind,
    /// The largest that is kept: of a picture at most 2560 pixels on the longer side, of a cover 1500 × 500.
    pub url: String,
    /// At most 1280 pixels on the longer side; of a cover 750 × 250.
    pub medium_url: Option<String>,
    /// At most 320 pixels on the longer side.
    pub thumb_url: Option<String>,
    /// Pixels from left to right of what `url` gives.
    pub width: Option<u32>,
    /// Pixels from top to bottom.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// What stands there until it has come (<https://blurha.sh>).
    pub blurhash: Option<String>,
    /// What is to be seen in it, for those who cannot see it.
    pub alt_text: String,
    /// The name that its file had, for people; of other files than pictures and films with its ending.
    pub name: String,
    /// Bytes of what `url` gives.
    pub size: u64,
}

/// The fields of a form (`multipart/form-data`) that brings a picture.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediaUpload {
    /// The file: JPEG, PNG, WebP or GIF, at most 10 MiB, 24 megapixels and 8192 pixels on each side.
    #[cfg_attr(feature = "openapi", schema(format = "binary", max_length = 10485760))]
    pub file: String,
    /// What is to be seen in it, at most 1000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub alt_text: String,
}

/// The fields of a form (`multipart/form-data`) that sets one's picture or cover, or a group's picture: a file, or the
/// id of a picture that one has uploaded before, and which part of it to show. Without a part it is the largest in the
/// middle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureUpload {
    /// The file, at most 5 MiB, with the same limits as [`MediaUpload::file`].
    #[cfg_attr(feature = "openapi", schema(format = "binary", max_length = 5242880))]
    pub file: Option<String>,
    /// A picture of one's own, instead of a file.
    pub media_id: Option<MediaId>,
    /// Left edge of the part, in pixels of the upright picture.
    pub crop_x: Option<u32>,
    /// Top edge of the part.
    pub crop_y: Option<u32>,
    /// Width of the part. A picture's is square, a cover's three times as wide as high.
    pub crop_size: Option<u32>,
    /// What is to be seen in it, at most 1000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub alt_text: String,
}

/// Where the picture of 512 pixels is to be found, of which this is the address of the one of 128.
pub(crate) fn larger(url: &str) -> Option<String> {
    Some(format!("{}-512", url.strip_suffix("-128")?))
}

/// What makes an address of media good. It is taken from [`Media`] as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediaQuery {
    /// The session that it was given to.
    pub session: SessionId,
    /// When it runs out, in seconds since 1970.
    pub expires: i64,
    /// The signature.
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub signature: String,
}

endpoint! {
    /// Uploads a picture (`multipart/form-data`), to attach it to something within a day.
    UploadMedia {} = Post "/media",
    SignedIn, query Nothing, body MediaUpload => 201 Media
}

/// What its owner says of something uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediaPatch {
    /// What is to be seen in it, at most 1000 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub alt_text: String,
}

impl Validate for MediaPatch {
    fn validate(&mut self, report: &mut Report) {
        uploads::check_alt_text(report, &mut self.alt_text);
    }
}

endpoint! {
    /// Says what is to be seen in something of one's own.
    EditMedia { media_id: MediaId } = Patch "/media/{media_id}",
    SignedIn, query Nothing, body MediaPatch => 200 Media
}

endpoint! {
    /// Removes a picture of one's own, wherever it is shown.
    DeleteMedia { media_id: MediaId } = Delete "/media/{media_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}

endpoint! {
    /// The bytes of a picture, under the signed address that [`Media`] has; in part when `Range` asks for it.
    GetMedia { media_id: MediaId, variant: String } = Get "/media/{media_id}/{variant}",
    Public, query MediaQuery, body Nothing => 200 Nothing
}

endpoint! {
    /// The bytes of a profile picture, under the address of a card; `-512` at the end gives the larger one.
    GetAvatar { name: String } = Get "/avatars/{name}",
    Public, query Nothing, body Nothing => 200 Nothing
}
