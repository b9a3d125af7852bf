//! Pixels become bytes: JPEG for what is opaque, else whichever of PNG and WebP without loss is smaller.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageEncoder};

use super::Refusal;

/// How pictures are made smaller.
pub(super) const FILTER: FilterType = FilterType::CatmullRom;
const QUALITY: u8 = 82;
/// Pixels that the placeholder is made from, on each side.
const BLUR_SIDE: u32 = 32;

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Opaque.
    Jpeg,
    /// With transparency.
    Png,
    /// With transparency.
    WebP,
}

impl Format {
    const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::WebP];

    /// As the database has it; also what file names end with.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// By that word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// Chooses a format, and writes in it.
pub(super) fn best(pixels: &DynamicImage) -> Result<(Format, Vec<u8>), Refusal> {
    let opaque = match pixels.as_rgba8() {
        Some(rgba) => rgba.pixels().all(|pixel| pixel.0[3] == 255),
        None => true,
    };
    if opaque {
        return Ok((Format::Jpeg, as_format(pixels, Format::Jpeg)?));
    }
    let png = as_format(pixels, Format::Png)?;
    let webp = as_format(pixels, Format::WebP)?;
    Ok(if webp.len() < png.len() {
        (Format::WebP, webp)
    } else {
        (Format::Png, png)
    })
}

/// Writes in a format.
pub(super) fn as_format(pixels: &DynamicImage, format: Format) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Cursor::new(Vec::new());
    match format {
        Format::Jpeg => {
            let rgb = pixels.to_rgb8();
            JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&rgb)?;
        }
        Format::Png => {
            let rgba = pixels.to_rgba8();
            PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, PngFilter::Adaptive)
                .write_image(
                    &rgba,
                    rgba.width(),
                    rgba.height(),
                    image::ExtendedColorType::Rgba8,
                )?;
        }
        Format::WebP => {
            let rgba = pixels.to_rgba8();
            WebPEncoder::new_lossless(&mut bytes).encode(
                &rgba,
                rgba.width(),
                rgba.height(),
                image::ExtendedColorType::Rgba8,
            )?;
        }
    }
    Ok(bytes.into_inner())
}

/// A few letters from which a client draws a blurred picture (<https://blurha.sh>).
pub(super) fn blurhash(pixels: &DynamicImage) -> String {
    let small = pixels.thumbnail_exact(BLUR_SIDE, BLUR_SIDE).to_rgba8();
    // Fails for numbers of components that it does not have; these it has.
    blurhash::encode(4, 3, BLUR_SIDE, BLUR_SIDE, small.as_raw()).unwrap_or_default()
}
