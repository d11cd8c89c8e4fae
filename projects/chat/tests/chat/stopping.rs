//! The graceful stop.

use std::time::Duration;

use chat::{Client, Limits, ServeError};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::support::{close_code, limits, name, start, within};

#[tokio::test]
async fn tells_all_sessions_with_1001_and_ends() {
    let running = start(limits()).await;
    let mut clients = Vec::new();
    for number in 0..20 {
        clients.push(running.join(&format!("peer-{number}")).await);
    }
    running.stop.cancel();
    for client in &mut clients {
        assert_eq!(close_code(client).await, 1001);
    }
    within(running.server)
        .await
        .expect("no panic")
        .expect("stops");
    assert!(running.chat.members(&name("lobby")).is_empty());
}

#[tokio::test]
async fn refuses_new_connections_after_the_stop() {
    let running = start(limits()).await;
    running.stop.cancel();
    within(running.server)
        .await
        .expect("no panic")
        .expect("stops");
    let late = Client::connect(&running.url, &name("lobby"), &name("late")).await;
    late.expect_err("is refused");
}

#[tokio::test]
async fn does_not_wait_for_a_peer_that_answers_no_close_frame() {
    let running = start(limits()).await;
    let _silent = running.join("ann").await; // is not polled again
    let start = Instant::now();
    running.stop.cancel();
    within(running.server)
        .await
        .expect("no panic")
        .expect("stops");
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn gives_up_at_its_deadline() {
    let hasty = Limits {
        close_within: Duration::from_secs(60),
        stop_within: Duration::from_millis(100),
        ..limits()
    };
    let running = start(hasty).await;
    let _silent = running.join("ann").await;
    running.stop.cancel();
    let result = within(running.server).await.expect("no panic");
    assert!(
        matches!(result, Err(ServeError::Deadline { sessions: 1 })),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_connection_without_a_request_does_not_hold_it_up() {
    let running = start(limits()).await;
    let host = running.url.trim_start_matches("http://").to_owned();
    let _idle = TcpStream::connect(host).await.expect("connects");
    let _ann = running.join("ann").await;
    running.stop.cancel();
    within(running.server)
        .await
        .expect("no panic")
        .expect("stops");
}
