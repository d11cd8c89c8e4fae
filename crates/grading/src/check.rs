//! The assertion that graders use.

use std::panic::{Location, resume_unwind};

use crate::failure::Failure;
#[cfg(feature = "loom")]
use crate::model::abandon_model;
use crate::run::Run;

/// Fails the test with the report of `failure` if `holds` is false.
///
/// Inside [`grade`](crate::grade) the failure is recorded, together with the timeline so far, before the
/// check unwinds. The test fails even if the unwinding is swallowed on its way: in a spawned task whose
/// handle is never awaited, in `catch_unwind`, or in a thread of `spawn_blocking`. The first failure of a
/// run is the one that is reported.
///
/// ```should_panic
/// use grading::{Failure, check};
///
/// let pages = ["/a", "/b"];
/// check(pages.len() == 3, || {
///     Failure::new(format!("There should be 3 pages; there were {}.", pages.len()))
/// });
/// ```
///
/// # Panics
///
/// Outside `grade`, with the report as the message.
#[track_caller]
pub fn check(holds: bool, failure: impl FnOnce() -> Failure) {
    if holds {
        return;
    }
    fail(failure());
}

/// Not generic, so that it is compiled once instead of for every check of a grader.
#[cold]
#[track_caller]
fn fail(failure: Failure) {
    let Some(run) = Run::current() else {
        panic!("{failure}");
    };
    run.record_failure(failure, Location::caller());
    #[cfg(feature = "loom")]
    abandon_model();
    // A panic during unwinding would abort the process, and with it every other test.
    if !std::thread::panicking() {
        resume_unwind(Box::new("a check failed, and grade() reports it"));
    }
}
