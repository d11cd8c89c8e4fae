//! Grades the chapter `tasks`: one module for each exercise, one test for each promise of its
//! contract.
//!
//! The jobs are the grader's. Each notes on which task it runs, and when it begins and ends, in virtual time.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use grading::{Clock, Failure, Tasks, check, drop_at_every_await, grade, is_send, ms};
use tokio::time::sleep;

use lab::{Ending, Lab};

#[path = "tasks/lab.rs"]
mod lab;

#[path = "tasks/Background.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod Background;
#[path = "tasks/Darkroom.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod Darkroom;
#[path = "tasks/all_or_none.rs"]
mod all_or_none;
#[path = "tasks/develop.rs"]
mod develop;
#[path = "tasks/develop_all.rs"]
mod develop_all;
#[path = "tasks/expose.rs"]
mod expose;

const FILMS: [&str; 3] = ["Anna's", "Ben's", "Cleo's"];

/// How many milliseconds each of `FILMS` takes, in every order in which they can be done. No sum of these times is
/// one of them.
const EVERY_ORDER: [[u64; 3]; 6] = [
    [20, 40, 10],
    [40, 20, 10],
    [10, 40, 20],
    [40, 10, 20],
    [20, 10, 40],
    [10, 20, 40],
];

const OWN_TASK: &str = "tasks.html#a-slip-with-a-desk-number";
const JOIN_ERROR: &str = "tasks.html#three-ways-to-end";
const DETACHED: &str = "tasks.html#dropping-the-note";
const SCOPE: &str = "tasks-together.html#joinset";
const NOT_YET_GONE: &str = "tasks-together.html#aborted-is-not-yet-gone";
const GROUP: &str = "tasks-together.html#all-or-nothing";

/// Polls `answer` to its end, and catches a panic that comes out of it.
async fn caught<T>(answer: impl Future<Output = T>) -> Result<T, Box<dyn Any + Send>> {
    AssertUnwindSafe(answer).catch_unwind().await
}

/// The words of a panic that was formatted.
fn words(panic: &(dyn Any + Send)) -> &str {
    let formatted = panic.downcast_ref::<String>().map(String::as_str);
    let words = formatted.or_else(|| panic.downcast_ref::<&str>().copied());
    words.unwrap_or("something without words")
}

/// Each of the jobs that began ran on a task that no other ran on.
fn check_own_tasks(lab: &Lab, count: usize) {
    let (begun, tasks) = (lab.begun(), lab.tasks());
    check(begun == count, || {
        Failure::new(format!("{} should have begun; {begun} did.", jobs(count)))
            .usually("that a future was made and neither spawned nor awaited.")
            .read(OWN_TASK)
    });
    check(tasks == count, || {
        Failure::new(format!(
            "{} should run on as many tasks of their own; there {} {tasks}.",
            jobs(count),
            if tasks == 1 { "was" } else { "were" }
        ))
        .usually("that the answer awaits the jobs in its own task. That is concurrent as well; but then a job that \
                  computes or panics does it to all others.")
        .read(OWN_TASK)
    });
}

/// All of the jobs are begun at the beginning, however many they are.
fn check_all_begun(lab: &Lab, count: usize) {
    let begun = lab.begun();
    check(begun == count, || {
        Failure::new(format!(
            "{} should run at the same time; {begun} had begun when the first of them ended.",
            jobs(count)
        ))
        .usually(
            "that only so many are spawned at a time, and the next when one of them has ended.",
        )
        .read(SCOPE)
    });
}

/// What came out of an answer whose job panicked with the number 7.
fn check_payload<T>(outcome: Result<T, Box<dyn Any + Send>>) {
    let same = outcome.is_err_and(|panic| panic.downcast_ref() == Some(&7_u32));
    check(same, || {
        Failure::new(
            "A job panics with the number 7 (`panic_any(7)`), and the function should panic with the same payload; \
             it did not.",
        )
        .usually(
            "that a new panic is made from the message of the first. `resume_unwind(error.into_panic())` goes on with \
             the panic itself, whatever it carries.",
        )
        .read(JOIN_ERROR)
    });
}

/// Jobs at the same time take as long as the slowest of them.
fn check_overlap(clock: &Clock, times: &[u64]) {
    let took = clock.elapsed();
    let longest = ms(times.iter().copied().max().unwrap_or(0));
    check(took == longest, || {
        let miss = Failure::new(format!(
            "Jobs of {times:?} ms should take {}, as long as the slowest; they took {}.",
            in_ms(longest),
            in_ms(took)
        ));
        if took < longest {
            miss.usually("that some were not waited for.").read(SCOPE)
        } else if times.len() > 1 && took == ms(times.iter().sum()) {
            miss.usually("that each was awaited before the next one was spawned.")
                .read("tasks-pitfalls.html#slips-that-nobody-has-written-yet")
        } else {
            miss.usually(
                "that a task is asked now and then whether it is finished, where its handle is on time; or that only so many \
                 run at the same time.",
            )
            .read(OWN_TASK)
        }
    });
}

/// Each result stands where its job stands.
fn check_input_order(seen: &[String], times: &[u64]) {
    let expected = FILMS.map(lab::developed);
    check(seen == expected, || {
        let mut in_time: Vec<_> = times.iter().zip(&expected).collect();
        in_time.sort_by_key(|(time, _)| **time);
        let miss = Failure::new(format!(
            "Jobs of {times:?} ms should give {expected:?}; they gave {seen:?}."
        ));
        if in_time.into_iter().map(|(_, result)| result).eq(seen) {
            miss.usually(
                "that the results stand in the order in which they came. Number the jobs, and sort by the number.",
            )
        } else {
            miss.usually("that a result is lost, or stands in the place of another.")
        }
        .read(SCOPE)
    });
}

/// No job and no task is alive, when everything has had its turns.
async fn check_nothing_runs_on(lab: &Lab, tasks: Tasks, when: &str) {
    let left = tasks.left_behind().await.max(lab.at_work());
    check(left == 0, || {
        Failure::new(format!("{when} every job should stop; {}.", still(left)))
            .usually("that a `JoinHandle` was dropped, which detaches its task.")
            .read(DETACHED)
    });
}

/// Nothing was at work at the very instant at which the answer was over, without another turn for anybody: so many
/// jobs were then.
async fn check_gone(lab: &Lab, tasks: Tasks, at_once: usize, when: &str) {
    check_nothing_runs_on(lab, tasks, when).await;
    check(at_once == 0, || {
        Failure::new(format!(
            "{when} the other jobs should be gone; {}.",
            still(at_once)
        ))
        .usually(
            "that they were aborted and not waited for: `abort`, and dropping a `JoinSet`, only ask, and one more turn \
             is not enough for many. `shutdown().await` asks and waits.",
        )
        .read(NOT_YET_GONE)
    });
}

/// `1 is still at work`
fn still(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{count} {verb} still at work")
}

/// `1 job`, `3 jobs`
fn jobs(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} job{plural}")
}

/// `40 ms`
fn in_ms(time: Duration) -> String {
    format!("{} ms", time.as_secs_f64() * 1e3)
}
