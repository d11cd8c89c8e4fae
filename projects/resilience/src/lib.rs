//! Resilience: what a client and a server do so that a failure of one does not take the other down.
//!
//! Each idea is a function or a type that knows nothing about HTTP: [`retry`], [`RetryBudget`], [`CircuitBreaker`],
//! [`hedge`]. [`layers`] wraps them as `tower` layers around a reqwest client, [`upstream`] is a server that sheds load and
//! keeps deadlines, and [`simulation`] shows in virtual time what 200 clients do to an upstream that degrades.

mod backoff;
mod breaker;
mod budget;
mod hedge;
pub mod layers;
mod retry;
mod retry_after;
pub mod simulation;
pub mod upstream;

pub use backoff::Backoff;
pub use breaker::{CircuitBreaker, Open, State};
pub use budget::RetryBudget;
pub use fastrand::Rng;
pub use hedge::hedge;
pub use retry::{Failure, RetryError, RetryPolicy, retry};
pub use retry_after::retry_after;
