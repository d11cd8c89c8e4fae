//! Scraper: a limiter for each host, a request with four timeouts, a body with a limit, and a crawl of linked pages.
//!
//! What a peer sends decides nothing here but its own request: how long it takes, how much memory it needs and how many
//! pages follow from it are limited by the caller.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::bytes::Bytes;
use tokio_util::sync::CancellationToken;

/// Limits the requests to each host: how many are in progress at the same time, and how soon one follows another.
///
/// Hosts are independent of each other.
pub struct HostLimiter {
    limit: usize,
    gap: Duration,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

/// A host for which a call waits, or that had a request a short time ago.
struct Host {
    slots: Semaphore,
    /// When the next request may start. The lock is the head of the queue: its owner is the next one to start, and waits for
    /// everything else while it holds it. tokio's locks are fair.
    next_start: tokio::sync::Mutex<Instant>,
}

impl HostLimiter {
    /// Creates a limiter for at most `limit` requests to a host at the same time, whose starts are at least `gap` apart.
    pub fn new(limit: NonZeroUsize, gap: Duration) -> Self {
        Self {
            limit: limit.get(),
            gap,
            hosts: Mutex::new(HashMap::new()),
        }
    }

    /// Awaits `request` when the limits of `host` allow it, first come, first served, and returns its output.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops `request`. If that has not started, the call takes nothing.
    pub async fn run<F: Future>(&self, host: &str, request: F) -> F::Output {
        let host = self.host(host);
        let mut next_start = host.next_start.lock().await;
        let _slot = host.slots.acquire().await.expect("it is never closed");
        sleep_until(*next_start).await;
        // Not before this line: a call that is dropped while it waits must not count as a start.
        *next_start = Instant::now() + self.gap;
        drop(next_start);
        request.await
    }

    /// How many hosts the limiter has an entry for.
    pub fn hosts(&self) -> usize {
        self.known_hosts().len()
    }

    /// The entry of a host. As long as a call has it, it is not forgotten.
    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.known_hosts();
        let host = hosts.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(Host {
                slots: Semaphore::new(self.limit),
                next_start: tokio::sync::Mutex::new(Instant::now()),
            })
        });
        Arc::clone(host)
    }

    /// The hosts that may not be forgotten: those that calls need, and those whose gap is not over.
    fn known_hosts(&self) -> MutexGuard<'_, HashMap<String, Arc<Host>>> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        hosts.retain(|_, host| match Arc::get_mut(host) {
            Some(unused) => *unused.next_start.get_mut() > now,
            None => true,
        });
        hosts
    }
}

/// Where connections to an HTTP server come from.
pub trait Upstream: Sync {
    /// An open connection.
    type Connection: Connection;

    /// Opens a connection.
    fn connect(&self) -> impl Future<Output = io::Result<Self::Connection>> + Send;
}

/// A connection for one request. It is closed when it is dropped.
pub trait Connection: Send {
    /// Sends a request for `path`. Ready with the status of the response when the first bytes of that have arrived.
    fn request(&mut self, path: &str) -> impl Future<Output = io::Result<u16>> + Send;

    /// The next chunk of the body of the response, or `None` at its end. A chunk may be empty.
    fn chunk(&mut self) -> impl Future<Output = io::Result<Option<Bytes>>> + Send;
}

/// The limits of a request. Each of them may be `Duration::MAX`, which is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For [`Upstream::connect`]
    pub connect: Duration,
    /// For [`Connection::request`]
    pub first_byte: Duration,
    /// For each [`Connection::chunk`], including the one that returns `None`
    pub idle: Duration,
    /// For everything together, from the first poll of [`fetch`] on
    pub total: Duration,
}

/// One of the four limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`Timeouts::connect`]
    Connect,
    /// [`Timeouts::first_byte`]
    FirstByte,
    /// [`Timeouts::idle`]
    Idle,
    /// [`Timeouts::total`]
    Total,
}

/// Why there is no response.
#[derive(Debug)]
pub enum FetchError {
    /// This limit was up.
    TimedOut(Limit),
    /// The upstream or the connection has returned this error.
    Io(io::Error),
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status, for example 200 or 404
    pub status: u16,
    /// All chunks of the body, one after the other
    pub body: Vec<u8>,
}

/// Requests `path` on a new connection, within four limits.
///
/// # Cancel safety
///
/// Dropping the future drops the call in progress and the connection.
pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let exchange = async {
        let mut connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
        let request = connection.request(path);
        let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
        let mut body = Vec::new();
        while let Some(chunk) = within(timeouts.idle, Limit::Idle, connection.chunk()).await? {
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    };
    timeout(timeouts.total, exchange)
        .await
        .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
}

/// The value of `call`, if it is ready within `time`.
async fn within<T>(
    time: Duration,
    limit: Limit,
    call: impl Future<Output = io::Result<T>>,
) -> Result<T, FetchError> {
    match timeout(time, call).await {
        Ok(result) => result.map_err(FetchError::Io),
        Err(_elapsed) => Err(FetchError::TimedOut(limit)),
    }
}

/// Why a body was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyError<E> {
    /// It has more bytes than the limit allows, or its declared length is larger than that.
    TooLarge,
    /// Its length is not the declared one.
    WrongLength,
    /// The stream returned this error.
    Read(E),
}

/// Reads `body` to its end, and returns its bytes, which are at most `limit`.
///
/// # Cancel safety
///
/// Dropping the future drops the stream. The bytes so far are lost.
pub async fn read_body<S, E>(
    body: S,
    declared: Option<u64>,
    limit: usize,
) -> Result<Vec<u8>, BodyError<E>>
where
    S: Stream<Item = Result<Bytes, E>>,
{
    let exceeds_limit = |length: u64| length > limit as u64;
    if declared.is_some_and(exceeds_limit) {
        return Err(BodyError::TooLarge);
    }
    let mut body = pin!(body);
    let mut bytes = Vec::new(); // without a capacity: what is declared may never arrive
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(BodyError::Read)?;
        let length = bytes.len() as u64 + chunk.len() as u64;
        if exceeds_limit(length) {
            return Err(BodyError::TooLarge);
        }
        if declared.is_some_and(|declared| length > declared) {
            return Err(BodyError::WrongLength);
        }
        bytes.extend_from_slice(&chunk);
        // A stream that is always ready would keep this task in one poll.
        consume_budget().await;
    }
    match declared {
        Some(declared) if declared != bytes.len() as u64 => Err(BodyError::WrongLength),
        _ => Ok(bytes),
    }
}

/// The limits of a crawl.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrawlLimits {
    /// How many pages are fetched at the same time, at most
    pub concurrency: NonZeroUsize,
    /// How many pages are fetched in all, at most
    pub pages: usize,
}

/// How the fetch of a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visit {
    /// It returned so many links, each counted as often as it occurs.
    Fetched(usize),
    /// It returned this error.
    Failed(String),
    /// It panicked.
    Panicked,
}

/// The pages that have been found, each once.
struct Frontier {
    /// How many pages may be found. They are fetched in the order in which they are found, so none after these is fetched, and
    /// none has to be remembered: endless links do not fill the memory.
    pages: usize,
    found: HashSet<String>,
    /// Those that are not fetched yet.
    waiting: VecDeque<String>,
}

impl Frontier {
    fn add(&mut self, links: Vec<String>) {
        for mut link in links {
            if let Some(fragment) = link.find('#') {
                link.truncate(fragment);
            }
            if self.found.len() < self.pages && self.found.insert(link.clone()) {
                self.waiting.push_back(link);
            }
        }
    }
}

/// Fetches the pages `start`, the pages that they link to, and so on. Returns how each fetch ended, by URL.
///
/// # Cancel safety
///
/// If the future is dropped, no fetch starts, and those in progress are aborted.
pub async fn crawl<F, Fut>(
    start: Vec<String>,
    limits: CrawlLimits,
    stop: CancellationToken,
    mut fetch: F,
) -> BTreeMap<String, Visit>
where
    F: FnMut(String) -> Fut,
    Fut: Future<Output = Result<Vec<String>, String>> + Send + 'static,
{
    let mut frontier = Frontier {
        pages: limits.pages,
        found: HashSet::new(),
        waiting: VecDeque::new(),
    };
    frontier.add(start);
    let mut visits = BTreeMap::new();
    let mut fetches = JoinSet::new();
    // A task that panics does not return its URL.
    let mut urls = HashMap::new();
    loop {
        // `fetch` itself may cancel `stop`.
        while !stop.is_cancelled()
            && fetches.len() < limits.concurrency.get()
            && let Some(url) = frontier.waiting.pop_front()
        {
            let task = fetches.spawn(fetch(url.clone()));
            urls.insert(task.id(), url);
        }
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            ended = fetches.join_next_with_id() => ended,
        };
        // No fetch is in progress, and none could be started.
        let Some(ended) = ended else { break };
        let (id, visit) = match ended {
            Ok((id, Ok(links))) => {
                let visit = Visit::Fetched(links.len());
                frontier.add(links);
                (id, visit)
            }
            Ok((id, Err(error))) => (id, Visit::Failed(error)),
            Err(panic) => (panic.id(), Visit::Panicked),
        };
        visits.extend(urls.remove(&id).map(|url| (url, visit)));
    }
    // Aborts what is in progress, and waits until it is gone.
    fetches.shutdown().await;
    visits
}
