//! From the bytes that somebody sent to the bytes that are kept. What is kept is made from pixels alone: whatever
//! else was in the file (where it was taken, with which camera, a second file behind the picture) ends here.
//!
//! Everything that can be refused is refused before a pixel is decoded ([`inspect`]).

mod encode;
mod inspect;
mod part;

use std::io::Cursor;
use std::time::{Duration, Instant};

use hearth_shared::problem::FieldCode;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

pub use encode::Format;
pub use part::Part;

use crate::platform::error::AppError;
use inspect::check;

/// Work on one picture stops after this.
pub const TIME_MAX: Duration = Duration::from_secs(if cfg!(debug_assertions) { UNOPTIMIZED } else { 5 });
/// What was built without optimization takes ten times as long.
const UNOPTIMIZED: u64 = 60;
/// Bytes of pixels at most, while they are decoded: 24 megapixels of four bytes and something over.
const PIXEL_BYTES_MAX: u64 = 112 * 1024 * 1024;
/// Pixels of what is kept, on the longer side.
const FULL: u32 = 2560;
const MEDIUM: u32 = 1280;
const THUMB: u32 = 320;
/// A cover is three times as wide as high.
const COVER: (u32, u32) = (1500, 500);

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// To be shown as it is.
    Whole,
    /// A square beside what somebody writes.
    Avatar,
    /// The head of a page.
    Cover,
}

/// One size of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The largest.
    Full,
    /// For a column of text.
    Medium,
    /// For a grid of many.
    Thumb,
    /// A square of 512 pixels.
    Avatar512,
    /// A square of 128 pixels.
    Avatar128,
}

impl Variant {
    /// All, the largest first.
    pub const ALL: [Self; 5] = [
        Self::Full,
        Self::Medium,
        Self::Avatar512,
        Self::Thumb,
        Self::Avatar128,
    ];

    /// Its name in addresses and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Medium => "medium",
            Self::Thumb => "thumb",
            Self::Avatar512 => "512",
            Self::Avatar128 => "128",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variant| variant.as_str() == name)
    }

    /// Whether a picture of a shape has it.
    pub fn is_of(self, shape: Shape) -> bool {
        shape == Shape::Avatar || !matches!(self, Self::Avatar512 | Self::Avatar128)
    }
}

/// A picture that can be kept.
pub struct Prepared {
    /// Of what kind all its variants are.
    pub format: Format,
    /// Pixels of the largest.
    pub width: u32,
    /// Pixels of the largest.
    pub height: u32,
    /// What stands there until it has come.
    pub blurhash: String,
    /// The bytes.
    pub variants: Vec<(Variant, Vec<u8>)>,
}

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not one of the kinds that are taken.
    Unsupported,
    /// Too many pixels or frames.
    TooLarge,
    /// It cannot be read to its end.
    Broken,
    /// The part is not inside it.
    Outside,
    /// It took too long.
    TooSlow,
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unsupported => Self::field(
                "file",
                FieldCode::UnsupportedImage,
                "must be a JPEG, PNG, WebP or GIF that does not move",
            ),
            Refusal::TooLarge => Self::field(
                "file",
                FieldCode::ImageTooLarge,
                "must have at most 24 megapixels, 8192 pixels on each side and 200 frames",
            ),
            Refusal::Broken => Self::field("file", FieldCode::BrokenImage, "cannot be read to its end"),
            Refusal::Outside => Self::field(
                "crop_size",
                FieldCode::OutsideImage,
                "must lie inside the picture",
            ),
            Refusal::TooSlow => Self::field("file", FieldCode::ImageTooLarge, "takes too long to be read"),
        }
    }
}

impl From<image::ImageError> for Refusal {
    fn from(error: image::ImageError) -> Self {
        match error {
            image::ImageError::Limits(_) => Self::TooLarge,
            image::ImageError::Unsupported(_) => Self::Unsupported,
            _ => Self::Broken,
        }
    }
}

/// Reads, turns upright, cuts, makes every size and encodes. Takes up to [`TIME_MAX`] of a processor and some
/// hundred megabytes: [`super::workshop`] decides how many do that at a time.
///
/// # Errors
/// See [`Refusal`].
pub fn prepare(bytes: &[u8], shape: Shape, part: Option<Part>) -> Result<Prepared, Refusal> {
    let until = Instant::now() + TIME_MAX;
    let in_time = || {
        if Instant::now() < until {
            Ok(())
        } else {
            Err(Refusal::TooSlow)
        }
    };
    let (format, bytes) = check(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(&*bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    inspect::check_size(width, height)?;
    if decoder.total_bytes() > PIXEL_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    // A picture whose notes cannot be read is shown as it lies.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let part = part::of(shape, part, part::upright((width, height), orientation))?;
    let source = part.in_source((width, height), orientation);
    let pixels = DynamicImage::from_decoder(decoder)?;
    in_time()?;
    let target = match shape {
        Shape::Cover => COVER,
        Shape::Whole | Shape::Avatar => part::fit((part.width, part.height), FULL),
    };
    let mut full = part::scaled(pixels, source, part::turned(target, orientation));
    full.apply_orientation(orientation);
    in_time()?;
    let (width, height) = (full.width(), full.height());
    let (format, encoded) = encode::best(&full)?;
    in_time()?;
    let mut variants = vec![(Variant::Full, encoded)];
    let mut smaller = full;
    for variant in Variant::ALL
        .into_iter()
        .skip(1)
        .filter(|variant| variant.is_of(shape))
    {
        let (wide, high) = match (variant, shape) {
            (Variant::Avatar512, _) => (512, 512),
            (Variant::Avatar128, _) => (128, 128),
            (Variant::Medium, Shape::Cover) => (COVER.0 / 2, COVER.1 / 2),
            (Variant::Medium, _) => part::fit((width, height), MEDIUM),
            _ => part::fit((width, height), THUMB),
        };
        // Each from the one before, which is larger: no pixel is looked at more often than needed.
        let made = smaller.resize_exact(wide, high, encode::FILTER);
        variants.push((variant, encode::as_format(&made, format)?));
        smaller = made;
        in_time()?;
    }
    Ok(Prepared {
        format,
        width,
        height,
        blurhash: encode::blurhash(&smaller),
        variants,
    })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(hearth_shared::media::SIDE_MAX);
    limits.max_image_height = Some(hearth_shared::media::SIDE_MAX);
    limits.max_alloc = Some(PIXEL_BYTES_MAX);
    limits
}
