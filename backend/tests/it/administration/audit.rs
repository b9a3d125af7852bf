//! What was done to accounts is written in the same transaction, and never changed.

use diesel::prelude::*;
use hearth::features::admin::store::AuditRow;
use hearth::platform::db::Outcome;
use hearth::schema::audit_events;
use hearth_shared::auth::{Logout, Refresh, RefreshToken};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::Id;
use hearth_shared::leaving::{DeleteAccount, DeleteMe, ExportMyData, OwnMessages};

use super::{IN_BODY, PASSWORD, sign_in};
use crate::everywhere;
use crate::support::TestApp;

async fn rows(app: &TestApp) -> Vec<AuditRow> {
    let rows = app.db().read(|conn| {
        Ok(audit_events::table.order(audit_events::id).select(AuditRow::as_select()).load(conn)?)
    });
    rows.await.unwrap()
}

everywhere! {
    async fn each_action_writes_one_row(app: TestApp) {
        let ada = app.person("ada").await;
        let before = rows(&app).await.len();
        sign_in(&app, "ada", "not her password", None).await;
        sign_in(&app, "nobody", "not her password", None).await;
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.status, 200);
        let first = RefreshToken { refresh_token: ada.session.refresh_token.clone() };
        let mut token = first.clone();
        for _ in 0..2 {
            let answer = app.ask(None, &Refresh {}, &IN_BODY, &token).await;
            token.refresh_token = answer.json()["refresh_token"].as_str().map(str::to_owned);
        }
        assert_eq!(app.ask(None, &Refresh {}, &IN_BODY, &first).await.status, 401);
        let again = sign_in(&app, "ada", PASSWORD, None).await;
        let phone = again.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(app.ask(Some(&phone), &ExportMyData {}, &Nothing, &Nothing).await.status, 200);
        assert_eq!(app.ask(Some(&phone), &Logout {}, &Nothing, &RefreshToken::default()).await.status, 204);
        let last = sign_in(&app, "ada", PASSWORD, None).await;
        let last = last.json()["access_token"].as_str().unwrap().to_owned();
        let wish = DeleteAccount { password: PASSWORD.into(), code: None, messages: OwnMessages::Keep };
        assert_eq!(app.ask(Some(&last), &DeleteMe {}, &Nothing, &wish).await.status, 202);
        sign_in(&app, "ada", PASSWORD, None).await;
        assert_eq!(sign_in(&app, "ada", PASSWORD, Some(true)).await.status, 200);
        let written: Vec<_> = rows(&app).await.split_off(before).into_iter()
            .map(|row| (row.action, row.subject_id, row.details.unwrap_or_default())).collect();
        let hers = Some(ada.id().get());
        let row = |action: &str, details: &str| (action.to_owned(), hers, details.to_owned());
        assert_eq!(written, [
            row("sign_in_failed", "invalid_credentials"),
            ("sign_in_failed".to_owned(), None, "invalid_credentials".to_owned()),
            row("signed_in", ""),
            row("token_reused", ""),
            row("signed_in", ""),
            row("exported", ""),
            row("signed_out", ""),
            row("signed_in", ""),
            row("deletion_requested", ""),
            row("sessions_ended", ""),
            row("sign_in_failed", "account_deletion_pending"),
            row("deletion_cancelled", ""),
            row("signed_in", ""),
        ]);
        assert!(rows(&app).await.iter().any(|row| row.network.as_deref() == Some("127.0.0.0/24")));
    }

    async fn nobody_changes_it_and_only_what_is_old_goes(app: TestApp) {
        app.person("ada").await;
        sign_in(&app, "ada", PASSWORD, None).await;
        for statement in [
            "UPDATE audit_events SET action = 'x'",
            "UPDATE audit_events SET details = NULL, network = NULL",
            "DELETE FROM audit_events",
        ] {
            let refused = app.db().write(move |tx| {
                diesel::sql_query(statement).execute(tx.conn())?;
                Ok(Outcome::Commit(()))
            });
            assert!(refused.await.is_err(), "{statement}");
        }
        app.db().write(|tx| {
            let day = 24 * 60 * 60 * 1000;
            for (id, age) in [(1_i64, 181), (2, 179)] {
                diesel::insert_into(audit_events::table)
                    .values((
                        audit_events::id.eq(id),
                        audit_events::created_at.eq(tx.now().as_millis() - age * day),
                        audit_events::action.eq("signed_in"),
                    ))
                    .execute(tx.conn())?;
            }
            Ok(Outcome::Commit(()))
        }).await.unwrap();
        assert_eq!(hearth::features::admin::purge::clean_audit(app.db()).await.unwrap(), 1);
        let left = rows(&app).await;
        assert_eq!(left[0].id, 2);
        assert!(left.len() > 1);
    }
}
