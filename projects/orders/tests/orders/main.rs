//! The library and the API over real databases: SQLite in a file, and a Postgres server of the tests' own.

mod api;
mod cancellation;
mod differences;
mod hang_up;
mod migrations;
mod orders;
mod pools;
mod server_limit;
mod support;
mod timeouts;
mod transfers;
mod users;
