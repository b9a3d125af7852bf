//! All of one's own data as one zip: JSON for programs, and a page that shows the same to people, without network
//! and without Hearth. Made in a temporary file, page by page: the memory it takes does not depend on how much
//! somebody wrote.

pub mod http;
mod json;
pub mod store;

use std::collections::HashSet;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use futures_util::StreamExt;
use hearth_shared::ids::{Id, UserId};
use tokio::runtime::Handle;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use self::json::Escaped;
use self::store::{Page, Part};
use crate::features::media::pipeline::Variant;
use crate::features::media::{Media, service as pictures};
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;

/// The page, in two halves: the data comes between them.
const PAGE: &str = include_str!("page.html");
const DATA_HERE: &str = "<!-- data -->";

/// Rows that are read at once.
const PAGE_SIZE: i64 = 500;

/// Where exports are made, and for whom one is being made.
pub struct Exports {
    folder: PathBuf,
    running: Arc<Mutex<HashSet<UserId>>>,
}

/// The place of one export; free again when dropped.
pub struct Place {
    user: UserId,
    running: Arc<Mutex<HashSet<UserId>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.user);
    }
}

impl Exports {
    /// In a folder that nobody else can read.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            running: Arc::default(),
        }
    }

    /// One at a time for each person; `None` when there is one.
    pub fn begin(&self, user: UserId) -> Option<Place> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(user).then(|| Place {
            user,
            running: Arc::clone(&self.running),
        })
    }
}

/// Writes the zip into a file without a name, which goes when it is closed. Blocks: not for threads that answer.
///
/// # Errors
/// When the database or the disk fails.
pub fn make(runtime: &Handle, media: &Media, exports: &Exports, user: UserId) -> AppResult<(File, u64)> {
    let scratch = || tempfile::tempfile_in(&exports.folder).context("a temporary file for an export");
    let mut zip = ZipWriter::new(scratch()?).set_auto_large_file();
    let options = SimpleFileOptions::default();
    let mut parts = Vec::new();
    for part in Part::ALL.iter().copied() {
        let mut file = scratch()?;
        write_part(runtime, &media.db, user, part, &mut file)?;
        let name = format!("data/{}.json", part.name());
        zip.start_file(name, options).context("export")?;
        copy(&mut file, &mut zip)?;
        parts.push((part, file));
    }
    write_pictures(runtime, media, user, &mut zip)?;
    let (head, tail) = PAGE.split_once(DATA_HERE).unwrap_or((PAGE, ""));
    zip.start_file("index.html", options).context("export")?;
    zip.write_all(head.as_bytes()).context("export")?;
    for (part, mut file) in parts {
        let open = format!("<script type=\"application/json\" id=\"{}\">", part.name());
        zip.write_all(open.as_bytes()).context("export")?;
        copy(&mut file, &mut zip)?;
        zip.write_all(b"</script>\n").context("export")?;
    }
    zip.write_all(tail.as_bytes()).context("export")?;
    let mut file = zip.finish().context("export")?;
    let length = file.seek(SeekFrom::End(0)).context("export")?;
    file.rewind().context("export")?;
    Ok((file, length))
}

/// One file of data: a list, of which some rows are read at a time.
fn write_part(runtime: &Handle, db: &Db, user: UserId, part: Part, file: &mut File) -> AppResult<()> {
    let mut out = Escaped::new(std::io::BufWriter::new(file));
    out.write_all(b"[").context("export")?;
    let mut place = store::Place::default();
    let mut first = true;
    loop {
        let Page { rows, next } =
            runtime.block_on(db.read(move |conn| Ok(store::page(conn, user, part, place, PAGE_SIZE)?)))?;
        for row in rows {
            out.write_all(if first { b"\n" } else { b",\n" })
                .context("export")?;
            first = false;
            serde_json::to_writer(&mut out, &row).context("export")?;
        }
        match next {
            Some(next) => place = next,
            None => break,
        }
    }
    out.write_all(b"\n]\n").context("export")?;
    Ok(out.flush().context("export")?)
}

/// The pictures and films themselves, one after the other, each a little at a time.
fn write_pictures(runtime: &Handle, media: &Media, user: UserId, zip: &mut ZipWriter<File>) -> AppResult<()> {
    // They are compressed already.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut above = 0;
    loop {
        let list = move |conn: &mut Conn| pictures::list_all(conn, user, above, PAGE_SIZE);
        let rows = runtime.block_on(media.db.read(list))?;
        let Some(last) = rows.last() else { return Ok(()) };
        above = last.id().get();
        for row in &rows {
            let path = pictures::path(&row.storage_key, Variant::Full);
            // One that was removed in this moment is left out.
            let Some(mut found) = runtime.block_on(media.store.get(&path, None))? else {
                continue;
            };
            zip.start_file(store::account::picture_file(row), options)
                .context("export")?;
            while let Some(bytes) = runtime.block_on(found.bytes.next()) {
                zip.write_all(&bytes.context("export")?).context("export")?;
            }
        }
    }
}

fn copy(from: &mut File, to: &mut impl Write) -> AppResult<()> {
    from.rewind().context("export")?;
    std::io::copy(from, to).context("export")?;
    Ok(())
}
