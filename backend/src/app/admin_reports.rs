//! `hearth admin reports`: what people have asked the host to look at.

use std::collections::HashMap;
use std::fmt::Write;

use super::admin::{explain, short};
use crate::features::admin::reports::store::{self, OpenReport, Subject};
use crate::features::notifications::store::hydrate::excerpt;
use crate::platform::db::Db;

/// Reports that are listed.
const SHOWN: i64 = 200;

/// Those that wait, the longest waiting first.
pub(super) async fn list(db: &Db) -> anyhow::Result<String> {
    let waiting = db
        .read(|conn| Ok(store::open(conn, SHOWN)?))
        .await
        .map_err(explain)?;
    if waiting.is_empty() {
        return Ok("there is none".to_owned());
    }
    let mut about: HashMap<Subject, usize> = HashMap::new();
    for report in &waiting {
        *about.entry(report.subject.clone()).or_default() += 1;
    }
    let mut lines = format!(
        "{:<20}  {:<20}  {:<20}  {:<28}  {:<20}  {:<10}  reports of it",
        "number", "when", "reported by", "what", "of", "why"
    );
    for report in &waiting {
        write(
            &mut lines,
            report,
            about.get(&report.subject).copied().unwrap_or(1),
        )?;
    }
    Ok(lines)
}

fn write(lines: &mut String, report: &OpenReport, count: usize) -> std::fmt::Result {
    let Subject { kind, id } = &report.subject;
    write!(
        lines,
        "\n{:<20}  {:<20}  {:<20}  {:<28}  {:<20}  {:<10}  {count}",
        report.id,
        short(report.created_at),
        report.reporter,
        format!("{kind} {id}"),
        report.owner.as_deref().unwrap_or("-"),
        report.reason,
    )?;
    for (label, text) in [("note", Some(&report.note)), ("text", report.body.as_ref())] {
        // What people wrote must not look like lines of this list.
        if let Some(text) = text.map(|text| excerpt(text)).filter(|text| !text.is_empty()) {
            write!(lines, "\n    {label}: {text}")?;
        }
    }
    Ok(())
}
