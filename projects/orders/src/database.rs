//! The pool, whichever database is behind it.

mod connect;
mod migrations;

use std::future::Future;

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::{Error, Settings};

/// A pool of connections to SQLite or Postgres. Clones share the pool.
#[derive(Clone, Debug)]
pub struct Database {
    pub(crate) pool: Pool,
}

#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Evaluates an expression with the pool of `$database`, compiled once for each kind of pool. Both databases understand the
/// statements of this crate, with parameters `$1`, `$2` and so on. The alternative are generic functions with a dozen bounds each.
macro_rules! with_pool {
    ($database:expr, $pool:ident => $body:expr) => {
        match &$database.pool {
            $crate::database::Pool::Sqlite($pool) => $body,
            $crate::database::Pool::Postgres($pool) => $body,
        }
    };
}
pub(crate) use with_pool;

/// How many connections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PoolState {
    /// Open connections, whether in use or not.
    pub connections: u32,
    /// Those that are in the pool.
    pub idle: usize,
}

impl Database {
    /// Opens a pool with one connection; others are opened as they are needed.
    ///
    /// # Errors
    ///
    /// [`Error::Settings`] if the URL is of neither database, or of one in memory; otherwise the error of the connection.
    pub async fn connect(settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            pool: connect::connect(settings).await?,
        })
    }

    /// Brings the tables up to date. Processes that start at the same time wait for each other.
    ///
    /// It has a connection of its own, which it closes. On Postgres, the lock that others wait for belongs to the connection:
    /// were it one of the pool, a migration that fails would leave it there, locked.
    ///
    /// # Errors
    ///
    /// [`Error::Migrate`] if a migration fails, or if one that was applied has since been edited. On Postgres, the earlier ones
    /// are applied; on SQLite, none of them are.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it releases the lock, and leaves no migration half applied.
    pub async fn migrate(&self) -> Result<(), Error> {
        migrations::run(&self.pool).await
    }

    /// `sqlite` or `postgres`.
    pub fn name(&self) -> &'static str {
        match self.pool {
            Pool::Sqlite(_) => "sqlite",
            Pool::Postgres(_) => "postgres",
        }
    }

    /// How many connections are open, and how many of them are not in use.
    pub fn pool_state(&self) -> PoolState {
        with_pool!(self, pool => PoolState {
            connections: pool.size(),
            idle: pool.num_idle(),
        })
    }

    /// Asks the database for an answer, to see that there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if no connection is free, otherwise the error of the connection.
    pub async fn ping(&self) -> Result<(), Error> {
        with_pool!(self, pool => { sqlx::query("SELECT 1").execute(pool).await?; });
        Ok(())
    }

    /// Waits until every connection is back in the pool and closed. From the call on, all others fail.
    pub async fn close(&self) {
        with_pool!(self, pool => pool.close().await);
    }
}

/// Begins a transaction that will write.
pub(crate) trait BeginWrite {
    type Database: sqlx::Database;

    fn begin_write(
        &self,
    ) -> impl Future<Output = sqlx::Result<Transaction<'static, Self::Database>>>;
}

impl BeginWrite for SqlitePool {
    type Database = Sqlite;

    /// Takes the lock of the one writer now. A plain `BEGIN` takes it at the first write, and if another transaction has written
    /// since the first read, that fails at once, whatever the lock timeout is.
    fn begin_write(&self) -> impl Future<Output = sqlx::Result<Transaction<'static, Sqlite>>> {
        self.begin_with("BEGIN IMMEDIATE")
    }
}

impl BeginWrite for PgPool {
    type Database = Postgres;

    fn begin_write(&self) -> impl Future<Output = sqlx::Result<Transaction<'static, Postgres>>> {
        self.begin()
    }
}
