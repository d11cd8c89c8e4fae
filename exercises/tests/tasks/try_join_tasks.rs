//! `try_join_tasks`: the first error cancels the other jobs, and waits until they are gone.

use std::sync::mpsc;

use super::*;
use exercises::tasks::try_join_tasks;
use grading::{must_end, outside_runtime};
use tokio::sync::oneshot;

type Job = BoxFuture<'static, Result<String, String>>;

#[test]
fn each_job_runs_on_its_own_task() {
    // An answer may treat a single job in another way.
    for count in [3, 1, 2] {
        grade(async || {
            let jobs = Jobs::default();
            let few = three(&jobs, [20, 40, 10]).into_iter().take(count).collect();
            let _ = try_join_tasks(few).await;
            check_own_tasks(&jobs, count);
        });
    }
}

#[test]
fn keeps_the_input_order() {
    for times in EVERY_ORDER {
        grade(async || {
            let clock = Clock::start();
            let answer = Counted::new(try_join_tasks(three(&Jobs::default(), times)));
            let counts = answer.counts();
            let outputs = answer.await;
            counts.check_polls(15, JOIN_SET);
            check_input_order(&outputs.unwrap_or_default(), &times);
            check_overlap(&clock, &times);
        });
    }
}

#[test]
fn returns_the_first_error_in_time() {
    grade(async || {
        let (jobs, clock) = (Jobs::default(), Clock::start());
        let outcome = try_join_tasks(failing(&jobs, Ending::Fails)).await;
        let took = clock.elapsed();
        let expected = Err(jobs::failure("email"));
        check((&outcome, took) == (&expected, ms(20)), || {
            let failure = Failure::new(format!(
                "The function should return the first error in time, {expected:?} after 20 ms; it returned {outcome:?} \
                 after {}.",
                in_ms(took)
            ));
            if took == ms(60) {
                failure.usually(
                    "that the answer looks at the results in input order. A `JoinSet` returns each one at its instant.",
                )
            } else if took == ms(80) {
                failure.usually(
                    "that the answer looks at the results when all of them are there. A `JoinSet` returns each one at its \
                     instant.",
                )
            } else {
                failure
            }
            .read(TASK_GROUP)
        });
    });
}

#[test]
fn after_an_error_the_others_are_gone() {
    grade(async || {
        let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
        let _ = try_join_tasks(failing(&jobs, Ending::Fails)).await;
        let at_once = jobs.running();
        check_all_started(&jobs, MANY + 3);
        check_gone(&jobs, tasks, at_once, "When it returns an error").await;
        let ended = jobs.ended();
        check(ended == ["email"], || {
            Failure::new(format!(
                "An error after 20 ms should stop the other jobs; these ran to their end: {ended:?}."
            ))
            .usually("that the others are waited for, and not aborted.")
            .read(TASK_GROUP)
        });
    });
}

#[test]
fn after_a_panic_the_others_are_gone() {
    grade(async || {
        let (jobs, tasks, clock) = (Jobs::default(), Tasks::baseline(), Clock::start());
        let outcome = caught(try_join_tasks(failing(&jobs, Ending::Panics))).await;
        let returned = clock.elapsed();
        let at_once = jobs.running();
        check_panic(&outcome, &jobs::panic_message("email"));
        check_gone(&jobs, tasks, at_once, "When it panics").await;
        let ended = jobs.ended();
        check(ended == ["email"], || {
            let others = ended.iter().filter(|name| *name != "email").count();
            let failure = Failure::new(format!(
                "A job panics after 20 ms, which should stop the other jobs. The function panicked after {}, and {} ended \
                 before.",
                in_ms(returned),
                plural(others, "other job")
            ));
            if returned == ms(80) && others == MANY + 2 {
                failure.usually("that the others are waited for, and not aborted.")
            } else {
                failure
            }
            .read(TASK_GROUP)
        });
    });
}

#[test]
fn a_panic_keeps_its_payload() {
    grade_cases(async |case| {
        let (payload, _) = drawn_payload(&case);
        let expected = described(&*payload);
        let job: Job = async { std::panic::resume_unwind(payload) }.boxed();
        check_payload(caught(try_join_tasks(vec![job])).await, &expected);
    });
}

#[test]
fn dropping_the_future_stops_all_jobs() {
    // It may also be dropped while it stops the jobs, after an error or a panic.
    for ending in [Ending::Completes, Ending::Fails, Ending::Panics] {
        drop_at_every_await(
            async || {
                let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
                let mut all = three(&jobs, [20, 40, 30]);
                all.insert(1, jobs.ending("backup", 10, ending));
                (caught(try_join_tasks(all)), (jobs, tasks))
            },
            async |(jobs, tasks)| check_nothing_runs_on(&jobs, tasks, "Then").await,
        );
    }
}

#[test]
fn dropping_the_future_stops_any_number_of_jobs() {
    dropped_with_many_jobs(async |jobs| {
        let _ = try_join_tasks(jobs).await;
    });
}

#[test]
fn a_panic_that_drops_the_future_stops_all_jobs() {
    grade(async || {
        let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
        dropped_by_a_panic(try_join_tasks(three(&jobs, [20, 40, 30]))).await;
        check_nothing_runs_on(&jobs, tasks, DROPPED_BY_A_PANIC).await;
    });
}

#[test]
fn no_jobs_give_an_empty_list() {
    grade(async || {
        let outcome = caught(try_join_tasks(Vec::<Job>::new())).await;
        let empty = matches!(&outcome, Ok(Ok(outputs)) if outputs.is_empty());
        check(empty, || {
            let seen = match &outcome {
                Ok(result) => format!("it returned {result:?}"),
                Err(panic) => format!("it panicked with {:?}", message(&**panic)),
            };
            Failure::new(format!(
                "Without jobs the function should return Ok with an empty list; {seen}."
            ))
        });
    });
}

#[test]
fn any_jobs_in_order_or_the_first_failure() {
    grade_cases(async |case| {
        let (drawn, tasks) = (DrawnJobs::new(&case, true), Tasks::baseline());
        let (clock, jobs) = (Clock::start(), drawn.jobs());
        let answer = Counted::new(caught(try_join_tasks(jobs)));
        let counts = answer.counts();
        let outcome = match answer.await {
            Ok(Ok(outputs)) => Outcome::Outputs(outputs),
            Ok(Err(job)) => Outcome::Error(job),
            Err(payload) => Outcome::Panic(payload.downcast_ref().copied()),
        };
        let at_once = drawn.running.now();
        check_drawn(&drawn, &outcome, clock.elapsed(), TASK_GROUP);
        counts.check_polls(4 * drawn.times.len() + 10, JOIN_SET);
        tasks.check_none_left_behind().await;
        check(at_once == 0, || {
            Failure::new(format!(
                "When the function ends, all jobs should be gone; {}.",
                still_running(at_once)
            ))
            .read(ABORTED_NOT_GONE)
        });
    });
}

/// Panics when it is dropped.
struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            std::panic::resume_unwind(Box::new("a destructor panicked"));
        }
    }
}

#[test]
fn a_panic_while_the_others_stop_changes_nothing() {
    for ending in [Ending::Fails, Ending::Panics] {
        grade(async || {
            let jobs = Jobs::default();
            let first = jobs.ending("email", 20, ending);
            let stopped: Job = async {
                let _destructor = PanicsWhenDropped;
                std::future::pending().await
            }
            .boxed();
            let others = [jobs.ending("report", 60, Ending::Completes), stopped, first];
            let outcome = caught(try_join_tasks(others.into())).await;
            let as_expected = match (&outcome, ending) {
                (Ok(Err(error)), Ending::Fails) => *error == jobs::failure("email"),
                (Err(panic), Ending::Panics) => message(&**panic) == jobs::panic_message("email"),
                _ => false,
            };
            check(as_expected, || {
                let (first, expected) = match ending {
                    Ending::Fails => ("fails", "return that error"),
                    _ => ("panics", "panic with the same payload"),
                };
                let seen = match &outcome {
                    Ok(result) => format!("it returned {result:?}"),
                    Err(panic) => format!("it panicked with {:?}", message(&**panic)),
                };
                Failure::new(format!(
                    "A job {first}, and while the others are stopped, a destructor in one of them panics. The function \
                     should {expected}; {seen}."
                ))
                .read(TASK_GROUP)
            });
            check(jobs.running() == 0, || {
                Failure::new(format!(
                    "When the function ends, all jobs should be gone; {}.",
                    still_running(jobs.running())
                ))
                .read(ABORTED_NOT_GONE)
            });
        });
    }
}

#[test]
fn a_job_that_ends_while_it_is_stopped_changes_nothing() {
    for ending in [Ending::Fails, Ending::Panics] {
        grade(async || {
            let never_ends = Failure::new(
                "On a runtime with two threads, a job fails while another one is in a poll. The others should be stopped, and \
                 when the poll has returned, the function should return the error; one of the two never happens.",
            )
            .read(TASK_GROUP);
            let call = move || one_ends_while_it_is_stopped(ending);
            let outcome = must_end(outside_runtime(call), never_ends).await;
            check(outcome == Ok(Err(jobs::failure("email"))), || {
                let seen = match &outcome {
                    Ok(result) => format!("it returned {result:?}"),
                    Err(message) => format!("it panicked with {message:?}"),
                };
                let failure = Failure::new(format!(
                    "The email job fails. Another job is in a poll then, on another thread, and {} when it has been aborted. \
                     The function should return the first error in time; {seen}.",
                    match ending {
                        Ending::Panics => "panics",
                        _ => "fails",
                    }
                ));
                let is_later = match &outcome {
                    Ok(result) => *result == Err(jobs::failure("report")),
                    Err(message) => *message == jobs::panic_message("report"),
                };
                failure
                    .usually_if(is_later.then_some(
                        "that a job which ends after it has been aborted replaces the first error. An abort takes effect at \
                         the next `.await`; until then a job on another thread runs on.",
                    ))
                    .read(TASK_GROUP)
            });
        });
    }
}

/// Sends a message when it is dropped.
struct SendsWhenDropped(mpsc::Sender<()>);

impl Drop for SendsWhenDropped {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

/// What the answer returns if one job fails, and another one, which is in a poll, ends when the others are being stopped. Or
/// the message of its panic.
fn one_ends_while_it_is_stopped(ending: Ending) -> Result<Result<Vec<String>, String>, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .expect("a runtime without I/O needs nothing but threads");
    let (stopping, is_stopping) = mpsc::channel();
    let (in_a_poll, is_in_a_poll) = oneshot::channel();
    let (fail_now, may_fail) = oneshot::channel::<()>();
    let stopped = || -> Job {
        let guard = SendsWhenDropped(stopping.clone());
        async {
            let _guard = guard;
            std::future::pending().await
        }
        .boxed()
    };
    let failing: Job = async {
        let _ = may_fail.await;
        Err(jobs::failure("email"))
    }
    .boxed();
    let running: Job = async move {
        let _ = in_a_poll.send(());
        let _ = is_stopping.recv();
        match ending {
            Ending::Panics => std::panic::resume_unwind(Box::new(jobs::panic_message("report"))),
            _ => Err(jobs::failure("report")),
        }
    }
    .boxed();
    // An answer may stop them one after the other, from either end.
    let all = vec![stopped(), failing, running, stopped()];
    let answer = caught(try_join_tasks(all));
    // Sent by this thread: a worker would poll the job that it wakes itself, after the one that it is polling.
    let fail_in_time = async {
        let _ = is_in_a_poll.await;
        let _ = fail_now.send(());
    };
    let (outcome, ()) = runtime.block_on(async { tokio::join!(answer, fail_in_time) });
    outcome.map_err(|panic| message(&*panic).to_owned())
}

fn three(jobs: &Jobs, times: [u64; 3]) -> Vec<Job> {
    let named = NAMES.into_iter().zip(times);
    named
        .map(|(name, time)| jobs.ending(name, time, Ending::Completes))
        .collect()
}

/// Jobs of 60, 20 and 40 ms: the second ends as `ending` says, and the third fails. And more jobs of 60 ms, and one of 80,
/// than tokio polls between two polls of the answer, so that one yield is not enough for all of them to end.
fn failing(jobs: &Jobs, ending: Ending) -> Vec<Job> {
    let mut all = vec![
        jobs.ending("thumbnail", 60, Ending::Completes),
        jobs.ending("email", 20, ending),
        jobs.ending("report", 40, Ending::Fails),
    ];
    all.extend((1..MANY).map(|_| jobs.unnamed(60)));
    all.push(jobs.unnamed(80));
    all
}

#[test]
fn long_jobs_are_waited_for() {
    grade_cases(async |case| {
        let (time, clock) = (case.long_time("a job takes"), Clock::start());
        let job: Job = async move {
            sleep(time).await;
            Ok("report".to_owned())
        }
        .boxed();
        let outcome = try_join_tasks(vec![job]).await;
        let returned = clock.elapsed();
        check(
            outcome == Ok(vec!["report".to_owned()]) && returned == time,
            || {
                Failure::new(format!(
                "A job returns \"report\" after {}, and the function should return it then; it returned {outcome:?} after {}.",
                in_ms(time),
                in_ms(returned)
            ))
            .usually_if((returned < time).then_some(GIVEN_UP))
            .read(JOIN_SET)
            },
        );
    });
}
