//! Users, orders and transfers of money, over SQLite or Postgres.
//!
//! [`Database`] has one method for each thing that the API does, and [`serve`] is the API. Every method waits for at most one
//! connection at a time while it holds none, so a pool of one connection is slow and never stuck.
//!
//! # Cancel safety
//!
//! The methods of [`Database`] that read can be cancelled at any time. Those that write leave all of a change or none of it: what
//! is not committed when the future is dropped is rolled back. If it is dropped while the commit is on its way, the change may have
//! happened. The caller cannot know, so a transfer has a [key](Transfer::key), with which it can be sent again.
//!
//! A dropped future does not stop the statement that is running in the database. Its connection returns to the pool when the
//! statement has ended, which is at [`Settings::statement_timeout`] at the latest.

mod accounts;
mod api;
mod dashboard;
mod database;
mod error;
mod orders;
mod query_counter;
mod sample;
mod server;
mod settings;
mod users;

pub use accounts::{Outcome, Transfer};
pub use api::{Limits, router};
pub use dashboard::Dashboard;
pub use database::{Database, PoolState};
pub use error::Error;
pub use orders::{NewOrder, Order, OrderWithUser};
pub use query_counter::QueryCounter;
pub use server::serve;
pub use settings::Settings;
pub use users::{NewUser, Profile, User};
