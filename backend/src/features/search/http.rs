//! Search over HTTP.

use actix_web::web::Data;
use hearth_shared::page::Page;
use hearth_shared::search::{Found, FoundAll, Search, SearchAll, SearchAllQuery, SearchQuery};

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
    routes.add::<SearchAll, _, _>(Limit::Search, search_all);
}

async fn search(
    media: Data<Media>,
    actor: Actor,
    query: ValidQuery<SearchQuery>,
) -> AppResult<Json<Page<Found>>> {
    let (inner, query) = (media.clone(), query.0);
    media
        .db
        .snapshot(move |conn| service::of_kind(conn, Looking::new(&inner, actor), &query).map(Json))
        .await
}

async fn search_all(
    media: Data<Media>,
    actor: Actor,
    query: ValidQuery<SearchAllQuery>,
) -> AppResult<Json<FoundAll>> {
    let (inner, query) = (media.clone(), query.0);
    media
        .db
        .snapshot(move |conn| service::all(conn, Looking::new(&inner, actor), &query).map(Json))
        .await
}
