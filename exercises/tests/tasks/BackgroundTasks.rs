//! `BackgroundTasks`: jobs that are not awaited, and a callback for the end of each.

use std::sync::{Arc, Mutex};

use super::*;
use exercises::tasks::{BackgroundTasks, JobPanicked};
use grading::times;
use tokio::time::timeout;

#[test]
fn jobs_start_without_being_awaited() {
    grade(async || {
        let jobs = Jobs::default();
        let (background, _calls) = recording();
        for name in NAMES {
            background.spawn(name, jobs.without_output(name, 30));
        }
        sleep(ms(1)).await;
        check_own_tasks(&jobs, 3);
    });
}

#[test]
fn calls_on_end_once_when_a_job_ends() {
    for times in EVERY_ORDER {
        grade(async || {
            let jobs = Jobs::default();
            let (background, calls) = recording();
            for (name, time) in NAMES.into_iter().zip(times) {
                background.spawn(name, jobs.without_output(name, time));
            }
            sleep(ms(100)).await;
            let mut expected: Vec<_> = NAMES.into_iter().zip(times).collect();
            expected.sort_by_key(|(_, time)| *time);
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(name, time)| (name.to_owned(), Ok(()), ms(time)))
                .collect();
            check_calls(&calls, &expected);
        });
    }
}

#[test]
fn a_job_starts_while_others_run() {
    grade(async || {
        let jobs = Jobs::default();
        let (background, calls) = recording();
        background.spawn("thumbnail", jobs.without_output("thumbnail", 40));
        sleep(ms(10)).await;
        background.spawn("email", jobs.without_output("email", 20));
        sleep(ms(50)).await;
        background.spawn("report", jobs.without_output("report", 20));
        sleep(ms(100)).await;
        let expected = [("email", 30), ("thumbnail", 40), ("report", 80)];
        let expected = expected.map(|(name, at)| (name.to_owned(), Ok(()), ms(at)));
        check_calls(&calls, &expected);
    });
}

#[test]
fn on_end_is_told_of_a_panic() {
    grade(async || {
        let jobs = Jobs::default();
        let (background, calls) = recording();
        background.spawn("thumbnail", jobs.without_output("thumbnail", 30));
        background.spawn("email", jobs.panicking("email", 20));
        sleep(ms(100)).await;
        let panicked = JobPanicked {
            message: jobs::panic_message("email"),
        };
        let expected = [
            ("email".to_owned(), Err(panicked), ms(20)),
            ("thumbnail".to_owned(), Ok(()), ms(30)),
        ];
        check_calls(&calls, &expected);
    });
}

#[test]
fn counts_the_running_jobs() {
    grade(async || {
        let jobs = Jobs::default();
        let (background, _calls) = recording();
        let mut counts = vec![background.running()];
        background.spawn("thumbnail", jobs.without_output("thumbnail", 20));
        background.spawn("email", jobs.panicking("email", 40));
        counts.push(background.running());
        for _ in 0..3 {
            sleep(ms(15)).await;
            counts.push(background.running());
        }
        check(counts == [0, 2, 2, 1, 0], || {
            let failure = Failure::new(format!(
                "Two jobs of 20 and 40 ms are spawned, and the second panics. `running` should return [0, 2, 2, 1, 0]: \
                 before, directly after, and after 15, 30 and 45 ms; it returned {counts:?}."
            ));
            match counts[..] {
                [0, 4, 4, 2, 0] => failure.usually(
                    "that two tasks are counted for each job: its own, and the one that awaits it. Track one of them.",
                ),
                [0, 2, 2, 1, 1] => failure.usually("that a job that panicked is counted forever."),
                [0, 2, 2, 2, 2] => failure.usually("that jobs that have ended are kept and counted."),
                [0, 0, ..] => failure.usually("that a job is counted when it starts, and not when it is spawned."),
                _ => failure,
            }
            .read(TRACKER)
        });
    });
}

#[test]
fn join_waits_for_all_jobs_and_calls() {
    grade(async || {
        let (jobs, clock) = (Jobs::default(), Clock::start());
        let (background, calls) = recording();
        background.spawn("thumbnail", jobs.without_output("thumbnail", 20));
        background.spawn("email", jobs.panicking("email", 10));
        // More than tokio polls between two polls of the answer: an answer that waits for the jobs but not for the
        // calls returns before all calls have been made.
        for _ in 0..150 {
            background.spawn("unnamed", jobs.unnamed(40).map(drop));
        }
        let joined = timeout(ms(60_000), caught(background.join())).await;
        check(joined.is_ok(), || {
            Failure::new("`join` should return when the last job has ended, after 40 ms; after a minute it still waits.")
                .usually("that it waits for a `TaskTracker` that was never closed.")
                .read("tasks-pitfalls.html#a-tasktracker-that-is-never-closed")
        });
        check(joined.is_ok_and(|outcome| outcome.is_ok()), || {
            Failure::new(
                "If a job panics, `join` should not panic; the job's panic came out of `join`.",
            )
            .usually("that a join error was unwrapped.")
            .read(JOIN_ERROR)
        });
        check_overlap(&clock, &[20, 10, 40]);
        let calls = calls.lock().unwrap().len();
        check(calls == 152, || {
            Failure::new(format!(
                "When `join` returns, `on_end` should have been called for all 152 jobs; it was called {calls} times."
            ))
            .usually("that `join` waits for the jobs, and not for the tasks that call `on_end` after them.")
            .read(TRACKER)
        });
    });
}

#[test]
fn dropping_it_stops_no_job() {
    grade(async || {
        let jobs = Jobs::default();
        let calls = {
            let (background, calls) = recording();
            background.spawn("thumbnail", jobs.without_output("thumbnail", 20));
            sleep(ms(10)).await;
            calls
        };
        sleep(ms(100)).await;
        check_runs_on(&jobs, &calls, "its `BackgroundTasks`");
    });
}

#[test]
fn join_returns_at_once_if_nothing_runs() {
    grade(async || {
        let jobs = Jobs::default();
        let (empty, _calls) = recording();
        let (ended, _calls) = recording();
        ended.spawn("thumbnail", jobs.without_output("thumbnail", 20));
        sleep(ms(50)).await;
        for (background, when) in [
            (empty, "no job was spawned"),
            (ended, "all jobs have ended"),
        ] {
            let clock = Clock::start();
            let joined = timeout(ms(60_000), background.join()).await;
            check(joined.is_ok() && clock.elapsed().is_zero(), || {
                Failure::new(format!(
                    "`join` should return at once when {when}; after {} it {}.",
                    in_ms(clock.elapsed()),
                    if joined.is_ok() { "returned" } else { "was still waiting" }
                ))
                    .usually("that it waits for the next job to end, and there is none. Check first, then wait.")
                    .read(TRACKER)
            });
        }
    });
}

#[test]
fn two_jobs_may_have_the_same_name() {
    grade(async || {
        let jobs = Jobs::default();
        let (background, _calls) = recording();
        background.spawn("thumbnail", jobs.without_output("thumbnail", 20));
        background.spawn("thumbnail", jobs.without_output("thumbnail", 40));
        let mut counts = vec![background.running()];
        for _ in 0..2 {
            sleep(ms(30)).await;
            counts.push(background.running());
        }
        check(counts == [2, 1, 0], || {
            Failure::new(format!(
                "Two jobs of 20 and 40 ms are spawned with the same name. `running` should return [2, 1, 0]: at once, \
                 and after 30 and 60 ms; it returned {counts:?}."
            ))
            .usually("that the jobs are kept by name, so that the second one replaces the first.")
            .read(TRACKER)
        });
    });
}

#[test]
fn every_kind_of_panic_message_is_kept() {
    grade(async || {
        let (background, calls) = recording();
        background.spawn("email", async { panic!("out of memory") });
        background.spawn("report", async { std::panic::panic_any(7) });
        sleep(ms(1)).await;
        let panicked = |message: &str| {
            Err(JobPanicked {
                message: message.to_owned(),
            })
        };
        let expected = [("email", "out of memory"), ("report", "?")];
        let expected = expected.map(|(name, message)| (name.to_owned(), panicked(message), ms(0)));
        check_calls(&calls, &expected);
    });
}

#[test]
fn dropping_join_stops_no_job() {
    grade(async || {
        let jobs = Jobs::default();
        let (background, calls) = recording();
        background.spawn("thumbnail", jobs.without_output("thumbnail", 20));
        let _ = timeout(ms(10), background.join()).await;
        sleep(ms(100)).await;
        check_runs_on(&jobs, &calls, "the future of `join`");
    });
}

/// A call of `on_end`: the name, the outcome, and when it was made.
type Call = (String, Result<(), JobPanicked>, Duration);

type Calls = Arc<Mutex<Vec<Call>>>;

/// The only job ran to its end and `on_end` was called once, although `dropped` was dropped before.
fn check_runs_on(jobs: &Jobs, calls: &Calls, dropped: &str) {
    let (ended, calls) = (jobs.ended().len(), calls.lock().unwrap().len());
    check((ended, calls) == (1, 1), || {
        let usually = match (ended, calls) {
            (0, _) => "that the job is in a `JoinSet`, which aborts its tasks when it is dropped.",
            (_, 0) => {
                "that the task that calls `on_end` is in a `JoinSet`, which aborts its tasks when it is dropped."
            }
            _ => "that `on_end` is called twice for one job.",
        };
        let job = if ended == 0 { "did not end" } else { "ended" };
        Failure::new(format!(
            "When {dropped} was dropped, the only job should run on to its end, and `on_end` should be called once; the \
             job {job}, and `on_end` was called {}.",
            times(calls)
        ))
        .usually(usually)
        .read(JOIN_SET)
    });
}

/// A `BackgroundTasks` whose callback records its calls.
fn recording() -> (BackgroundTasks, Calls) {
    let (calls, clock) = (Calls::default(), Clock::start());
    let recorded = Arc::clone(&calls);
    let background = BackgroundTasks::new(move |name, outcome| {
        let call = (name.to_owned(), outcome, clock.elapsed());
        recorded.lock().unwrap().push(call);
    });
    (background, calls)
}

#[track_caller]
fn check_calls(calls: &Calls, expected: &[Call]) {
    let seen = calls.lock().unwrap().clone();
    check(seen == expected, || {
        let failure = Failure::new(format!(
            "`on_end` should be called with {}; it was called with {}.",
            spelled(expected),
            spelled(&seen)
        ));
        if seen.len() < expected.len() {
            failure.usually("that a task ends without calling it: one that panicked, or one that is never awaited.")
        } else if seen.len() > expected.len() {
            failure.usually("that it is called twice for one job.")
        } else if !seen.iter().zip(expected).all(|(a, b)| (&a.0, a.2) == (&b.0, b.2)) {
            failure.usually(
                "that a job, or the call of `on_end` for it, waits until other jobs have ended.",
            )
        } else if seen.iter().zip(expected).any(|(a, b)| a.1.is_ok() != b.1.is_ok()) {
            failure.usually(
                "that the result of the job's handle is ignored. It is a join error if the job panicked.",
            )
        } else if seen.iter().any(|(_, outcome, _)| matches!(outcome, Err(JobPanicked { message }) if message == "?")) {
            failure.usually(
                "that the answer looks for one type of payload only. It is a `String` if the message was formatted, \
                 and a `&str` if it was not.",
            )
        } else {
            failure.usually(
                "that the join error was formatted. Its text describes the task; `into_panic()` returns the panic's \
                 payload.",
            )
        }
        .read(TRACKER)
    });
}

/// `[email at 20 ms with "email panicked", thumbnail at 30 ms]`
fn spelled(calls: &[Call]) -> String {
    let calls = calls.iter().map(|(name, outcome, at)| match outcome {
        Ok(()) => format!("{name} at {}", in_ms(*at)),
        Err(JobPanicked { message }) => format!("{name} at {} with {message:?}", in_ms(*at)),
    });
    format!("[{}]", calls.collect::<Vec<_>>().join(", "))
}
