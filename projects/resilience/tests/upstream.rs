//! The server: what is too much is refused, and what comes too late is not done.

use std::time::Duration;

use reqwest::Client;
use resilience::layers::TIMEOUT_HEADER;
use resilience::upstream::{Behavior, Upstream};
use tokio::time::Instant;

const LONG: Duration = Duration::from_secs(60);

fn client() -> Client {
    let client = Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing")
}

#[tokio::test]
async fn what_is_too_much_is_refused_at_once() {
    let upstream = Upstream::start(2).await.expect("there is a free port");
    upstream.set(Behavior {
        takes: LONG,
        ..Behavior::HEALTHY
    });
    let waiting: Vec<_> = (0..2)
        .map(|_| tokio::spawn(client().get(upstream.url()).send()))
        .collect();
    while upstream.requests() < 2 {
        tokio::task::yield_now().await;
    }
    let response = client().get(upstream.url()).send().await;
    let response = response.expect("an answer");
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(upstream.requests(), 2);
    for request in waiting {
        request.abort();
    }
}

#[tokio::test]
async fn the_handler_is_dropped_at_the_deadline_of_its_client() {
    let upstream = Upstream::start(2).await.expect("there is a free port");
    upstream.set(Behavior {
        takes: LONG,
        ..Behavior::HEALTHY
    });
    let start = Instant::now();
    let request = client().get(upstream.url()).header(TIMEOUT_HEADER, "50");
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 504);
    assert!(start.elapsed() < LONG);
    assert_eq!((upstream.requests(), upstream.finished()), (1, 0));
}

#[tokio::test]
async fn a_header_that_is_no_number_is_ignored() {
    let upstream = Upstream::start(2).await.expect("there is a free port");
    for value in ["soon", "-1", "", "99999999999999999999999"] {
        let request = client().get(upstream.url()).header(TIMEOUT_HEADER, value);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{value:?}");
    }
}

#[tokio::test]
async fn a_huge_timeout_is_no_limit() {
    let upstream = Upstream::start(2).await.expect("there is a free port");
    let request = client()
        .get(upstream.url())
        .header(TIMEOUT_HEADER, u64::MAX.to_string());
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 200);
}
