//! Suspension ([`suspension`]), the end of accounts ([`deletion`]), the export ([`export`]), the audit ([`audit`]) and the
//! program `hearth admin` beside a server ([`command_line`]).

mod audit;
mod command_line;
pub(crate) mod deletion;
mod export;
mod suspension;

pub(crate) use self::deletion::end;

use diesel::prelude::*;
use hearth::platform::db::{Conn, Outcome, Target};
use hearth_shared::auth::{Credentials, Login, SessionQuery};

use crate::support::{Answer, Client, TestApp};

pub(crate) const PASSWORD: &str = "kitchen table nine";
const IN_BODY: SessionQuery = SessionQuery { cookie: false };

/// Signs in.
async fn sign_in(app: &Client, login: &str, password: &str, restore: Option<bool>) -> Answer {
    let credentials = Credentials {
        login: login.into(),
        password: password.into(),
        restore,
        code: None,
    };
    app.ask(None, &Login {}, &IN_BODY, &credentials).await
}

/// Changes the database behind the server's back.
pub(crate) async fn sql(app: &TestApp, statement: String) {
    app.db()
        .write(move |tx| {
            diesel::sql_query(&statement).execute(tx.conn())?;
            Ok(Outcome::Commit(()))
        })
        .await
        .unwrap();
}

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

/// Everything that is kept: the bytes of SQLite's files, or every row of every table of PostgreSQL as text.
pub(crate) async fn everything(app: &TestApp) -> Vec<u8> {
    if let Target::Sqlite(path) = app.db().target() {
        let mut bytes = std::fs::read(path).unwrap();
        bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
        return bytes;
    }
    app.db()
        .read(|conn| {
            let Conn::Postgres(conn) = conn else { panic!() };
            let tables: Vec<Text> = diesel::sql_query(
                "SELECT table_name::text AS text FROM information_schema.tables WHERE table_schema = 'public'",
            )
            .load(conn)?;
            assert!(tables.len() > 15);
            let mut all = Vec::new();
            for table in tables {
                let rows: Vec<Text> =
                    diesel::sql_query(format!("SELECT t::text AS text FROM \"{}\" t", table.text)).load(conn)?;
                for row in rows {
                    all.extend(row.text.into_bytes());
                    all.push(b'\n');
                }
            }
            Ok(all)
        })
        .await
        .unwrap()
}

pub(crate) fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
