//! A second client of the database, which makes the first one wait.

use sqlx::{Connection, PgConnection, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::{Test, until};

/// The account of a user, locked by another client: on Postgres its row, on SQLite the whole database.
pub enum Locked {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres {
        transaction: Transaction<'static, Postgres>,
        url: String,
    },
}

impl Locked {
    pub async fn account(test: &Test, user: i64) -> Self {
        let url = test.settings.url.clone();
        if !test.is_postgres() {
            let pool = SqlitePool::connect(&url).await.expect("another client");
            let transaction = pool.begin_with("BEGIN IMMEDIATE").await.expect("the lock");
            return Self::Sqlite(transaction);
        }
        let pool = PgPool::connect(&url).await.expect("another client");
        let mut transaction = pool.begin().await.expect("a transaction");
        sqlx::query("SELECT balance FROM accounts WHERE user_id = $1 FOR UPDATE")
            .bind(user)
            .execute(&mut *transaction)
            .await
            .expect("the lock");
        Self::Postgres { transaction, url }
    }

    /// Waits until a connection of `database` waits for the lock.
    pub async fn until_waited_for(&self, database: &orders::Database) {
        match self {
            // From outside, a writer that waits for the lock cannot be told from one that is about to.
            Self::Sqlite(_) => {
                until(|| {
                    let state = database.pool_state();
                    state.idle < state.connections as usize
                })
                .await;
            }
            Self::Postgres { url, .. } => {
                let mut connection = PgConnection::connect(url).await.expect("a third client");
                let mut waiting: i64 = 0;
                while waiting == 0 {
                    waiting = sqlx::query_scalar(
                        "SELECT count(*) FROM pg_stat_activity \
                         WHERE datname = current_database() AND wait_event_type = 'Lock'",
                    )
                    .fetch_one(&mut connection)
                    .await
                    .expect("what others wait for");
                }
            }
        }
    }

    pub async fn release(self) {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await.expect("a rollback"),
            Self::Postgres { transaction, .. } => transaction.rollback().await.expect("a rollback"),
        }
    }
}
