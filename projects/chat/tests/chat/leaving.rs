//! However a session ends, the other members are told once, and why.

use std::time::Duration;

use chat::{Limits, Why};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Running, heard, limits, start, text, within};

#[tokio::test]
async fn by_a_close_frame() {
    let running = start(limits()).await;
    let observer = running.observer();
    let bob = running.join("bob").await;
    within(bob.close()).await.expect("closes");
    observer.sees_one_visit(&running, "bob", Why::Closed).await;
}

#[tokio::test]
async fn by_the_end_of_the_connection() {
    let running = start(limits()).await;
    let observer = running.observer();
    drop(running.join("bob").await);
    observer.sees_one_visit(&running, "bob", Why::Lost).await;
}

#[tokio::test]
async fn by_a_reset_of_the_connection() {
    let running = start(limits()).await;
    let observer = running.observer();
    let mut bob = running.socket().await;
    bob.join("bob").await;
    bob.tcp().set_zero_linger().expect("can be set");
    until_joined(&running).await;
    drop(bob);
    observer.sees_one_visit(&running, "bob", Why::Lost).await;
}

#[tokio::test]
async fn by_silence() {
    let short = Limits {
        ping_every: Duration::from_millis(50),
        ..limits()
    };
    let running = start(short).await;
    let observer = running.observer();
    let mut bob = running.socket().await;
    bob.join("bob").await; // and answers no pings, because it is not polled
    observer.sees_one_visit(&running, "bob", Why::Silent).await;
}

#[tokio::test]
async fn by_a_broken_rule() {
    let running = start(limits()).await;
    let observer = running.observer();
    let mut bob = running.socket().await;
    bob.join("bob").await;
    bob.text("no JSON").await;
    assert_eq!(bob.closed().await.0, 1008);
    observer.sees_one_visit(&running, "bob", Why::Refused).await;
}

#[tokio::test]
async fn by_the_end_of_the_server() {
    let running = start(limits()).await;
    let observer = running.observer();
    let mut bob = running.socket().await;
    bob.join("bob").await;
    until_joined(&running).await;
    running.stop.cancel();
    observer.sees_one_visit(&running, "bob", Why::Stopped).await;
}

#[tokio::test]
async fn by_reading_too_slowly_while_the_others_go_on() {
    let running = start(Limits {
        queue: 8,
        message: 64 * 1024,
        ..limits()
    })
    .await;
    let mut ann = running.join("ann").await;
    let mut bob = running.socket().await;
    bob.join("bob").await; // and reads nothing
    until(&running, &["ann", "bob"]).await;

    let long = text(&"x".repeat(60 * 1024));
    let mut sent = 0;
    while running.chat.members(&"lobby".parse().expect("valid")).len() == 2 {
        ann.say(long.clone()).await.expect("is sent");
        heard(&mut ann).await;
        sent += 1;
        assert!(sent < 2_000, "bob was never removed");
    }
    // Ann has received all of them, and bob is told why he received no more.
    ann.say(text("still here")).await.expect("is sent");
    assert_eq!(heard(&mut ann).await.1, "still here");
    assert_eq!(bob.closed().await, (1008, "you read too slowly".to_owned()));
}

#[tokio::test]
async fn a_peer_that_says_nothing_but_answers_pings_stays() {
    let short = Limits {
        ping_every: Duration::from_millis(50),
        ..limits()
    };
    let running = start(short).await;
    let mut bob = running.join("bob").await;
    let silent = tokio::time::timeout(Duration::from_millis(500), bob.next()).await;
    assert!(silent.is_err(), "{silent:?}");
}

#[tokio::test]
async fn a_peer_that_never_joins_is_closed() {
    let short = Limits {
        join_within: Duration::from_millis(50),
        ..limits()
    };
    let running = start(short).await;
    let mut peer = running.socket().await;
    peer.send(Message::Ping(Vec::new().into())).await;
    assert_eq!(peer.closed().await, (1008, "join first".to_owned()));
}

async fn until_joined(running: &Running) {
    until(running, &["bob", "observer"]).await;
}

async fn until(running: &Running, expected: &[&str]) {
    let lobby = "lobby".parse().expect("valid");
    let joined = async {
        while running
            .chat
            .members(&lobby)
            .iter()
            .map(chat::Name::as_str)
            .ne(expected.iter().copied())
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    within(joined).await;
}
