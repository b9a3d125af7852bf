//! Whether a chosen file can become a picture here, before a byte of it is sent.

use hearth_shared::media::AVATAR_UPLOAD_MAX;

use crate::platform::shrink;

/// The kinds that are taken.
pub(crate) const ACCEPT: &str = "image/jpeg,image/png,image/webp,image/gif";
/// Files above this are not even opened: 60 MiB.
const FILE_MAX: f64 = 60.0 * 1024.0 * 1024.0;
/// Browsers draw no canvas that is larger; nobody's camera makes such pictures.
const OPEN_PIXELS_MAX: f64 = 120_000_000.0;

/// Why a file cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// Not one of the kinds.
    Kind,
    /// Too many bytes, also made smaller.
    Bytes,
    /// Too many pixels.
    Pixels,
    /// The browser cannot show it.
    Broken,
}

/// What its name says about a file; `kind` is empty when the browser does not know.
pub(crate) fn check(kind: &str, bytes: f64) -> Result<(), Unfit> {
    if !kind.is_empty() && !ACCEPT.split(',').any(|known| known == kind) {
        Err(Unfit::Kind)
    } else if bytes <= 0.0 {
        Err(Unfit::Broken)
    } else if bytes > FILE_MAX {
        Err(Unfit::Bytes)
    } else {
        Ok(())
    }
}

/// Once it is opened.
pub(crate) fn check_size(width: u32, height: u32) -> Result<(), Unfit> {
    if width == 0 || height == 0 {
        Err(Unfit::Broken)
    } else if f64::from(width) * f64::from(height) > OPEN_PIXELS_MAX {
        Err(Unfit::Pixels)
    } else {
        Ok(())
    }
}

/// The size of the copy that is sent instead of the file; none when the file itself is as good.
pub(crate) fn smaller(width: u32, height: u32, bytes: f64) -> Option<(u32, u32)> {
    shrink::smaller(width, height, bytes, sent_max())
}

/// Bytes that the server takes.
pub(crate) fn sent_max() -> f64 {
    AVATAR_UPLOAD_MAX as f64
}

/// Whether the server takes a file as it is.
pub(crate) fn is_acceptable(width: u32, height: u32, bytes: f64) -> bool {
    shrink::is_acceptable(width, height, bytes, sent_max())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_sizes_are_judged_before_anything_is_sent() {
        assert_eq!(check("image/jpeg", 1000.0), Ok(()));
        assert_eq!(check("", 1000.0), Ok(()), "some systems do not say");
        for kind in ["image/svg+xml", "application/pdf", "text/html", "image/heic"] {
            assert_eq!(check(kind, 1000.0), Err(Unfit::Kind), "{kind}");
        }
        assert_eq!(check("image/png", 0.0), Err(Unfit::Broken));
        assert_eq!(check("image/png", 99e6), Err(Unfit::Bytes));
        assert_eq!(check_size(60_000, 60_000), Err(Unfit::Pixels));
        assert_eq!(check_size(0, 5), Err(Unfit::Broken));
        assert_eq!(check_size(4000, 3000), Ok(()));
    }
}
