//! Where the bytes of pictures lie: a folder, or a bucket of an S3. Names are given by the program and hold
//! nothing that a person has typed. What [`MediaStore::put`] has answered survives a power cut: it is written
//! under another name, flushed, and then renamed.

use std::ops::Range;
use std::sync::Arc;

use actix_web::web::Bytes;
use anyhow::Context;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload};

use crate::platform::config::MediaPlace;

/// The bytes of pictures; cloning it is cheap.
#[derive(Clone)]
pub struct MediaStore {
    inner: Arc<dyn ObjectStore>,
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
        Ok(Self { inner })
    }

    /// Over a store that somebody else has opened.
    pub fn over(inner: Arc<dyn ObjectStore>) -> Self {
        Self { inner }
    }

    /// Keeps a file. Nothing of it is there when this fails, or all.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        let put = self.inner.put(&Path::from(name), PutPayload::from(bytes)).await;
        put.map(drop).with_context(|| format!("cannot keep {name}"))
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
        let found = self.inner.list(None).map(|meta| {
            let meta = meta?;
            Ok(Found {
                name: meta.location.to_string(),
                written_at: meta.last_modified.timestamp_millis(),
            })
        });
        found.boxed()
    }
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
    }
}
