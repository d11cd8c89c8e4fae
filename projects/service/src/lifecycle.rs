//! The parts of the service, started in order and stopped in reverse order.
//!
//! Each function starts one part, calls the function of the next part, and stops its own when that one returns, whatever it
//! returns.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::background::Background;
use crate::config::Config;
use crate::health::{self, Health};
use crate::http;
use crate::jobs::Jobs;
use crate::journal::{Journal, OpenError};
use crate::requests::{Requests, drain};
use crate::summary::summarize;
use crate::supervise::GaveUp;

/// Why the service did not stop cleanly, or did not start. What else went wrong after it is in the log.
#[derive(Debug, Error)]
pub enum Failure {
    /// An address cannot be bound.
    #[error("the address {address} cannot be bound: {error}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The journal cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The journal could not be opened in time.
    #[error("the journal could not be opened within {0:?}: another process has it")]
    StartTimeout(Duration),
    /// The journal could not be written.
    #[error("the journal cannot be written")]
    Journal,
    /// A background task has failed too often.
    #[error(transparent)]
    GaveUp(#[from] GaveUp),
    /// Requests were in flight at the deadline.
    #[error("requests that were abandoned at the deadline: {0}")]
    Abandoned(usize),
    /// A part did not stop in time.
    #[error("{0} did not stop in time")]
    CloseTimeout(&'static str),
}

/// Runs the service until `stop` is cancelled, or a part fails. All parts that were started are stopped when it returns.
/// Other tasks can read its phase from `health`.
///
/// # Errors
///
/// The first [`Failure`].
///
/// # Cancel safety
///
/// If the future is dropped, nothing waits for requests and tasks. Jobs that were accepted are in the journal.
pub async fn run(config: Config, health: Health, stop: CancellationToken) -> Result<(), Failure> {
    let listener = bind(config.probes).await?;
    info!(address = address_of(&listener), "answers probes");
    let probes = CancellationToken::new();
    let server = axum::serve(listener, health::router(health.clone()))
        .with_graceful_shutdown(probes.clone().cancelled_owned());
    let server = tokio::spawn(server.into_future());

    let result = with_journal(&config, &stop, &health).await;
    health.stopping();
    probes.cancel();
    let _ = timeout(Duration::from_millis(100), server).await; // an idle probe does not hold up the end
    result
}

async fn with_journal(
    config: &Config,
    stop: &CancellationToken,
    health: &Health,
) -> Result<(), Failure> {
    let opening = timeout(config.start, Journal::open(&config.data));
    let Some(opened) = stop.run_until_cancelled(opening).await else {
        info!("asked to stop during the start");
        return Ok(());
    };
    let (journal, records) = opened.map_err(|_| Failure::StartTimeout(config.start))??;
    info!(records = records.len(), "has read the journal");
    let jobs = Jobs::new(journal.clone(), records, config.queue.get());

    let result = with_background(config, stop, health, &jobs, &journal).await;
    let closed = match timeout(config.close, jobs.close()).await {
        Ok(closed) => closed.map_err(|_| Failure::Journal),
        Err(_) => Err(Failure::CloseTimeout("the journal")),
    };
    info!(clean = closed.is_ok(), "has closed the journal");
    first(result, closed)
}

async fn with_background(
    config: &Config,
    stop: &CancellationToken,
    health: &Health,
    jobs: &Jobs,
    journal: &Journal,
) -> Result<(), Failure> {
    let (background, mut failures) = Background::new();
    for number in 1..=config.workers.get() {
        let (jobs, takes) = (jobs.clone(), config.work);
        background.supervise(format!("worker {number}"), move |stop| {
            jobs.clone().work(takes, stop)
        });
    }
    let (counted, folder, period) = (jobs.clone(), config.data.clone(), config.summary);
    background.supervise("summary".to_owned(), move |stop| {
        summarize(counted.clone(), folder.clone(), period, stop)
    });

    let failed = async {
        tokio::select! {
            Some(failure) = failures.recv() => Failure::GaveUp(failure),
            () = journal.closed() => Failure::Journal,
        }
    };
    let result = serve(config, stop, health, jobs, failed).await;
    let clean = background.stop(config.close).await;
    info!(clean, "has stopped the background tasks");
    let stopped = match clean {
        true => Ok(()),
        false => Err(Failure::CloseTimeout("a background task")),
    };
    first(result, stopped)
}

async fn serve(
    config: &Config,
    stop: &CancellationToken,
    health: &Health,
    jobs: &Jobs,
    failed: impl Future<Output = Failure>,
) -> Result<(), Failure> {
    let listener = bind(config.listen).await?;
    let requests = Requests::new(health.clone());
    let router = http::router(jobs.clone(), config.token.clone(), requests.clone());
    if stop.is_cancelled() {
        return Ok(());
    }
    info!(address = address_of(&listener), "ready");
    health.ready();
    let close = CancellationToken::new();
    let server =
        axum::serve(listener, router).with_graceful_shutdown(close.clone().cancelled_owned());
    let server = tokio::spawn(server.into_future());

    let result = tokio::select! {
        () = stop.cancelled() => Ok(()),
        failure = failed => Err(failure),
    };
    health.stopping();
    info!(requests = requests.len(), "not ready");
    sleep(config.unready).await; // until the load balancer has seen it

    close.cancel();
    info!(requests = requests.len(), "accepts no more connections");
    let finished = async { drop(server.await) };
    let abandoned = drain(&requests, finished, config.drain).await;
    info!(abandoned, "has drained");
    let drained = match abandoned {
        0 => Ok(()),
        count => Err(Failure::Abandoned(count)),
    };
    first(result, drained)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|error| Failure::Bind { address, error })
}

/// With the port, which the system chooses for port 0.
fn address_of(listener: &TcpListener) -> String {
    let address = listener.local_addr();
    address.map_or_else(|error| error.to_string(), |address| address.to_string())
}

/// The first failure. A second one is logged.
fn first(first: Result<(), Failure>, second: Result<(), Failure>) -> Result<(), Failure> {
    match (first, second) {
        (Err(first), Err(second)) => {
            error!(error = %second, "another failure");
            Err(first)
        }
        (first, second) => first.and(second),
    }
}
