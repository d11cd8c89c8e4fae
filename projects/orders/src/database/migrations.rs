//! The tables, version by version. The files are part of the program, so that it runs anywhere.

use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{ConnectOptions, Connection, SqlSafeStr};

use super::Pool;
use crate::Error;

macro_rules! migrations {
    ($folder:literal: $($version:literal $name:literal),+) => {
        Migrator::with_migrations(vec![$(Migration::new(
            $version,
            $name.into(),
            MigrationType::Simple,
            include_str!(concat!("../../migrations/", $folder, "/", $name, ".sql")).into_sql_str(),
            false,
        )),+])
    };
}

fn sqlite() -> Migrator {
    migrations!("sqlite": 1 "0001_users", 2 "0002_orders", 3 "0003_accounts")
}

fn postgres() -> Migrator {
    migrations!("postgres": 1 "0001_users", 2 "0002_orders", 3 "0003_accounts")
}

/// Migrations may have to wait for another process that migrates, and rewrite tables.
const LIMIT: Duration = Duration::from_secs(60);

pub(super) async fn run(pool: &Pool) -> Result<(), Error> {
    match pool {
        Pool::Sqlite(pool) => {
            let options = (*pool.connect_options()).clone().busy_timeout(LIMIT);
            let mut connection = options.connect().await?;
            // sqlx takes no lock on SQLite. A transaction that writes keeps other processes out, and the migrations in it are
            // savepoints.
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            sqlite().run(&mut *transaction).await?;
            transaction.commit().await?;
            connection.close().await?;
        }
        Pool::Postgres(pool) => {
            let limit = LIMIT.as_millis().to_string();
            let options = (*pool.connect_options())
                .clone()
                .options([("statement_timeout", &limit), ("lock_timeout", &limit)]);
            let mut connection = options.connect().await?;
            postgres().run(&mut connection).await?;
            connection.close().await?;
        }
    }
    Ok(())
}
