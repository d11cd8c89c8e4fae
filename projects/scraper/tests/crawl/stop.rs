use super::patient;
use scraper::site::Site;
use scraper::{CrawlError, Options, Summary, crawl};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use url::Url;

fn slow_pages(site: &Site) -> Vec<Url> {
    (0..8)
        .map(|n| site.url(&format!("/slow/{}", 200 + n)))
        .collect()
}

fn two_at_a_time() -> Options {
    Options {
        max_per_host: 2,
        max_depth: 0,
        ..patient()
    }
}

/// Cancels the crawl when the first record has arrived, and returns how many there are in the end.
async fn stop_after_one(site: &Site, options: Options) -> (Summary, usize) {
    let (tx, mut rx) = mpsc::channel(16);
    let stop = CancellationToken::new();
    let crawling = tokio::spawn(crawl(slow_pages(site), options, stop.clone(), tx));
    let first = rx.recv().await;
    stop.cancel();
    let summary = crawling.await.unwrap().unwrap();
    let mut records = usize::from(first.is_some());
    while rx.recv().await.is_some() {
        records += 1;
    }
    (summary, records)
}

#[tokio::test]
async fn requests_that_run_may_finish() {
    let site = Site::start().await.unwrap();
    let (summary, records) = stop_after_one(&site, two_at_a_time()).await;
    assert_eq!(summary.pages, records);
    assert!((2..=4).contains(&records), "{records}");
    assert_eq!(summary.unvisited, 8 - records);
    assert!(summary.stopped);
}

#[tokio::test]
async fn what_takes_longer_than_the_grace_is_aborted() {
    let site = Site::start().await.unwrap();
    let options = Options {
        grace: Duration::from_millis(10),
        ..two_at_a_time()
    };
    let (summary, records) = stop_after_one(&site, options).await;
    assert!(
        records <= 2,
        "{records} records: later requests take 200 ms"
    );
    assert_eq!(summary.pages, records);
    assert_eq!(summary.unvisited, 8 - records);
}

#[tokio::test]
async fn a_receiver_that_goes_away_stops_the_crawl() {
    let site = Site::start().await.unwrap();
    let (tx, mut rx) = mpsc::channel(1);
    let stop = CancellationToken::new();
    let crawling = tokio::spawn(crawl(slow_pages(&site), two_at_a_time(), stop, tx));
    rx.recv().await.unwrap();
    drop(rx);
    let summary = crawling.await.unwrap().unwrap();
    assert!(summary.stopped);
    assert!(summary.unvisited >= 4, "{summary:?}");
}

#[tokio::test]
async fn a_crawl_that_is_dropped_leaves_no_request_behind() {
    let site = Site::start().await.unwrap();
    let (tx, _rx) = mpsc::channel(16);
    let stop = CancellationToken::new();
    let crawling = tokio::spawn(crawl(vec![site.url("/silent")], two_at_a_time(), stop, tx));
    while site.requests() < 2 {
        sleep(Duration::from_millis(5)).await; // robots.txt, and the page
    }
    crawling.abort();
    let start = Instant::now();
    while site.open_connections() > 0 {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "a connection is still open"
        );
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn without_a_start_there_is_no_crawl() {
    let (tx, _rx) = mpsc::channel(1);
    let starts = vec!["file:///etc/passwd".parse().unwrap()];
    let crawled = crawl(starts, Options::default(), CancellationToken::new(), tx).await;
    assert!(matches!(crawled, Err(CrawlError::NoStart)));
}
