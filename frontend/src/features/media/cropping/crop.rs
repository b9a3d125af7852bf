//! Which part of a picture is kept: the geometry behind the crop dialog. Everything is in pixels of the upright
//! picture, so that it does not matter how large the picture is on the screen.

/// Enlarged more than so many times, a picture is only squares.
const ZOOM_MAX: f64 = 8.0;
/// One press of an arrow or a button moves the picture by this part of the frame.
pub(crate) const STEP: f64 = 0.05;
/// The same with Shift.
pub(crate) const LEAP: f64 = 0.25;
/// One press of plus or minus.
pub(crate) const ZOOM_STEP: f64 = 1.1;

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A square.
    Avatar,
    /// Three times as wide as high.
    Cover,
}

impl Shape {
    /// Width divided by height.
    const fn ratio(self) -> u32 {
        match self {
            Self::Avatar => 1,
            Self::Cover => 3,
        }
    }

    /// Pixels across that a part needs at least to look well.
    const fn least(self) -> f64 {
        match self {
            Self::Avatar => 128.0,
            Self::Cover => 480.0,
        }
    }
}

/// The numbers that the server is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// Left edge.
    pub(crate) x: u32,
    /// Top edge.
    pub(crate) y: u32,
    /// Width.
    pub(crate) size: u32,
}

/// How the picture lies under the frame, in parts of the frame and of the picture, which is what a style sheet
/// understands at every size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placing {
    /// Width of the picture, in percent of the frame's.
    pub(crate) width: f64,
    /// How far the picture begins left of the frame, in percent of its own width.
    pub(crate) left: f64,
    /// How far it begins above, in percent of its own height.
    pub(crate) top: f64,
}

/// A part of a picture. It never reaches outside of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Crop {
    shape: Shape,
    /// Of the picture.
    width: f64,
    height: f64,
    /// The middle of the part.
    x: f64,
    y: f64,
    /// 1 is the largest part that fits.
    zoom: f64,
}

impl Crop {
    /// The largest part in the middle of a picture of so many pixels. None for a picture without any.
    pub(crate) fn of(shape: Shape, width: u32, height: u32) -> Option<Self> {
        (width > 0 && height >= 1).then(|| Self {
            shape,
            width: f64::from(width),
            height: f64::from(height),
            x: f64::from(width) / 2.0,
            y: f64::from(height) / 2.0,
            zoom: 1.0,
        })
    }

    /// The same picture, as if nothing had been chosen.
    pub(crate) fn anew(self) -> Self {
        Self {
            x: self.width / 2.0,
            y: self.height / 2.0,
            zoom: 1.0,
            ..self
        }
    }

    fn ratio(&self) -> f64 {
        f64::from(self.shape.ratio())
    }

    /// The widest part that fits.
    fn widest(&self) -> f64 {
        self.width.min(self.height * self.ratio())
    }

    /// Width of the part.
    fn across(&self) -> f64 {
        self.widest() / self.zoom
    }

    /// How much it is enlarged; 1 is not at all.
    pub(crate) fn zoom(&self) -> f64 {
        self.zoom
    }

    /// How much it can be enlarged; 1 for a picture that is small already.
    pub(crate) fn zoom_max(&self) -> f64 {
        (self.widest() / self.shape.least()).clamp(1.0, ZOOM_MAX)
    }

    fn settled(mut self) -> Self {
        let (across, down) = (self.across() / 2.0, self.across() / self.ratio() / 2.0);
        // `max` last: of a picture that is too flat by a rounding error the middle is shown.
        self.x = self.x.min(self.width - across).max(across);
        self.y = self.y.min(self.height - down).max(down);
        self
    }

    /// Enlarged so much, about its middle.
    pub(crate) fn zoomed(mut self, zoom: f64) -> Self {
        self.zoom = zoom.clamp(1.0, self.zoom_max());
        self.settled()
    }

    /// Enlarged `factor` times more about a point of the frame, (0, 0) its top left corner and (1, 1) its bottom right
    /// one: what is under the finger stays there.
    pub(crate) fn zoomed_at(self, factor: f64, (x, y): (f64, f64)) -> Self {
        let before = self.across();
        let mut zoomed = self;
        zoomed.zoom = (self.zoom * factor).clamp(1.0, self.zoom_max());
        let less = before - zoomed.across();
        zoomed.x += less * (x - 0.5);
        zoomed.y += less / self.ratio() * (y - 0.5);
        zoomed.settled()
    }

    /// The picture is moved under the frame by parts of the frame's width: to the right and down when positive.
    pub(crate) fn moved(mut self, right: f64, down: f64) -> Self {
        let across = self.across();
        self.x -= right * across;
        self.y -= down * across;
        self.settled()
    }

    /// Where the picture lies under the frame.
    pub(crate) fn placing(&self) -> Placing {
        let across = self.across();
        Placing {
            width: self.width / across * 100.0,
            left: (self.x - across / 2.0) / self.width * 100.0,
            top: (self.y - across / self.ratio() / 2.0) / self.height * 100.0,
        }
    }

    /// What the server is sent, for the same picture made `scale` times as large: whole pixels, all of them inside.
    pub(crate) fn part(&self, width: u32, height: u32) -> Part {
        let scale = f64::from(width) / self.width;
        let ratio = self.shape.ratio();
        let most = width.min(height.saturating_mul(ratio)).max(1);
        let size = whole(self.across() * scale).clamp(1, most);
        let half = self.across() / 2.0;
        let x = whole((self.x - half) * scale).min(width.saturating_sub(size));
        let y = whole((self.y - half / self.ratio()) * scale).min(height.saturating_sub(size / ratio));
        Part { x, y, size }
    }

    /// How far it is enlarged and where its middle is, in whole percent: for those who do not see it.
    pub(crate) fn spoken(&self) -> (u32, u32, u32) {
        (
            whole(self.zoom * 100.0),
            whole(self.x / self.width * 100.0),
            whole(self.y / self.height * 100.0),
        )
    }
}

/// The nearest whole number; pictures have no negative ones.
fn whole(number: f64) -> u32 {
    number.round().max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crop(shape: Shape, width: u32, height: u32) -> Crop {
        Crop::of(shape, width, height).unwrap()
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn at_first_it_is_the_largest_part_in_the_middle() {
        let part = |shape, width, height| {
            let part = crop(shape, width, height).part(width, height);
            (part.x, part.y, part.size)
        };
        assert_eq!(part(Shape::Avatar, 400, 300), (50, 0, 300));
        assert_eq!(part(Shape::Avatar, 300, 400), (0, 50, 300));
        assert_eq!(part(Shape::Cover, 1500, 1500), (0, 500, 1500));
        assert_eq!(part(Shape::Cover, 4000, 500), (1250, 0, 1500));
        assert_eq!(Crop::of(Shape::Avatar, 0, 10), None);
    }

    #[test]
    fn it_never_leaves_the_picture() {
        for shape in [Shape::Avatar, Shape::Cover] {
            for (width, height) in [(4000, 3000), (601, 1999), (3001, 1000), (7, 5), (1, 1), (2, 900)] {
                for zoom in [1.0, 1.37, 3.0, 99.0] {
                    for (right, down) in [(9.0, 9.0), (-9.0, -9.0), (9.0, -9.0), (0.013, 0.4)] {
                        let crop = crop(shape, width, height).zoomed(zoom).moved(right, down);
                        // Also in a copy that was made smaller.
                        for (width, height) in [(width, height), (width.div_ceil(3), height.div_ceil(3))] {
                            let part = crop.part(width, height);
                            assert!(part.size > 0 && part.x + part.size <= width, "{crop:?} {part:?}");
                            let high = part.size / shape.ratio();
                            assert!(part.y + high <= height, "{crop:?} {part:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn enlarging_keeps_the_middle() {
        let before = crop(Shape::Avatar, 1000, 800).zoomed(2.0).moved(0.1, -0.2);
        let after = before.zoomed(3.0);
        assert!(near(before.x, after.x) && near(before.y, after.y));
        // At the edge there is nothing to keep.
        let corner = crop(Shape::Avatar, 1000, 800).zoomed(4.0).moved(9.0, 9.0);
        assert_eq!(
            corner.part(1000, 800),
            Part {
                x: 0,
                y: 0,
                size: 200
            }
        );
        assert_eq!(
            corner.zoomed(2.0).part(1000, 800),
            Part {
                x: 0,
                y: 0,
                size: 400
            }
        );
    }

    #[test]
    fn what_is_under_the_finger_stays_there() {
        let under = |crop: &Crop, (x, y): (f64, f64)| {
            let across = crop.across();
            (
                crop.x + (x - 0.5) * across,
                crop.y + (y - 0.5) * across / crop.ratio(),
            )
        };
        for shape in [Shape::Avatar, Shape::Cover] {
            let before = crop(shape, 6000, 4000).zoomed(2.0);
            let point = (0.25, 0.75);
            let after = before.zoomed_at(1.5, point);
            let ((x1, y1), (x2, y2)) = (under(&before, point), under(&after, point));
            assert!(near(x1, x2) && near(y1, y2), "{before:?} {after:?}");
            assert!(near(after.zoom(), 3.0));
        }
    }

    #[test]
    fn small_pictures_are_not_enlarged_and_large_ones_not_without_end() {
        assert!(near(crop(Shape::Avatar, 90, 60).zoom_max(), 1.0));
        assert!(near(crop(Shape::Avatar, 256, 900).zoom_max(), 2.0));
        assert!(near(crop(Shape::Avatar, 9000, 9000).zoomed(50.0).zoom(), 8.0));
        assert!(near(crop(Shape::Avatar, 9000, 9000).zoomed(0.1).zoom(), 1.0));
    }

    #[test]
    fn moving_follows_the_finger() {
        let crop = crop(Shape::Avatar, 1000, 1000).zoomed(2.0);
        // The picture goes to the right by half a frame, so the part goes to the left by half of its width.
        assert_eq!(
            crop.moved(0.5, 0.0).part(1000, 1000),
            Part {
                x: 0,
                y: 250,
                size: 500
            }
        );
        assert_eq!(
            crop.moved(0.0, -0.25).part(1000, 1000),
            Part {
                x: 250,
                y: 375,
                size: 500
            }
        );
    }

    #[test]
    fn the_style_sheet_is_told_in_percent() {
        let placing = crop(Shape::Avatar, 400, 300).placing();
        assert!(
            near(placing.width, 400.0 / 300.0 * 100.0) && near(placing.left, 12.5) && near(placing.top, 0.0)
        );
        let placing = crop(Shape::Cover, 1500, 1500).placing();
        assert!(near(placing.width, 100.0) && near(placing.top, 100.0 / 3.0));
    }

    #[test]
    fn a_smaller_copy_gives_the_same_part() {
        let crop = crop(Shape::Avatar, 4000, 3000).zoomed(2.0).moved(0.2, 0.1);
        let (large, small) = (crop.part(4000, 3000), crop.part(2000, 1500));
        assert_eq!(
            (large.x, large.y, large.size),
            (small.x * 2, small.y * 2, small.size * 2)
        );
    }
}
