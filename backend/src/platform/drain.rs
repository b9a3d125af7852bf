//! Stopping without cutting anybody off: what was accepted is finished and answered, with the request to use
//! another connection next time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::header;
use actix_web::web::Bytes;
use tokio::time::{Instant, sleep};

/// Nothing must have been in progress for this long: the last answer is still on its way out.
const CALM: Duration = Duration::from_millis(300);
/// Answers up to this length leave in one piece. Bytes.
const IN_ONE_PIECE: u64 = 64 * 1024;

/// What is in progress, and whether the program stops.
#[derive(Default)]
pub struct Drain {
    stopping: AtomicBool,
    busy: AtomicUsize,
}

/// A request in progress.
pub struct InProgress(Arc<Drain>);

impl Drain {
    /// The program stops soon.
    pub fn begin(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether it does.
    pub fn has_begun(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// A request has come in.
    pub fn enter(self: &Arc<Self>) -> InProgress {
        self.busy.fetch_add(1, Ordering::AcqRel);
        InProgress(Arc::clone(self))
    }

    /// Waits until everything is answered, or for a time.
    pub async fn calm(&self, limit: Duration) {
        let until = Instant::now() + limit;
        let mut calm_since = Instant::now();
        while Instant::now() < until {
            if self.busy.load(Ordering::Acquire) > 0 {
                calm_since = Instant::now();
            } else if calm_since.elapsed() >= CALM {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A long answer counts as in progress until its last byte is handed over.
pub fn hold(body: BoxBody, progress: InProgress) -> BoxBody {
    match body.size() {
        BodySize::None | BodySize::Sized(0..=IN_ONE_PIECE) => body,
        BodySize::Sized(_) | BodySize::Stream => BoxBody::new(Held {
            body,
            _progress: progress,
        }),
    }
}

struct Held {
    body: BoxBody,
    _progress: InProgress,
}

impl MessageBody for Held {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(cx)
    }
}

/// Whether an answer may say that its connection ends: a socket's must not.
pub fn may_close(headers: &header::HeaderMap) -> bool {
    !headers.contains_key(header::UPGRADE)
}
