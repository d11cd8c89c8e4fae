use std::time::Duration;

use orders::{Error, Limits};
use serde_json::json;

use crate::support::{Locked, Server, Test, on_both_databases, until_idle};
use crate::transfers::transfer;

on_both_databases!(
    a_lock_is_not_waited_for_forever,
    a_request_that_takes_too_long_changes_nothing
);

async fn a_lock_is_not_waited_for_forever(test: Test) {
    let ids = test.users(2, 1000).await;
    let database = test
        .with(|settings| settings.lock_timeout = Duration::from_millis(50))
        .await;
    let locked = Locked::account(&test, ids[1]).await;
    let refused = database.transfer(&transfer("k", ids[0], ids[1], 1)).await;
    assert!(matches!(refused, Err(Error::Busy(_))), "{refused:?}");
    locked.release().await;
    assert_eq!(database.balance(ids[0]).await.unwrap(), 1000);
    database
        .transfer(&transfer("k", ids[0], ids[1], 1))
        .await
        .unwrap();
}

async fn a_request_that_takes_too_long_changes_nothing(test: Test) {
    let ids = test.users(2, 1000).await;
    let limits = Limits {
        request_timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = Server::with_limits(&test.database, limits).await;
    let locked = Locked::account(&test, ids[1]).await;
    let body = json!({ "key": "k", "payer": ids[0], "payee": ids[1], "cents": 100 });
    let (status, answer) = server.post("/transfers", body).await;
    assert_eq!(
        (status, answer),
        (503, json!({ "error": "the request took too long" }))
    );
    locked.release().await;
    until_idle(&test.database).await;
    assert_eq!(test.database.balance(ids[0]).await.unwrap(), 1000);
}

/// SQLite's counterpart is a unit test, because no call of the library runs for that long.
#[tokio::test]
async fn postgres_ends_a_statement_that_takes_too_long() {
    let Some(test) = Test::postgres().await else {
        return;
    };
    let ids = test.users(2, 1000).await;
    let database = test
        .with(|settings| {
            settings.statement_timeout = Duration::from_millis(100);
            settings.lock_timeout = Duration::from_secs(60);
        })
        .await;
    let locked = Locked::account(&test, ids[1]).await;
    let ended = database.transfer(&transfer("k", ids[0], ids[1], 1)).await;
    assert!(
        matches!(ended, Err(Error::StatementTimeout(_))),
        "{ended:?}"
    );
    locked.release().await;
    assert_eq!(test.database.balance(ids[0]).await.unwrap(), 1000);
}
