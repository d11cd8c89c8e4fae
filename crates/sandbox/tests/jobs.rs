//! Well-behaved and misbehaving programs, run under guards and in process.
#![cfg(target_os = "linux")]

#[path = "jobs/bytes.rs"]
mod bytes;
#[path = "jobs/cancelled.rs"]
mod cancelled;
#[path = "jobs/confined.rs"]
mod confined;
#[path = "jobs/guards.rs"]
mod guards;
#[path = "jobs/hosts.rs"]
mod hosts;
#[path = "jobs/left_behind.rs"]
mod left_behind;
#[path = "jobs/limits.rs"]
mod limits;
#[path = "jobs/plain.rs"]
mod plain;
#[path = "jobs/strangers.rs"]
mod strangers;
#[path = "jobs/support.rs"]
mod support;
#[path = "jobs/threads.rs"]
mod threads;
