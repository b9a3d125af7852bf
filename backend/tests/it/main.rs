//! The server's integration tests: one binary, one file per subject. Every story runs on SQLite; and when
//! `HEARTH_TEST_POSTGRES_URL` names a server, on PostgreSQL, with two nodes when `HEARTH_TEST_REDIS_URL` names one too.
//! Each time in a database of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod support;

mod accounts;
mod administration;
mod attachments;
mod auth;
mod authorization;
mod blocks;
mod cluster;
mod conversation_settings;
mod conversations;
mod cut;
mod database;
mod errors;
mod example;
mod feed;
mod friends;
mod groups;
mod history;
mod inversion;
mod jobs;
mod live;
mod load;
mod media;
mod message_requests;
mod message_search;
mod messages;
mod missed;
mod mutes;
mod nodes;
mod notifications;
mod outages;
mod pins;
mod post_media;
mod posts;
mod privacy;
mod process;
mod profiles;
mod reactors;
mod replicas;
mod retries;
mod saved;
mod search;
mod sharing;
mod silent;
mod slow;
mod socket;
mod suggestions;
mod tags;
mod talk;
mod tls;
mod token_states;
mod users;
mod visibility;
mod web;
mod writer;
