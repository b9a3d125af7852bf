//! Who may ask, see and find a person. Each decides for themselves.
//!
//! Owns the table `privacy_settings`. What must hold: who has no row has the settings of
//! `PrivacySettings::default`; the queries that leave people out by SQL say the same.

pub mod http;
pub mod service;
pub mod store;
