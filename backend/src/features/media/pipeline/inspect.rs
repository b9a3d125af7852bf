//! What can be told from a file without decoding a pixel: its kind by its first bytes (never by its name or by what
//! the sender says), how large it is, how many frames it has, and whether it is there to its end. Linear in the
//! length of the file.

use std::borrow::Cow;
use std::io::Cursor;

use hearth_shared::media::{PIXELS_MAX, SIDE_MAX};
use image::codecs::webp::WebPDecoder;
use image::{ImageFormat, ImageReader};

use super::Refusal;

/// Frames of an animation at most, of which the first is shown.
const FRAMES_MAX: u32 = 200;
/// Pixels of all frames together at most.
const FRAME_PIXELS_MAX: u64 = 100_000_000;

/// Bytes of a PNG's notes on how the picture lies, at most; longer ones are none.
const NOTES_MAX: usize = 64 * 1024;

/// The kind of a file that may be decoded, and what of it the decoder is to see.
pub(super) fn check(bytes: &[u8]) -> Result<(ImageFormat, Cow<'_, [u8]>), Refusal> {
    let format = image::guess_format(bytes).map_err(|_unknown| Refusal::Unsupported)?;
    let mut seen = Cow::Borrowed(bytes);
    match format {
        ImageFormat::Jpeg => check_jpeg(bytes)?,
        ImageFormat::Gif => check_gif(bytes)?,
        ImageFormat::Png => seen = Cow::Owned(png_without_notes(bytes)?),
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(Cursor::new(bytes))?;
            if decoder.has_animation() {
                return Err(Refusal::Unsupported);
            }
        }
        _ => return Err(Refusal::Unsupported),
    }
    let (width, height) = ImageReader::with_format(Cursor::new(&*seen), format).into_dimensions()?;
    check_size(width, height)?;
    Ok((format, seen))
}

/// Refuses what is too large, and what is nothing.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::Broken);
    }
    if width > SIDE_MAX || height > SIDE_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Refusal::TooLarge);
    }
    Ok(())
}

/// Reads a file from its beginning on.
struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Refusal> {
        let (head, rest) = self.rest.split_at_checked(length).ok_or(Refusal::Broken)?;
        self.rest = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, Refusal> {
        self.take(1)?.first().copied().ok_or(Refusal::Broken)
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let length = self.rest.iter().take_while(|byte| wanted(**byte)).count();
        self.rest = self.rest.get(length..).unwrap_or_default();
    }
}

/// From marker to marker up to the end of the picture (ITU T.81, B.1): the decoder would fill with grey what is
/// missing. What lies behind the end is none of our business and is not kept.
fn check_jpeg(bytes: &[u8]) -> Result<(), Refusal> {
    let mut walk = Walk { rest: bytes };
    walk.take(2)?;
    loop {
        if walk.byte()? != 0xff {
            return Err(Refusal::Broken);
        }
        walk.skip_while(|byte| byte == 0xff);
        match walk.byte()? {
            0xd9 => return Ok(()),
            // Markers that stand alone.
            0x01 | 0xd0..=0xd7 => {}
            marker => {
                let length = walk.take(2)?;
                let length = usize::from(length[0]) * 256 + usize::from(length[1]);
                walk.take(length.checked_sub(2).ok_or(Refusal::Broken)?)?;
                if marker == 0xda {
                    skip_scan(&mut walk)?;
                }
            }
        }
    }
}

/// Past the coded data, to the marker that ends it.
fn skip_scan(walk: &mut Walk<'_>) -> Result<(), Refusal> {
    loop {
        walk.skip_while(|byte| byte != 0xff);
        match walk.rest {
            // A byte of data that looks like a marker, and one that tells the decoder where it is.
            [0xff, 0x00 | 0xd0..=0xd7, ..] => {
                walk.take(2)?;
            }
            [0xff, 0xff, ..] => {
                walk.take(1)?;
            }
            [0xff, _, ..] => return Ok(()),
            _ => return Err(Refusal::Broken),
        }
    }
}

/// The chunks that make the picture, and the one that says how it lies. Texts and colour profiles are compressed and
/// can swell to any size: the decoder does not even see them. The size stands in the first chunk.
fn png_without_notes(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut walk = Walk { rest: bytes };
    let mut kept = walk.take(8)?.to_vec();
    loop {
        let all = walk.rest;
        let length = walk
            .take(4)?
            .iter()
            .fold(0, |length, byte| length * 256 + usize::from(*byte));
        let name = walk.take(4)?;
        let data = walk.take(length)?;
        walk.take(4)?;
        if name == b"IHDR" && data.len() == 13 {
            let side = |bytes: &[u8]| {
                bytes
                    .iter()
                    .fold(0, |side: u32, byte| side.wrapping_mul(256) + u32::from(*byte))
            };
            check_size(side(&data[..4]), side(&data[4..8]))?;
        }
        let wanted = match name {
            b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" => true,
            b"eXIf" => length <= NOTES_MAX,
            _ => false,
        };
        if wanted {
            kept.extend_from_slice(all.get(..length + 12).ok_or(Refusal::Broken)?);
        }
        if name == b"IEND" {
            return Ok(kept);
        }
    }
}

/// From block to block (GIF89a, 12 ff.).
fn check_gif(bytes: &[u8]) -> Result<(), Refusal> {
    let mut walk = Walk { rest: bytes };
    walk.take(6)?;
    let screen = walk.take(7)?;
    let (width, height) = (number(&screen[0..2]), number(&screen[2..4]));
    check_size(width, height)?;
    walk.take(palette(screen[4]))?;
    let (mut frames, mut pixels) = (0_u32, 0_u64);
    loop {
        match walk.byte()? {
            0x21 => {
                walk.byte()?;
                skip_blocks(&mut walk)?;
            }
            0x2c => {
                let frame = walk.take(9)?;
                let (x, y) = (number(&frame[0..2]), number(&frame[2..4]));
                let (wide, high) = (number(&frame[4..6]), number(&frame[6..8]));
                if x + wide > width || y + high > height {
                    return Err(Refusal::Broken);
                }
                frames += 1;
                pixels += u64::from(wide) * u64::from(high);
                if frames > FRAMES_MAX || pixels > FRAME_PIXELS_MAX {
                    return Err(Refusal::TooLarge);
                }
                walk.take(palette(frame[8]))?;
                walk.byte()?;
                skip_blocks(&mut walk)?;
            }
            0x3b if frames > 0 => return Ok(()),
            _ => return Err(Refusal::Broken),
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number * 256 + u32::from(*byte))
}

/// Bytes of the palette that a byte of flags announces.
fn palette(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

fn skip_blocks(walk: &mut Walk<'_>) -> Result<(), Refusal> {
    loop {
        match walk.byte()? {
            0 => return Ok(()),
            length => {
                walk.take(usize::from(length))?;
            }
        }
    }
}
