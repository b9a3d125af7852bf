//! Which part of a picture is shown, and how large. People choose it on the upright picture; the file may hold
//! it turned.

use hearth_shared::media::SIDE_MAX;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView};

use super::{Refusal, Shape};

/// A rectangle, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// Width and height of a picture once it is upright.
pub(super) fn upright(size: (u32, u32), orientation: Orientation) -> (u32, u32) {
    turned(size, orientation)
}

/// Exchanges width and height where the picture lies on its side.
pub(super) fn turned((width, height): (u32, u32), orientation: Orientation) -> (u32, u32) {
    match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => (width, height),
    }
}

/// The part that is shown of an upright picture: the chosen one, else the largest in the middle that has the shape.
pub(super) fn of(shape: Shape, chosen: Option<Part>, (width, height): (u32, u32)) -> Result<Part, Refusal> {
    let (wide, high) = match shape {
        Shape::Whole => (width, height),
        Shape::Avatar => (width.min(height), width.min(height)),
        Shape::Cover => {
            let wide = width.min(height.saturating_mul(3)).max(1);
            (wide, (wide / 3).max(1))
        }
    };
    let Some(part) = chosen else {
        return Ok(Part {
            x: (width - wide.min(width)) / 2,
            y: (height - high.min(height)) / 2,
            width: wide,
            height: high,
        });
    };
    let fits =
        |from: u32, long: u32, all: u32| long > 0 && from.checked_add(long).is_some_and(|end| end <= all);
    if fits(part.x, part.width, width) && fits(part.y, part.height, height) {
        Ok(part)
    } else {
        Err(Refusal::Outside)
    }
}

impl Part {
    /// The part that somebody has chosen by its edge and its width. Numbers that no picture has stay outside.
    pub fn chosen(shape: Shape, x: u32, y: u32, size: u32) -> Self {
        let (x, y, size) = (x.min(SIDE_MAX), y.min(SIDE_MAX), size.min(SIDE_MAX + 1));
        let height = if shape == Shape::Cover { size / 3 } else { size };
        Self {
            x,
            y,
            width: size,
            height,
        }
    }

    /// The same part in a file that holds the picture turned; `size` is that of the file.
    pub(super) fn in_source(self, (width, height): (u32, u32), orientation: Orientation) -> Self {
        let Self {
            x,
            y,
            width: wide,
            height: high,
        } = self;
        let (x, y) = match orientation {
            Orientation::NoTransforms => (x, y),
            Orientation::FlipHorizontal => (width - x - wide, y),
            Orientation::Rotate180 => (width - x - wide, height - y - high),
            Orientation::FlipVertical => (x, height - y - high),
            Orientation::Rotate90 => (y, height - x - wide),
            Orientation::Rotate270 => (width - y - high, x),
            Orientation::Rotate90FlipH => (y, x),
            Orientation::Rotate270FlipH => (width - y - high, height - x - wide),
        };
        let (width, height) = turned((wide, high), orientation);
        Self { x, y, width, height }
    }
}

/// Not larger than `longest` on either side, with the same proportions, and never enlarged.
pub(super) fn fit((width, height): (u32, u32), longest: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= longest {
        return (width, height);
    }
    let scaled = |side: u32| {
        let side = (u64::from(side) * u64::from(longest) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(side).unwrap_or(longest).max(1)
    };
    (scaled(width), scaled(height))
}

/// Cuts a part out and makes it as large as wanted. Large pictures are averaged, which needs no memory but for
/// the result; what is shown almost as it is, or enlarged, is filtered.
pub(super) fn scaled(pixels: DynamicImage, part: Part, (width, height): (u32, u32)) -> DynamicImage {
    let whole = (part.x, part.y) == (0, 0) && (part.width, part.height) == pixels.dimensions();
    let smaller = width < part.width && height < part.height;
    if whole {
        let made = match (part.width, part.height) == (width, height) {
            true => pixels,
            false if smaller => pixels.thumbnail_exact(width, height),
            false => pixels.resize_exact(width, height, FilterType::CatmullRom),
        };
        return if made.color().has_alpha() {
            DynamicImage::ImageRgba8(made.into_rgba8())
        } else {
            DynamicImage::ImageRgb8(made.into_rgb8())
        };
    }
    macro_rules! cut {
        ($pixels:expr, $kind:ident) => {{
            let pixels = $pixels;
            let view = imageops::crop_imm(&pixels, part.x, part.y, part.width, part.height);
            if smaller {
                DynamicImage::$kind(imageops::thumbnail(&*view, width, height))
            } else {
                DynamicImage::$kind(imageops::resize(&*view, width, height, FilterType::CatmullRom))
            }
        }};
    }
    if pixels.color().has_alpha() {
        cut!(pixels.into_rgba8(), ImageRgba8)
    } else {
        cut!(pixels.into_rgb8(), ImageRgb8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The part of the turned file is, once upright, the part of the upright picture.
    #[test]
    fn a_part_is_found_again_in_every_orientation() {
        let file = DynamicImage::ImageRgb8(image::RgbImage::from_fn(7, 5, |x, y| {
            image::Rgb([x as u8 * 30, y as u8 * 40, 7])
        }));
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).unwrap();
            let mut whole = file.clone();
            whole.apply_orientation(orientation);
            let size = upright((7, 5), orientation);
            assert_eq!(whole.dimensions(), size);
            let part = Part {
                x: 1,
                y: 2,
                width: 3,
                height: 2,
            };
            let source = part.in_source((7, 5), orientation);
            let mut cut = file.crop_imm(source.x, source.y, source.width, source.height);
            cut.apply_orientation(orientation);
            assert_eq!(cut, whole.crop_imm(1, 2, 3, 2), "{exif}");
        }
    }

    #[test]
    fn the_middle_is_shown_when_nothing_is_chosen() {
        let part = of(Shape::Avatar, None, (100, 40)).unwrap();
        assert_eq!((part.x, part.y, part.width, part.height), (30, 0, 40, 40));
        let part = of(Shape::Cover, None, (300, 200)).unwrap();
        assert_eq!((part.x, part.y, part.width, part.height), (0, 50, 300, 100));
        let outside = Part::chosen(Shape::Avatar, 61, 0, 40);
        assert_eq!(of(Shape::Avatar, Some(outside), (100, 40)), Err(Refusal::Outside));
        let huge = Part::chosen(Shape::Avatar, u32::MAX, u32::MAX, u32::MAX);
        assert_eq!(of(Shape::Avatar, Some(huge), (100, 40)), Err(Refusal::Outside));
    }

    #[test]
    fn proportions_stay_and_nothing_is_enlarged() {
        assert_eq!(fit((6000, 4000), 2560), (2560, 1707));
        assert_eq!(fit((100, 50), 2560), (100, 50));
        assert_eq!(fit((8000, 1), 320), (320, 1));
    }
}
