//! What waits for one socket. Nothing ever waits for a slow one: its queue is bounded, and when it is full the
//! socket is closed; the client catches up when it returns.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytestring::ByteString;
use hearth_shared::realtime::close::CloseCode;
use tokio::sync::{Notify, mpsc};

/// Frames that may wait.
pub const FRAMES_MAX: usize = 256;
/// Bytes that may wait.
pub const BYTES_MAX: usize = 1024 * 1024;

/// What is written to a socket.
#[derive(Debug)]
pub enum Out {
    /// A frame; shared by all sockets that get it.
    Frame(ByteString),
    /// The answer to a ping of the WebSocket protocol.
    Pong(Vec<u8>),
}

impl Out {
    fn len(&self) -> usize {
        match self {
            Self::Frame(frame) => frame.len(),
            Self::Pong(bytes) => bytes.len(),
        }
    }
}

/// The end that is written into.
pub struct Queue {
    sender: mpsc::Sender<Out>,
    bytes: AtomicUsize,
    closed: OnceLock<CloseCode>,
    closing: Notify,
}

impl Queue {
    /// The queue, and the end that is read.
    pub fn new() -> (Self, mpsc::Receiver<Out>) {
        let (sender, receiver) = mpsc::channel(FRAMES_MAX);
        let queue = Self {
            sender,
            bytes: AtomicUsize::new(0),
            closed: OnceLock::new(),
            closing: Notify::new(),
        };
        (queue, receiver)
    }

    /// Adds something, or closes the socket when there is no room.
    pub fn push(&self, out: Out) {
        let size = out.len();
        let waiting = self.bytes.fetch_add(size, Ordering::AcqRel) + size;
        if waiting > BYTES_MAX || self.sender.try_send(out).is_err() {
            self.close(CloseCode::TooSlow);
        }
    }

    /// Whether much waits already.
    pub fn is_half_full(&self) -> bool {
        self.sender.capacity() < FRAMES_MAX / 2 || self.bytes.load(Ordering::Acquire) > BYTES_MAX / 2
    }

    /// Something was taken out.
    pub fn taken(&self, out: &Out) {
        self.bytes.fetch_sub(out.len(), Ordering::AcqRel);
    }

    /// Asks for the socket to be closed; the first reason counts.
    pub fn close(&self, code: CloseCode) {
        if self.closed.set(code).is_ok() {
            self.closing.notify_one();
        }
    }

    /// Waits until the socket is to be closed.
    pub async fn closed(&self) -> CloseCode {
        loop {
            if let Some(code) = self.closed.get() {
                return *code;
            }
            self.closing.notified().await;
        }
    }

    /// Whether it is to be closed.
    pub fn is_closed(&self) -> bool {
        self.closed.get().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_closes_its_socket() {
        let (by_count, _unread) = Queue::new();
        for _ in 0..FRAMES_MAX {
            by_count.push(Out::Frame("x".into()));
        }
        assert!(!by_count.is_closed());
        by_count.push(Out::Frame("x".into()));
        assert_eq!(by_count.closed().await, CloseCode::TooSlow);

        let (by_size, mut read) = Queue::new();
        let big: ByteString = "x".repeat(BYTES_MAX / 4).into();
        for _ in 0..4 {
            by_size.push(Out::Frame(big.clone()));
        }
        assert!(!by_size.is_closed());
        let out = read.recv().await.unwrap();
        by_size.taken(&out);
        by_size.push(Out::Frame(big.clone()));
        assert!(!by_size.is_closed());
        by_size.push(Out::Frame(big));
        by_size.close(CloseCode::SessionEnded);
        assert_eq!(
            by_size.closed().await,
            CloseCode::TooSlow,
            "the first reason counts"
        );
    }
}
