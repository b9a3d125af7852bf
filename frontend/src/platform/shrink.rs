//! How large a copy is sent of a picture that is larger than it needs to be.

use hearth_shared::media::{PIXELS_MAX, SIDE_MAX};

/// On the longer side, of what is sent when a picture is made smaller. The server keeps no more.
const SENT_SIDE: u32 = 2560;
/// A megabyte less is a second less on a slow line; below that it is not worth losing detail.
pub(crate) const LIGHT: f64 = 1_048_576.0;

/// The size of the copy that is sent instead of the file; none when the file itself is as good. The server takes so
/// many bytes at most.
pub(crate) fn smaller(width: u32, height: u32, bytes: f64, max: f64) -> Option<(u32, u32)> {
    let long = width.max(height);
    let slow = bytes > LIGHT && long > SENT_SIDE;
    if is_acceptable(width, height, bytes, max) && !slow {
        return None;
    }
    let scale = (f64::from(SENT_SIDE) / f64::from(long)).min(1.0);
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    Some((side(width), side(height)))
}

/// Whether the server takes a file as it is.
pub(crate) fn is_acceptable(width: u32, height: u32, bytes: f64, max: f64) -> bool {
    bytes <= max && width.max(height) <= SIDE_MAX && u64::from(width) * u64::from(height) <= PIXELS_MAX
}

/// How the copy is encoded: a photo stays one, everything else may have parts that one sees through.
pub(crate) fn copy_kind(kind: &str) -> &'static str {
    if kind == "image/jpeg" {
        "image/jpeg"
    } else {
        "image/webp"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_large_is_made_smaller() {
        let smaller = |width, height, bytes| smaller(width, height, bytes, 5.0 * LIGHT);
        assert_eq!(smaller(800, 600, 90_000.0), None);
        assert_eq!(smaller(4000, 3000, 900_000.0), None, "few bytes already");
        assert_eq!(smaller(4000, 3000, 4_000_000.0), Some((2560, 1920)));
        assert_eq!(
            smaller(3000, 9000, 800_000.0),
            Some((853, 2560)),
            "more than the server opens"
        );
        assert_eq!(
            smaller(2000, 1000, 7_000_000.0),
            Some((2000, 1000)),
            "encoded again"
        );
    }

    #[test]
    fn what_may_be_seen_through_stays_so() {
        assert_eq!(copy_kind("image/jpeg"), "image/jpeg");
        assert_eq!(copy_kind("image/png"), "image/webp");
    }
}
