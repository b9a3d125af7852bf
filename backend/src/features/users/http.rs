//! People over HTTP.

use actix_web::web::Data;
use hearth_shared::ids::UserId;
use hearth_shared::page::{Page, page_size};
use hearth_shared::users::{FindPeople, GetMe, GetProfile, Me, PeopleQuery, Person, Profile};
use hearth_shared::valid::Valid;

use super::store::Circle;
use super::{names, service, store};
use crate::features::friends;
use crate::platform::cursor;
use crate::platform::db::{Conn, Db};
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
        Ok(Json(Me {
            user,
            email,
            created_at,
            incoming_request_count,
        }))
    })
    .await
}

async fn get_profile(db: Data<Db>, actor: Actor, username: Param<String>) -> AppResult<Json<Profile>> {
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
    db.snapshot(move |conn| search(conn, actor.user_id, &query, after).map(Json))
        .await
}

/// Where a search goes on: circle, name, id.
type Place = (usize, String, i64);

const CIRCLES: [Circle; 3] = [Circle::Friends, Circle::FriendsOfFriends, Circle::Others];

/// Fills a page from the nearest circle outwards: three queries at most.
fn search(
    conn: &mut Conn,
    viewer: UserId,
    query: &Valid<PeopleQuery>,
    after: Option<Place>,
) -> AppResult<Page<Person>> {
    let size = page_size(query.limit);
    let prefixes = names::words(&query.q);
    let mut found: Vec<Place> = Vec::new();
    if !prefixes.is_empty() {
        let (first, mut key) = match after {
            Some((circle, name, id)) => (circle, Some((name, id))),
            None => (0, None),
        };
        for (index, circle) in CIRCLES.iter().enumerate().skip(first) {
            let wanted = i64::from(size) + 1 - i64::try_from(found.len()).unwrap_or(i64::MAX);
            if wanted > 0 {
                let rows = store::search(conn, viewer, *circle, &prefixes, key.take().as_ref(), wanted)?;
                found.extend(rows.into_iter().map(|(name, id)| (index, name, id)));
            }
        }
    }
    let page = cursor::page("people", found, size, Place::clone)?;
    let ids: Vec<i64> = page.items.iter().map(|(_, _, id)| *id).collect();
    Ok(Page {
        items: friends::store::people(conn, viewer, &ids)?,
        next_cursor: page.next_cursor,
    })
}
