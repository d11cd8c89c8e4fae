//! A call that may block the thread forever.

use crate::failure::Failure;
use crate::run::Run;

/// Calls `call`. If it never returns, `failure` is reported.
///
/// A call of an answer in the middle of another one deadlocks if the answer holds a lock across its callback. A poll that
/// does not return can have many causes; this one is known by where the thread is.
///
/// ```
/// use std::sync::Mutex;
///
/// use grading::{Failure, grade, must_return};
///
/// grade(async || {
///     let count = Mutex::new(1);
///     let on_change = || {
///         must_return(
///             || *count.lock().unwrap(),
///             Failure::new("The callback reads the count.").usually("that the lock is held while it is called."),
///         )
///     };
///     assert_eq!(on_change(), 1);
/// });
/// ```
pub fn must_return<T>(call: impl FnOnce() -> T, failure: Failure) -> T {
    let run = Run::current();
    if let Some(run) = &run {
        run.set_if_blocked(Some(failure));
    }
    let returned = call();
    if let Some(run) = &run {
        run.set_if_blocked(None);
    }
    returned
}
