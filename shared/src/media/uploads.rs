//! Large files, brought in pieces: what has arrived stays when the line breaks, and the rest goes on from there.
//!
//! Begin, send the pieces one after the other, each at the place up to which the file is there, then finish. Whoever
//! has lost count asks. What is not finished within a day is cleared away.

use serde::{Deserialize, Serialize};

use super::{ALT_TEXT_MAX, Media};
use crate::endpoint;
use crate::endpoint::Nothing;
use crate::ids::{ClientId, MediaId, UploadId};
use crate::problem::FieldCode;
use crate::time::Timestamp;
use crate::valid::{Report, Validate, tidy_text};

/// Bytes of one piece at most. The last one may be shorter, all others are this long.
pub const PIECE_SIZE: u64 = 4 * 1024 * 1024;
/// Bytes of a film at most.
pub const VIDEO_MAX: u64 = 256 * 1024 * 1024;
/// Bytes of a recording of a voice at most: half an hour of what browsers record, and more than anybody says at once.
pub const AUDIO_MAX: u64 = 20 * 1024 * 1024;
/// Bytes of any other file at most.
pub const FILE_MAX: u64 = VIDEO_MAX;
/// Uploads of one person that are not finished, at most.
pub const UPLOADS_OPEN_MAX: usize = 5;
/// Characters of the name of a file at most.
pub const UPLOAD_NAME_MAX: usize = 255;

/// What a file that is brought in pieces is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    /// A film: it is looked into, and kept without what is personal.
    #[default]
    Video,
    /// A recording of a voice, for a message: it is looked into as films are, and has sound alone.
    Audio,
    /// A file, kept as it is and given back as it is, to be saved: nothing in a page opens it.
    File,
}

/// A file to bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewUpload {
    /// Made by the client; the same one again goes on with the same upload.
    pub client_id: ClientId,
    /// What its sender calls it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 255))]
    pub name: String,
    /// Its bytes in all.
    pub size: u64,
    /// What it is to become; a film when absent.
    #[serde(default)]
    pub kind: UploadKind,
}

impl Validate for NewUpload {
    fn validate(&mut self, report: &mut Report) {
        // What a file is called is nobody's fault: what no text may have is left out.
        self.name.retain(|c| !c.is_control());
        report.length("name", &self.name, 0, UPLOAD_NAME_MAX);
        if self.size == 0 {
            report.add("size", FieldCode::Required, "there is nothing in an empty file");
        }
        match self.kind {
            UploadKind::Video if self.size > VIDEO_MAX => {
                report.add("size", FieldCode::VideoTooLarge, "at most 256 MiB");
            }
            UploadKind::File if self.size > FILE_MAX => {
                report.add("size", FieldCode::FileTooLarge, "at most 256 MiB");
            }
            UploadKind::Audio if self.size > AUDIO_MAX => {
                report.add("size", FieldCode::FileTooLarge, "at most 20 MiB");
            }
            UploadKind::Video | UploadKind::Audio | UploadKind::File => {}
        }
    }
}

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    /// Which.
    pub id: UploadId,
    /// Its bytes in all.
    pub size: u64,
    /// How many of them are safe; the next piece begins here.
    pub received: u64,
    /// Bytes of a piece.
    pub piece_size: u64,
    /// Until then it must be finished.
    pub expires_at: Timestamp,
}

/// What ends an upload.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FinishUpload {
    /// What is to be seen in it, at most 1000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub alt_text: String,
    /// A picture of one's own that stands there until a film plays; it is no picture by itself any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster_id: Option<MediaId>,
}

impl Validate for FinishUpload {
    fn validate(&mut self, report: &mut Report) {
        check_alt_text(report, &mut self.alt_text);
    }
}

pub(super) fn check_alt_text(report: &mut Report, text: &mut String) {
    tidy_text(text);
    report.length("alt_text", text, 0, ALT_TEXT_MAX);
    report.printable("alt_text", text, true);
}

endpoint! {
    /// Begins to bring a film (MP4 or WebM) or any other file, at most 256 MiB, or a recording of a voice, at most 20 MiB. The same `client_id` again answers 200 with the upload as it stands.
    CreateUpload {} = Post "/uploads",
    SignedIn, query Nothing, body NewUpload => 201 Upload
}

endpoint! {
    /// How much of a file has arrived.
    GetUpload { upload_id: UploadId } = Get "/uploads/{upload_id}",
    SignedIn, query Nothing, body Nothing => 200 Upload
}

endpoint! {
    /// Brings the piece that begins at a byte (`application/octet-stream`); one that is there already changes nothing.
    PutPiece { upload_id: UploadId, offset: u64 } = Put "/uploads/{upload_id}/pieces/{offset}",
    SignedIn, query Nothing, body Nothing => 200 Upload
}

endpoint! {
    /// Makes what it is to become of what has arrived, to attach it to something within a day. The same again answers 200 with it. A film or a recording that is none is refused, and its upload is gone.
    CompleteUpload { upload_id: UploadId } = Post "/uploads/{upload_id}/complete",
    SignedIn, query Nothing, body FinishUpload => 201 Media
}

endpoint! {
    /// Gives an upload up.
    CancelUpload { upload_id: UploadId } = Delete "/uploads/{upload_id}",
    SignedIn, query Nothing, body Nothing => 204 Nothing
}
