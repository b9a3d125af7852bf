//! Who does which jobs.

use std::sync::Arc;

use crate::features::auth::jobs::{self as auth, Desk};
use crate::features::auth::links::Links;
use crate::platform::db::Db;
use crate::platform::jobs::{Bell, Handler, Terms, Worker};
use crate::platform::mail::{Mailer, Postman};

/// The worker of this node, with everybody's handlers.
pub(super) fn worker(db: &Db, node: &str, bell: Bell, mailer: &Arc<Mailer>, links: &Links) -> Arc<Worker> {
    let desk = Desk {
        db: db.clone(),
        mailer: Arc::clone(mailer),
        links: links.clone(),
    };
    let mut handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(Postman {
        mailer: Arc::clone(mailer),
    })];
    handlers.extend(auth::handlers(&desk));
    let periodic = auth::periodic(db);
    Worker::new(db.clone(), node, handlers, periodic, bell, Terms::default())
}
