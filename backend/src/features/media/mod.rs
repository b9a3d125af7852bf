//! Pictures, films and other files: taken in, made harmless, kept, shown to whom they are for, and cleared away.
//!
//! Owns the tables `media`, `post_media`, `message_media`, `uploads` and `upload_pieces`, and the media store. What must
//! hold: no row without its bytes (they are safe before the row is committed; bytes without a row are cleared after a
//! day); of a picture nothing is kept that somebody sent, only what was made from its pixels ([`pipeline`]), of a film
//! nothing but what plays ([`films`]); other files are kept as they are, and only given back to be saved; who may see
//! any of them is decided in [`policy`], on every request.

pub mod clean;
pub mod films;
pub mod http;
pub mod jobs;
pub mod pipeline;
pub mod places;
pub mod policy;
pub mod service;
pub mod sign;
pub mod store;
pub mod uploads;
pub mod workshop;

use std::sync::Arc;

use crate::platform::db::Db;
use crate::platform::media_store::MediaStore;
use sign::Signer;
use uploads::dock::Dock;
use workshop::Workshop;

/// What this feature stands on.
#[derive(Clone)]
pub struct Media {
    /// The database.
    pub db: Db,
    /// The bytes.
    pub store: MediaStore,
    /// Makes addresses.
    pub signer: Arc<Signer>,
    /// Makes pictures harmless.
    pub workshop: Arc<Workshop>,
    /// Where films come in.
    pub dock: Arc<Dock>,
    /// Bytes that one person's pictures and films may take.
    pub quota: u64,
}
