//! Privacy settings over HTTP.

use actix_web::web::Data;
use hearth_shared::privacy::{ChangePrivacy, GetPrivacy, PrivacyChange, PrivacySettings};

use super::{service, store};
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidJson};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::Json;
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetPrivacy, _, _>(Limit::Read, get_privacy);
    routes.add::<ChangePrivacy, _, _>(Limit::Edit, change_privacy);
}

async fn get_privacy(db: Data<Db>, actor: Actor) -> AppResult<Json<PrivacySettings>> {
    db.read(move |conn| Ok(Json(store::of(conn, actor.user_id)?)))
        .await
}

async fn change_privacy(
    db: Data<Db>,
    actor: Actor,
    body: ValidJson<PrivacyChange>,
) -> AppResult<Json<PrivacySettings>> {
    db.write(move |tx| service::change(tx, &actor, &body.0))
        .await
        .map(Json)
}
