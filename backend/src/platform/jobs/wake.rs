//! Wakes the worker of this node when a transaction that left work was committed.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::platform::realtime::bus::{Bus, Notice};

/// Rings in the worker's ears; cloning gives another rope to the same bell.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// There may be work.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it rings; at once, when it has rung since.
    pub(super) async fn rung(&self) {
        self.0.notified().await;
    }
}

/// A bus that keeps [`Notice::Work`] here and passes everything else on.
pub struct WakingBus {
    inner: Arc<dyn Bus>,
    bell: Bell,
}

impl WakingBus {
    /// Before another bus.
    pub fn new(inner: Arc<dyn Bus>, bell: Bell) -> Self {
        Self { inner, bell }
    }
}

impl Bus for WakingBus {
    fn publish(&self, mut notices: Vec<Notice>) {
        let all = notices.len();
        notices.retain(|notice| !matches!(notice, Notice::Work));
        if notices.len() < all {
            self.bell.ring();
        }
        if !notices.is_empty() {
            self.inner.publish(notices);
        }
    }

    fn doubts(&self) -> Vec<&'static str> {
        self.inner.doubts()
    }
}
