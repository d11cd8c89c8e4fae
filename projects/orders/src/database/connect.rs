//! Pools with limits: on how long to wait for a connection, for a lock, and for a statement.

use std::str::FromStr;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::Pool;
use crate::{Error, Settings};

pub(super) async fn connect(settings: &Settings) -> Result<Pool, Error> {
    match settings.url.split_once(':') {
        Some(("sqlite", _)) => sqlite(settings).await,
        Some(("postgres" | "postgresql", _)) => postgres(settings).await,
        _ => Err(Error::Settings(
            "the URL should begin with sqlite: or postgres:",
        )),
    }
}

async fn sqlite(settings: &Settings) -> Result<Pool, Error> {
    if settings.url.contains(":memory:") || settings.url.contains("mode=memory") {
        return Err(Error::Settings(
            "a database in memory ends with its connection: use a file",
        ));
    }
    let options = SqliteConnectOptions::from_str(&settings.url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(settings.lock_timeout);
    let keeps_wal = switch_to_wal(&options, settings.lock_timeout).await?;
    let limit = settings.statement_timeout;
    let pool = pool_options(settings)
        .after_connect(move |connection, _| interrupt_after(connection, limit))
        .before_acquire(move |connection, _| {
            Box::pin(async move {
                interrupt_after(connection, limit).await?;
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    keeps_wal.close().await?;
    Ok(Pool::Sqlite(pool))
}

/// In this mode, readers and the writer do not wait for each other. The file keeps it. To switch, a connection must be alone, and
/// SQLite does not wait for that, whatever the lock timeout is: of processes that start together, one would fail.
async fn switch_to_wal(
    options: &SqliteConnectOptions,
    limit: Duration,
) -> Result<SqliteConnection, Error> {
    let deadline = Instant::now() + limit;
    let options = options.clone().journal_mode(SqliteJournalMode::Wal);
    loop {
        match options.connect().await.map_err(Error::from) {
            Err(Error::Busy(_)) if Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            connected => return connected,
        }
    }
}

/// SQLite has no setting for this. It calls a handler every thousand of its instructions, and stops when it returns `false`.
fn interrupt_after(
    connection: &mut SqliteConnection,
    limit: Duration,
) -> BoxFuture<'_, sqlx::Result<()>> {
    Box::pin(async move {
        let deadline = Instant::now() + limit;
        let mut handle = connection.lock_handle().await?;
        handle.set_progress_handler(1000, move || Instant::now() < deadline);
        Ok(())
    })
}

async fn postgres(settings: &Settings) -> Result<Pool, Error> {
    let milliseconds = |limit: Duration| limit.as_millis().to_string();
    let options = PgConnectOptions::from_str(&settings.url)?.options([
        (
            "statement_timeout",
            milliseconds(settings.statement_timeout),
        ),
        ("lock_timeout", milliseconds(settings.lock_timeout)),
        // The server ends a transaction that waits for its client: its locks would be held for as long as the client likes.
        (
            "idle_in_transaction_session_timeout",
            milliseconds(settings.statement_timeout),
        ),
    ]);
    let pool = pool_options(settings).connect_with(options).await?;
    Ok(Pool::Postgres(pool))
}

fn pool_options<DB: sqlx::Database>(settings: &Settings) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(settings.max_connections)
        .acquire_timeout(settings.acquire_timeout)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDLESS: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    #[tokio::test]
    async fn sqlite_interrupts_a_statement_and_goes_on_with_the_connection() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = Settings {
            max_connections: 1,
            statement_timeout: Duration::from_millis(50),
            ..Settings::new(format!(
                "sqlite:{}",
                folder.path().join("orders.db").display()
            ))
        };
        let Pool::Sqlite(pool) = connect(&settings).await? else {
            unreachable!("the URL is of SQLite");
        };
        // The first time, the connection is new; after that, it comes from the pool.
        for _ in 0..3 {
            let error = sqlx::query(ENDLESS)
                .execute(&pool)
                .await
                .expect_err("it never ends");
            assert!(matches!(error.into(), Error::StatementTimeout(_)));
            sqlx::query("SELECT 1").execute(&pool).await?;
        }
        Ok(())
    }
}
