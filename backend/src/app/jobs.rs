//! Who does which jobs.

use std::sync::Arc;

use crate::features::admin::deletions::{Deletions, DELETIONS_EVERY};
use crate::features::media::Media;
use crate::platform::jobs::{Bell, Handler, Periodic, Terms, Worker};
use crate::platform::mail::{Mailer, Postman};

/// The worker of this node, with everybody's handlers.
pub(super) fn worker(media: &Media, node: &str, bell: Bell, mailer: &Arc<Mailer>) -> Arc<Worker> {
    let db = &media.db;
    let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(Postman {
        mailer: Arc::clone(mailer),
    })];
    let periodic: Vec<Periodic> = vec![Periodic {
        handler: Arc::new(Deletions {
            media: media.clone(),
        }),
        every: DELETIONS_EVERY,
    }];
    Worker::new(db.clone(), node, handlers, periodic, bell, Terms::default())
}
