use super::{patient, records};
use scraper::Options;
use scraper::site::Site;
use std::time::{Duration, Instant};

#[tokio::test]
async fn no_host_gets_more_requests_than_its_limit() {
    let (one, two) = (Site::start().await.unwrap(), Site::start().await.unwrap());
    let options = Options {
        max_per_host: 2,
        max_pages: 20,
        ..patient()
    };
    let articles = (1..=10).map(|n| format!("/articles/{n}"));
    let starts = articles
        .flat_map(|path| [one.url(&path), two.url(&path)])
        .collect();
    let (_, summary) = records(starts, options).await;
    assert_eq!(summary.pages, 20);
    assert!(
        one.peak() <= 2 && two.peak() <= 2,
        "{} and {}",
        one.peak(),
        two.peak()
    );
}

#[tokio::test]
async fn the_limit_for_all_hosts_holds() {
    let site = Site::start().await.unwrap();
    let options = Options {
        max_requests: 3,
        max_per_host: 9,
        ..patient()
    };
    let starts = (1..=12)
        .map(|n| site.url(&format!("/articles/{n}")))
        .collect();
    records(
        starts,
        Options {
            max_pages: 12,
            ..options
        },
    )
    .await;
    assert!(site.peak() <= 3, "{}", site.peak());
}

#[tokio::test]
async fn connections_are_used_again() {
    let site = Site::start().await.unwrap();
    let options = Options {
        max_per_host: 2,
        max_pages: 12,
        ..patient()
    };
    let starts = (1..=12)
        .map(|n| site.url(&format!("/articles/{n}")))
        .collect();
    records(starts, options).await;
    assert_eq!(site.requests(), 13, "twelve pages and robots.txt");
    assert!(
        site.connections() <= 4,
        "{} connections",
        site.connections()
    );
}

#[tokio::test]
async fn a_gap_lies_between_the_requests_to_a_host() {
    let site = Site::start().await.unwrap();
    let options = Options {
        gap: Duration::from_millis(100),
        ..patient()
    };
    let starts = (1..=4)
        .map(|n| site.url(&format!("/articles/{n}")))
        .collect();
    let start = Instant::now();
    records(
        starts,
        Options {
            max_pages: 4,
            ..options
        },
    )
    .await;
    assert!(
        start.elapsed() >= Duration::from_millis(400),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_slow_host_does_not_delay_another() {
    let (slow, fast) = (Site::start().await.unwrap(), Site::start().await.unwrap());
    let options = Options {
        max_requests: 4,
        max_per_host: 2,
        ..patient()
    };
    let slow_pages = (0..4).map(|n| slow.url(&format!("/slow/{}", 1_500 + n)));
    let fast_pages = (1..=8).map(|n| fast.url(&format!("/articles/{n}")));
    let starts = slow_pages.chain(fast_pages).collect();
    let (records, _) = records(
        starts,
        Options {
            max_pages: 12,
            ..options
        },
    )
    .await;
    let first_slow = records
        .iter()
        .position(|record| record.url.path().starts_with("/slow"));
    assert!(first_slow >= Some(6), "{first_slow:?}");
}
