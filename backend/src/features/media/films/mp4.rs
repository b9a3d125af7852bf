//! MP4 and QuickTime (ISO/IEC 14496-12). What the boxes say is read by `mp4-atom`, each of the few that are needed by
//! itself and with a bound; the tables of samples are not read, but of tracks that are neither picture nor sound.
//!
//! A list says which boxes stay, for each box that holds others. All others become `free` of the same length, and
//! what was in them zeros: places, names, dates, thumbnails, and what nobody has thought of yet.

use mp4_atom::{
    Atom, Co64, Decode, Ftyp, Hdlr, Header, Mdhd, Mehd, Moof, Mvhd, Stco, Stsc, Stsz, StszSamples, Tkhd,
    TrunSamples,
};

use super::{Blanks, Budget, Container, Facts, Refusal, Source, Stop, Wanted};

/// Brands of files that browsers play, beside those that begin with `iso`.
const BRANDS: &[&[u8; 4]] = &[
    b"mp41", b"mp42", b"avc1", b"av01", b"dash", b"M4A ", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"qt  ",
];
/// Pictures in a codec that every browser plays.
const CODECS: &[&[u8; 4]] = &[b"avc1", b"avc3", b"av01", b"vp08", b"vp09"];
/// What browsers and phones record a voice in.
const SPOKEN: &[u8; 4] = b"mp4a";

/// Which boxes stay in which; the file itself is the first.
const KEPT: &[(&[u8; 4], &[&[u8; 4]])] = &[
    (
        FILE,
        &[b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"sidx", b"mfra"],
    ),
    (b"moov", &[b"mvhd", b"trak", b"mvex"]),
    (b"mvex", &[b"mehd", b"trex"]),
    (b"trak", &[b"tkhd", b"edts", b"mdia"]),
    (b"edts", &[b"elst"]),
    (b"mdia", &[b"mdhd", b"hdlr", b"minf"]),
    (b"minf", &[b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"]),
    (
        b"stbl",
        &[
            b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stsc", b"stsz", b"stz2", b"stco", b"co64",
            b"sdtp", b"sbgp", b"sgpd", b"stps",
        ],
    ),
    (b"moof", &[b"mfhd", b"traf"]),
    (b"traf", &[b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd"]),
];
const FILE: &[u8; 4] = b"file";

/// Bytes of a box that says one thing.
const SMALL: u64 = 4 * 1024;
/// Bytes of a table of samples, and of a fragment's head.
const LARGE: u64 = 4 * 1024 * 1024;

/// A box: where it begins, what its head takes, and all of it.
#[derive(Debug, Clone, Copy)]
struct Found {
    kind: [u8; 4],
    at: u64,
    head: u64,
    size: u64,
}

impl Found {
    fn body(&self) -> u64 {
        self.at + self.head
    }

    fn end(&self) -> u64 {
        self.at + self.size
    }
}

/// What is known of a track when its box ends.
#[derive(Debug, Default)]
struct Track {
    id: u32,
    handler: [u8; 4],
    codec: Option<[u8; 4]>,
    size: (u32, u32),
    scale: u32,
    samples: Option<Found>,
    chunks: Option<Found>,
    places: Option<Found>,
}

/// The track that is shown, or heard where nothing is to be shown.
#[derive(Debug, Clone, Copy)]
struct Shown {
    id: u32,
    size: (u32, u32),
    scale: u32,
}

struct Walk<'a> {
    source: &'a mut dyn Source,
    wanted: Wanted,
    budget: Budget,
    blanks: Blanks,
    /// Bytes of samples that are blanked.
    forgotten: u64,
    /// Duration and units in a second.
    whole: Option<(u64, u32)>,
    fragmented: Option<u64>,
    shown: Option<Shown>,
    track: Track,
    others: bool,
    data: bool,
    last_fragment: Option<Found>,
}

pub(super) fn look(source: &mut dyn Source, wanted: Wanted) -> Result<Facts, Stop> {
    let size = source.size();
    let mut walk = Walk {
        source,
        wanted,
        budget: Budget::new(),
        blanks: Blanks::default(),
        forgotten: 0,
        whole: None,
        fragmented: None,
        shown: None,
        track: Track::default(),
        others: false,
        data: false,
        last_fragment: None,
    };
    walk.boxes(FILE, 0, size)?;
    let shown = walk.shown.ok_or(Refusal::Unsupported)?;
    if !walk.data {
        return Err(Refusal::Broken.into());
    }
    if walk.others && walk.last_fragment.is_some() {
        // Where the samples of such a track lie is said in many places.
        return Err(Refusal::Unsupported.into());
    }
    Ok(Facts {
        container: Container::Mp4,
        width: shown.size.0,
        height: shown.size.1,
        duration_ms: walk.duration(shown)?,
        blanks: walk.blanks,
    })
}

impl Walk<'_> {
    fn boxes(&mut self, parent: &[u8; 4], mut at: u64, end: u64) -> Result<(), Stop> {
        let kept = KEPT.iter().find(|(kind, _)| *kind == parent);
        let kept = kept.map_or(&[] as &[_], |(_, kept)| *kept);
        while at < end {
            self.budget.spend()?;
            let found = self.next(at, end)?;
            at = found.end();
            if !kept.contains(&&found.kind) {
                self.forget(found);
                continue;
            }
            match &found.kind {
                b"ftyp" => self.check_brands(found)?,
                b"mdat" => self.data |= found.size > found.head,
                b"trak" => self.track(found)?,
                b"moof" => {
                    self.last_fragment = Some(found);
                    self.boxes(b"moof", found.body(), found.end())?;
                }
                kind if KEPT.iter().any(|(parent, _)| *parent == kind) => {
                    self.boxes(kind, found.body(), found.end())?;
                }
                _ => self.facts(found)?,
            }
        }
        Ok(())
    }

    fn next(&mut self, at: u64, end: u64) -> Result<Found, Stop> {
        let mut bytes = [0; 16];
        let room = usize::try_from(end - at).unwrap_or(16).min(16);
        let bytes = &mut bytes[..room];
        self.source.read_at(at, bytes)?;
        let mut rest = &*bytes;
        let header = Header::decode(&mut rest).or(Err(Refusal::Broken))?;
        let head = (room - rest.len()) as u64;
        let size = match header.size {
            Some(size) => (size as u64).checked_add(head),
            // To the end of the file: only the last one may say so.
            None if end == self.source.size() => Some(end - at),
            None => None,
        };
        match size {
            Some(size) if size <= end - at => Ok(Found {
                kind: header.kind.into(),
                at,
                head,
                size,
            }),
            _ => Err(Refusal::Broken.into()),
        }
    }

    /// Its length stays, nothing else does.
    fn forget(&mut self, found: Found) {
        self.blanks.write(found.at + 4, 4, b"free".to_vec());
        self.blanks.zero(found.body(), found.size - found.head);
    }

    fn body(&mut self, found: Found, max: u64) -> Result<Vec<u8>, Stop> {
        let length = found.size - found.head;
        if length > max {
            return Err(Refusal::TooLarge.into());
        }
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        self.source.read_at(found.body(), &mut bytes)?;
        Ok(bytes)
    }

    fn read<T: Atom>(&mut self, found: Found, max: u64) -> Result<T, Stop> {
        let bytes = self.body(found, max)?;
        Ok(T::decode_body(&mut bytes.as_slice()).or(Err(Refusal::Broken))?)
    }

    fn check_brands(&mut self, found: Found) -> Result<(), Stop> {
        let ftyp: Ftyp = self.read(found, SMALL)?;
        let mut brands = ftyp.compatible_brands.iter().chain([&ftyp.major_brand]);
        let plays = |brand: &[u8; 4]| brand.starts_with(b"iso") || BRANDS.contains(&brand);
        if brands.any(|brand| plays(brand.as_ref())) {
            Ok(())
        } else {
            Err(Refusal::Unsupported.into())
        }
    }

    fn facts(&mut self, found: Found) -> Result<(), Stop> {
        match &found.kind {
            b"mvhd" => {
                let mvhd: Mvhd = self.read(found, SMALL)?;
                if self.whole.replace((mvhd.duration, mvhd.timescale)).is_some() {
                    return Err(Refusal::Broken.into());
                }
                self.forget_times(found)
            }
            b"mehd" => {
                let mehd: Mehd = self.read(found, SMALL)?;
                self.fragmented = Some(mehd.fragment_duration);
                Ok(())
            }
            b"tkhd" => {
                let tkhd: Tkhd = self.read(found, SMALL)?;
                let (width, height) = (u32::from(tkhd.width.integer()), u32::from(tkhd.height.integer()));
                // Held upright, a phone films lying pictures and says so.
                let turned = tkhd.matrix.a == 0 && tkhd.matrix.b != 0;
                self.track.size = if turned { (height, width) } else { (width, height) };
                self.track.id = tkhd.track_id;
                self.forget_times(found)
            }
            b"mdhd" => {
                let mdhd: Mdhd = self.read(found, SMALL)?;
                self.track.scale = mdhd.timescale;
                self.forget_times(found)
            }
            b"hdlr" => {
                // Its name, which ends differently in QuickTime, is not read but overwritten.
                let mut bytes = self.body(found, SMALL)?;
                bytes.truncate(24);
                bytes.push(0);
                let hdlr = Hdlr::decode_body(&mut bytes.as_slice()).or(Err(Refusal::Broken))?;
                // A second one, in `minf`, is QuickTime's and says another thing.
                if self.track.handler == [0; 4] {
                    self.track.handler = hdlr.handler.into();
                }
                self.blanks
                    .zero(found.body() + 24, (found.size - found.head).saturating_sub(24));
                Ok(())
            }
            b"stsd" => {
                let mut bytes = [0; 16];
                if found.size - found.head < 16 {
                    return Err(Refusal::Broken.into());
                }
                self.source.read_at(found.body(), &mut bytes)?;
                let entry = Header::decode(&mut &bytes[8..]).or(Err(Refusal::Broken))?;
                self.track.codec = Some(entry.kind.into());
                Ok(())
            }
            b"stsc" => {
                self.track.chunks = Some(found);
                Ok(())
            }
            b"stsz" | b"stz2" => {
                self.track.samples = Some(found);
                Ok(())
            }
            b"stco" | b"co64" => {
                self.track.places = Some(found);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// When it was taken and changed: the first two numbers, each of four or eight bytes.
    fn forget_times(&mut self, found: Found) -> Result<(), Stop> {
        let mut version = [0];
        self.source.read_at(found.body(), &mut version)?;
        let length = if version == [1] { 16 } else { 8 };
        self.blanks.zero(found.body() + 4, length);
        Ok(())
    }

    fn track(&mut self, found: Found) -> Result<(), Stop> {
        self.track = Track::default();
        let before = self.blanks.0.len();
        self.boxes(b"trak", found.body(), found.end())?;
        let track = std::mem::take(&mut self.track);
        let voice = self.wanted == Wanted::Voice;
        let (handler, kinds) = if voice {
            (b"soun", &[SPOKEN] as &[_])
        } else {
            (b"vide", CODECS)
        };
        match (&track.handler, track.codec) {
            (kind, Some(codec)) if kind == handler && kinds.contains(&&codec) => {
                self.shown.get_or_insert(Shown {
                    id: track.id,
                    size: if voice { (0, 0) } else { track.size },
                    scale: track.scale,
                });
                Ok(())
            }
            (b"vide", Some(_)) => Err(Refusal::Unsupported.into()),
            (b"soun", Some(_)) if voice => Err(Refusal::Unsupported.into()),
            (b"soun", Some(_)) => Ok(()),
            (b"vide" | b"soun", None) => Err(Refusal::Broken.into()),
            // Where a camera was at each moment, for example.
            _ => {
                self.others = true;
                self.blanks.0.truncate(before);
                self.forget(found);
                self.forget_samples(&track)
            }
        }
    }

    /// What of a track lies among the data of the film.
    fn forget_samples(&mut self, track: &Track) -> Result<(), Stop> {
        let (Some(samples), Some(chunks), Some(places)) = (track.samples, track.chunks, track.places) else {
            return Ok(());
        };
        if samples.kind == *b"stz2" {
            return Err(Refusal::Unsupported.into());
        }
        let sizes: Stsz = self.read(samples, LARGE)?;
        let runs: Stsc = self.read(chunks, LARGE)?;
        let places: Vec<u64> = if places.kind == *b"co64" {
            self.read::<Co64>(places, LARGE)?.entries
        } else {
            let places: Stco = self.read(places, LARGE)?;
            places.entries.into_iter().map(u64::from).collect()
        };
        let size = self.source.size();
        let (mut run, mut sample) = (0, 0_usize);
        for (number, place) in (1_u32..).zip(places) {
            self.budget.spend()?;
            while runs
                .entries
                .get(run + 1)
                .is_some_and(|next| next.first_chunk <= number)
            {
                run += 1;
            }
            let count = runs.entries.get(run).map_or(0, |entry| entry.samples_per_chunk);
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            let length: u64 = match &sizes.samples {
                StszSamples::Identical { size, .. } => u64::from(*size).saturating_mul(count as u64),
                StszSamples::Different { sizes } => {
                    let of_chunk = sizes.iter().skip(sample).take(count);
                    of_chunk.map(|size| u64::from(*size)).sum()
                }
            };
            sample = sample.saturating_add(count);
            // Chunks lie in the file, and no byte belongs to two: otherwise each of many could cover all of it.
            self.forgotten = self.forgotten.saturating_add(length);
            let inside = place.checked_add(length).is_some_and(|end| end <= size);
            if !inside || self.forgotten > size {
                return Err(Refusal::Broken.into());
            }
            self.blanks.zero(place, length);
        }
        Ok(())
    }

    fn duration(&mut self, shown: Shown) -> Result<u64, Stop> {
        let (duration, scale) = self.whole.ok_or(Refusal::Broken)?;
        // All ones: its writer did not know.
        let known = |duration: u64| duration != 0 && duration != u64::MAX && duration != u64::from(u32::MAX);
        let (duration, scale) = if known(duration) {
            (duration, scale)
        } else if let Some(duration) = self.fragmented.filter(|duration| known(*duration)) {
            (duration, scale)
        } else {
            (self.end_of_fragments(shown.id)?, shown.scale)
        };
        let millis = u128::from(duration) * 1000;
        let millis = millis.checked_div(u128::from(scale)).ok_or(Refusal::Broken)?;
        Ok(u64::try_from(millis).unwrap_or(u64::MAX))
    }

    /// Where the last fragment of a track ends.
    fn end_of_fragments(&mut self, track: u32) -> Result<u64, Stop> {
        let last = self.last_fragment.ok_or(Refusal::Broken)?;
        let moof: Moof = self.read(last, LARGE)?;
        let of_track = moof.traf.iter().find(|traf| traf.tfhd.track_id == track);
        let Some(traf) = of_track.or(moof.traf.first()) else {
            return Err(Refusal::Broken.into());
        };
        let usual = u64::from(traf.tfhd.default_sample_duration.unwrap_or(0));
        let begin = traf.tfdt.as_ref().map_or(0, |tfdt| tfdt.base_media_decode_time);
        let lengths = traf.trun.iter().map(|run| match &run.samples {
            TrunSamples::Inherited { count, .. } => u64::from(*count).saturating_mul(usual),
            samples => samples.iter().fold(0, |sum: u64, sample| {
                sum.saturating_add(sample.duration.map_or(usual, u64::from))
            }),
        });
        Ok(lengths.fold(begin, u64::saturating_add))
    }
}
