//! `docs/authorization.md`, cell by cell.

mod cell;
mod groups;
mod state;
mod strangers;

use std::collections::HashSet;

use hearth::features;
use hearth::platform::db::Target;
use hearth_shared::api::OPERATIONS;
use hearth_shared::endpoint::{API_BASE, Method};
use hearth_shared::posts::Audience;

use self::cell::cell;
pub(crate) use self::state::{count, settle, state};
use crate::everywhere;
use crate::support::{Answer, Options, TestApp};

const TABLE: &str = include_str!("../../../../docs/authorization.md");
const ACTORS: [&str; 10] = ["AN", "ST", "PO", "PI", "FR", "BL", "BK", "OW", "AD", "SU"];

struct Row {
    operation: String,
    object: String,
    statuses: Vec<String>,
    limit: String,
}

/// The rows of the table of the document that begins with a column.
pub(crate) fn table(first_column: &str) -> Vec<Vec<String>> {
    let head = format!("| {first_column} |");
    let lines = TABLE.lines().skip_while(|line| !line.starts_with(&head));
    let lines = lines.skip(2).take_while(|line| line.starts_with('|'));
    lines
        .map(|line| {
            let cells = line.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

fn rows() -> Vec<Row> {
    table("operation")
        .into_iter()
        .map(|cells| {
            assert_eq!(cells.len(), 3 + ACTORS.len(), "{cells:?}");
            Row {
                operation: cells[0].clone(),
                object: cells[1].clone(),
                statuses: cells[2..2 + ACTORS.len()].to_vec(),
                limit: cells[2 + ACTORS.len()].clone(),
            }
        })
        .collect()
}

#[test]
fn every_operation_has_a_row_is_mounted_and_has_its_limit() {
    let rows = rows();
    let named: HashSet<&str> = rows.iter().map(|row| row.operation.as_str()).collect();
    let declared: HashSet<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert_eq!(named, declared);
    let routes = features::routes();
    let mounted: HashSet<&str> = routes
        .mounted()
        .iter()
        .map(|(operation, _)| operation.name)
        .collect();
    assert_eq!(mounted, declared);
    for (operation, limit) in routes.mounted() {
        for row in rows.iter().filter(|row| row.operation == operation.name) {
            assert_eq!(row.limit, limit.policy().0, "{}", operation.name);
        }
    }
}

fn reads(operation: &str) -> bool {
    let declared = OPERATIONS.iter().find(|declared| declared.name == operation);
    declared.is_some_and(|declared| declared.method == Method::Get)
}

/// Status, headers and bytes of an answer, but for what names the request and the moment.
fn bytes(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let id = answer.header("x-request-id");
    // A body that nobody has read to its end may cost the connection: that depends on how fast it came.
    let own = |name: &str| matches!(name, "x-request-id" | "date" | "connection");
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !own(name.as_str()))
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    headers.sort();
    (answer.status, headers, answer.text.replace(&id, ""))
}

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

everywhere! {
    with PUBLIC;
    async fn every_cell(app: TestApp) {
        let (rows, mut wrong) = (rows(), Vec::new());
        // The rules are the same everywhere: on SQLite it is all rows, on PostgreSQL a part is enough.
        let every = match app.db().target() {
            Target::Sqlite(_) => 1,
            Target::Postgres(_) => 2,
        };
        for (place, actor) in ACTORS.iter().enumerate() {
            // What reads or is refused leaves the people as they were: the next row takes them over.
            let mut unchanged = None;
            for (number, row) in rows.iter().enumerate().step_by(every) {
                let expected = &row.statuses[place];
                if expected == "-" {
                    continue;
                }
                let cell = match unchanged.take() {
                    Some(cell) => cell,
                    None => cell(&app, number, actor).await,
                };
                let mut id = cell.object(&app, &row.object, &row.operation).await;
                if row.operation == "CreateReport" {
                    let kind = ["comment", "post"].into_iter().find(|kind| row.object.contains(kind));
                    id = format!("{} {id}", kind.unwrap_or("person"));
                }
                let before = if expected.as_str() >= "400" { state(&app).await } else { Vec::new() };
                let answer = cell.call(&app, &row.operation, &id).await;
                let name = format!("{} of {} by {actor}", row.operation, row.object);
                if answer.status.to_string() != *expected {
                    wrong.push(format!("{name}: {} instead of {expected}", answer.status));
                }
                let refused = answer.status >= 400;
                if matches!(row.operation.as_str(), "EndGroup" | "LeaveGroup") && !refused {
                    settle(&app).await;
                }
                if refused && !before.is_empty() {
                    assert_eq!(state(&app).await, before, "{name}: refused, and yet something changed");
                }
                if answer.status == 404 {
                    let missing = cell.call(&app, &row.operation, "4611686018427387904").await;
                    assert_eq!(
                        bytes(&answer),
                        bytes(&missing),
                        "{name}: hidden is not like missing"
                    );
                }
                // Who has talked to the owner, or was a friend, is not as they were.
                let met = ["ended", "own conversation", "message request", "takes no messages"].iter().any(|word| row.object.contains(word));
                if (refused || reads(&row.operation)) && !met {
                    unchanged = Some(cell);
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// Nothing private in any answer that a stranger can get: the address above all.
    async fn no_answer_to_a_stranger_holds_what_is_private(app: TestApp) {
        let (owner, stranger) = (app.person("owner").await, app.person("stranger").await);
        owner.post_for(&app, "to all", Audience::Public).await;
        owner.post(&app, "canary for friends").await;
        for path in [
            "/users/owner",
            "/users/owner/posts",
            "/users?q=owner",
            "/feed",
            "/friends",
        ] {
            let answer = app
                .raw(
                    Method::Get,
                    &format!("{API_BASE}{path}"),
                    stranger.token(),
                    None::<&()>,
                )
                .await;
            assert_eq!(answer.status, 200, "{path}");
            for private in ["owner@example.org", "canary", "password", "hash", "email"] {
                assert!(
                    !answer.text.contains(private),
                    "{path} tells {private}: {}",
                    answer.text
                );
            }
        }
    }
}
