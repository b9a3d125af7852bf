//! JSON that can stand inside of a page: without `<`, no text in it can end the element that it is in.

use std::io::{Result, Write};

/// Writes `<` as JSON's `\u003c`; in JSON it can only stand in a text, where both mean the same.
pub(super) struct Escaped<W> {
    inner: W,
}

impl<W: Write> Escaped<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner }
    }
}

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        for (index, piece) in bytes.split(|byte| *byte == b'<').enumerate() {
            if index > 0 {
                self.inner.write_all(b"\\u003c")?;
            }
            self.inner.write_all(piece)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_element() {
        let text = "</script><!-- <b> & \u{2028} \"";
        let mut out = Vec::new();
        serde_json::to_writer(Escaped::new(&mut out), text).unwrap();
        assert!(!out.contains(&b'<'));
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
    }
}
