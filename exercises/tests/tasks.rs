//! Grades the chapter `tasks`: one module for each exercise, one test for each promise of its contract.
//!
//! The jobs are the grader's. Each records on which task it runs, and when it starts and ends, in virtual time.

#![allow(
    clippy::drop_non_drop,
    clippy::forget_non_drop,
    reason = "a stub has nothing to drop yet, and an answer has"
)]

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use grading::{
    Case, Clock, Counted, Failure, Gauge, Tasks, TestWaker, check, drop_at_every_await, grade,
    grade_cases, in_ms, is_send, ms, plural, times,
};
use tokio::time::sleep;

use jobs::{Ending, Jobs};

#[path = "tasks/jobs.rs"]
mod jobs;

#[path = "tasks/BackgroundTasks.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod BackgroundTasks;
#[path = "tasks/TaskScope.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod TaskScope;
#[path = "tasks/count_rows_twice.rs"]
mod count_rows_twice;
#[path = "tasks/join_in_order.rs"]
mod join_in_order;
#[path = "tasks/run_isolated.rs"]
mod run_isolated;
#[path = "tasks/try_join_tasks.rs"]
mod try_join_tasks;

const NAMES: [&str; 3] = ["thumbnail", "email", "report"];

/// How many milliseconds each of the jobs `NAMES` takes, for every order in which they can end. No sum of these times
/// is one of them.
const EVERY_ORDER: [[u64; 3]; 6] = [
    [20, 40, 10],
    [40, 20, 10],
    [10, 40, 20],
    [40, 10, 20],
    [20, 10, 40],
    [10, 20, 40],
];

/// A limit that is built into an answer is hardly ever higher.
const MANY: usize = 10_000;

/// The meaning of an answer that returns before its jobs have ended.
const GIVEN_UP: &str = "that the answer gives up after some time. A job may take any time.";

/// When [`dropped_by_a_panic`] has dropped an answer.
const DROPPED_BY_A_PANIC: &str = "When a panic of its caller drops the future,";

const SPAWN: &str = "tasks.html#spawn-and-joinhandle";
const JOIN_ERROR: &str = "tasks-join-errors.html#joinerror-panicked-or-cancelled";
const PANIC_CONTINUES: &str = "tasks-join-errors.html#continue-the-panic-or-go-on-without-the-task";
const DETACHED: &str = "tasks.html#dropping-a-joinhandle-detaches-the-task";
const JOIN_SET: &str = "tasks-joinset.html#joinset";
const COMPLETION_ORDER: &str = "tasks-joinset.html#results-in-completion-order";
const ABORTED_NOT_GONE: &str = "tasks-joinset.html#aborted-tasks-are-not-gone-at-once";
const TASK_GROUP: &str = "tasks-joinset.html#a-task-group-the-first-error-cancels-the-others";
const TRACKER: &str = "tasks-tasktracker.html#tasktracker";

/// Polls `answer` to its end, and catches a panic that comes out of it.
async fn caught<T>(answer: impl Future<Output = T>) -> Result<T, Box<dyn Any + Send>> {
    AssertUnwindSafe(answer).catch_unwind().await
}

/// Drops an answer that has many jobs, after a few polls.
///
/// An answer that spawns that many may wait in between, and be dropped there.
fn dropped_with_many_jobs(answer: impl AsyncFn(Vec<BoxFuture<'static, Result<String, String>>>)) {
    for polls in [1, 2, 10] {
        grade(async || {
            let (jobs, tasks, waker) = (Jobs::default(), Tasks::baseline(), TestWaker::new());
            {
                let mut answer = pin!(answer(
                    (0..MANY).map(|_| jobs.unnamed(60).boxed()).collect()
                ));
                for _ in 0..polls {
                    let _ = waker.poll(answer.as_mut());
                    tokio::task::yield_now().await;
                }
            }
            let when = format!(
                "When the future is dropped, which has {} and was polled {},",
                count_of_jobs(MANY),
                times(polls)
            );
            check_nothing_runs_on(&jobs, tasks, &when).await;
        });
    }
}

/// Polls `answer` for 10 ms, and drops it in the course of a panic.
async fn dropped_by_a_panic(answer: impl Future) {
    let outcome = caught(async {
        let mut answer = pin!(answer);
        let _ = tokio::time::timeout(ms(10), answer.as_mut()).await;
        std::panic::resume_unwind(Box::new("the caller panicked"));
    });
    let _: Result<(), _> = outcome.await;
}

/// The message of a panic.
fn message(panic: &(dyn Any + Send)) -> &str {
    let formatted = panic.downcast_ref::<String>().map(String::as_str);
    let message = formatted.or_else(|| panic.downcast_ref::<&str>().copied());
    message.unwrap_or("something without a message")
}

fn check_needs_no_runtime(new: impl Fn() + Send + 'static) {
    // A stub panics here, where it is recognized.
    new();
    let outside = std::thread::spawn(new);
    check(outside.join().is_ok(), || {
        Failure::new(
            "`new` was called outside of a runtime, where only `spawn` may panic; it panicked.",
        )
        .usually("that `new` spawns a task, or asks for the current runtime.")
        .read(SPAWN)
    });
}

/// All of the jobs have started, each on a task of its own.
fn check_own_tasks(jobs: &Jobs, count: usize) {
    let (started, tasks) = (jobs.started(), jobs.tasks());
    check(started == count, || {
        Failure::new(format!(
            "{} should have started; {started} did.",
            count_of_jobs(count)
        ))
        .usually("that a job was kept as a future. A future starts when it is spawned or awaited, and not before.")
        .read(SPAWN)
    });
    check(tasks == count, || {
        Failure::new(format!(
            "{} should run on {}; there was {}.",
            count_of_jobs(count),
            if count == 1 { "a task of its own".to_owned() } else { format!("{count} tasks of their own") },
            if tasks == 0 { "only the caller's task".to_owned() } else { format!("only {}", plural(tasks, "task")) },
        ))
        .usually(
            "that a job is awaited in a task that does other work as well. If the job panics, or computes for long, it \
             affects that work.",
        )
        .read(SPAWN)
    });
}

/// All of the jobs start at once, however many they are.
fn check_all_started(jobs: &Jobs, count: usize) {
    let started = jobs.started();
    check(started == count, || {
        Failure::new(format!(
            "{} should run at the same time; {started} had started when the first of them ended.",
            count_of_jobs(count)
        ))
        .usually("that the answer limits how many jobs run at a time, and spawns the next one when one has ended.")
        .read(JOIN_SET)
    });
}

/// A value that no answer can expect.
#[derive(Debug)]
struct Unusual;

/// A payload of a type that [`drawn_payload`] draws.
fn described(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        format!("the `&str` {text:?}")
    } else if let Some(text) = payload.downcast_ref::<String>() {
        format!("the `String` {text:?}")
    } else if let Some(number) = payload.downcast_ref::<u32>() {
        format!("the `u32` {number}")
    } else if let Some(number) = payload.downcast_ref::<i32>() {
        format!("the `i32` {number}")
    } else if let Some(letter) = payload.downcast_ref::<char>() {
        format!("the `char` {letter:?}")
    } else if let Some(text) = payload.downcast_ref::<Box<str>>() {
        format!("the `Box<str>` {text:?}")
    } else if let Some(error) = payload.downcast_ref::<Unusual>() {
        format!("the value `{error:?}`")
    } else {
        "a value of another type".to_owned()
    }
}

/// What came out of an answer whose job panicked with this payload.
fn check_payload<T>(outcome: Result<T, Box<dyn Any + Send>>, payload: &str) {
    let expected =
        format!("A job panics with {payload}, and the function should panic with the same payload");
    let failure = match outcome {
        Err(panic) if described(&*panic) == payload => return,
        Err(panic) => Failure::new(format!("{expected}; it panicked with {}.", described(&*panic))).usually(
            "that the answer starts a new panic, or puts the payload into one more box. \
             `resume_unwind(error.into_panic())` continues the panic itself, whatever its payload is.",
        ),
        Ok(_) => Failure::new(format!("{expected}; it did not panic.")),
    };
    check(false, || failure.read(PANIC_CONTINUES));
}

/// A job panicked with the message `expected`, and so should the answer.
fn check_panic<T>(outcome: &Result<T, Box<dyn Any + Send>>, expected: &str) {
    let failure = match outcome {
        Err(panic) if message(&**panic) == expected => return,
        Err(panic) => {
            let seen = message(&**panic);
            let failure = Failure::new(format!(
                "If a job panics, the function should panic with {expected:?}; it panicked with {seen:?}."
            ));
            if seen.contains(expected) {
                failure.usually(
                    "that the join error was unwrapped, or a new panic started. `resume_unwind(error.into_panic())` \
                     continues the panic itself.",
                )
            } else {
                failure
            }
        }
        Ok(_) => Failure::new(format!(
            "If a job panics, the function should panic with {expected:?}; it did not panic."
        )),
    };
    check(false, || failure.read(PANIC_CONTINUES));
}

/// Jobs at the same time take as long as the slowest of them.
fn check_overlap(clock: &Clock, times: &[u64]) {
    let took = clock.elapsed();
    let longest = ms(times.iter().copied().max().unwrap_or(0));
    check(took == longest, || {
        let failure = Failure::new(format!(
            "Jobs of {times:?} ms should take {}, as long as the slowest; they took {}.",
            in_ms(longest),
            in_ms(took)
        ));
        if took < longest {
            failure
                .usually("that some of them were not waited for.")
                .read(JOIN_SET)
        } else if times.len() > 1 && took == ms(times.iter().sum()) {
            failure
                .usually("that each was awaited before the next one was spawned.")
                .read("tasks-pitfalls.html#spawning-in-a-lazy-iterator")
        } else if is_sum_of_several(took, times) {
            failure
                .usually("that the answer limits how many jobs run at a time, and spawns the next one when one has ended.")
                .read(JOIN_SET)
        } else {
            failure.read(SPAWN)
        }
    });
}

/// Whether `took` is the sum of at least two of `times`: then one job waited for another.
fn is_sum_of_several(took: Duration, times: &[u64]) -> bool {
    (0_u32..1 << times.len()).any(|chosen| {
        let chosen = times
            .iter()
            .enumerate()
            .filter(|(i, _)| chosen & (1 << i) != 0);
        let times: Vec<_> = chosen.map(|(_, time)| time).copied().collect();
        times.len() > 1 && took == ms(times.iter().sum())
    })
}

/// The outputs are in the order of the jobs.
fn check_input_order(seen: &[String], times: &[u64]) {
    let expected = NAMES.map(jobs::output);
    check(seen == expected, || {
        let mut by_time: Vec<_> = times.iter().zip(&expected).collect();
        by_time.sort_by_key(|(time, _)| **time);
        let failure = Failure::new(format!(
            "Jobs of {times:?} ms should return {expected:?}; they returned {seen:?}."
        ));
        if by_time.into_iter().map(|(_, output)| output).eq(seen) {
            failure.usually(
                "that the outputs are in completion order. Let each task return its index as well, and sort by it.",
            )
        } else {
            failure.usually("that an output is lost, or is in the place of another.")
        }
        .read(COMPLETION_ORDER)
    });
}

/// No job is running and no task is alive, when every task has had time to end.
async fn check_nothing_runs_on(jobs: &Jobs, tasks: Tasks, when: &str) {
    let left = tasks.left_behind().await.max(jobs.running());
    check(left == 0, || {
        Failure::new(format!(
            "{when} every job should be stopped; {}.",
            still_running(left)
        ))
        .usually(
            "that a `JoinHandle` was dropped, which detaches its task. Dropping a `TaskTracker` stops no task either.",
        )
        .read(DETACHED)
    });
}

/// No other job was running at the very instant at which the answer returned: `at_once` jobs were.
async fn check_gone(jobs: &Jobs, tasks: Tasks, at_once: usize, when: &str) {
    check_nothing_runs_on(jobs, tasks, when).await;
    check(at_once == 0, || {
        // A test with a thousand jobs gives lanes to three of them.
        let lanes = if at_once > 4 {
            ", most of them without a lane in the timeline"
        } else {
            ""
        };
        Failure::new(format!(
            "{when} the other jobs should be gone; {}{lanes}.",
            still_running(at_once)
        ))
        .usually(
            "that they were aborted and not waited for, or not all of them. `abort`, and dropping a `JoinSet`, only request \
             it, and one yield is not enough for many tasks to end.",
        )
        .read(ABORTED_NOT_GONE)
    });
}

/// As the timer does, to whole milliseconds.
fn rounded_up(time: Duration) -> Duration {
    ms(u64::try_from(time.as_nanos().div_ceil(1_000_000)).expect("a short time"))
}

/// A payload of this type, and the message that it has: most have one line, some have many, some are empty.
fn drawn_payload(case: &Case) -> (Box<dyn Any + Send>, String) {
    let others = ["u32", "i32", "char", "Box<str>", "another type"];
    let kind = *case.pick(
        "payload",
        &["&str", "String", *case.pick("of another type", &others)],
    );
    let lines = case.size("lines", 1..=300);
    let text = match *case.pick("the message is", &["a text", "a text", "a text", "empty"]) {
        "empty" => String::new(),
        _ => case.texts("message", lines).join("\n"),
    };
    let other: Box<dyn Any + Send> = match kind {
        "&str" => return (Box::new(&*text.clone().leak()), text),
        "String" => return (Box::new(text.clone()), text),
        "u32" => Box::new(7_u32),
        "i32" => Box::new(7_i32),
        "char" => Box::new('?'),
        "Box<str>" => Box::new(text.into_boxed_str()),
        _ => Box::new(Unusual),
    };
    (other, "?".to_owned())
}

/// Jobs with any times, some of which do not complete.
struct DrawnJobs {
    times: Vec<Duration>,
    /// In the order in which they are drawn, a job may be there twice.
    failing: Vec<usize>,
    panicking: Vec<usize>,
    running: Gauge,
}

impl DrawnJobs {
    fn new(case: &Case, with_errors: bool) -> Self {
        let count = case.size("jobs", 1..=300);
        let times = case.whole_ms_each("times", count, 100);
        let some = |what: &str| {
            let some = *case.pick(&format!("how many {what}"), &[0, 0, 1, 2, 3]);
            let last = count as u64 - 1;
            let jobs = case.numbers(&format!("which {what}"), some, last);
            jobs.into_iter().map(|job| job as usize).collect()
        };
        Self {
            times,
            failing: if with_errors {
                some("fail")
            } else {
                Vec::new()
            },
            panicking: some("panic"),
            running: Gauge::new(),
        }
    }

    /// Each job returns its index, or fails or panics with it.
    fn jobs(&self) -> Vec<impl Future<Output = Result<usize, usize>> + Send + 'static> {
        let jobs = self.times.iter().enumerate().map(|(index, time)| {
            let (time, running) = (*time, self.running.clone());
            let (fails, panics) = (
                self.failing.contains(&index),
                self.panicking.contains(&index),
            );
            async move {
                let _running = running.enter();
                sleep(time).await;
                if panics {
                    std::panic::resume_unwind(Box::new(index));
                }
                if fails { Err(index) } else { Ok(index) }
            }
        });
        jobs.collect()
    }

    /// The instant of the first job that does not complete, or of the last one, if all do.
    fn end(&self) -> Duration {
        let first = self
            .failing
            .iter()
            .chain(&self.panicking)
            .map(|job| self.times[*job])
            .min();
        first.unwrap_or_else(|| self.times.iter().copied().max().unwrap_or_default())
    }

    /// Whether one of `jobs` is this one, and the first that does not complete.
    fn is_first(&self, jobs: &[usize], job: Option<usize>) -> bool {
        job.is_some_and(|job| jobs.contains(&job) && self.times[job] == self.end())
    }

    fn all_complete(&self) -> bool {
        self.failing.is_empty() && self.panicking.is_empty()
    }
}

/// What came out of an answer: the outputs, an error, or the payload of a panic.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Outputs(Vec<usize>),
    Error(usize),
    Panic(Option<usize>),
}

/// The outcome of an answer that was given `drawn`, and when it returned.
fn check_drawn(drawn: &DrawnJobs, outcome: &Outcome, returned: Duration, page: &str) {
    let right = match outcome {
        Outcome::Outputs(outputs) => {
            drawn.all_complete() && outputs.iter().copied().eq(0..drawn.times.len())
        }
        Outcome::Error(job) => drawn.is_first(&drawn.failing, Some(*job)),
        Outcome::Panic(job) => drawn.is_first(&drawn.panicking, *job),
    };
    check(right && returned == drawn.end(), || {
        let expected = if drawn.all_complete() {
            "All jobs complete, each with its index, and the function should return their outputs in input order"
        } else {
            "The function should end as the first job in time that does not complete, with the index of that job"
        };
        let seen = match outcome {
            Outcome::Outputs(outputs) => format!(
                "it returned {}",
                grading::list(outputs.iter().map(usize::to_string))
            ),
            Outcome::Error(job) => format!("it returned the error {job}"),
            Outcome::Panic(Some(job)) => format!("it panicked with the payload {job}"),
            Outcome::Panic(None) => "it panicked with another payload".to_owned(),
        };
        Failure::new(format!(
            "{expected}, after {}; {seen} after {}.",
            in_ms(drawn.end()),
            in_ms(returned)
        ))
        .read(page)
    });
}

/// `1 is still running`
fn still_running(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{count} {verb} still running")
}

/// `1 job`, `3 jobs`
fn count_of_jobs(count: usize) -> String {
    plural(count, "job")
}
