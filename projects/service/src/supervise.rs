//! Restarts a task that fails.

use std::collections::VecDeque;
use std::fmt::Display;
use std::time::Duration;

use thiserror::Error;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// When a task is restarted, and when no more.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The pause after a first failure. Each further one is twice as long.
    pub base: Duration,
    /// The longest pause.
    pub cap: Duration,
    /// A task that has run for so long is healthy: after its failure, the pause is the first one again.
    pub healthy: Duration,
    /// So many failures within [`window`](Self::window) are too many.
    pub failures: usize,
    /// See [`failures`](Self::failures).
    pub window: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(100),
            cap: Duration::from_secs(10),
            healthy: Duration::from_secs(30),
            failures: 5,
            window: Duration::from_secs(60),
        }
    }
}

/// A task has failed too often.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the task `{name}` has failed {failures} times, at last with: {last}")]
pub struct GaveUp {
    /// The name of the task.
    pub name: String,
    /// How often it has failed within the window.
    pub failures: usize,
    /// The last error, or the message of the last panic.
    pub last: String,
}

/// Runs the task that `start` makes until it returns `Ok`, and starts it again after each error and each panic.
///
/// When `stop` is cancelled, no task is started any more. The one that runs has to end by itself: it has a clone of `stop`. Its
/// failure is logged then, and not returned.
///
/// # Errors
///
/// If the task has failed too often.
///
/// # Cancel safety
///
/// If the future is dropped, the task is aborted.
pub async fn supervise<F, E>(
    name: &str,
    policy: Policy,
    stop: &CancellationToken,
    mut start: impl FnMut() -> F,
) -> Result<(), GaveUp>
where
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Display + Send + 'static,
{
    let mut failed_at = VecDeque::new();
    let mut pause = policy.base;
    while !stop.is_cancelled() {
        let started = Instant::now();
        let last = match attempt(start()).await {
            Ok(()) => return Ok(()),
            Err(last) => last,
        };
        let now = Instant::now();
        failed_at.push_back(now);
        while failed_at
            .front()
            .is_some_and(|at| now.duration_since(*at) > policy.window)
        {
            failed_at.pop_front();
        }
        if failed_at.len() >= policy.failures {
            let failures = failed_at.len();
            error!(task = name, failures, error = last, "gives up a task");
            let name = name.to_owned();
            return Err(GaveUp {
                name,
                failures,
                last,
            });
        }
        if now.duration_since(started) >= policy.healthy {
            pause = policy.base;
        }
        let pause_ms = pause.as_millis() as u64;
        warn!(task = name, error = last, pause_ms, "a task has failed");
        stop.run_until_cancelled(sleep(pause)).await;
        pause = policy.cap.min(pause * 2);
    }
    Ok(())
}

/// Runs the task to its end, in a set that aborts it when it is dropped.
async fn attempt<F, E>(task: F) -> Result<(), String>
where
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Display + Send + 'static,
{
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { task.await.map_err(|error| error.to_string()) });
    match tasks.join_next().await {
        Some(Ok(result)) => result,
        Some(Err(error)) => Err(panic_message(error)),
        None => Ok(()),
    }
}

fn panic_message(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else {
        return "cancelled".to_owned();
    };
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.unwrap_or_else(|| "no text".to_owned()))
}

#[cfg(test)]
mod tests;
