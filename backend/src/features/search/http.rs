//! Search over HTTP.

use actix_web::web::Data;
use hearth_shared::page::Page;
use hearth_shared::search::{Found, Search, SearchKind, SearchQuery};

use super::service;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidQuery};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::Json;
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<Search, _, _>(Limit::Search, search);
}

async fn search(db: Data<Db>, actor: Actor, query: ValidQuery<SearchQuery>) -> AppResult<Json<Page<Found>>> {
    let query = query.0;
    db.snapshot(move |conn| match query.kind {
        SearchKind::Posts => service::posts(conn, actor.user_id, &query).map(Json),
    })
    .await
}
