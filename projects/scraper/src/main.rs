//! Crawls a site, and prints a JSON line for each URL.

use anyhow::Context;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use scraper::site::Site;
use scraper::{Options, Record, Summary, crawl};
use std::io;
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::{AsyncWriteExt, BufWriter, stdout};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Crawls a site politely, and prints a JSON line for each URL. Ctrl-C stops it, and keeps what was found.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to start. Only the hosts of these URLs are visited.
    #[arg(required_unless_present = "demo")]
    starts: Vec<Url>,

    /// Serve a site with many faults on this machine, and crawl it.
    #[arg(long, conflicts_with = "starts")]
    demo: bool,

    /// How many requests may run at the same time.
    #[arg(long, value_name = "N")]
    max_requests: Option<usize>,

    /// How many of them may go to the same host.
    #[arg(long, value_name = "N")]
    max_per_host: Option<usize>,

    /// The time between the starts of two requests to the same host.
    #[arg(long, value_name = "MILLISECONDS")]
    gap: Option<u64>,

    /// How many URLs to visit.
    #[arg(long, value_name = "N")]
    max_pages: Option<usize>,

    /// How many links to follow from a start to a page.
    #[arg(long, value_name = "N")]
    max_depth: Option<u32>,
}

impl Arguments {
    fn options(&self) -> Options {
        let mut options = match self.demo {
            true => Options::for_loopback(),
            false => Options::default(),
        };
        if self.demo {
            options.max_pages = 60; // the trap has no end
        }
        options.max_requests = self.max_requests.unwrap_or(options.max_requests);
        options.max_per_host = self.max_per_host.unwrap_or(options.max_per_host);
        options.gap = self.gap.map_or(options.gap, Duration::from_millis);
        options.max_pages = self.max_pages.unwrap_or(options.max_pages);
        options.max_depth = self.max_depth.unwrap_or(options.max_depth);
        options
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let options = arguments.options();
    let site = match arguments.demo {
        true => Some(
            Site::start()
                .await
                .context("The demo site could not be served.")?,
        ),
        false => None,
    };
    let starts = site
        .as_ref()
        .map_or(arguments.starts, |site| vec![site.url("/")]);

    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    let (tx, rx) = mpsc::channel(64);
    let (summary, printed) = tokio::join!(crawl(starts, options, stop, tx), print(rx));
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            return Err(error).context("The records could not be written.");
        }
        _ => {}
    }
    let summary = summary.context("The crawl could not start.")?;
    report(&summary);
    Ok(match summary.stopped {
        true => ExitCode::from(130),
        false => ExitCode::SUCCESS,
    })
}

/// The first signal stops the crawl, the second one ends the process.
async fn stop_on_signal(stop: CancellationToken) {
    signal().await;
    eprintln!("Stopping. Press Ctrl-C again to end at once.");
    stop.cancel();
    signal().await;
    std::process::exit(130);
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return ctrl_c().await;
    };
    tokio::select! {
        () = ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    ctrl_c().await;
}

async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await // the process cannot be stopped this way
    }
}

/// Prints a line for each record, and flushes when no more are waiting. If it fails, the receiver is dropped, which stops the
/// crawl.
async fn print(mut records: mpsc::Receiver<Record>) -> io::Result<()> {
    let mut output = BufWriter::new(stdout());
    let progress = progress();
    let mut batch = Vec::new();
    while records.recv_many(&mut batch, 64).await > 0 {
        for record in batch.drain(..) {
            progress.inc(1);
            progress.set_message(record.url.to_string());
            let mut line = serde_json::to_vec(&record)?;
            line.push(b'\n');
            output.write_all(&line).await?;
        }
        output.flush().await?;
    }
    progress.finish_and_clear();
    Ok(())
}

/// Draws on the standard error, and only if that is a terminal.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {pos} URLs, {per_sec} {wide_msg}");
    let progress = ProgressBar::new_spinner();
    progress.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    progress.enable_steady_tick(Duration::from_millis(100));
    progress
}

fn report(summary: &Summary) {
    let Summary {
        pages,
        failures,
        others,
        unvisited,
        ..
    } = summary;
    eprintln!("{pages} pages, {failures} failures, {others} others.");
    if summary.stopped {
        eprintln!("Stopped: {unvisited} known URLs have no result.");
    }
}
