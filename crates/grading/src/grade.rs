//! One test of a grader.

use std::panic::{Location, resume_unwind};

use crate::report::Report;
use crate::run::{Body, Run};

/// Runs `test` and fails with a report if the answer in it is not right.
///
/// The test runs on a fresh current-thread runtime. Its clock is paused: it stands still while code
/// runs, and jumps to the next timer when everything waits. A `timeline` recorder is installed, so the
/// report can show what the futures did.
///
/// Write the closure in the test itself: the names of the test and of its exercise are those of the
/// function around the closure and of the module around that.
///
/// ```
/// use grading::{Clock, Failure, check, grade, ms};
///
/// grade(async || {
///     let clock = Clock::start();
///     tokio::time::sleep(ms(250)).await;
///     check(clock.elapsed() == ms(250), || Failure::new("It should sleep for 250 ms."));
/// });
/// ```
///
/// # Panics
///
/// It fails the test, in this order of causes:
///
/// 1. The answer is a stub: somewhere, `todo!()` or `unimplemented!()` was reached.
/// 2. The answer panicked, and a check missed after that.
/// 3. A [`check`](crate::check) missed. The first one counts, wherever it was: a miss in a fake, a
///    spawned task or a blocking job ends the test, even if the answer swallows the unwinding.
/// 4. A panic came out of `test`.
/// 5. The test did not end: nothing happened for an hour of virtual time, timers or polls went on for
///    ever, or a blocking job did not return.
/// 6. All is well, but one poll held the thread for 250 ms of real time.
///
/// A panic that stays in a spawned task does not fail the test by itself: to keep it there may be the
/// exercise. If the test fails for another reason, it is told as the likely cause, unless the grader's
/// own files made it.
///
/// A poll that never returns ends the process, with code 101: see the [crate's documentation](crate). So does a
/// `drop` that panics while a panic unwinds: the report tells both.
///
/// Threads that the answer starts with `std::thread` are out of reach: a panic there is printed by the
/// usual hook, and a miss is a panic.
#[track_caller]
pub fn grade<F: AsyncFnOnce()>(test: F) {
    let body = Box::pin(async move { test().await });
    graded(std::any::type_name::<F>(), Location::caller().file(), body);
}

/// Compiled once, and not for every test of a grader.
fn graded(closure: &str, grader: &'static str, body: Body<'_>) {
    pass(Run::new(closure, grader).play(body));
}

/// Fails the test if it has a report.
pub(crate) fn pass(verdict: Result<(), Box<Report>>) {
    if let Err(report) = verdict {
        fail(&report);
    }
}

/// Prints the report and fails the test, with nothing around it: no panic hook sees this unwinding,
/// so there is no "thread panicked" and no backtrace.
pub(crate) fn fail(report: &Report) -> ! {
    eprint!("{}", report.printed());
    resume_unwind(Box::new("a grader has printed its report"))
}
