//! Errors: calls of which some fail, panic or never happen.
//!
//! Each function returns everything that it learned: no failure, no value and no download that was cancelled is lost on
//! the way. And nothing outlives its caller, because no future is spawned here, and a `JoinSet` owns its tasks.

use std::any::Any;
use std::collections::HashMap;
use std::error::Error;
use std::{fmt, iter};

use futures::future::join_all;
use futures::stream::{FuturesUnordered, StreamExt};
use grading::web::{Client, Page, WebError};
use tokio::task::{Id, JoinError, JoinSet};

/// How a set of downloads ended: each path is in exactly one of the three lists, in input order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    /// The pages that arrived
    pub pages: Vec<Page>,
    /// The paths that failed, each with its error
    pub failures: Vec<(String, WebError)>,
    /// The paths whose download was cancelled, or was not started
    pub cancelled: Vec<String>,
}

/// Downloads all `paths` concurrently. Returns when every download has ended, or as soon as `budget` of them have failed;
/// with a `budget` of 0, no download is started.
///
/// # Cancel safety
///
/// Dropping the future cancels every download that is still running. Outcomes seen so far are lost.
pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect();
    let mut outcomes: Vec<_> = paths.iter().map(|_| None).collect();
    let mut failures = 0;
    while failures < budget
        && let Some((index, outcome)) = downloads.next().await
    {
        failures += usize::from(outcome.is_err());
        outcomes[index] = Some(outcome);
    }

    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Some(Ok(page)) => settled.pages.push(page),
            Some(Err(error)) => settled.failures.push((path.to_owned(), error)),
            None => settled.cancelled.push(path.to_owned()),
        }
    }
    settled
}

/// The error of several named calls, at least one of which has failed.
///
/// `Display` writes all failures with their sources on one line, so `source` returns `None`.
#[derive(Debug)]
pub struct AggregateError<E> {
    calls: usize,
    failures: Vec<(String, E)>,
}

impl<E: Error + 'static> AggregateError<E> {
    /// Awaits all `calls` concurrently, and returns their values in input order.
    ///
    /// # Errors
    ///
    /// If any calls fail, all their errors, once every call has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops all calls; the outcomes so far are lost.
    pub async fn gather<T>(
        calls: Vec<(String, impl Future<Output = Result<T, E>>)>,
    ) -> Result<Vec<T>, Self> {
        let (names, futures): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
        let mut values = Vec::with_capacity(names.len());
        let mut error = Self {
            calls: names.len(),
            failures: Vec::new(),
        };
        for (name, outcome) in iter::zip(names, join_all(futures).await) {
            match outcome {
                Ok(value) => values.push(value),
                Err(failure) => error.failures.push((name, failure)),
            }
        }
        if error.failures.is_empty() {
            Ok(values)
        } else {
            Err(error)
        }
    }

    /// The calls that failed, each with its error, in input order.
    pub fn failures(&self) -> &[(String, E)] {
        &self.failures
    }
}

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, failures } = self;
        write!(f, "{} of {calls} calls failed", failures.len())?;
        let mut separator = ": ";
        for (name, error) in failures {
            write!(f, "{separator}{name}")?;
            for error in chain(error) {
                write!(f, ": {error}")?;
            }
            separator = "; ";
        }
        Ok(())
    }
}

impl<E: Error + 'static> Error for AggregateError<E> {}

/// `error`, its source, the source of that, and so on.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| error.source())
}

/// The value of a fallback chain, and the step that it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served<T> {
    /// The index of the step in `steps`
    pub step: usize,
    /// What the step returned
    pub value: T,
}

/// Tries `steps` one after the other, and returns the value of the first one that succeeds. No step is called before the
/// one before it has failed.
///
/// # Errors
///
/// All errors, in input order, if all steps fail. Without any steps, an empty list.
///
/// # Cancel safety
///
/// Dropping the future drops the step that is running, and no other step is called.
pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    let mut errors = Vec::new();
    for (step, call) in steps.into_iter().enumerate() {
        match call().await {
            Ok(value) => return Ok(Served { step, value }),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}

/// Why a task has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskFailure<E> {
    /// It returned this error.
    Failed(E),
    /// It panicked, with this message, if the payload is a text.
    Panicked(Option<String>),
    /// It was aborted.
    Cancelled,
}

/// Waits until all `tasks` have ended, and returns how each of them did, with its name, in completion order.
///
/// # Cancel safety
///
/// Dropping the future aborts all tasks that have not ended. Outcomes seen so far are lost.
pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    let mut outcomes = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next_with_id().await {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome.map_err(TaskFailure::Failed)),
            Err(error) => (error.id(), Err(failure(error))),
        };
        outcomes.push((names[&id].clone(), outcome));
    }
    outcomes
}

/// The failure of a task that has returned nothing.
fn failure<E>(error: JoinError) -> TaskFailure<E> {
    match error.try_into_panic() {
        Ok(payload) => TaskFailure::Panicked(message(&*payload)),
        Err(_cancelled) => TaskFailure::Cancelled,
    }
}

/// A panic's message is a `String` if it was formatted, and a `&'static str` if it was not.
fn message(payload: &(dyn Any + Send)) -> Option<String> {
    let unformatted = payload.downcast_ref::<&str>().map(ToString::to_string);
    unformatted.or_else(|| payload.downcast_ref().cloned())
}
