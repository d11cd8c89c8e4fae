//! Your answers to the exercises, one file for each chapter of the book.
//!
//! Replace a `todo!()` with your code, change nothing in the signature above it, then ask for the
//! verdict: `cargo workbook` grades whatever you save, and `cargo workbook check gather/fetch_all` one
//! exercise. A failing test says what it saw and what that usually means.
//! You may add imports, functions and types of your own.

#![allow(
    unused_mut,
    unused_variables,
    reason = "a stub does not use its parameters yet"
)]

pub mod blocking;
pub mod cancellation;
pub mod cleanup;
pub mod database;
pub mod errors;
pub mod event_loop;
pub mod futures;
pub mod gather;
pub mod locks;
pub mod production;
pub mod queues;
pub mod resilience;
pub mod scraper;
pub mod semaphores;
pub mod streams;
pub mod tasks;
pub mod testing;
pub mod timeouts;
pub mod websockets;

/// The locks, atomics and threads for what you make by hand. The graders can try every interleaving of what is
/// made of them.
pub use grading::sync;
