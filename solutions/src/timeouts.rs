//! Timeouts: a client of a slow upstream, a file watcher, a periodic job and a heartbeat monitor.
//!
//! Limits are turned into deadlines where they begin. A deadline can be compared, combined with `min` and used again in a
//! loop, and it does not move.

use std::collections::HashMap;
use std::time::Duration;

use grading::web::{Client, Page, WebError};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout_at};

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

/// Downloads `paths` one after the other, each within `limit`, and all of them until `deadline`. Returns one outcome for
/// each path, in the order of `paths`.
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
    let mut outcomes = Vec::with_capacity(paths.len());
    for path in paths {
        outcomes.push(fetch_one(client, path, limit, deadline).await);
    }
    outcomes
}

async fn fetch_one(client: &Client, path: &str, limit: Duration, deadline: Instant) -> Outcome {
    let now = Instant::now();
    // `timeout_at` would poll the request once, and so send it.
    if now >= deadline {
        return Outcome::DeadlinePassed;
    }
    let give_up = deadline.min(now + limit);
    match timeout_at(give_up, client.get(path)).await {
        Ok(response) => Outcome::Response(response),
        Err(_) if give_up == deadline => Outcome::DeadlinePassed,
        Err(_) => Outcome::LimitExceeded,
    }
}

/// Calls `emit` with the last event of each burst: when no event has arrived for `quiet`, when the burst has lasted for
/// `max_wait`, or when `events` is closed.
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
    while let Some(mut pending) = events.recv().await {
        let latest = Instant::now() + max_wait;
        let due = || latest.min(Instant::now() + quiet);
        while let Ok(Some(newer)) = timeout_at(due(), events.recv()).await {
            pending = newer;
        }
        emit(pending);
    }
}

/// Calls `job(n)` at `start + n * period`, where `start` is the instant of the first poll, and awaits it. Instants that
/// pass while a run is in progress are skipped. Never returns.
///
/// # Cancel safety
///
/// Dropping the future drops the run in progress. No other run starts.
pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        sleep_until(start + period * n).await;
        job(n).await;
        // Rounded up, so that an instant which is now is not skipped. A run that took no time ends at its own instant.
        let not_passed = start.elapsed().as_nanos().div_ceil(period.as_nanos());
        n = (n + 1).max(not_passed as u32);
    }
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

/// What is known about a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Peer {
    /// It is silent unless it sends a heartbeat until this instant.
    AliveUntil(Instant),
    /// It has been reported.
    Silent,
}

/// Watches the heartbeats of peers. Reports a peer that has sent none for `limit`, once and at that instant, and reports it
/// again when it is back. Returns when `beats` is closed and empty.
///
/// # Cancel safety
///
/// Dropping the future stops watching. `report` is not called again.
pub async fn watch_heartbeats(
    mut beats: mpsc::Receiver<PeerId>,
    limit: Duration,
    mut report: impl FnMut(Change),
) {
    let mut peers: HashMap<PeerId, Peer> = HashMap::new();
    loop {
        // One timer for all peers, at a deadline that heartbeats of other peers do not move.
        let beat = match next_deadline(&peers) {
            Some(deadline) => timeout_at(deadline, beats.recv()).await,
            None => Ok(beats.recv().await),
        };
        match beat {
            Ok(Some(id)) => {
                let alive = Peer::AliveUntil(Instant::now() + limit);
                if peers.insert(id, alive) == Some(Peer::Silent) {
                    report(Change::Back(id));
                }
            }
            Ok(None) => return,
            Err(_elapsed) => {
                let now = Instant::now();
                for (&id, peer) in &mut peers {
                    if matches!(*peer, Peer::AliveUntil(deadline) if deadline <= now) {
                        *peer = Peer::Silent;
                        report(Change::Silent(id));
                    }
                }
            }
        }
    }
}

fn next_deadline(peers: &HashMap<PeerId, Peer>) -> Option<Instant> {
    let deadlines = peers.values().filter_map(|peer| match peer {
        Peer::AliveUntil(deadline) => Some(*deadline),
        Peer::Silent => None,
    });
    deadlines.min()
}
