//! Crawls the site with all its faults, over real sockets.

#[path = "crawl/faults.rs"]
mod faults;
#[path = "crawl/limits.rs"]
mod limits;
#[path = "crawl/stop.rs"]
mod stop;

use scraper::{Options, Outcome, Record, Summary, Timeouts, crawl};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Crawls to the end.
async fn records(starts: Vec<Url>, options: Options) -> (Vec<Record>, Summary) {
    let (tx, mut rx) = mpsc::channel(1);
    let stop = CancellationToken::new();
    let collecting = async {
        let mut records = Vec::new();
        while let Some(record) = rx.recv().await {
            records.push(record);
        }
        records
    };
    let (summary, records) = tokio::join!(crawl(starts, options, stop, tx), collecting);
    (records, summary.expect("a crawl that starts"))
}

/// With time enough on a busy machine, for tests that are not about timeouts.
fn patient() -> Options {
    Options {
        timeouts: Timeouts::default(),
        ..Options::for_loopback()
    }
}

/// What became of one URL, without its links.
async fn outcome(url: Url) -> Outcome {
    record(url, Options::for_loopback()).await.outcome
}

async fn record(url: Url, options: Options) -> Record {
    let options = Options {
        max_depth: 0,
        max_redirects: 0,
        ..options
    };
    let (mut records, _) = records(vec![url], options).await;
    assert_eq!(records.len(), 1, "{records:?}");
    records.remove(0)
}

fn error(outcome: Outcome) -> String {
    match outcome {
        Outcome::Failed { error } => error,
        other => panic!("expected a failure, got {other:?}"),
    }
}
