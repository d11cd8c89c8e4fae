//! Timeouts: a client of a slow upstream, a file watcher, a periodic job and a heartbeat monitor.
//!
//! All instants are those of tokio's clock. Durations and deadlines are whole milliseconds, which is what tokio's timer
//! counts in.

use std::time::Duration;

use grading::web::{Client, Page, WebError};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How a download ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The response arrived in time. It may be an error.
    Response(Result<Page, WebError>),
    /// There was no response within the limit of one request.
    LimitExceeded,
    /// There was no response until the deadline, or no request was made.
    DeadlinePassed,
}

/// Downloads `paths` one after the other with `client.get`, each within `limit`, and all of them until `deadline`.
///
/// Returns one outcome for each path, in the order of `paths`, at the instant at which the last one is known.
///
/// - A request is made when the one before it has ended. Its `limit` begins at that instant.
/// - A request that has no response when its `limit` is up is cancelled at that instant. Its outcome is
///   [`Outcome::LimitExceeded`].
/// - A request that has no response at the `deadline` is cancelled at that instant. Its outcome is
///   [`Outcome::DeadlinePassed`], also if its `limit` is up at the same instant.
/// - A response that arrives exactly when the `limit` is up, or exactly at the `deadline`, is in time.
/// - At the `deadline` and after it no request is made: the outcome of all paths that are left is
///   [`Outcome::DeadlinePassed`]. The `deadline` may have passed before the call.
/// - An error is a response like any other, and ends only its own request.
/// - `limit` is 1 ms or more.
///
/// # Cancel safety
///
/// Dropping the future cancels the request in progress. The outcomes so far are lost.
pub async fn fetch_with_deadline(
    client: &Client,
    paths: &[&str],
    limit: Duration,
    deadline: Instant,
) -> Vec<Outcome> {
    todo!()
}

/// Calls `emit` with the last event of each burst in `events`.
///
/// A burst begins with an event that arrives while no event is pending. From then on the latest event is pending. It is
/// emitted, and the burst is over, as soon as one of these is true:
///
/// - No event has arrived for `quiet`.
/// - The first event of the burst arrived `max_wait` ago.
/// - `events` is closed and empty. Then the function returns.
///
/// It is emitted exactly at that instant. An event that is already in `events` at that instant still belongs to the
/// burst: it becomes the pending one, and `quiet` begins again. `max_wait` does not.
///
/// Every event that is emitted is emitted once. `quiet` and `max_wait` may be zero: then an event is emitted at the
/// instant at which it arrives.
///
/// # Cancel safety
///
/// Dropping the future loses the pending event. `emit` is not called again.
pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    mut emit: impl FnMut(T),
) {
    todo!()
}

/// Runs `job` again and again, at the instants of a grid: `start`, `start + period`, `start + 2 * period` and so on.
/// `start` is the instant of the first poll. Never returns.
///
/// Calls `job(n)` exactly at `start + n * period`, with `n` from zero, and awaits it.
///
/// - Only one run is in progress at a time. While a run is in progress, instants of the grid are skipped: there is no
///   run for them, not later either.
/// - A run that ends exactly at an instant of the grid does not skip it: the next run starts at that instant.
/// - There is at most one run for each instant of the grid, even if a run takes no time.
/// - `period` is 1 ms or more.
///
/// # Cancel safety
///
/// Dropping the future drops the run in progress. No other run starts.
pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    todo!()
}

/// Identifies a peer.
pub type PeerId = u32;

/// What has changed about a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The peer has sent no heartbeat for the limit.
    Silent(PeerId),
    /// The peer was silent, and has sent a heartbeat again.
    Back(PeerId),
}

/// Watches the heartbeats of peers, and calls `report` when one of them goes silent or comes back.
///
/// Each message in `beats` is a heartbeat, and says which peer has sent it. A peer is watched from its first heartbeat
/// on. That one is not reported.
///
/// - [`Change::Silent`] is reported exactly when `limit` has passed since the peer's last heartbeat, and once.
/// - [`Change::Back`] is reported at the instant of the next heartbeat of that peer. From then on it is watched as before.
/// - A heartbeat that is already in `beats` at the instant when the `limit` of its peer is up is in time.
/// - A heartbeat counts for no peer but its own.
/// - If there are several changes at the same instant, they are reported in any order.
/// - When `beats` is closed and empty, the function returns at once. Nothing is reported after that. A limit that is up at
///   that instant may be reported or not.
/// - `limit` is 1 ms or more.
///
/// # Cancel safety
///
/// Dropping the future stops watching. `report` is not called again.
pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    todo!()
}
