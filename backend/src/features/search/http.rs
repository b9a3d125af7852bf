//! Search over HTTP.

use actix_web::web::Data;
use hearth_shared::page::Page;
use hearth_shared::search::{Found, Search, SearchKind, SearchQuery};

use super::service;
use crate::features::media::Media;
use crate::features::users::profile::Looking;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, ValidQuery};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::Json;
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<Search, _, _>(Limit::Search, search);
}

async fn search(
    media: Data<Media>,
    actor: Actor,
    query: ValidQuery<SearchQuery>,
) -> AppResult<Json<Page<Found>>> {
    let (inner, query) = (media.clone(), query.0);
    media
        .db
        .snapshot(move |conn| match query.kind {
            SearchKind::Posts => service::posts(conn, Looking::new(&inner, actor), &query).map(Json),
            SearchKind::Messages => service::messages(conn, Looking::new(&inner, actor), &query).map(Json),
        })
        .await
}
