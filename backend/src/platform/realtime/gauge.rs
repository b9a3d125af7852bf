//! Measures what a client sends before it is collected into frames: the library below keeps a frame until it is
//! whole and only then asks how long it is, so that an announced gigabyte would be kept.

use std::pin::Pin;

use actix_web::error::PayloadError;
use actix_web::web::{Bytes, Payload};
use actix_web::{FromRequest, HttpRequest, dev};
use futures_util::{Stream, StreamExt};

/// The bytes of a client, up to the first frame that announces more than it may hold; that one ends them with
/// [`PayloadError::Overflow`].
///
/// # Errors
/// Never; the framework's signature has it.
pub async fn bounded(request: &HttpRequest, body: Payload, frame_max: u64) -> actix_web::Result<Payload> {
    let mut gauge = Gauge::default();
    let measured = body.map(move |bytes| {
        let bytes = bytes?;
        if gauge.longest(&bytes) > frame_max {
            return Err(PayloadError::Overflow);
        }
        Ok(bytes)
    });
    let payload: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(measured);
    // The one way to make what the library wants out of a stream of one's own.
    Payload::from_request(request, &mut dev::Payload::Stream { payload }).await
}

/// Where in a frame (RFC 6455, 5.2) the bytes stand.
#[derive(Default)]
struct Gauge {
    /// The head of a frame, as far as it has come.
    head: Vec<u8>,
    /// What is still to come of the frame after its head.
    left: u64,
}

impl Gauge {
    /// The longest frame that begins in these bytes.
    fn longest(&mut self, mut bytes: &[u8]) -> u64 {
        let mut longest = 0;
        while let Some((first, rest)) = bytes.split_first() {
            if self.left == 0 {
                self.head.push(*first);
                bytes = rest;
                if let Some(length) = length(&self.head) {
                    longest = longest.max(length);
                    self.left = length;
                    self.head.clear();
                }
            } else {
                let here = usize::try_from(self.left).map_or(bytes.len(), |left| left.min(bytes.len()));
                bytes = bytes.get(here..).unwrap_or_default();
                self.left -= here as u64;
            }
        }
        longest
    }
}

/// How long a frame is, once its head is whole.
fn length(head: &[u8]) -> Option<u64> {
    let second = *head.get(1)?;
    let (size, length) = match second & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes(head.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(head.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    (head.len() >= size + mask).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(length: u64) -> Vec<u8> {
        let mut bytes = vec![0x81];
        match length {
            0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            126..0x1_0000 => {
                bytes.push(0x80 | 126);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 127);
                bytes.extend(length.to_be_bytes());
            }
        }
        bytes.extend([1, 2, 3, 4]);
        bytes
    }

    #[test]
    fn frames_are_measured_however_their_bytes_arrive() {
        let lengths = [0, 1, 125, 126, 127, 4_096, 65_535, 65_536, 0, 7];
        let mut bytes = Vec::new();
        for length in lengths {
            bytes.extend(frame(length));
            // What looks like the head of a frame is none inside of one.
            bytes.extend(vec![0xff; usize::try_from(length).unwrap()]);
        }
        for piece in [1, 2, 3, 7, 1_000, bytes.len()] {
            let mut gauge = Gauge::default();
            let longest = bytes.chunks(piece).map(|piece| gauge.longest(piece)).max();
            assert_eq!(longest, Some(65_536), "in pieces of {piece}");
            assert_eq!((gauge.left, gauge.head.len()), (0, 0));
        }
    }

    #[test]
    fn a_frame_is_known_to_be_long_before_it_has_come() {
        for length in [4_097, 65_536, u64::MAX] {
            let bytes = frame(length);
            let (last, before) = bytes.split_last().unwrap();
            let mut gauge = Gauge::default();
            assert_eq!(gauge.longest(before), 0);
            assert_eq!(gauge.longest(&[*last]), length);
        }
    }
}
