//! Films: looked into before they are kept. They are not decoded and not written anew: a film stays as it was brought,
//! but that what is not needed to play it (where it was taken, with what, by whom, and whatever else lies between) is
//! overwritten with nothing, byte for byte, so that nothing in it moves.
//!
//! What is taken is what browsers play: MP4 and its relatives with H.264, AV1 or VP9, and WebM with VP8, VP9 or AV1.
//! How a film begins says which it is, not its name. Its index may stand at its end; browsers ask for that first.
//!
//! Recordings of a voice go the same way: they are written as films are, with sound alone (Opus in WebM, AAC in MP4).

mod ebml;
mod mp4;
pub mod source;
mod webm;

use std::time::{Duration, Instant};

use hearth_shared::problem::FieldCode;

use crate::platform::error::AppError;
pub use source::Source;

/// Looking into one film stops after this.
const TIME_MAX: Duration = Duration::from_secs(60);
/// Boxes or elements that are looked at in one film. An hour in fragments of two seconds has some 20,000.
const PARTS_MAX: usize = 50_000;
/// Pixels on each side at most.
const SIDE_MAX: u32 = hearth_shared::media::SIDE_MAX;
/// A film is this long at most.
const LENGTH_MAX: Duration = Duration::from_secs(12 * 60 * 60);

/// What a film is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// MP4, also as QuickTime writes it.
    Mp4,
    /// WebM.
    WebM,
}

impl Container {
    const ALL: [Self; 2] = [Self::Mp4, Self::WebM];

    /// As the database has it; also what file names end with.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::WebM => "webm",
        }
    }

    /// By that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|container| container.as_str() == name)
    }

    /// The media type of a film.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::WebM => "video/webm",
        }
    }

    /// The media type of a recording of a voice.
    pub const fn sound_type(self) -> &'static str {
        match self {
            Self::Mp4 => "audio/mp4",
            Self::WebM => "audio/webm",
        }
    }
}

/// What something is looked at as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A film: pictures, with sound or without.
    Film,
    /// A recording of a voice: sound, and no pictures.
    Voice,
}

/// What was found in a film or a recording.
#[derive(Debug, Clone)]
pub struct Facts {
    /// As what it is written.
    pub container: Container,
    /// Pixels, as it is shown; none of a recording.
    pub width: u32,
    /// Pixels, as it is shown; none of a recording.
    pub height: u32,
    /// How long it plays; never zero.
    pub duration_ms: u64,
    /// What must not be kept of it.
    pub blanks: Blanks,
}

/// A range of a film that is overwritten: with a few bytes, and with zeros from there on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    at: u64,
    length: u64,
    head: Vec<u8>,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct Blanks(Vec<Blank>);

impl Blanks {
    fn zero(&mut self, at: u64, length: u64) {
        self.write(at, length, Vec::new());
    }

    fn write(&mut self, at: u64, length: u64, head: Vec<u8>) {
        if length > 0 {
            self.0.push(Blank { at, length, head });
        }
    }

    /// Overwrites what of them lies in these bytes, which begin at a byte of the film.
    pub fn apply(&self, at: u64, bytes: &mut [u8]) {
        let end = at + bytes.len() as u64;
        for blank in &self.0 {
            let from = blank.at.max(at);
            let to = blank.at.saturating_add(blank.length).min(end);
            let (Ok(first), Ok(last)) = (usize::try_from(from - at), usize::try_from(to.saturating_sub(at)))
            else {
                continue;
            };
            let Some(target) = bytes.get_mut(first..last) else {
                continue;
            };
            target.fill(0);
            let done = usize::try_from(from - blank.at).unwrap_or(usize::MAX);
            let head = blank.head.get(done..).unwrap_or_default();
            for (byte, head) in target.iter_mut().zip(head) {
                *byte = *head;
            }
        }
    }
}

/// Why a film is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing that every browser plays.
    Unsupported,
    /// Too many pixels, too long, or too many parts.
    TooLarge,
    /// It cannot be read to its end, or it says what cannot be.
    Broken,
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unsupported => Self::field(
                "file",
                FieldCode::UnsupportedVideo,
                "must be MP4 (H.264, AV1, VP9) or WebM (VP8, VP9, AV1); of a voice WebM (Opus) or MP4 (AAC) without pictures",
            ),
            Refusal::TooLarge => Self::field(
                "file",
                FieldCode::VideoTooLarge,
                "must have at most 8192 pixels on each side, 12 hours and 50,000 parts",
            ),
            Refusal::Broken => Self::field("file", FieldCode::BrokenVideo, "cannot be read to its end"),
        }
    }
}

/// Why looking into a film ended early.
#[derive(Debug)]
pub enum Stop {
    /// It is the film.
    Refused(Refusal),
    /// It is not there any more, or the store did not answer.
    Failed(std::io::Error),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Refused(Refusal::Broken),
            _ => Self::Failed(error),
        }
    }
}

/// How much may still be looked at.
struct Budget {
    parts: usize,
    until: Instant,
}

impl Budget {
    fn new() -> Self {
        Self {
            parts: PARTS_MAX,
            until: Instant::now() + TIME_MAX,
        }
    }

    /// For one more part.
    fn spend(&mut self) -> Result<(), Refusal> {
        self.parts = self.parts.checked_sub(1).ok_or(Refusal::TooLarge)?;
        self.in_time()
    }

    fn in_time(&self) -> Result<(), Refusal> {
        if Instant::now() < self.until {
            Ok(())
        } else {
            Err(Refusal::TooLarge)
        }
    }
}

/// Looks into a film or a recording.
///
/// # Errors
/// See [`Stop`].
pub fn look(source: &mut dyn Source, wanted: Wanted) -> Result<Facts, Stop> {
    let mut head = [0; 8];
    if source.size() < 8 {
        return Err(Refusal::Unsupported.into());
    }
    source.read_at(0, &mut head)?;
    let facts = match head {
        [0x1a, 0x45, 0xdf, 0xa3, ..] => webm::look(source, wanted)?,
        [_, _, _, _, b'f', b't', b'y', b'p'] => mp4::look(source, wanted)?,
        _ => return Err(Refusal::Unsupported.into()),
    };
    let flat = facts.width == 0 || facts.height == 0;
    if flat && wanted == Wanted::Film || facts.duration_ms == 0 {
        return Err(Refusal::Broken.into());
    }
    let long = u128::from(facts.duration_ms) > LENGTH_MAX.as_millis();
    if facts.width > SIDE_MAX || facts.height > SIDE_MAX || long {
        return Err(Refusal::TooLarge.into());
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_the_same_however_the_bytes_are_cut() {
        let mut blanks = Blanks::default();
        blanks.write(2, 6, b"free".to_vec());
        blanks.zero(9, 100);
        let film: Vec<u8> = (1..=12).collect();
        for cut in 0..=film.len() {
            let mut bytes = film.clone();
            let (first, second) = bytes.split_at_mut(cut);
            blanks.apply(0, first);
            blanks.apply(cut as u64, second);
            assert_eq!(bytes, b"\x01\x02free\0\0\x09\0\0\0", "{cut}");
        }
    }

    #[test]
    fn what_is_no_film_is_none() {
        for bytes in [
            b"".as_slice(),
            b"x",
            b"\xff\xd8\xff\xe0 a picture",
            b"<!doctype html>",
        ] {
            let mut source = bytes;
            for wanted in [Wanted::Film, Wanted::Voice] {
                assert!(matches!(
                    look(&mut source, wanted),
                    Err(Stop::Refused(Refusal::Unsupported))
                ));
            }
        }
    }
}
