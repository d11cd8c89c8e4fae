use super::{error, outcome, patient, record, records};
use scraper::site::{NotAccepting, Site};
use scraper::{Extract, Options, Outcome, RetryPolicy, Timeouts};
use std::collections::HashSet;
use std::time::{Duration, Instant};

const ONE_ATTEMPT: RetryPolicy = RetryPolicy {
    attempts: 1,
    base: Duration::ZERO,
    longest: Duration::ZERO,
};

fn once() -> Options {
    Options {
        retry: ONE_ATTEMPT,
        ..Options::for_loopback()
    }
}

#[tokio::test]
async fn each_timeout_is_named() {
    let site = Site::start().await.unwrap();
    let ms = Duration::from_millis;
    let timeouts = Timeouts {
        connect: ms(200),
        response: ms(300),
        idle: ms(200),
        total: ms(700),
    };
    for (path, expected) in [
        ("/silent", "no response after 300ms"),
        ("/stalled", "no data for 200ms"),
        ("/drip", "not complete after 700ms"),
    ] {
        let options = Options { timeouts, ..once() };
        let record = record(site.url(path), options).await;
        assert_eq!(error(record.outcome), expected, "{path}");
    }
}

#[tokio::test]
async fn a_port_that_accepts_no_connection_is_given_up_in_time() {
    let port = NotAccepting::bind().await.unwrap();
    let options = once();
    let fetcher = scraper::Fetcher::new(&options).unwrap();
    let error = fetcher.get(&port.url().unwrap()).await.unwrap_err();
    assert_eq!(error.to_string(), "no connection after 500ms");
}

#[tokio::test]
async fn bodies_that_are_too_long_are_refused() {
    let site = Site::start().await.unwrap();
    for path in ["/endless", "/large"] {
        let record = record(site.url(path), patient()).await;
        assert_eq!(record.attempts, 1, "{path} will be too long again");
        assert_eq!(error(record.outcome), "the body is longer than 65536 bytes");
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_no_page() {
    let site = Site::start().await.unwrap();
    assert!(matches!(
        outcome(site.url("/truncated")).await,
        Outcome::Failed { .. }
    ));
}

#[tokio::test]
async fn a_host_without_rules_and_without_an_answer_is_not_visited() {
    let port = NotAccepting::bind().await.unwrap();
    assert_eq!(outcome(port.url().unwrap()).await, Outcome::Disallowed);
}

#[tokio::test]
async fn waits_as_long_as_a_busy_server_asks() {
    let site = Site::start().await.unwrap();
    let start = Instant::now();
    let record = record(site.url("/busy"), patient()).await;
    assert!(matches!(record.outcome, Outcome::Page { .. }), "{record:?}");
    assert_eq!(record.attempts, 3);
    assert!(start.elapsed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn does_not_come_back_early_to_a_server_that_asks_for_a_day() {
    let site = Site::start().await.unwrap();
    let record = record(site.url("/closed"), patient()).await;
    assert_eq!(record.outcome, Outcome::Status { status: 503 });
    assert_eq!(record.attempts, 1);
}

#[tokio::test]
async fn tries_again_what_may_pass_and_nothing_else() {
    let site = Site::start().await.unwrap();
    for (path, attempts) in [("/flaky", 2), ("/error", 3), ("/missing", 1)] {
        let record = record(site.url(path), patient()).await;
        assert_eq!(record.attempts, attempts, "{path}");
    }
}

#[tokio::test]
async fn redirects_are_records_and_their_targets_are_visited() {
    let site = Site::start().await.unwrap();
    let options = Options {
        max_depth: 0,
        ..patient()
    };
    let (records, _) = records(vec![site.url("/moved")], options).await;
    let to = site.url("/articles/2");
    assert_eq!(records[0].outcome, Outcome::Redirect { to: to.clone() });
    assert_eq!(records[1].url, to);
}

#[tokio::test]
async fn loops_and_chains_of_redirects_end() {
    let site = Site::start().await.unwrap();
    for (path, count) in [("/loop/a", 2), ("/chain/1", 6)] {
        let (records, _) = records(vec![site.url(path)], patient()).await;
        assert_eq!(records.len(), count, "{path}");
    }
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let site = Site::start().await.unwrap();
    let (records, _) = records(vec![site.url("/outside")], patient()).await;
    assert_eq!(records.len(), 1);
}

#[tokio::test]
async fn the_body_of_an_image_is_not_read() {
    let site = Site::start().await.unwrap();
    let content_type = Some("image/png".to_owned());
    assert_eq!(
        outcome(site.url("/image")).await,
        Outcome::NotHtml { content_type }
    );
}

#[tokio::test]
async fn a_panic_on_one_page_loses_no_other() {
    let site = Site::start().await.unwrap();
    let extract = Extract::new(|html| match html.title.as_deref() {
        Some("Article 3") => panic!("an article without an author"),
        title => title.into(),
    });
    let options = Options {
        extract: Some(extract),
        max_depth: 3,
        ..patient()
    };
    let starts = [1, 2, 3, 4]
        .map(|n| site.url(&format!("/articles/{n}")))
        .to_vec();
    let (records, summary) = records(
        starts,
        Options {
            max_pages: 4,
            ..options
        },
    )
    .await;
    assert_eq!((summary.pages, summary.failures), (3, 1));
    let failed = records
        .into_iter()
        .find(|record| record.outcome.is_failure())
        .unwrap();
    assert_eq!(failed.url, site.url("/articles/3"));
    assert_eq!(error(failed.outcome), "the program panicked on this page");
}

#[tokio::test]
async fn the_whole_site_is_crawled_and_each_url_once() {
    let site = Site::start().await.unwrap();
    let options = Options {
        max_pages: 60,
        ..Options::for_loopback()
    };
    let (records, summary) = records(vec![site.url("/")], options).await;
    let urls: HashSet<_> = records.iter().map(|record| &record.url).collect();
    assert_eq!(urls.len(), records.len());
    assert_eq!(records.len(), 60, "the trap ends at the limit");
    assert_eq!((summary.unvisited, summary.stopped), (0, false));
    assert_eq!(site.private_requests(), 0);
}
