//! The elements that WebM is made of (RFC 8794): a name, a length, and that many bytes.

use super::{Refusal, Source, Stop};

/// An element: where it begins, what its head takes, and all of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    pub(super) id: u32,
    pub(super) at: u64,
    pub(super) head: u64,
    /// `None`: it ends where something begins that cannot be in it.
    pub(super) size: Option<u64>,
}

impl Element {
    pub(super) fn body(&self) -> u64 {
        self.at + self.head
    }
}

/// The element that begins at a byte, inside of what ends at another.
pub(super) fn read(source: &mut dyn Source, at: u64, end: u64) -> Result<Element, Stop> {
    let mut bytes = [0; 12];
    let room = usize::try_from(end.saturating_sub(at)).unwrap_or(12).min(12);
    let bytes = &mut bytes[..room];
    source.read_at(at, bytes)?;
    let (id, id_length) = number(bytes, 4, true).ok_or(Refusal::Broken)?;
    let rest = bytes.get(id_length..).unwrap_or_default();
    let (length, length_length) = number(rest, 8, false).ok_or(Refusal::Broken)?;
    let head = (id_length + length_length) as u64;
    let unknown = length == (1 << (7 * length_length)) - 1;
    let size = match length.checked_add(head) {
        _ if unknown => None,
        Some(size) if size <= end - at => Some(size),
        _ => return Err(Refusal::Broken.into()),
    };
    Ok(Element {
        id: u32::try_from(id).or(Err(Refusal::Broken))?,
        at,
        head,
        size,
    })
}

/// A number whose first bits say how many bytes it takes; names keep these bits.
pub(super) fn number(bytes: &[u8], max: usize, keep: bool) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    if length > max {
        return None;
    }
    let mark = if keep { 0 } else { 0x80_u8 >> (length - 1) };
    let head = u64::from(first & !mark);
    let rest = bytes.get(1..length)?;
    let value = rest
        .iter()
        .fold(head, |value, byte| (value << 8) | u64::from(*byte));
    Some((value, length))
}

/// What makes of so many bytes an element that says nothing: its head; zeros follow.
pub(super) fn void(size: u64) -> Vec<u8> {
    const VOID: u8 = 0xec;
    match size {
        0 | 1 => Vec::new(),
        2..=9 => vec![VOID, 0x80 | u8::try_from(size - 2).unwrap_or(0)],
        _ => {
            let length = (size - 9) | (1 << 56);
            [[VOID].as_slice(), &length.to_be_bytes()].concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_standard() {
        for (bytes, keep, wanted) in [
            (b"\x81".as_slice(), false, Some((1, 1))),
            (b"\x40\x02", false, Some((2, 2))),
            (b"\x01\0\0\0\0\0\0\x03", false, Some((3, 8))),
            (b"\xff", false, Some((127, 1))),
            (b"\x1a\x45\xdf\xa3", true, Some((0x1a45_dfa3, 4))),
            (b"\x40", false, None),
            (b"\0", false, None),
            (b"", false, None),
        ] {
            assert_eq!(number(bytes, 8, keep), wanted, "{bytes:?}");
        }
    }

    #[test]
    fn a_void_is_as_long_as_what_was_there() {
        for size in 2..300_u64 {
            let mut bytes = void(size);
            bytes.resize(usize::try_from(size).unwrap(), 0);
            let mut source = bytes.as_slice();
            let element = read(&mut source, 0, size).unwrap();
            assert_eq!((element.id, element.size), (0xec, Some(size)), "{size}");
        }
    }
}
