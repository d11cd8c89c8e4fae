use futures::future::join_all;
use orders::{Database, Error, Settings};
use sqlx::{PgPool, SqlitePool};

use crate::support::{Cluster, Test, on_both_databases};

on_both_databases!(
    migrations_that_were_applied_are_skipped,
    an_edited_migration_is_refused
);

async fn migrations_that_were_applied_are_skipped(test: Test) {
    let id = test.users(1, 100).await[0];
    test.database.migrate().await.unwrap();
    assert_eq!(test.database.balance(id).await.unwrap(), 100);
}

async fn an_edited_migration_is_refused(test: Test) {
    let edit = "UPDATE _sqlx_migrations SET description = 'x', checksum = '' WHERE version = 2";
    if test.is_postgres() {
        let pool = PgPool::connect(&test.settings.url).await.unwrap();
        sqlx::query(edit).execute(&pool).await.unwrap();
    } else {
        let pool = SqlitePool::connect(&test.settings.url).await.unwrap();
        sqlx::query(edit).execute(&pool).await.unwrap();
    }
    // The second call would wait forever if the first one had left the lock in the pool.
    for _ in 0..2 {
        let refused = test.database.migrate().await;
        assert!(matches!(refused, Err(Error::Migrate(_))), "{refused:?}");
    }
}

async fn processes_that_start_together_migrate_once(settings: Settings) {
    let databases = join_all((0..4).map(|_| Database::connect(&settings))).await;
    let migrated = join_all(databases.iter().map(|database| async {
        match database {
            Ok(database) => database
                .migrate()
                .await
                .map_err(|error| format!("{error:?}")),
            Err(error) => Err(format!("{error:?}")),
        }
    }));
    assert_eq!(migrated.await, [const { Ok(()) }; 4]);
}

#[tokio::test]
async fn processes_that_start_together_migrate_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("orders.db").display());
    processes_that_start_together_migrate_once(Settings::new(url)).await;
}

#[tokio::test]
async fn processes_that_start_together_migrate_once_on_postgres() {
    let Some(cluster) = Cluster::get() else {
        return;
    };
    processes_that_start_together_migrate_once(Settings::new(cluster.create_database().await))
        .await;
}

#[tokio::test]
async fn a_database_in_memory_is_refused() {
    for url in [
        "sqlite::memory:",
        "sqlite:orders?mode=memory",
        "mysql://localhost/orders",
        "orders.db",
    ] {
        let refused = Database::connect(&Settings::new(url)).await;
        assert!(
            matches!(refused, Err(Error::Settings(_))),
            "{url}: {refused:?}"
        );
    }
}
