//! Pictures: taken in, made harmless, kept, shown to whom they are for, and cleared away.
//!
//! Owns the table `media` and the media store. What must hold: no row without its bytes (they are safe before the
//! row is committed; bytes without a row are cleared after a day); nothing is kept that somebody sent, only what
//! was made from its pixels ([`pipeline`]); who may see a picture is decided in [`policy`], on every request.

pub mod clean;
pub mod http;
pub mod jobs;
pub mod pipeline;
pub mod policy;
pub mod service;
pub mod sign;
pub mod store;
pub mod workshop;

use std::sync::Arc;

use crate::platform::db::Db;
use crate::platform::media_store::MediaStore;
use sign::Signer;
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
    /// Bytes that one person's pictures may take.
    pub quota: u64,
}
