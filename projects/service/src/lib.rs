//! A service that accepts jobs over HTTP, keeps them in a journal, and runs them in the background.
//!
//! It is the program of the chapter about production: [`run`] starts the parts in order, serves, and stops them in reverse
//! order. Replace [`jobs`] and [`http`] by what your service does; the rest is the same for most services.

mod background;
pub mod config;
pub mod health;
pub mod http;
pub mod jobs;
pub mod journal;
mod lifecycle;
pub mod logs;
pub mod requests;
#[cfg(unix)]
pub mod signals;
pub mod summary;
pub mod supervise;

pub use config::{Config, Mistakes};
pub use health::{Health, Phase};
pub use lifecycle::{Failure, run};
pub use supervise::{GaveUp, Policy, supervise};
