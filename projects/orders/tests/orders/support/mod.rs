//! A database for each test, and what tests have in common.

mod locked;
mod postgres;
mod server;

use std::time::Duration;

use orders::{Database, NewUser, Settings};
use tempfile::TempDir;

pub use locked::Locked;
pub use postgres::Cluster;
pub use server::Server;

/// An empty database with its tables.
pub struct Test {
    pub database: Database,
    pub settings: Settings,
    _folder: Option<TempDir>,
}

impl Test {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = Settings::new(format!(
            "sqlite:{}",
            folder.path().join("orders.db").display()
        ));
        Self::new(settings, Some(folder)).await
    }

    /// `None` if Postgres is not installed.
    pub async fn postgres() -> Option<Self> {
        let cluster = Cluster::get()?;
        let settings = Settings::new(cluster.create_database().await);
        Some(Self::new(settings, None).await)
    }

    async fn new(settings: Settings, folder: Option<TempDir>) -> Self {
        // Limits that no test reaches on a busy machine, except those that set their own.
        let long = Duration::from_secs(60);
        let settings = Settings {
            acquire_timeout: long,
            statement_timeout: long,
            lock_timeout: long,
            ..settings
        };
        let database = Database::connect(&settings).await.expect("a database");
        database.migrate().await.expect("tables");
        Self {
            database,
            settings,
            _folder: folder,
        }
    }

    pub fn is_postgres(&self) -> bool {
        self.database.name() == "postgres"
    }

    /// Another pool over the same database.
    pub async fn with(&self, change: impl FnOnce(&mut Settings)) -> Database {
        let mut settings = self.settings.clone();
        change(&mut settings);
        Database::connect(&settings).await.expect("another pool")
    }

    /// Stores `count` users with this balance, and returns their ids.
    pub async fn users(&self, count: usize, balance: i64) -> Vec<i64> {
        let mut ids = Vec::new();
        for number in 0..count {
            let id = self
                .database
                .create_user(&new_user(number))
                .await
                .expect("a user")
                .id;
            if balance > 0 {
                self.database.deposit(id, balance).await.expect("a deposit");
            }
            ids.push(id);
        }
        ids
    }
}

pub fn new_user(number: usize) -> NewUser {
    NewUser {
        name: format!("User {number}"),
        email: format!("user-{number}@example.org"),
    }
}

/// Waits until all connections are back in the pool. A statement that was dropped is waited for by its connection.
pub async fn until_idle(database: &Database) {
    until(|| {
        let state = database.pool_state();
        state.idle == state.connections as usize
    })
    .await;
}

/// Waits until something is so that has no event.
pub async fn until(mut is_so: impl FnMut() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .expect("it should become so");
}

/// A test for each of the functions, on each of the databases.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test($crate::support::Test::sqlite().await).await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                if let Some(test) = $crate::support::Test::postgres().await {
                    super::$test(test).await;
                }
            })+
        }
    };
}
pub(crate) use on_both_databases;
