//! One test of a grader.

use std::panic::Location;

use crate::run::{Body, Run, pass};

/// Runs `test`, and fails with a report if the answer in it is wrong.
///
/// The test runs on a fresh current-thread runtime. Its clock is paused: it stands still while code
/// runs, and jumps to the next timer when every task waits. A `timeline` recorder is installed, so the
/// report can show what the futures did.
///
/// Write the closure in the test itself: the test is named after the function around the closure, and the
/// exercise after the module around that function.
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
/// It fails the test for one of these causes. If there are several, the first in this list is reported:
///
/// 1. The answer is a stub: `todo!()` or `unimplemented!()` was reached somewhere.
/// 2. The answer panicked, and a check failed after that.
/// 3. A [`check`](crate::check) failed. The first one counts, wherever it was: a failure in a fake, a
///    spawned task or a blocking job ends the test, even if the answer swallows the unwinding.
/// 4. A panic came out of `test`.
/// 5. The test did not end: nothing happened for an hour of virtual time, timers or polls went on forever,
///    or a blocking job did not return.
/// 6. One poll blocked the thread for 250 ms of real time, and everything else was right.
///
/// A panic that stays in a spawned task does not fail the test by itself, because isolating it may be the
/// exercise. If the test fails for another reason, the panic is reported as the likely cause, unless it was
/// in the grader's own files.
///
/// A poll that never returns ends the process with code 101: see the [crate's documentation](crate). So does
/// a `drop` that panics during unwinding; the report shows both panics.
///
/// Threads that the answer starts with `std::thread` cannot be observed: a panic there is printed by the
/// usual hook, and a failed check is a panic.
#[track_caller]
pub fn grade<F: AsyncFnOnce()>(test: F) {
    let body = Box::pin(async move { test().await });
    run(std::any::type_name::<F>(), Location::caller().file(), body);
}

/// Not generic, so that it is compiled once instead of for every test of a grader.
fn run(closure: &str, grader: &'static str, body: Body<'_>) {
    pass(Run::new(closure, grader).play(body));
}
