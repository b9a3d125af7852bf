//! What every feature stands on, and what knows no feature: configuration, database, errors, identity of the
//! caller, limits, the outermost layer of HTTP.

pub mod assets;
pub mod clock;
pub mod config;
pub mod cursor;
pub mod db;
pub mod drain;
pub mod error;
pub mod extract;
pub mod health;
pub mod ids;
pub mod jobs;
pub mod mail;
pub mod media_store;
pub mod nodes;
pub mod openapi;
pub mod passwords;
pub mod push;
pub mod rate_limit;
pub mod realtime;
pub mod redis;
pub mod reply;
pub mod routes;
pub mod secrets;
pub mod telemetry;
pub mod tokens;
pub mod upload;
pub mod web;
