//! The layers around a real client, over sockets on loopback.

use std::num::NonZeroU32;
use std::time::Duration;

use reqwest::{Client, Method, Request, Response};
use resilience::layers::{Call, CallError, Settings, stack};
use resilience::upstream::{Behavior, Upstream};
use resilience::{Backoff, RetryPolicy};
use tokio::time::Instant;
use tower::ServiceExt;

const LONG: Duration = Duration::from_secs(60);

fn settings() -> Settings {
    Settings {
        retry: RetryPolicy {
            attempts: 3,
            backoff: Backoff {
                base: Duration::from_millis(1),
                cap: Duration::from_millis(10),
            },
        },
        pause: LONG,
        hedge: LONG,
        ..Settings::default()
    }
}

fn call(upstream: &Upstream, method: Method, left: Duration) -> Call {
    let url = upstream.url().parse().expect("it is a URL");
    Call {
        request: Request::new(method, url),
        deadline: Instant::now() + left,
    }
}

async fn send(settings: Settings, call: Call) -> Result<Response, CallError> {
    let client = Client::builder().no_proxy().build();
    let client = client.expect("a client without TLS needs nothing");
    stack(client, settings).oneshot(call).await
}

async fn upstream() -> Upstream {
    Upstream::start(64).await.expect("there is a free port")
}

#[tokio::test]
async fn retries_until_the_upstream_answers() {
    let upstream = upstream().await;
    upstream.next(&[Behavior::status(503), Behavior::status(502)]);
    let response = send(settings(), call(&upstream, Method::GET, LONG)).await;
    assert_eq!(response.expect("an answer").status(), 200);
    assert_eq!(upstream.requests(), 3);
}

#[tokio::test]
async fn a_post_is_sent_once() {
    let upstream = upstream().await;
    upstream.set(Behavior::status(503));
    let response = send(settings(), call(&upstream, Method::POST, LONG)).await;
    assert_eq!(response.expect("an answer").status(), 503);
    assert_eq!(upstream.requests(), 1);
}

#[tokio::test]
async fn a_post_with_an_idempotency_key_is_sent_again() {
    let upstream = upstream().await;
    upstream.next(&[Behavior::status(503)]);
    let mut call = call(&upstream, Method::POST, LONG);
    let key = "order-17".parse().expect("a header");
    call.request.headers_mut().insert("idempotency-key", key);
    let response = send(settings(), call).await;
    assert_eq!(response.expect("an answer").status(), 200);
    assert_eq!(upstream.requests(), 2);
}

#[tokio::test]
async fn a_status_that_will_not_pass_is_not_tried_again() {
    for status in [400, 404, 500] {
        let upstream = upstream().await;
        upstream.set(Behavior::status(status));
        let response = send(settings(), call(&upstream, Method::GET, LONG)).await;
        assert_eq!(response.expect("an answer").status(), status);
        assert_eq!(upstream.requests(), 1, "{status}");
    }
}

#[tokio::test]
async fn does_not_wait_longer_than_until_the_deadline() {
    let upstream = upstream().await;
    upstream.set(Behavior {
        retry_after: Some(3_600),
        ..Behavior::status(503)
    });
    let response = send(settings(), call(&upstream, Method::GET, LONG)).await;
    assert_eq!(response.expect("an answer").status(), 503);
    assert_eq!(upstream.requests(), 1);
}

#[tokio::test]
async fn waits_as_long_as_the_upstream_asks() {
    let upstream = upstream().await;
    upstream.next(&[Behavior {
        retry_after: Some(1),
        ..Behavior::status(503)
    }]);
    let start = Instant::now();
    let response = send(settings(), call(&upstream, Method::GET, LONG)).await;
    assert_eq!(response.expect("an answer").status(), 200);
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_budget_limits_the_retries_of_all_calls() {
    let upstream = upstream().await;
    upstream.set(Behavior::status(503));
    let settings = Settings {
        failures: NonZeroU32::MAX,
        ..settings()
    };
    let client = Client::builder().no_proxy().build().expect("a client");
    let service = stack(client, settings);
    for _ in 0..50 {
        let response = service.clone().oneshot(call(&upstream, Method::GET, LONG));
        assert_eq!(response.await.expect("an answer").status(), 503);
    }
    let retries = upstream.requests() - 50;
    assert!((10..=15).contains(&retries), "{retries} retries");
}

#[tokio::test]
async fn the_breaker_opens_for_all_clones_and_closes_after_a_probe() {
    let upstream = upstream().await;
    upstream.set(Behavior::status(500));
    let settings = Settings {
        failures: NonZeroU32::new(3).expect("3 is not 0"),
        pause: Duration::from_secs(2),
        ..settings()
    };
    let client = Client::builder().no_proxy().build().expect("a client");
    let service = stack(client, settings);
    let send = async || {
        let call = call(&upstream, Method::GET, LONG);
        service.clone().oneshot(call).await
    };
    for _ in 0..3 {
        assert_eq!(send().await.expect("an answer").status(), 500);
    }
    assert!(matches!(send().await, Err(CallError::Open(_))));
    assert_eq!(upstream.requests(), 3);
    upstream.set(Behavior::HEALTHY);
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    for _ in 0..2 {
        assert_eq!(send().await.expect("an answer").status(), 200);
    }
}

#[tokio::test]
async fn a_slow_request_is_sent_twice_and_the_loser_is_dropped() {
    let upstream = upstream().await;
    upstream.next(&[Behavior {
        takes: LONG,
        ..Behavior::HEALTHY
    }]);
    let settings = Settings {
        hedge: Duration::from_millis(50),
        ..settings()
    };
    let response = send(settings, call(&upstream, Method::GET, LONG)).await;
    assert_eq!(response.expect("an answer").status(), 200);
    assert_eq!((upstream.requests(), upstream.finished()), (2, 1));
}

#[tokio::test]
async fn a_slow_post_is_not_sent_twice() {
    let upstream = upstream().await;
    upstream.set(Behavior {
        takes: Duration::from_millis(200),
        ..Behavior::HEALTHY
    });
    let settings = Settings {
        hedge: Duration::from_millis(20),
        ..settings()
    };
    let response = send(settings, call(&upstream, Method::POST, LONG)).await;
    assert_eq!(response.expect("an answer").status(), 200);
    assert_eq!(upstream.requests(), 1);
}

#[tokio::test]
async fn the_deadline_travels_to_the_upstream() {
    let upstream = upstream().await;
    let response = send(settings(), call(&upstream, Method::GET, LONG)).await;
    assert!(response.is_ok());
    let left = upstream.last_timeout();
    assert!((30_000..=60_000).contains(&left), "{left} ms");
}

#[tokio::test]
async fn no_request_is_sent_after_the_deadline() {
    let upstream = upstream().await;
    let result = send(settings(), call(&upstream, Method::GET, Duration::ZERO)).await;
    assert!(matches!(result, Err(CallError::Deadline)));
    assert_eq!(upstream.requests(), 0);
}
