//! PostgreSQL, Redis, Hearth nodes and a balancer of one's own, on free ports of the loopback interface: made in
//! a second or two, to be killed, frozen and started again as a test likes, and gone afterwards.
//!
//! They go whatever happens to the program that made them. Each has a folder of its own under `/tmp`, and beside it runs a small shell that waits for the end of its standard input, which the
//! program holds open (`keeper.rs`). Everything blocks; from an async test call it in a thread of its own.

mod balancer;
mod command;
mod keeper;
mod node;
mod port;
mod postgres;
mod program;
mod redis;
mod redis_cluster;

pub use balancer::Balancer;
pub use node::{Hearth, Node};
pub use postgres::Postgres;
pub use redis::{Redis, Settings as RedisSettings};
pub use redis_cluster::RedisCluster;
