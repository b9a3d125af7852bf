//! Writes on PostgreSQL: what the database refuses for a reason that passes is done again; what a panic leaves
//! is undone.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use diesel::prelude::*;
use hearth::platform::db::{Db, Outcome};
use hearth::platform::error::AppResult;
use hearth::schema::audiences;
use hearth_shared::problem::ErrorCode;

use crate::on_postgres;
use crate::support::TestApp;

async fn kinds(db: &Db) -> Vec<String> {
    let query = audiences::table
        .filter(audiences::id.ge(100))
        .order(audiences::id)
        .select(audiences::kind);
    db.read(move |conn| Ok(query.load(conn)?)).await.unwrap()
}

async fn insert(db: &Db, id: i64) {
    db.write(move |tx| {
        let row = (audiences::id.eq(id), audiences::kind.eq("new"));
        diesel::insert_into(audiences::table)
            .values(row)
            .execute(tx.conn())?;
        Ok(Outcome::Commit(()))
    })
    .await
    .unwrap();
}

on_postgres! {
    async fn a_deadlock_is_resolved_by_trying_again(app: TestApp) {
        insert(app.db(), 100).await;
        insert(app.db(), 101).await;
        let runs = Arc::new(AtomicU32::new(0));
        // Each holds its first row before either asks for the other's.
        let both_hold_one = Arc::new(Barrier::new(2));
        let cross = |first: i64, second: i64| {
            let (db, runs, both_hold_one) = (app.db().clone(), Arc::clone(&runs), Arc::clone(&both_hold_one));
            let met = AtomicBool::new(false);
            tokio::spawn(async move {
                db.write(move |tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    for id in [first, second] {
                        let kind = audiences::kind.eq("met");
                        diesel::update(audiences::table.find(id))
                            .set(kind)
                            .execute(tx.conn())?;
                        if !met.swap(true, Ordering::Relaxed) {
                            both_hold_one.wait();
                        }
                    }
                    Ok(Outcome::Commit(()))
                })
                .await
            })
        };
        let (one, two) = (cross(100, 101), cross(101, 100));
        one.await.unwrap().unwrap();
        two.await.unwrap().unwrap();
        assert!(runs.load(Ordering::Relaxed) > 2, "one of them was tried again");
        assert_eq!(kinds(app.db()).await, ["met", "met"]);
    }

    async fn a_connection_lost_before_commit_is_replaced(app: TestApp) {
        let app = Arc::new(app);
        let (cut, runs) = (Arc::clone(&app), Arc::new(AtomicU32::new(0)));
        let counted = Arc::clone(&runs);
        app
            .db()
            .write(move |tx| {
                let row = (audiences::id.eq(100), audiences::kind.eq("kept"));
                diesel::insert_into(audiences::table)
                    .values(row)
                    .execute(tx.conn())?;
                if counted.fetch_add(1, Ordering::Relaxed) == 0 {
                    cut.cut_connections();
                }
                let count: i64 = audiences::table.count().get_result(tx.conn())?;
                Ok(Outcome::Commit(count))
            })
            .await
            .unwrap();
        assert_eq!(runs.load(Ordering::Relaxed), 2);
        assert_eq!(kinds(app.db()).await, ["kept"]);
    }

    async fn a_panic_undoes_its_job_and_spoils_no_connection(app: TestApp) {
        for _ in 0..20 {
            let panicked: AppResult<()> = app
            .db()
                .write(|tx| {
                    let row = (audiences::id.eq(100), audiences::kind.eq("lost"));
                    diesel::insert_into(audiences::table)
                        .values(row)
                        .execute(tx.conn())?;
                    tx.conn()
                        .transaction::<(), diesel::result::Error, _>(|_conn| panic!("on purpose"))?;
                    Ok(Outcome::Commit(()))
                })
                .await;
            assert_eq!(panicked.unwrap_err().code(), ErrorCode::Internal);
        }
        assert!(kinds(app.db()).await.is_empty());
        insert(app.db(), 101).await;
        assert_eq!(kinds(app.db()).await, ["new"]);
    }
}
