//! Where the bytes of pictures and films lie: a folder, or a bucket of an S3. Names are given by the program and hold
//! nothing that a person has typed. What [`MediaStore::put`] and [`Writer::finish`] have answered survives a power
//! cut: it is written under another name, flushed, and then renamed.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use actix_web::web::Bytes;
use anyhow::Context;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};

use crate::platform::config::MediaPlace;

/// The bytes of pictures; cloning it is cheap.
#[derive(Clone)]
pub struct MediaStore {
    inner: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
}

/// Bytes of a large file that are on their way to the store together; an S3 wants at least five megabytes.
const PART: usize = 8 * 1024 * 1024;
/// Such parts that are on their way at once, beside the one that fills.
const PARTS: usize = 2;

/// A file that is written little by little. Nothing of it is there until [`Writer::finish`].
pub struct Writer {
    inner: WriteMultipart,
    name: String,
    size: u64,
}

impl Writer {
    /// Adds to its end.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let ready = self.inner.wait_for_capacity(PARTS).await;
        ready.with_context(|| format!("cannot keep {}", self.name))?;
        self.inner.write(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Makes it be there, all of it; tells how many bytes that are.
    ///
    /// # Errors
    /// When the store does not take it; then it is not there.
    pub async fn finish(self) -> anyhow::Result<u64> {
        let done = self.inner.finish().await;
        done.with_context(|| format!("cannot keep {}", self.name))?;
        Ok(self.size)
    }

    /// Gives it up.
    pub async fn abort(self) {
        if let Err(error) = self.inner.abort().await {
            tracing::warn!(
                error = format!("{error:#}"),
                "a file was not given up in the store"
            );
        }
    }
}

/// A part of a file, or all of it, as it comes out of the store.
pub struct Piece {
    /// Bytes of the whole file.
    pub size: u64,
    /// Which of them these are.
    pub range: Range<u64>,
    /// They, in pieces.
    pub bytes: BoxStream<'static, std::io::Result<Bytes>>,
}

/// A file of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// When it was written, in milliseconds since 1970, by the clock of the store.
    pub written_at: i64,
}

impl MediaStore {
    /// Opens the place; makes the folder, for the owner of the program alone, when it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made, or the variables of the bucket make no sense.
    pub fn open(place: &MediaPlace) -> anyhow::Result<Self> {
        let folder = match place {
            MediaPlace::Folder(folder) => Some(folder.clone()),
            MediaPlace::Bucket(_) => None,
        };
        let inner: Arc<dyn ObjectStore> = match place {
            MediaPlace::Folder(folder) => {
                let told = || format!("HEARTH_MEDIA_URL: cannot write into {}", folder.display());
                make_private(folder).with_context(told)?;
                Arc::new(
                    LocalFileSystem::new_with_prefix(folder)
                        .with_context(told)?
                        .with_fsync(true),
                )
            }
            MediaPlace::Bucket(url) => {
                let bucket = url.host_str().unwrap_or_default();
                let store = AmazonS3Builder::from_env()
                    .with_config(AmazonS3ConfigKey::Bucket, bucket)
                    .build()
                    .context("HEARTH_MEDIA_URL")?;
                Arc::new(PrefixStore::new(store, url.path().trim_matches('/')))
            }
        };
        Ok(Self { inner, folder })
    }

    /// Over a store that somebody else has opened.
    pub fn over(inner: Arc<dyn ObjectStore>) -> Self {
        Self { inner, folder: None }
    }

    /// Keeps a file. Nothing of it is there when this fails, or all.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        let put = self.inner.put(&Path::from(name), PutPayload::from(bytes)).await;
        put.map(drop).with_context(|| format!("cannot keep {name}"))
    }

    /// Begins a large file.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn begin(&self, name: &str) -> anyhow::Result<Writer> {
        let upload = self.inner.put_multipart(&Path::from(name)).await;
        let upload = upload.with_context(|| format!("cannot keep {name}"))?;
        Ok(Writer {
            inner: WriteMultipart::new_with_chunk_size(upload, PART),
            name: name.to_owned(),
            size: 0,
        })
    }

    /// A file, or a range of it; `None` when it is not there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn get(&self, name: &str, range: Option<Range<u64>>) -> anyhow::Result<Option<Piece>> {
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        match self.inner.get_opts(&Path::from(name), options).await {
            Ok(found) => Ok(Some(Piece {
                size: found.meta.size,
                range: found.range.clone(),
                bytes: found
                    .into_stream()
                    .map(|part| part.map_err(std::io::Error::other))
                    .boxed(),
            })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {name}")),
        }
    }

    /// The length of a file; `None` when it is not there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn size(&self, name: &str) -> anyhow::Result<Option<u64>> {
        match self.inner.head(&Path::from(name)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {name}")),
        }
    }

    /// A whole file that is known to be small; `None` when it is not there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn read(&self, name: &str) -> anyhow::Result<Option<Bytes>> {
        match self.inner.get(&Path::from(name)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {name}")),
        }
    }

    /// Removes a file; one that is not there is removed already.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn delete(&self, name: &str) -> anyhow::Result<()> {
        match self.inner.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error).with_context(|| format!("cannot remove {name}")),
        }
    }

    /// All files, in pieces.
    pub fn list(&self) -> BoxStream<'static, anyhow::Result<Found>> {
        self.list_under(None)
    }

    /// The files of a folder, in pieces.
    pub fn list_folder(&self, name: &str) -> BoxStream<'static, anyhow::Result<Found>> {
        self.list_under(Some(&Path::from(name)))
    }

    fn list_under(&self, folder: Option<&Path>) -> BoxStream<'static, anyhow::Result<Found>> {
        let found = self.inner.list(folder).map(|meta| {
            let meta = meta?;
            Ok(Found {
                name: meta.location.to_string(),
                written_at: meta.last_modified.timestamp_millis(),
            })
        });
        found.boxed()
    }

    /// Removes what a crash has left of files that were being written before a moment, and tells how many they were.
    /// Of a bucket its own rules remove them.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn clear_unfinished(&self, before: SystemTime) -> anyhow::Result<usize> {
        let Some(folder) = self.folder.clone() else {
            return Ok(0);
        };
        let work = move || remove_unfinished(folder, before);
        let removed = tokio::task::spawn_blocking(work).await?;
        removed.context("cannot clear what was left of files")
    }
}

/// `object_store` writes `name#1` and renames it when it is whole; names of ours have no `#`.
fn remove_unfinished(folder: PathBuf, before: SystemTime) -> std::io::Result<usize> {
    let mut removed = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.file_name().to_string_lossy().contains('#')
                && entry.metadata()?.modified()? < before
            {
                std::fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::memory::InMemory;

    async fn story(store: MediaStore) {
        store.put("ab/abc/full", b"0123456789".to_vec()).await.unwrap();
        let piece = store.get("ab/abc/full", Some(2..5)).await.unwrap().unwrap();
        assert_eq!((piece.size, piece.range.clone()), (10, 2..5));
        let parts: Vec<_> = piece.bytes.map(|part| part.unwrap().to_vec()).collect().await;
        assert_eq!(parts.concat(), b"234");
        assert_eq!(store.size("ab/abc/full").await.unwrap(), Some(10));
        assert_eq!(&store.read("ab/abc/full").await.unwrap().unwrap()[..2], b"01");
        let names: Vec<_> = store.list().map(|found| found.unwrap().name).collect().await;
        assert_eq!(names, ["ab/abc/full"]);
        store.delete("ab/abc/full").await.unwrap();
        let mut writer = store.begin("ab/abd/full").await.unwrap();
        let much = vec![7; PART - 1];
        for part in [much.as_slice(), b"012", &much, b""] {
            writer.write(part).await.unwrap();
            assert_eq!(
                store.size("ab/abd/full").await.unwrap(),
                None,
                "not before its end"
            );
        }
        assert_eq!(writer.finish().await.unwrap(), 2 * PART as u64 + 1);
        let piece = store
            .get("ab/abd/full", Some(PART as u64 - 2..PART as u64 + 3))
            .await
            .unwrap();
        let parts: Vec<_> = piece
            .unwrap()
            .bytes
            .map(|part| part.unwrap().to_vec())
            .collect()
            .await;
        assert_eq!(parts.concat(), b"\x07012\x07");
        let mut writer = store.begin("ab/abe/full").await.unwrap();
        writer.write(b"x").await.unwrap();
        writer.abort().await;
        let found = |folder: &str| {
            store
                .list_folder(folder)
                .map(|found| found.unwrap().name)
                .collect::<Vec<_>>()
        };
        assert_eq!(found("ab/abe").await, Vec::<String>::new());
        assert_eq!(found("ab/abd").await, ["ab/abd/full"]);
        store.delete("ab/abd/full").await.unwrap();
        store.delete("ab/abc/full").await.unwrap();
        assert!(store.get("ab/abc/full", None).await.unwrap().is_none());
        assert_eq!(store.size("ab/abc/full").await.unwrap(), None);
    }

    #[tokio::test]
    async fn in_memory() {
        story(MediaStore::over(Arc::new(InMemory::new()))).await;
    }

    #[tokio::test]
    async fn in_a_folder_that_nobody_else_reads() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("media");
        story(MediaStore::open(&MediaPlace::Folder(place.clone())).unwrap()).await;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&place).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        // As a crash leaves it.
        std::fs::create_dir_all(place.join("ab/abf")).unwrap();
        let half = place.join("ab/abf/full#1");
        std::fs::write(&half, b"half").unwrap();
        let store = MediaStore::open(&MediaPlace::Folder(place.clone())).unwrap();
        let now = std::fs::metadata(&half).unwrap().modified().unwrap();
        let hour = std::time::Duration::from_secs(3600);
        assert_eq!(store.clear_unfinished(now - hour).await.unwrap(), 0);
        assert_eq!(store.clear_unfinished(now + hour).await.unwrap(), 1);
        assert!(!half.exists());
    }
}
