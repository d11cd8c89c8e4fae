//! Errors: calls of which some fail, panic or never happen.
//!
//! `client.get(path).await` downloads one page, as in the chapter on gather. A [`Page`] has a `path` and a `body`.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;

use grading::web::{Client, Page, WebError};
use tokio::task::{Id, JoinSet};

/// How a set of downloads ended: each path is in exactly one of the three lists. If it is given twice, that holds for each
/// of the two. Every list is in the order of `paths`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    /// The pages that arrived
    pub pages: Vec<Page>,
    /// The paths that failed, each with its error
    pub failures: Vec<(String, WebError)>,
    /// The paths whose download was cancelled, or was not started
    pub cancelled: Vec<String>,
}

/// Downloads all `paths` concurrently, and stops as soon as `budget` downloads have failed.
///
/// If fewer than `budget` downloads fail, it returns when every download has ended. Otherwise it returns at the instant of
/// the last of `budget` failures, with exactly that many failures. When it returns, no download is running.
///
/// A download that ended before that instant is in `pages` or in `failures`. Of several downloads that end at that
/// instant, any may count as the first; those that come after the last failure are in `cancelled`.
///
/// With a `budget` of 0, no download is started, and all paths are in `cancelled`. Without any paths, the three lists are
/// empty.
///
/// # Cancel safety
///
/// Dropping the future cancels all its downloads.
pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    todo!()
}

/// The error of several named calls, at least one of which has failed.
///
/// `Display` writes how many calls there were, and each failure, in the order of the calls:
///
/// ```text
/// 2 of 5 calls failed: bonn: no stock: status 503; porto: timed out
/// ```
///
/// A failure is the name of its call and the error. The error's source follows, the source of that, and so on to the last
/// one. They are separated by a colon and a space, and failures by a semicolon and a space. Each text is written as it is,
/// also if it is empty or has been written before, and whatever the options of the format are, as in `{:#}`. It says
/// `calls` even if there was only one.
///
/// `source` returns `None`, because `Display` has already written the sources.
#[derive(Debug)]
pub struct AggregateError<E> {
    // Replace this field with yours.
    _failures: std::marker::PhantomData<E>,
}

impl<E: Error + 'static> AggregateError<E> {
    /// Awaits all `calls` concurrently, in the caller's task, until each of them has ended. A call is a name and a future.
    /// Several calls may have the same name.
    ///
    /// Returns the values in the order of `calls`. Without any calls, the list is empty.
    ///
    /// # Errors
    ///
    /// If any calls fail: the errors of all of them. The values of the other calls are dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops all calls.
    pub async fn gather<T>(
        calls: Vec<(String, impl Future<Output = Result<T, E>>)>,
    ) -> Result<Vec<T>, Self> {
        todo!()
    }

    /// The calls that failed, each with its error, in the order of the calls.
    pub fn failures(&self) -> &[(String, E)] {
        todo!()
    }
}

impl<E: Error + 'static> fmt::Display for AggregateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

impl<E: Error + 'static> Error for AggregateError<E> {}

/// The value of a fallback chain, and the step that it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served<T> {
    /// The index of the step in `steps`
    pub step: usize,
    /// What the step returned
    pub value: T,
}

/// Tries `steps` one after the other, and returns the value of the first one that succeeds, at that instant.
///
/// A step is called when the one before it has failed and its future has been dropped; the first step is called at the
/// first poll. No step is called before that, even without being polled, and none is called twice. The steps after the one
/// that succeeds are never called.
///
/// # Errors
///
/// If all steps fail, all their errors, in the order of `steps`, at the instant of the last one. Without any steps, an empty
/// list, at once.
///
/// # Cancel safety
///
/// Dropping the future drops the step that is running, and no other step is called.
pub async fn first_success<T, E>(
    steps: Vec<impl AsyncFnOnce() -> Result<T, E>>,
) -> Result<Served<T>, Vec<E>> {
    todo!()
}

/// Why a task has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskFailure<E> {
    /// It returned this error.
    Failed(E),
    /// It panicked, with this message. An empty message is a message. There is none if the payload of the panic is neither
    /// a `&'static str` nor a `String`.
    Panicked(Option<String>),
    /// It was aborted.
    Cancelled,
}

/// Waits until all `tasks` have ended. Returns how each of them did, with its name, in completion order: at each instant,
/// the tasks that end at it come after those that ended before, and among each other in any order.
///
/// `names` has the name of each task. Several tasks may have the same name, and `names` may contain other tasks as well.
///
/// No failure stops the other tasks, whatever its kind is.
///
/// # Cancel safety
///
/// Dropping the future aborts all tasks that have not ended.
pub async fn join_named<T: Send + 'static, E: Send + 'static>(
    mut tasks: JoinSet<Result<T, E>>,
    names: &HashMap<Id, String>,
) -> Vec<(String, Result<T, TaskFailure<E>>)> {
    todo!()
}
