//! Reports: of what one sees, one for each person and thing; for the host alone.

use diesel::prelude::*;
use hearth::features::admin::reports::{self as service, store};
use hearth::platform::db::Outcome;
use hearth::schema::{audit_events, reports};
use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{Id, PostId, ReportId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::reports::{CreateReport, NOTE_MAX, NewReport, ReportReason, ReportSubject};

use crate::everywhere;
use crate::support::{Person, TestApp};

async fn report(app: &TestApp, by: &Person, subject: ReportSubject, note: &str) -> Result<(), ErrorCode> {
    let new = NewReport {
        subject,
        reason: ReportReason::Spam,
        note: note.to_owned(),
    };
    by.call(app, &CreateReport {}, &new).await.map(drop)
}

async fn open(app: &TestApp) -> Vec<store::OpenReport> {
    app.db().read(|conn| Ok(store::open(conn, 100)?)).await.unwrap()
}

async fn close(app: &TestApp, id: i64) -> Option<usize> {
    let run = app
        .db()
        .write(move |tx| Ok(Outcome::Commit(service::close(tx, ReportId::new(id))?)));
    run.await.unwrap()
}

everywhere! {
    async fn what_one_sees_can_be_reported_once(app: TestApp) {
        let (ada, ben, stranger) = (app.person("ada").await, app.person("ben").await, app.person("stranger").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "an evil\npost").await;
        let comment = ada.comment(&app, &post, "an evil comment").await.unwrap();
        let subjects = [ReportSubject::Post(post.id), ReportSubject::Comment(comment.id), ReportSubject::Person(ada.id())];
        for subject in subjects {
            report(&app, &ben, subject, "first").await.unwrap();
            report(&app, &ben, subject, "look at this").await.unwrap();
        }
        report(&app, &stranger, subjects[2], "").await.unwrap();
        for subject in [subjects[0], subjects[1], ReportSubject::Post(PostId::new(77))] {
            assert_eq!(report(&app, &stranger, subject, "").await.unwrap_err(), ErrorCode::NotFound);
        }
        let long = "x".repeat(NOTE_MAX + 1);
        assert_eq!(report(&app, &ben, subjects[0], &long).await.unwrap_err(), ErrorCode::ValidationFailed);
        let waiting = open(&app).await;
        let seen: Vec<_> = waiting
            .iter()
            .map(|report| (report.reporter.as_str(), report.subject.kind.as_str(), report.owner.as_deref(), report.body.as_deref(), report.note.as_str()))
            .collect();
        assert_eq!(seen, [
            ("ben", "post", Some("ada"), Some("an evil\npost"), "look at this"),
            ("ben", "comment", Some("ada"), Some("an evil comment"), "look at this"),
            ("ben", "person", Some("ada"), None, "look at this"),
            ("stranger", "person", Some("ada"), None, ""),
        ]);
        // Closing takes all about the same thing, once, and is written down.
        assert_eq!(close(&app, waiting[2].id).await, Some(2));
        assert_eq!(close(&app, waiting[3].id).await, None);
        assert_eq!(open(&app).await.len(), 2);
        let (about, id) = (ada.id().get(), ada.id());
        let details = app.db().read(move |conn| {
            let row = audit_events::table.filter(audit_events::action.eq("reports_closed")).filter(audit_events::subject_id.eq(about));
            Ok(row.select(audit_events::details).first::<Option<String>>(conn)?)
        });
        assert_eq!(details.await.unwrap(), Some(format!("person {id}, reports: 2")));
        // The same again is a new report.
        report(&app, &stranger, subjects[2], "still").await.unwrap();
        assert_eq!(open(&app).await.len(), 3);
    }

    async fn who_is_blocked_learns_nothing_and_who_blocks_can_report(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        ada.call(&app, &BlockPerson { user_id: ben.id() }, &Nothing).await.unwrap();
        for subject in [ReportSubject::Person(ada.id()), ReportSubject::Post(post.id)] {
            assert_eq!(report(&app, &ben, subject, "").await.unwrap_err(), ErrorCode::NotFound);
        }
        report(&app, &ada, ReportSubject::Person(ben.id()), "").await.unwrap();
        let rows = app.db().read(|conn| Ok(reports::table.count().get_result::<i64>(conn)?));
        assert_eq!(rows.await.unwrap(), 1);
    }
}
