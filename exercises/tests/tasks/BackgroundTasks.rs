//! `BackgroundTasks`: jobs that are not awaited, and a callback for the end of each.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, Weak, mpsc};
use std::task::Poll;

use super::*;
use exercises::tasks::{BackgroundTasks, JobPanicked};
use grading::{counted, must_end, must_return, outside_runtime};
use tokio::time::timeout;

#[test]
fn jobs_start_without_being_awaited() {
    // An answer may treat a single job in another way.
    for count in [3, 1, 2] {
        grade(async || {
            let jobs = Jobs::default();
            let (background, _calls) = recording();
            for name in &NAMES[..count] {
                background.spawn(name, jobs.without_output(name, 30));
            }
            sleep(ms(1)).await;
            check_own_tasks(&jobs, count);
        });
    }
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
fn a_job_is_counted_until_on_end_is_called() {
    grade_cases(async |case| {
        let count = case.size("jobs", 1..=8);
        let turns = case.numbers("turns that each takes", count, 4);
        let panicking = case.numbers("panicking, 1 for a panic", count, 1);
        let (group, calls) = recording();
        let group = Arc::new(group);
        GROUP.set(Arc::downgrade(&group));
        let counted = Counts::default();
        // Whatever is polled in between, one of them comes before it and one after it.
        grading::spawn(watch(count, Arc::clone(&calls), Arc::clone(&counted)));
        for (index, (turns, panics)) in turns.into_iter().zip(panicking).enumerate() {
            // Another test has jobs of the same name.
            group.spawn(
                &format!("report {index}"),
                async move {
                    for _ in 0..turns {
                        turn().await;
                    }
                    if panics == 1 {
                        std::panic::resume_unwind(Box::new("a job panicked"));
                    }
                }
                .boxed(),
            );
        }
        grading::spawn(watch(count, calls, Arc::clone(&counted)));
        sleep(ms(1)).await;
        let counted = counted.lock().unwrap().clone();
        let wrong = counted
            .iter()
            .find(|(called, running)| called + running != count);
        check(wrong.is_none(), || {
            let (called, running) = wrong.copied().unwrap_or_default();
            let failure = Failure::new(format!(
                "Of {}, `on_end` had been called for {called}, between two polls of tasks. `running` should return {}; it \
                 returned {running}.",
                count_of_jobs(count),
                count - called
            ));
            if running < count - called {
                failure.usually(
                    "that a job is no longer counted when it has ended, although the task that calls `on_end` has not been polled yet.",
                )
            } else {
                failure.usually("that a job is still counted when `on_end` has been called for it.")
            }
            .read(TRACKER)
        });
    });
}

/// For how many jobs `on_end` had been called, and how many were running, at each look.
type Counts = Arc<Mutex<Vec<(usize, usize)>>>;

/// Looks at the group of this thread between other polls.
async fn watch(jobs: usize, calls: Calls, counts: Counts) {
    for _ in 0..10 * jobs {
        turn().await;
        let Some(group) = GROUP.with_borrow(Weak::upgrade) else {
            return;
        };
        let called = calls.lock().unwrap().len();
        counts.lock().unwrap().push((called, group.running()));
    }
}

/// Lets each task that is ready now be polled once. (`yield_now` waits until none is ready.)
async fn turn() {
    let mut is_second = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut is_second, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
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
        for _ in 0..300 {
            background.spawn("unnamed", jobs.unnamed(40).map(drop).boxed());
        }
        let running = background.running();
        check(running == 302, || {
            Failure::new(format!(
                "302 jobs were spawned, and `running` should return 302; it returned {running}."
            ))
            .read(TRACKER)
        });
        let joined = timeout(ms(60_000), caught(background.join())).await;
        check(joined.is_ok(), || {
            Failure::new("`join` should return when the last job has ended, after 40 ms; after a minute it still waits.")
                .usually("that it waits for a `TaskTracker` that was never closed.")
                .read("tasks-pitfalls.html#a-tasktracker-that-is-never-closed")
        });
        check(matches!(joined, Ok(Ok(()))), || {
            let panic = joined
                .as_ref()
                .ok()
                .and_then(|outcome| outcome.as_ref().err());
            Failure::new(format!(
                "If a job panics, `join` should not panic; it panicked with {:?}.",
                panic.map_or("", |panic| message(&**panic))
            ))
            .read(JOIN_ERROR)
        });
        check_overlap(&clock, &[20, 10, 40]);
        let calls = calls.lock().unwrap().len();
        check(calls == 302, || {
            Failure::new(format!(
                "When `join` returns, `on_end` should have been called for all 302 jobs; it {}.",
                counted("called", calls)
            ))
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
    grade_cases(async |case| {
        let (background, calls) = recording();
        let (payload, message) = drawn_payload(&case);
        background.spawn(
            "email",
            async { std::panic::resume_unwind(payload) }.boxed(),
        );
        sleep(ms(1)).await;
        let panicked = Err(JobPanicked { message });
        check_calls(&calls, &[("email".to_owned(), panicked, ms(0))]);
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

thread_local! {
    /// The group, for its own callback. It runs on this thread.
    static GROUP: RefCell<Weak<BackgroundTasks>> = const { RefCell::new(Weak::new()) };
}

#[test]
fn on_end_may_use_the_group() {
    // An answer may call it in two places, for a job that completes and for one that panics.
    for panics in [false, true] {
        grade(async || on_end_uses_the_group(panics).await);
    }
}

async fn on_end_uses_the_group(panics: bool) {
    let (jobs, calls) = (Jobs::default(), Calls::default());
    let (clock, recorded, follow_up) = (Clock::start(), Arc::clone(&calls), jobs.clone());
    let on_end = move |name: &str, outcome| {
        let call = (name.to_owned(), outcome, clock.elapsed());
        recorded.lock().unwrap().push(call);
        let Some(group) = GROUP.with_borrow(Weak::upgrade) else {
            return;
        };
        let under_a_lock = |call: &str| {
            Failure::new(format!(
                "`on_end` was called for a job that {}, and calls `{call}`, which does not return.",
                if panics { "panicked" } else { "completed" }
            ))
            .usually("that `on_end` is called while a lock is held that this call needs as well.")
            .read(TRACKER)
        };
        let running = must_return(|| group.running(), under_a_lock("running"));
        check(running <= 1, || {
            Failure::new(format!(
                    "The only job ends, and `on_end` asks how many are running. There should be 0, or 1 with this job; \
                     there are {running}."
                ))
                .read(TRACKER)
        });
        if name == "thumbnail" {
            let job = follow_up.without_output("email", 30);
            must_return(|| group.spawn("email", job), under_a_lock("spawn"));
        }
    };
    let group = Arc::new(BackgroundTasks::new(on_end));
    GROUP.set(Arc::downgrade(&group));
    let (job, outcome) = if panics {
        let message = jobs::panic_message("thumbnail");
        (
            jobs.panicking("thumbnail", 20),
            Err(JobPanicked { message }),
        )
    } else {
        (jobs.without_output("thumbnail", 20), Ok(()))
    };
    group.spawn("thumbnail", job);
    sleep(ms(100)).await;
    let expected = [
        ("thumbnail".to_owned(), outcome, ms(20)),
        ("email".to_owned(), Ok(()), ms(50)),
    ];
    check_calls(&calls, &expected);
    let running = group.running();
    check(running == 0, || {
        Failure::new(format!(
            "When all jobs have ended, `running` should return 0; it returned {running}."
        ))
        .read(TRACKER)
    });
}

/// Any jobs at any times; and then the group is kept, dropped or joined.
#[test]
fn any_jobs_are_told_of_once() {
    grade_cases(async |case| {
        let count = case.size("jobs", 0..=300);
        let edge = *case.pick("each name begins and ends with", &["", " "]);
        let names: Vec<_> = case
            .texts("names", count)
            .into_iter()
            .map(|name| format!("{edge}{name}{edge}"))
            .collect();
        let halves = case.whole_ms_each("times", count, 50);
        let how_many = *case.pick("how many panic", &[0, 1, 3]);
        let panicking = case.numbers("panicking", how_many, count.saturating_sub(1) as u64);
        let at = case.whole_ms("at", 50);
        let then = *case.pick("then the group is", &["kept", "dropped", "joined"]);
        let (jobs, tasks) = (Gauge::new(), Tasks::baseline());
        let (background, calls) = recording();
        for (index, (name, time)) in std::iter::zip(&names, &halves).enumerate() {
            let (guard, time) = (jobs.enter(), 2 * *time);
            let panics = panicking.contains(&(index as u64));
            background.spawn(
                name,
                async move {
                    let _running = guard;
                    sleep(time).await;
                    if panics {
                        std::panic::resume_unwind(Box::new("a job panicked"));
                    }
                }
                .boxed(),
            );
        }
        // Between the instants at which jobs end.
        sleep(2 * at + ms(1)).await;
        let running = background.running();
        let left = halves.iter().filter(|time| **time > at).count();
        check(running == left, || {
            Failure::new(format!(
                "At {} `running` should return {left}; it returned {running}.",
                in_ms(2 * at + ms(1))
            ))
            .read(TRACKER)
        });
        let (before_join, mut kept) = (Clock::start(), None);
        match then {
            "joined" => {
                let rest = halves.iter().filter(|time| **time > at).max();
                let expected = rest.map_or(Duration::ZERO, |rest| 2 * *rest - 2 * at - ms(1));
                let answer = Counted::new(timeout(ms(60_000), background.join()));
                let counts = answer.counts();
                let _ = answer.await;
                let (took, told) = (before_join.elapsed(), calls.lock().unwrap().len());
                check(took == expected && told == count, || {
                    Failure::new(format!(
                        "`join` should return after {}, when `on_end` has been called for {}; it took {}, and `on_end` \
                         {}.",
                        in_ms(expected),
                        count_of_jobs(count),
                        in_ms(took),
                        counted("called", told)
                    ))
                    .read(TRACKER)
                });
                counts.check_polls(3 * count + 10, TRACKER);
            }
            "dropped" => drop(background),
            _ => kept = Some(background),
        }
        sleep(ms(101)).await;
        let mut expected: Vec<Call> = std::iter::zip(names, halves)
            .enumerate()
            .map(|(index, (name, time))| {
                let outcome = if panicking.contains(&(index as u64)) {
                    Err(JobPanicked {
                        message: "a job panicked".to_owned(),
                    })
                } else {
                    Ok(())
                };
                (name, outcome, 2 * time)
            })
            .collect();
        // Those of one instant may come in any order.
        let sort = |calls: &mut Vec<Call>| {
            calls.sort_by_key(|(name, outcome, at)| (*at, name.clone(), outcome.is_err()));
        };
        sort(&mut expected);
        let mut seen = calls.lock().unwrap().clone();
        sort(&mut seen);
        check(seen == expected, || {
            let same = std::iter::zip(&seen, &expected)
                .take_while(|(seen, expected)| seen == expected)
                .count();
            let next = |calls: &[Call]| {
                calls.get(same).map_or("none".to_owned(), |call| {
                    spelled(std::slice::from_ref(call))
                })
            };
            Failure::new(format!(
                "`on_end` should be called {}; it {}. In the order of time, the first call that is not as it should \
                 be is number {}: it should be {}, and was {}.",
                times(expected.len()),
                counted("called", seen.len()),
                same + 1,
                next(&expected),
                next(&seen)
            ))
            .read(TRACKER)
        });
        tasks.check_none_left_behind().await;
        drop(kept);
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
            (0, _) => {
                "that the drop stops the job: a `JoinSet` aborts its tasks when it is dropped."
            }
            (_, 0) => {
                "that the drop stops the task that calls `on_end`, or takes the callback away. Dropping a `JoinSet` aborts its tasks."
            }
            _ => "that `on_end` is called twice for one job.",
        };
        let job = if ended == 0 { "did not end" } else { "ended" };
        Failure::new(format!(
            "When {dropped} was dropped, the only job should run on to its end, and `on_end` should be called once; the \
             job {job}, and `on_end` {}.",
            counted("called", calls)
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
            let missing = expected.iter().filter(|call| !seen.contains(call));
            if missing.clone().all(|(_, outcome, _)| outcome.is_err()) {
                failure.usually("that a task ends without calling it if the job panics.")
            } else {
                failure
            }
        } else if seen.len() > expected.len() {
            failure.usually("that it is called twice for one job.")
        } else if !seen.iter().zip(expected).all(|(a, b)| (&a.0, a.2) == (&b.0, b.2)) {
            let ends: Vec<_> = expected.iter().map(|(_, _, at)| *at).collect();
            if seen.iter().all(|(_, _, at)| ends.contains(at)) {
                failure.usually("that the call of `on_end` for a job waits until other jobs have ended.")
            } else {
                failure
            }
        } else if seen.iter().zip(expected).any(|(a, b)| a.1.is_ok() != b.1.is_ok()) {
            failure.usually(
                "that the result of the job's handle is ignored. It is a join error if the job panicked.",
            )
        } else if has_message(&seen, |message| message == "?") && !has_message(expected, str::is_empty) {
            failure.usually(
                "that the answer looks for one type of payload only. It is a `String` if the message was formatted, \
                 and a `&str` if it was not.",
            )
        } else if has_message(&seen, |message| message.contains("panicked with message")) {
            failure.usually(
                "that the join error was formatted. Its text describes the task; `into_panic()` returns the panic's \
                 payload.",
            )
        } else {
            failure
        }
        .read(TRACKER)
    });
}

fn has_message(calls: &[Call], is_so: impl Fn(&str) -> bool) -> bool {
    let errors = calls
        .iter()
        .filter_map(|(_, outcome, _)| outcome.as_ref().err());
    errors
        .into_iter()
        .any(|JobPanicked { message }| is_so(message))
}

/// `[email at 20 ms with "email panicked", thumbnail at 30 ms]`
fn spelled(calls: &[Call]) -> String {
    let calls = calls.iter().map(|(name, outcome, at)| match outcome {
        Ok(()) => format!("{name} at {}", in_ms(*at)),
        Err(JobPanicked { message }) => format!("{name} at {} with {message:?}", in_ms(*at)),
    });
    format!("[{}]", calls.collect::<Vec<_>>().join(", "))
}

#[test]
fn join_waits_for_jobs_after_an_idle_time() {
    grade_cases(async |case| {
        let first = case.whole_ms("the first job takes", 20);
        let second = case.whole_ms("the second job takes", 20);
        let group = BackgroundTasks::new(|_, _| {});
        group.spawn("email", sleep(first).boxed());
        sleep(ms(30)).await;
        let clock = Clock::start();
        group.spawn("report", sleep(second).boxed());
        group.join().await;
        check(clock.elapsed() == second, || {
            Failure::new(format!(
                "One job has ended, another one takes {}, and `join` should return then; it returned after {}.",
                in_ms(second),
                in_ms(clock.elapsed())
            ))
            .usually("that `join` takes an earlier end for the last one. Look at the count again after a wake-up.")
            .read(TRACKER)
        });
    });
}

#[test]
fn many_long_jobs_are_waited_for() {
    grade_cases(async |case| {
        let time = case.long_time("each job takes");
        check_many_are_waited_for(3, time).await;
    });
    grade(async || check_many_are_waited_for(MANY, ms(20)).await);
}

async fn check_many_are_waited_for(count: usize, time: Duration) {
    let (group, calls) = recording();
    let (other, _) = recording();
    other.spawn("of another group", std::future::pending().boxed());
    for _ in 0..count {
        group.spawn("report", sleep(time).boxed());
    }
    let clock = Clock::start();
    group.join().await;
    let returned = clock.elapsed();
    let calls = calls.lock().unwrap();
    let at_their_end = calls
        .iter()
        .filter(|(_, outcome, at)| outcome.is_ok() && *at == time)
        .count();
    check((at_their_end, returned) == (count, time), || {
        Failure::new(format!(
            "{} run until {}, and a job of another group never ends. At that instant `on_end` should be called for each of \
             them without an error, and `join` return; it was so for {}, and `join` returned at {}.",
            count_of_jobs(count),
            in_ms(time),
            count_of_jobs(at_their_end),
            in_ms(returned)
        ))
        .usually_if((returned < time).then_some(GIVEN_UP))
        .read(TRACKER)
    });
}

#[test]
fn join_waits_for_a_callback_on_another_thread() {
    grade(async || {
        let never_ends = Failure::new(
            "A job is spawned on a runtime with a thread of its own. It ends, so `on_end` should be called, and `join` return \
             when that has returned; one of the two never happens.",
        )
        .read(TRACKER);
        let waits = must_end(outside_runtime(join_during_a_callback), never_ends).await;
        check(waits, || {
            Failure::new(
                "A job has ended, and `on_end` has been called for it and has not returned yet. `join` should wait until it \
                 does; it was ready.",
            )
            .usually("that `join` waits for the jobs only. On several threads, it runs at the same time as `on_end`.")
            .read(TRACKER)
        });
    });
}

/// Whether `join` waits while `on_end` runs on another thread.
fn join_during_a_callback() -> bool {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .expect("a runtime without I/O needs nothing but a thread");
    let (called, is_called) = mpsc::channel();
    let (return_now, may_return) = mpsc::channel::<()>();
    let may_return = Mutex::new(may_return);
    runtime.block_on(async {
        let group = BackgroundTasks::new(move |_, _| {
            let _ = called.send(());
            let _ = may_return.lock().unwrap().recv();
        });
        group.spawn("report", async {}.boxed());
        let _ = is_called.recv();
        let mut join = pin!(group.join());
        let waits = TestWaker::new().poll(join.as_mut()).is_pending();
        drop(return_now);
        if waits {
            join.await;
        }
        waits
    })
}

#[test]
fn spawn_panics_outside_of_a_runtime() {
    grade(async || {
        let (group, calls) = recording();
        let outside = std::thread::scope(|scope| {
            scope
                .spawn(|| group.spawn("email", async {}.boxed()))
                .join()
                .is_err()
        });
        check(outside, || {
            Failure::new("`spawn` should panic if it is called outside of a runtime; it returned.")
                .read(SPAWN)
        });
        let running = group.running();
        check(running == 0, || {
            Failure::new(format!(
                "`spawn` has panicked outside of a runtime, and spawned no job. `running` should return 0; it returned \
                 {running}."
            ))
            .usually(
                "that the job is counted before it is spawned. If `tokio::spawn` panics, its end is never counted, and \
                 `join` waits for it forever.",
            )
            .read(TRACKER)
        });
        group.spawn("report", sleep(ms(20)).boxed());
        let joined = timeout(ms(60_000), group.join()).await.is_ok();
        let told = calls.lock().unwrap().len();
        check(joined && told == 1, || {
            Failure::new(format!(
                "`spawn` has panicked outside of a runtime, and then a job of 20 ms was spawned inside of one. `join` should \
                 return when that has ended, and `on_end` be called once; `join` {}, and `on_end` {}.",
                if joined { "returned" } else { "was still waiting after a minute" },
                counted("called", told)
            ))
            .read(TRACKER)
        });
    });
}

#[test]
fn needs_no_runtime_before_the_first_job() {
    grade(async || check_needs_no_runtime(|| std::mem::forget(BackgroundTasks::new(|_, _| {}))));
}
