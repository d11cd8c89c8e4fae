//! The two crawlers in Rust.

use crate::measure::Measured;
use reqwest::{Client, Url};
use scraper::{Options, crawl as crawl_politely};
use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Crawls `pages` pages over at most `connections` connections, and prints what it took.
pub fn crawl(name: &str, start: Url, connections: usize, pages: usize) -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let started = Instant::now();
    let visited = match name {
        "reqwest" => runtime.block_on(with_reqwest(start, connections, pages))?,
        _ => runtime.block_on(with_this_crate(start, connections, pages))?,
    };
    println!("{}", Measured::of_this_process(visited, started.elapsed())?);
    Ok(())
}

/// Does what `client.py` does.
async fn with_reqwest(start: Url, connections: usize, pages: usize) -> anyhow::Result<usize> {
    let client = Client::builder().no_proxy().build()?;
    let mut seen = HashSet::from([start.clone()]);
    let mut waiting = VecDeque::from([start]);
    let mut running = JoinSet::new();
    let mut visited = 0;
    loop {
        while running.len() < connections
            && let Some(url) = waiting.pop_front()
        {
            running.spawn(visit(client.clone(), url));
        }
        let Some(links) = running.join_next().await else {
            return Ok(visited);
        };
        visited += 1;
        for link in links?? {
            if seen.len() < pages && seen.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
    }
}

async fn visit(client: Client, url: Url) -> anyhow::Result<Vec<Url>> {
    let response = client.get(url.clone()).send().await?;
    let page = response.error_for_status()?.text().await?;
    let links = page.split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next());
    Ok(links.map(|link| url.join(link)).collect::<Result<_, _>>()?)
}

/// The crawler with all of its limits, but without a pause between two requests.
async fn with_this_crate(start: Url, connections: usize, pages: usize) -> anyhow::Result<usize> {
    let options = Options {
        max_requests: connections,
        max_per_host: connections,
        gap: Duration::ZERO,
        max_pages: pages,
        proxy: false,
        ..Options::default()
    };
    let (tx, mut rx) = mpsc::channel(64);
    let crawling = crawl_politely(vec![start], options, CancellationToken::new(), tx);
    let reading = async { while rx.recv().await.is_some() {} };
    let (summary, ()) = tokio::join!(crawling, reading);
    Ok(summary?.pages)
}
