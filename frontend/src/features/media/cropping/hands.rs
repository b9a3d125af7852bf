//! Fingers and pointers on the picture: one moves it, two enlarge it.

use super::crop::Crop;

/// Who touches the picture, and where: parts of the frame's width from its top left corner.
#[derive(Debug, Clone, Default)]
pub(super) struct Hands {
    down: Vec<(i32, f64, f64)>,
}

impl Hands {
    /// A finger comes down. More than two are not listened to.
    pub(super) fn put(&mut self, id: i32, x: f64, y: f64) {
        self.lift(id);
        if self.down.len() < 2 {
            self.down.push((id, x, y));
        }
    }

    /// A finger goes.
    pub(super) fn lift(&mut self, id: i32) {
        self.down.retain(|(other, ..)| *other != id);
    }

    /// A finger moves: what becomes of the part. None when it is not one of those that are down.
    pub(super) fn slide(&mut self, id: i32, x: f64, y: f64, crop: &Crop, ratio: f64) -> Option<Crop> {
        let at = self.down.iter().position(|(other, ..)| *other == id)?;
        let (_, before_x, before_y) = *self.down.get(at)?;
        let other = self.down.iter().find(|(other, ..)| *other != id).copied();
        if let Some(place) = self.down.get_mut(at) {
            *place = (id, x, y);
        }
        let Some((_, other_x, other_y)) = other else {
            return Some(crop.moved(x - before_x, y - before_y));
        };
        let apart = |x: f64, y: f64| (x - other_x).hypot(y - other_y);
        let (before, now) = (apart(before_x, before_y), apart(x, y));
        // The middle between two fingers moves half as far as one of them.
        let moved = crop.moved((x - before_x) / 2.0, (y - before_y) / 2.0);
        if before < 0.01 {
            return Some(moved);
        }
        let middle = (f64::midpoint(x, other_x), f64::midpoint(y, other_y) * ratio);
        Some(moved.zoomed_at(now / before, middle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::media::cropping::crop::{Part, Shape};

    #[test]
    fn one_finger_moves_two_enlarge_and_the_rest_is_ignored() {
        let crop = Crop::of(Shape::Avatar, 1000, 1000).unwrap().zoomed(2.0);
        let mut hands = Hands::default();
        hands.put(1, 0.5, 0.5);
        let moved = hands.slide(1, 0.6, 0.5, &crop, 1.0).unwrap();
        assert_eq!(
            moved.part(1000, 1000),
            Part {
                x: 200,
                y: 250,
                size: 500
            }
        );
        assert!(hands.slide(7, 0.0, 0.0, &crop, 1.0).is_none());
        hands.put(2, 0.4, 0.5);
        hands.put(3, 0.9, 0.9);
        // Twice as far apart: twice as large.
        let pinched = hands.slide(1, 0.8, 0.5, &crop, 1.0).unwrap();
        assert!((pinched.zoom() - 4.0).abs() < 1e-9);
        hands.lift(1);
        hands.lift(2);
        assert!(
            hands.slide(3, 0.1, 0.1, &crop, 1.0).is_none(),
            "it came as the third"
        );
    }
}
