//! The simulated web site behaves like a real one, and the same way every time.

use std::task::Poll;

use futures::future::join_all;
use futures::{FutureExt, poll};
use grading::web::{Client, NOT_FOUND_AFTER, Page, Site, WebError};
use grading::{Clock, Counted, Gauge, is_send, ms};

#[tokio::test(start_paused = true)]
async fn a_page_arrives_after_its_latency() {
    let site = Site::new().page("/a", ms(70));
    let clock = Clock::start();
    let page = site.client().get("/a").await;
    assert_eq!(clock.elapsed(), ms(70));
    let (path, body) = ("/a".to_owned(), "body of /a".to_owned());
    assert_eq!(page, Ok(Page { path, body }));
}

#[tokio::test(start_paused = true)]
async fn a_page_has_the_body_that_the_site_was_given() {
    let site = Site::new().page_with_body("/user/7", ms(50), "customer 42");
    let page = site.client().get("/user/7").await;
    assert_eq!(page.map(|page| page.body), Ok("customer 42".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn failures_take_time_too() {
    let client = Site::new().broken("/b", ms(20)).client();
    let clock = Clock::start();
    let error = client.get("/b").await.unwrap_err();
    assert_eq!(clock.elapsed(), ms(20));
    assert_eq!(error.to_string(), "500 Internal Server Error: /b");
    let error = client.get("/nowhere").await.unwrap_err();
    assert_eq!(clock.elapsed(), ms(20) + NOT_FOUND_AFTER);
    assert_eq!(error.to_string(), "404 Not Found: /nowhere");
}

#[tokio::test(start_paused = true)]
async fn a_silent_page_never_responds() {
    let site = Site::new().silent("/c");
    let timed_out = tokio::time::timeout(ms(1_000_000), site.client().get("/c")).await;
    assert!(timed_out.is_err());
    assert_eq!(site.cancelled(), ["/c"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_the_first_poll() {
    let site = Site::new().page("/a", ms(10)).page("/b", ms(10));
    let client = site.client();
    let (first, second) = (client.get("/a"), client.get("/b"));
    assert!(site.started().is_empty());
    tokio::time::sleep(ms(100)).await;
    let clock = Clock::start();
    second.await.unwrap();
    assert_eq!(
        clock.elapsed(),
        ms(10),
        "the latency begins with the request"
    );
    drop(first);
    assert_eq!(site.started(), ["/b"]);
    assert!(site.cancelled().is_empty());
}

#[tokio::test(start_paused = true)]
async fn even_a_page_without_latency_is_not_ready_at_once() {
    let site = Site::new().page("/now", ms(0)).broken("/b", ms(0));
    let client = site.client();
    for path in ["/now", "/b"] {
        let mut get = Box::pin(client.get(path));
        assert!(poll!(&mut get).is_pending());
        assert!(matches!(poll!(&mut get), Poll::Ready(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_is_polled_when_it_starts_and_when_it_is_woken() {
    let client = Site::new().page("/a", ms(10)).client();
    let get = Counted::new(client.get("/a"));
    let counts = get.counts();
    get.await.unwrap();
    assert_eq!((counts.polls(), counts.wakes()), (2, 1));
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "`async fn` resumed after completion")]
async fn a_request_is_finished_as_soon_as_it_is_ready() {
    let client = Site::new().page("/a", ms(10)).client();
    let mut get = Box::pin(client.get("/a"));
    (&mut get).await.unwrap();
    let _ = (&mut get).now_or_never();
}

#[tokio::test(start_paused = true)]
async fn every_list_is_in_the_order_of_events() {
    let site = Site::new()
        .page("/slow", ms(30))
        .broken("/fast", ms(10))
        .silent("/never");
    let client = site.client();
    let paths = ["/slow", "/fast", "/never", "/slow"];
    let all = join_all(paths.map(|path| client.get(path)));
    let _ = tokio::time::timeout(ms(50), all).await;
    assert_eq!(site.started(), paths);
    assert_eq!(site.finished(), ["/fast", "/slow", "/slow"]);
    assert_eq!(site.cancelled(), ["/never"]);
    assert_eq!((site.peak_in_flight(), site.in_flight()), (4, 0));
}

#[tokio::test(start_paused = true)]
async fn a_request_is_in_flight_from_its_start_to_its_end() {
    let site = Site::new().page("/a", ms(10)).page("/b", ms(20));
    let client = site.client();
    let (mut a, mut b) = (Box::pin(client.get("/a")), Box::pin(client.get("/b")));
    assert_eq!(site.in_flight(), 0);
    let _ = (poll!(&mut a), poll!(&mut b));
    assert_eq!(site.in_flight(), 2);
    a.await.unwrap();
    assert_eq!(site.in_flight(), 1);
    drop(b);
    assert_eq!(site.in_flight(), 0);
    assert_eq!(site.cancelled(), ["/b"]);
}

#[tokio::test(start_paused = true)]
async fn responses_of_one_path_come_in_order_and_the_last_one_is_repeated() {
    let site = Site::new()
        .broken("/a", ms(10))
        .page_with_body("/a", ms(20), "first")
        .page_with_body("/a", ms(30), "then");
    let client = site.client();
    let clock = Clock::start();
    let mut bodies = Vec::new();
    for _ in 0..4 {
        bodies.push(client.get("/a").await.map(|page| page.body));
    }
    let path = "/a".to_owned();
    let expected = [
        Err(WebError::ServerError { path }),
        Ok("first".to_owned()),
        Ok("then".to_owned()),
        Ok("then".to_owned()),
    ];
    assert_eq!(bodies, expected);
    assert_eq!(clock.elapsed(), ms(10 + 20 + 30 + 30));
}

#[tokio::test(start_paused = true)]
async fn a_client_can_be_moved_into_a_task() {
    let site = Site::new().page("/a", ms(10));
    let client: Client = site.client();
    assert!(is_send!(client));
    let get = async move { client.get("/a").await };
    assert!(is_send!(get));
    assert!(tokio::spawn(get).await.unwrap().is_ok());
    assert_eq!(site.finished(), ["/a"]);
}

#[test]
fn a_web_error_implements_error() {
    let error: Box<dyn std::error::Error + Send + Sync> = Box::new(WebError::NotFound {
        path: "/a".to_owned(),
    });
    assert_eq!(error.to_string(), "404 Not Found: /a");
}

#[test]
fn a_gauge_still_counts_after_a_panic() {
    let gauge = Gauge::new();
    let inside = gauge.clone();
    let panicked = std::thread::spawn(move || {
        let _guard = inside.enter();
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(panicked.join().is_err());
    assert_eq!((gauge.now(), gauge.peak()), (0, 1));
}

#[test]
fn a_lane_shows_the_request_and_its_failure() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let timeline = runtime.block_on(async {
        let recorder = timeline::Recorder::new();
        let _guard = recorder.install();
        let client = Site::new().page("/a", ms(10)).broken("/b", ms(20)).client();
        let _ = tokio::join!(client.get("/a"), client.get("/b"), client.get("/c"));
        recorder.timeline()
    });
    let lanes: Vec<_> = timeline
        .lanes
        .iter()
        .map(|lane| {
            (
                lane.name.as_str(),
                lane.marks.first().map(|mark| mark.text.as_str()),
            )
        })
        .collect();
    let expected = [
        ("GET /a", None),
        ("GET /b", Some("500")),
        ("GET /c", Some("404")),
    ];
    assert_eq!(lanes, expected);
}
