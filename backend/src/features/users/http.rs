//! People over HTTP.

use actix_web::web::Data;
use hearth_shared::page::Page;
use hearth_shared::users::{
    EditMe, FindPeople, GetMe, GetProfile, Me, MeChanges, PeopleQuery, Person, Profile, ProfileQuery,
};

use super::http_pictures;
use super::names::Username;
use super::profile::{self, Looking};
use super::search::{self, Place};
use crate::features::auth::http::SignIn;
use crate::features::auth::identity;
use crate::features::media::Media;
use crate::platform::cursor;
use crate::platform::db::{Db, Outcome};
use crate::platform::error::AppResult;
use crate::platform::extract::{Actor, Param, Query, ValidJson, ValidQuery};
use crate::platform::rate_limit::Limit;
use crate::platform::reply::Json;
use crate::platform::routes::Routes;

pub(crate) fn mount(routes: &mut Routes) {
    routes.add::<GetMe, _, _>(Limit::Read, get_me);
    routes.add::<EditMe, _, _>(Limit::Edit, edit_me);
    routes.add::<FindPeople, _, _>(Limit::Search, find_people);
    routes.add::<GetProfile, _, _>(Limit::Profile, get_profile);
    http_pictures::mount(routes);
}

async fn get_me(media: Data<Media>, actor: Actor) -> AppResult<Json<Me>> {
    let inner = media.clone();
    media
        .db
        .snapshot(move |conn| profile::me(conn, Looking::new(&inner, actor)).map(Json))
        .await
}

async fn edit_me(
    media: Data<Media>,
    sign_in: Data<SignIn>,
    actor: Actor,
    changes: ValidJson<MeChanges>,
) -> AppResult<Json<Me>> {
    identity::confirm(&sign_in, actor.user_id, &changes.0).await?;
    let (inner, links) = (media.clone(), sign_in.links.clone());
    media
        .db
        .write(move |tx| {
            identity::change(tx, &links, &actor, &changes.0)?;
            profile::edit(tx, actor.user_id, &changes.0)?;
            profile::me(tx.conn(), Looking::new(&inner, actor)).map(Outcome::Commit)
        })
        .await
        .map(Json)
}

async fn get_profile(
    media: Data<Media>,
    actor: Actor,
    username: Param<Username>,
    query: Query<ProfileQuery>,
) -> AppResult<Json<Profile>> {
    let inner = media.clone();
    media
        .db
        .snapshot(move |conn| {
            profile::page(conn, Looking::new(&inner, actor), &username.0, query.0.view_as).map(Json)
        })
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
