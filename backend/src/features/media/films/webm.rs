//! WebM. `matroska-demuxer` reads what the heads say, from a copy of them alone and with a bound; what else the film
//! is made of is walked over here.
//!
//! A list says which elements stay. All others become void: titles, tags, attachments, chapters, dates. The two
//! names that every film must have of what it was written with stay, without a letter in them.

use std::io::Cursor;

use matroska_demuxer::{MatroskaFile, TrackType};

use super::ebml::{self, Element};
use super::{Blanks, Budget, Container, Facts, Refusal, Source, Stop, Wanted};

const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114d_9b74;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK_ENTRY: u32 = 0xae;
const CUES: u32 = 0x1c53_bb6b;
const CLUSTER: u32 = 0x1f43_b675;
const TAGS: u32 = 0x1254_c367;
const ATTACHMENTS: u32 = 0x1941_a469;
const CHAPTERS: u32 = 0x1043_a770;
const TIMESTAMP: u32 = 0xe7;
const SIMPLE_BLOCK: u32 = 0xa3;
const BLOCK_GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const MUXING_APP: u32 = 0x4d80;
const WRITING_APP: u32 = 0x5741;
const TIMESTAMP_SCALE: u32 = 0x002a_d7b1;
const DURATION: u32 = 0x4489;
const TRACK_NAME: u32 = 0x536e;
/// In `TRACKS`: a checksum of what has changed.
const CHECKSUM: u32 = 0xbf;

/// Bytes of the heads together.
const HEADS_MAX: usize = 512 * 1024;
/// Pictures in a codec that every browser plays.
const CODECS: [&str; 3] = ["V_VP8", "V_VP9", "V_AV1"];
/// What browsers record a voice in.
const SPOKEN: &str = "A_OPUS";

struct Walk<'a> {
    source: &'a mut dyn Source,
    budget: Budget,
    blanks: Blanks,
    /// The heads, as they are in the film.
    heads: Vec<u8>,
    tracks: bool,
    info: bool,
    clusters: bool,
    /// The latest moment at which something is shown, in units of the film.
    last: u64,
}

pub(super) fn look(source: &mut dyn Source, wanted: Wanted) -> Result<Facts, Stop> {
    let size = source.size();
    let mut walk = Walk {
        source,
        budget: Budget::new(),
        blanks: Blanks::default(),
        heads: Vec::new(),
        tracks: false,
        info: false,
        clusters: false,
        last: 0,
    };
    let ebml = ebml::read(walk.source, 0, size)?;
    let begin = ebml.size.ok_or(Refusal::Broken)?;
    walk.copy(ebml)?;
    let segment = ebml::read(walk.source, begin, size)?;
    if segment.id != SEGMENT {
        return Err(Refusal::Broken.into());
    }
    // The copy ends when its heads do.
    walk.heads
        .extend(b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff");
    let end = segment.size.map_or(size, |size| segment.at + size);
    walk.segment(segment.body(), end)?;
    // What lies behind it is not played, and not kept.
    walk.blanks.write(end, size - end, ebml::void(size - end));
    walk.facts(wanted)
}

impl Walk<'_> {
    fn segment(&mut self, mut at: u64, end: u64) -> Result<(), Stop> {
        while at < end {
            self.budget.spend()?;
            let element = ebml::read(self.source, at, end)?;
            at = match (element.id, element.size) {
                (CLUSTER, size) => {
                    self.clusters = true;
                    let known = size.map(|size| element.at + size);
                    self.cluster(element.body(), known, end)?
                }
                (_, None) => return Err(Refusal::Broken.into()),
                (SEEK_HEAD | CUES, Some(size)) => element.at + size,
                (INFO, Some(size)) if !self.info => {
                    self.info = true;
                    self.copy(element)?;
                    self.parts(element, &[TIMESTAMP_SCALE, DURATION], false)?;
                    element.at + size
                }
                (TRACKS, Some(size)) if !self.tracks => {
                    self.tracks = true;
                    self.copy(element)?;
                    self.parts(element, &[], true)?;
                    element.at + size
                }
                (_, Some(size)) => {
                    self.forget(element, size);
                    element.at + size
                }
            };
        }
        Ok(())
    }

    fn forget(&mut self, element: Element, size: u64) {
        self.blanks.write(element.at, size, ebml::void(size));
    }

    /// Copies an element to the heads.
    fn copy(&mut self, element: Element) -> Result<(), Stop> {
        let size = element.size.and_then(|size| usize::try_from(size).ok());
        let size = size.filter(|size| self.heads.len() + size <= HEADS_MAX);
        let mut bytes = vec![0; size.ok_or(Refusal::TooLarge)?];
        self.source.read_at(element.at, &mut bytes)?;
        self.heads.extend(bytes);
        Ok(())
    }

    /// What of an element stays: of `INFO` what is listed; of `TRACKS` all, but names.
    fn parts(&mut self, parent: Element, listed: &[u32], tracks: bool) -> Result<(), Stop> {
        let end = parent.at + parent.size.unwrap_or(parent.head);
        let mut at = parent.body();
        while at < end {
            self.budget.spend()?;
            let element = ebml::read(self.source, at, end)?;
            let size = element.size.ok_or(Refusal::Broken)?;
            match element.id {
                TRACK_ENTRY if tracks && parent.id == TRACKS => self.parts(element, listed, tracks)?,
                TRACK_NAME | CHECKSUM => self.forget(element, size),
                MUXING_APP | WRITING_APP => self.blanks.zero(element.body(), size - element.head),
                id if tracks || listed.contains(&id) => {}
                _ => self.forget(element, size),
            }
            at = element.at + size;
        }
        Ok(())
    }

    /// Looks through a cluster; tells where it ends. One whose length nobody has written down ends where another
    /// thing begins that cannot be in it.
    fn cluster(&mut self, mut at: u64, known: Option<u64>, end: u64) -> Result<u64, Stop> {
        let end = known.unwrap_or(end);
        let mut base = 0;
        while at < end {
            let element = ebml::read(self.source, at, end)?;
            let top = [
                CLUSTER,
                CUES,
                TAGS,
                ATTACHMENTS,
                CHAPTERS,
                SEEK_HEAD,
                INFO,
                TRACKS,
            ];
            if known.is_none() && top.contains(&element.id) {
                return Ok(at);
            }
            let size = element.size.ok_or(Refusal::Broken)?;
            match element.id {
                TIMESTAMP => base = self.unsigned(element, size)?,
                SIMPLE_BLOCK => self.block(element, base)?,
                BLOCK_GROUP => {
                    let first = ebml::read(self.source, element.body(), element.at + size)?;
                    if first.id == BLOCK {
                        self.block(first, base)?;
                    }
                }
                _ => {}
            }
            at = element.at + size;
            self.budget.in_time()?;
        }
        Ok(end)
    }

    fn unsigned(&mut self, element: Element, size: u64) -> Result<u64, Stop> {
        let length = usize::try_from(size - element.head).unwrap_or(usize::MAX);
        if length > 8 {
            return Err(Refusal::Broken.into());
        }
        let mut bytes = [0; 8];
        self.source.read_at(element.body(), &mut bytes[8 - length..])?;
        Ok(u64::from_be_bytes(bytes))
    }

    /// A block begins with the number of its track and how long after its cluster it is shown.
    fn block(&mut self, element: Element, base: u64) -> Result<(), Stop> {
        let mut bytes = [0; 10];
        let length = element.size.unwrap_or(0).saturating_sub(element.head);
        let room = usize::try_from(length).unwrap_or(10).min(10);
        let bytes = &mut bytes[..room];
        self.source.read_at(element.body(), bytes)?;
        let (_track, length) = ebml::number(bytes, 8, false).ok_or(Refusal::Broken)?;
        let later = bytes.get(length..length + 2).ok_or(Refusal::Broken)?;
        let later = later
            .iter()
            .fold(0, |value, byte| (value << 8) | u64::from(*byte));
        // Above that it is before its cluster, which is of no interest here.
        if later < 1 << 15 {
            self.last = self.last.max(base.saturating_add(later));
        }
        Ok(())
    }

    fn facts(mut self, wanted: Wanted) -> Result<Facts, Stop> {
        if !(self.info && self.tracks && self.clusters) {
            return Err(Refusal::Broken.into());
        }
        // Without one, the library looks for more.
        self.heads.extend(b"\x1f\x43\xb6\x75\x80");
        let film = MatroskaFile::open(Cursor::new(self.heads)).or(Err(Refusal::Broken))?;
        if film.ebml_header().doc_type() != "webm" {
            return Err(Refusal::Unsupported.into());
        }
        let mut shown = None;
        let mut heard = false;
        for track in film.tracks() {
            match track.track_type() {
                TrackType::Video if wanted == Wanted::Voice || !CODECS.contains(&track.codec_id()) => {
                    return Err(Refusal::Unsupported.into());
                }
                TrackType::Audio if wanted == Wanted::Voice && track.codec_id() != SPOKEN => {
                    return Err(Refusal::Unsupported.into());
                }
                TrackType::Video => {
                    shown = shown.or(track.video());
                }
                TrackType::Audio => heard = true,
                // What is written in there nobody has looked at.
                _ => return Err(Refusal::Unsupported.into()),
            }
        }
        let pixels = |side: u64| u32::try_from(side).unwrap_or(u32::MAX);
        let (width, height) = match (wanted, shown) {
            (Wanted::Film, Some(shown)) => (
                pixels(shown.pixel_width().get()),
                pixels(shown.pixel_height().get()),
            ),
            (Wanted::Voice, _) if heard => (0, 0),
            _ => return Err(Refusal::Unsupported.into()),
        };
        let nanos = film.info().timestamp_scale().get();
        let said = film.info().duration().filter(|duration| duration.is_finite());
        let units = said
            .filter(|duration| *duration > 0.0)
            .unwrap_or(self.last as f64);
        let millis = units * nanos as f64 / 1_000_000.0;
        Ok(Facts {
            container: Container::WebM,
            width,
            height,
            // A number that is too large for it becomes the largest.
            duration_ms: millis.ceil() as u64,
            blanks: self.blanks,
        })
    }
}
