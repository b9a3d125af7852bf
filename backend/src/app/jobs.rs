//! Who does which jobs.

use std::sync::Arc;

use crate::platform::db::Db;
use crate::platform::jobs::{Bell, Handler, Periodic, Terms, Worker};
use crate::platform::mail::{Mailer, Postman};

/// The worker of this node, with everybody's handlers.
pub(super) fn worker(db: &Db, node: &str, bell: Bell, mailer: &Arc<Mailer>) -> Arc<Worker> {
    let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(Postman {
        mailer: Arc::clone(mailer),
    })];
    let periodic: Vec<Periodic> = vec![];
    Worker::new(db.clone(), node, handlers, periodic, bell, Terms::default())
}
