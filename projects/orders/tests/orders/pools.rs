use std::time::Duration;

use orders::{Database, Error};
use serde_json::json;

use crate::support::{Locked, Server, Test, on_both_databases};
use crate::transfers::transfer;

on_both_databases!(
    a_dashboard_needs_one_connection_only,
    a_caller_of_an_empty_pool_gives_up,
    an_empty_pool_is_503_with_retry_after,
    a_closed_database_refuses_calls,
);

/// A pool of one connection, which a transfer has while it waits for a lock.
async fn emptied(test: &Test) -> (Database, Locked, tokio::task::JoinHandle<()>) {
    let ids = test.users(2, 1000).await;
    let locked = Locked::account(test, ids[1]).await;
    let database = test
        .with(|settings| {
            settings.max_connections = 1;
            settings.acquire_timeout = Duration::from_millis(500);
            settings.lock_timeout = Duration::from_secs(60);
            settings.statement_timeout = Duration::from_secs(60);
        })
        .await;
    let transfer = transfer("k", ids[0], ids[1], 1);
    let transferring = database.clone();
    let task = tokio::spawn(async move {
        transferring.transfer(&transfer).await.unwrap();
    });
    locked.until_waited_for(&database).await;
    (database, locked, task)
}

async fn a_dashboard_needs_one_connection_only(test: Test) {
    let user = test.users(1, 500).await[0];
    let database = test.with(|settings| settings.max_connections = 1).await;
    let dashboard = database.dashboard(user).await.unwrap();
    assert_eq!((dashboard.user.id, dashboard.balance), (user, 500));
    let unknown = database.dashboard(9999).await;
    assert!(
        matches!(unknown, Err(Error::NotFound("user"))),
        "{unknown:?}"
    );
}

async fn a_caller_of_an_empty_pool_gives_up(test: Test) {
    let (database, locked, transferring) = emptied(&test).await;
    let refused = database.ping().await;
    assert!(matches!(refused, Err(Error::Busy(_))), "{refused:?}");
    locked.release().await;
    transferring.await.unwrap();
    database.ping().await.unwrap();
}

async fn an_empty_pool_is_503_with_retry_after(test: Test) {
    let (database, locked, transferring) = emptied(&test).await;
    let server = Server::start(&database).await;
    let response = server.send(reqwest::Method::GET, "/health", None).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body, json!({ "error": "the database is busy" }));
    locked.release().await;
    transferring.await.unwrap();
}

async fn a_closed_database_refuses_calls(test: Test) {
    test.database.close().await;
    let refused = test.database.ping().await;
    assert!(
        matches!(refused, Err(Error::Database(sqlx::Error::PoolClosed))),
        "{refused:?}"
    );
}
