//! How to reach the database, and how long to wait for it.

use std::time::Duration;

/// Which database to use, with which pool and which limits.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`. An SQLite file is created if there is none. A database in memory is
    /// refused, because it would be lost with the connection.
    pub url: String,
    /// The size of the pool. The default is 5.
    pub max_connections: u32,
    /// How long a caller waits for a connection. The default is 3 seconds.
    pub acquire_timeout: Duration,
    /// When the database ends a statement. On SQLite, it limits all statements between taking a connection out of the pool and
    /// returning it. The default is 5 seconds.
    pub statement_timeout: Duration,
    /// How long a writer of SQLite waits for another writer, and how long one of Postgres waits for a lock. The default is 2 seconds.
    pub lock_timeout: Duration,
}

impl Settings {
    /// The default limits, for the database at `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 5,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(2),
        }
    }
}
