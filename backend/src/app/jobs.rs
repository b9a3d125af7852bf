//! Who does which jobs.

use std::sync::Arc;

use crate::features::admin::deletions::{DELETIONS_EVERY, Deletions};
use crate::features::auth::jobs::{self as auth, Desk};
use crate::features::auth::links::Links;
use crate::features::digests::jobs as digests;
use crate::features::groups::ended::EndedGroups;
use crate::features::media::Media;
use crate::features::media::jobs::{CLEAR_EVERY, Clear};
use crate::features::posts::jobs as posts;
use crate::features::push::jobs as push;
use crate::platform::jobs::{Bell, Handler, Periodic, Terms, Worker};
use crate::platform::mail::{Mailer, Postman};
use crate::platform::push::Pusher;

/// The worker of this node, with everybody's handlers.
pub(super) fn worker(
    media: &Media,
    node: &str,
    bell: Bell,
    mailer: &Arc<Mailer>,
    links: &Links,
    digest_desk: &digests::Desk,
    pusher: &Arc<Pusher>,
) -> Arc<Worker> {
    let db = &media.db;
    let desk = Desk {
        db: db.clone(),
        mailer: Arc::clone(mailer),
        links: links.clone(),
    };
    let mut handlers: Vec<Arc<dyn Handler>> = vec![
        Arc::new(Postman {
            mailer: Arc::clone(mailer),
        }),
        Arc::new(EndedGroups { db: db.clone() }),
    ];
    handlers.extend(auth::handlers(&desk));
    handlers.push(digests::handler(digest_desk));
    handlers.extend(push::handlers(db, pusher));
    let mut periodic = auth::periodic(db);
    periodic.extend(push::periodic(db));
    periodic.push(Periodic {
        handler: Arc::new(Deletions { media: media.clone() }),
        every: DELETIONS_EVERY,
    });
    periodic.push(Periodic {
        handler: Arc::new(Clear(media.clone())),
        every: CLEAR_EVERY,
    });
    periodic.push(Periodic {
        handler: Arc::new(posts::Clear(db.clone())),
        every: posts::CLEAR_EVERY,
    });
    periodic.push(digests::periodic(digest_desk));
    Worker::new(db.clone(), node, handlers, periodic, bell, Terms::default())
}
