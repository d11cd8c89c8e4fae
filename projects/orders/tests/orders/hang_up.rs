use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use orders::{Limits, router};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::support::{Locked, Test, on_both_databases, until_idle};

on_both_databases!(a_client_that_hangs_up_in_a_transaction_changes_nothing);

/// Sends a message when the handler that owns it is dropped.
struct Guard(mpsc::UnboundedSender<()>);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

async fn a_client_that_hangs_up_in_a_transaction_changes_nothing(test: Test) {
    let ids = test.users(2, 1000).await;
    let (dropped, mut drops) = mpsc::unbounded_channel();
    let guarded = router(test.database.clone(), Limits::default()).layer(from_fn(
        move |request: Request, next: Next| {
            let guard = Guard(dropped.clone());
            async move {
                let _guard = guard;
                next.run(request).await
            }
        },
    ));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, guarded).await });

    // On Postgres, the transfer has changed the first account when it waits for the second.
    let locked = Locked::account(&test, ids[1]).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    let body = json!({ "key": "k", "payer": ids[0], "payee": ids[1], "cents": 100 }).to_string();
    let request = format!(
        "POST /transfers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    client.write_all(request.as_bytes()).await.unwrap();
    locked.until_waited_for(&test.database).await;
    drop(client);
    drops.recv().await.unwrap();

    locked.release().await;
    until_idle(&test.database).await;
    for id in ids {
        assert_eq!(test.database.balance(id).await.unwrap(), 1000);
    }
    server.abort();
}
