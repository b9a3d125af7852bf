//! People over HTTP.

use actix_web::web::Data;
use hearth_shared::page::Page;
use hearth_shared::users::{FindPeople, GetMe, GetProfile, Me, PeopleQuery, Person, Profile};

use super::names::Username;
use super::search::{self, Place};
use super::{service, store, store_standing};
use crate::features::friends;
use crate::platform::cursor;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, ValidQuery};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::Json;
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetMe, _, _>(Limit::Read, get_me);
    routes.add::<FindPeople, _, _>(Limit::Search, find_people);
    routes.add::<GetProfile, _, _>(Limit::Profile, get_profile);
}

async fn get_me(db: Data<Db>, actor: Actor) -> AppResult<Json<Me>> {
    db.snapshot(move |conn| {
        let (user, email, created_at) = store::own_account(conn, actor.user_id)?;
        let incoming_request_count = friends::store::count_incoming(conn, actor.user_id)?;
        let role = store_standing::role(conn, actor.user_id)?;
        Ok(Json(Me {
            user,
            email,
            created_at,
            incoming_request_count,
            role,
        }))
    })
    .await
}

async fn get_profile(db: Data<Db>, actor: Actor, username: Param<Username>) -> AppResult<Json<Profile>> {
    db.snapshot(move |conn| service::profile(conn, &actor, &username.0).map(Json))
        .await
}

async fn find_people(
    db: Data<Db>,
    actor: Actor,
    query: ValidQuery<PeopleQuery>,
) -> AppResult<Json<Page<Person>>> {
    let query = query.0;
    let after: Option<Place> = cursor::read("people", query.cursor.as_ref())?;
    db.snapshot(move |conn| search::people(conn, actor.user_id, &query, after).map(Json))
        .await
}
