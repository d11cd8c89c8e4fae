//! Scraper: a limiter for each host, a request with four timeouts, a body with a limit, and a crawl of linked pages.
//!
//! Durations are whole milliseconds, which is what tokio's timer counts in, and at most a thousand years: an instant so far
//! ahead still exists. `Duration::MAX` is allowed where a contract says so.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::time::Duration;

use futures::Stream;
use tokio_util::bytes::Bytes;
use tokio_util::sync::CancellationToken;

/// Limits the requests to each host: how many are in progress at the same time, and how soon one follows another.
///
/// Hosts are independent of each other: no request waits because of another host. Two names are the same host if they are
/// equal as text. No task is spawned.
pub struct HostLimiter {
    // Replace this field with yours.
    _gap: std::marker::PhantomData<Duration>,
}

impl HostLimiter {
    /// Creates a limiter for at most `limit` requests to a host at the same time, whose starts are at least `gap` apart.
    ///
    /// `limit` is at most [`Semaphore::MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS). A `gap` of zero is no gap.
    pub fn new(limit: NonZeroUsize, gap: Duration) -> Self {
        todo!()
    }

    /// Awaits `request` when the limits of `host` allow it, and returns its output.
    ///
    /// A request *starts* with its first poll. From then on it is in progress until it is ready, panics or is dropped.
    ///
    /// - Calls for a host start their requests in the order in which they began to wait.
    /// - A request starts at the first instant at which it is its turn, fewer than `limit` requests to the host are in progress,
    ///   and `gap` has passed since the last start of a request to the host.
    /// - How long a request takes does not change the gap, which is between starts.
    /// - The place of a request is free when it is ready, also if the future of `run` is not dropped yet.
    ///
    /// # Panics
    ///
    /// If `request` panics, with the same payload. Its place is free.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops `request`. If that has started, its place is free, and the start still counts for the gap.
    /// If not, the call takes nothing: other calls start as if this one had never been made.
    pub async fn run<F: Future>(&self, host: &str, request: F) -> F::Output {
        todo!()
    }

    /// How many hosts the limiter has an entry for.
    ///
    /// It has one for every host for which a call waits or a request is in progress, and for every host whose last start is
    /// less than `gap` ago. Other hosts are forgotten, at the latest when this is called, so that a crawl of many hosts does
    /// not fill the memory.
    pub fn hosts(&self) -> usize {
        todo!()
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
/// It opens a connection, calls `request` once, with `path` as it is, and then `chunk` until that returns `None`, each call when the one before it
/// is ready. It returns in the poll in which the last call is ready. The status decides nothing: the body is read in any case.
///
/// - The limit of a call begins when the call is made: each chunk has the whole `idle`, also an empty one. `total` begins at
///   the first poll.
/// - A call that is ready exactly when a limit is up is in time. With a limit of zero, a call is polled once.
/// - Limits are for calls that wait. If a server is so fast that all calls are ready when they are polled, no limit needs to end
///   the request, not even `total`.
/// - When the connection is returned or given up, nothing more is awaited: it is dropped before this function returns,
///   whatever the result is.
///
/// # Errors
///
/// - [`FetchError::TimedOut`] at the instant at which a limit is up, with that limit. If `total` is up at the same instant as
///   another one, it is the other one.
/// - [`FetchError::Io`] with the first error of a call, at that instant. No other call follows.
///
/// # Cancel safety
///
/// Dropping the future drops the call in progress and the connection. No task is spawned.
pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    todo!()
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
/// `declared` is the length that the peer has declared (`Content-Length`), if it has. It is no more than a claim: memory is
/// allocated for bytes that have arrived, and not for bytes that are declared, except for 64 KiB at most.
///
/// - If `declared` is larger than `limit`, the body is refused at the first poll, and the stream is not polled.
/// - The chunks may be empty, and of any size. Empty ones are not kept: a body may have any number of them.
/// - The stream is polled until it returns `None`, also if all declared bytes, or `limit` bytes, have arrived.
/// - It is not polled again when it has returned `None` or an error, or when the body is refused. It is dropped before this
///   function returns, whatever the result is.
/// - It lets other tasks run: if the stream is ready every time, the future is pending at least once in 500 chunks, and is
///   woken again. So a `timeout` around it works.
///
/// # Errors
///
/// In the poll in which it is known:
///
/// - [`BodyError::TooLarge`] if `declared` is larger than `limit`, or if a chunk arrives with which the body has more than
///   `limit` bytes.
/// - [`BodyError::WrongLength`] if a chunk arrives with which the body has more than `declared` bytes and not more than
///   `limit`, or if it ends with fewer than `declared`.
/// - [`BodyError::Read`] with the first error of the stream.
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
    todo!()
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

/// Fetches the pages `start`, the pages that they link to, and so on. Returns how each fetch ended, by URL.
///
/// `fetch(url)` is called once for each page. The call does not panic. Its future returns the links of the page, or an error,
/// or panics, with any payload.
///
/// - What follows the first `#` of a URL, and that `#`, do not belong to it: the links `/a`, `/a#b` and `/a#c` are the same
///   page, `/a`. Otherwise two URLs are the same page if they are equal as text. A URL may be empty.
/// - Pages are fetched in the order in which they are found: first those of `start` in their order, then those that other
///   pages link to. The links of a page are found in their order when its fetch has ended. Links of pages that end at the
///   same instant are found page by page, in any order of the pages.
/// - Whenever fewer than `concurrency` fetches are in progress, the next one starts at that instant, if a page has been found
///   that is not fetched yet and fewer than `pages` fetches have been started. A fetch that fails or panics counts like any
///   other, and ends no other one.
/// - Returns at the instant at which no fetch is in progress and none can start.
/// - When `stop` is cancelled, no other fetch starts, those in progress are dropped, and it returns at that instant, with what
///   has ended. That holds also if a call of `fetch` cancels it: the next call is not made. A fetch that ends at the same instant is in the result or not. If `stop` was cancelled
///   before the call, nothing is fetched.
/// - When it returns, no fetch is in progress.
///
/// # Cancel safety
///
/// If the future is dropped, no fetch starts, and those in progress are dropped when their tasks, if they have any, get their
/// next turn.
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
    todo!()
}
