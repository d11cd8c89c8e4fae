//! What the chapter says about Postgres, where its programs show SQLite.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, SqlSafeStr};

use crate::support::{Cluster, Test};

#[tokio::test]
async fn a_failed_migration_leaves_its_lock_in_the_pool() {
    let Some(cluster) = Cluster::get() else {
        return;
    };
    let url = cluster.create_database().await;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect(&url)
        .await
        .unwrap();
    let broken = "CREATE TABLE".into_sql_str();
    let broken = Migration::new(1, "broken".into(), MigrationType::Simple, broken, false);
    Migrator::with_migrations(vec![broken])
        .run(&pool)
        .await
        .unwrap_err();

    let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let observer = PgPool::connect(&url).await.unwrap();
    let held: i64 = sqlx::query_scalar(locks)
        .fetch_one(&observer)
        .await
        .unwrap();
    assert_eq!((held, pool.size()), (1, 1));
    pool.close().await;
    let mut held = held;
    while held > 0 {
        held = sqlx::query_scalar(locks)
            .fetch_one(&observer)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_read_that_becomes_a_write_loses_an_update() {
    let Some(test) = Test::postgres().await else {
        return;
    };
    let user = test.users(1, 1000).await[0];
    let pool = PgPool::connect(&test.settings.url).await.unwrap();
    let read = "SELECT balance FROM accounts WHERE user_id = $1";
    let write = "UPDATE accounts SET balance = $1 WHERE user_id = $2";
    let (mut first, mut second) = (pool.begin().await.unwrap(), pool.begin().await.unwrap());
    let one: i64 = sqlx::query_scalar(read)
        .bind(user)
        .fetch_one(&mut *first)
        .await
        .unwrap();
    let two: i64 = sqlx::query_scalar(read)
        .bind(user)
        .fetch_one(&mut *second)
        .await
        .unwrap();
    for (mut transaction, balance) in [(first, one - 100), (second, two - 200)] {
        sqlx::query(write)
            .bind(balance)
            .bind(user)
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
    // 1000 - 100 - 200 would be 700.
    assert_eq!(test.database.balance(user).await.unwrap(), 800);
}
