//! `TaskScope`: a scope that no job outlives.

use super::*;
use exercises::tasks::TaskScope;

#[test]
fn jobs_start_without_being_awaited() {
    // An answer may treat a single job in another way.
    for count in [3, 1, 2] {
        grade(async || {
            let (jobs, mut scope) = (Jobs::default(), TaskScope::new());
            for name in &NAMES[..count] {
                scope.spawn(jobs.without_output(name, 20));
            }
            sleep(ms(1)).await;
            check_own_tasks(&jobs, count);
        });
    }
}

#[test]
fn join_waits_for_all_jobs() {
    for times in EVERY_ORDER {
        grade(async || {
            let (jobs, clock) = (Jobs::default(), Clock::start());
            with_three(&jobs, times).join().await;
            let ended = jobs.ended().len();
            check(ended == 3, || {
                Failure::new(format!(
                    "After `join` all 3 jobs should have run to their end; {ended} did."
                ))
                .usually("that the jobs were aborted, or not waited for. `join` waits; only dropping the scope aborts.")
                .read(JOIN_SET)
            });
            check_overlap(&clock, &times);
        });
    }
}

#[test]
fn join_returns_at_once_if_nothing_runs() {
    grade(async || {
        let (jobs, empty) = (Jobs::default(), TaskScope::new());
        let scope = with_three(&jobs, [20, 40, 10]);
        sleep(ms(50)).await;
        for (scope, which) in [
            (empty, "a scope without jobs"),
            (scope, "a scope whose jobs have all ended"),
        ] {
            let clock = Clock::start();
            let joined = tokio::time::timeout(ms(60_000), caught(scope.join())).await;
            check(!matches!(joined, Ok(Err(_))), || {
                Failure::new(format!(
                    "`join` of {which} should return at once; it panicked."
                ))
                .read(JOIN_SET)
            });
            check(joined.is_ok() && clock.elapsed().is_zero(), || {
                Failure::new(format!(
                    "`join` of {which} should return at once; after {} it {}.",
                    in_ms(clock.elapsed()),
                    if joined.is_ok() { "returned" } else { "was still waiting" }
                ))
                .usually("that `join` waits for the next job to end, and there is none. Check first, then wait.")
                .read(JOIN_SET)
            });
        }
    });
}

#[test]
fn a_panic_does_not_stop_the_others() {
    grade(async || {
        let jobs = Jobs::default();
        let mut scope = with_three(&jobs, [20, 40, 15]);
        scope.spawn(jobs.panicking("backup", 10));
        let clock = Clock::start();
        let outcome = caught(scope.join()).await;
        let (returned, at_once) = (clock.elapsed(), jobs.running());
        check(outcome.is_ok(), || {
            let panic = outcome
                .as_ref()
                .map_or_else(|panic| message(&**panic), |()| "");
            let failure = Failure::new(format!(
                "If a job panics, `join` should not panic; it panicked with {panic:?}."
            ));
            if panic.contains(&jobs::panic_message("backup")) {
                failure.usually(
                    "that a join error was unwrapped or continued, as `JoinSet::join_all` does.",
                )
            } else {
                failure
            }
            .read(JOIN_ERROR)
        });
        let ended = jobs.ended();
        let ended = ended.iter().filter(|name| *name != "backup").count();
        check(ended == 3, || {
            let failure = Failure::new(format!(
                "One of 4 jobs panics after 10 ms, and the other 3 should run to their end, the last of them after 40 ms; \
                 {ended} did, and `join` returned after {}.",
                in_ms(returned)
            ));
            // A loop that ends early leaves it to the destructor to abort the others, which does not wait for them.
            if returned == ms(10) && at_once > 0 {
                failure.usually(
                    "that a loop ends at the first join error, as `while let Some(Ok(_))` does.",
                )
            } else if returned == ms(10) {
                failure.usually("that the other jobs are aborted when one has panicked.")
            } else {
                failure
            }
            .read("tasks-exercises.html#check-yourself")
        });
    });
}

#[test]
fn a_job_can_be_spawned_after_a_panic() {
    grade(async || {
        let (jobs, mut scope) = (Jobs::default(), TaskScope::new());
        scope.spawn(jobs.panicking("backup", 10));
        sleep(ms(15)).await;
        let outcome = caught(async {
            scope.spawn(jobs.without_output("thumbnail", 20));
            scope.join().await;
        })
        .await;
        let ended = jobs.ended();
        check(outcome.is_ok() && ended == ["backup", "thumbnail"], || {
            Failure::new(format!(
                "A job panics, and another one, spawned 5 ms later, should run to its end; these ended: {ended:?}{}.",
                if outcome.is_err() { ", and the scope panicked" } else { "" }
            ))
            .usually("that `spawn` collects the jobs that have ended, and unwraps a join error.")
            .read(JOIN_ERROR)
        });
    });
}

#[test]
fn dropping_the_scope_stops_its_jobs() {
    grade(async || {
        let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
        {
            let _scope = with_three(&jobs, [20, 40, 10]);
            sleep(ms(15)).await;
        }
        check_nothing_runs_on(&jobs, tasks, "When the scope is dropped").await;
    });
}

#[test]
fn join_waits_for_long_jobs() {
    grade_cases(async |case| {
        let (time, mut scope) = (case.long_time("a job takes"), TaskScope::new());
        scope.spawn(sleep(time));
        scope.spawn(sleep(ms(20)));
        let clock = Clock::start();
        scope.join().await;
        let (expected, returned) = (time.max(ms(20)), clock.elapsed());
        check(returned == expected, || {
            Failure::new(format!(
                "The last job ends after {}, and `join` should return then; it returned after {}.",
                in_ms(expected),
                in_ms(returned)
            ))
            .usually_if((returned < expected).then_some(GIVEN_UP))
            .read(JOIN_SET)
        });
    });
}

#[test]
fn no_job_outlives_the_scope_however_many_they_are() {
    for ends in ["is dropped", "is dropped while `join` waits", "is joined"] {
        grade(async || {
            let (tasks, running, clock) = (Tasks::baseline(), Gauge::new(), Clock::start());
            let (mut scope, waiting) = (TaskScope::new(), Gauge::new());
            for number in 0..MANY {
                // An answer may look at all of its jobs whenever it spawns one, which takes long, but not in one poll.
                if number % 500 == 0 {
                    tokio::task::yield_now().await;
                }
                let (running, waiting) = (running.clone(), waiting.enter());
                scope.spawn(
                    async move {
                        drop(waiting);
                        let _running = running.enter();
                        sleep(ms(60)).await;
                    }
                    .boxed(),
                );
            }
            sleep(ms(1)).await;
            let (started, waiting) = (running.now(), waiting.now());
            check(started == MANY, || {
                let failure = Failure::new(format!(
                    "{} should run at the same time; {started} are running, and {waiting} have not started.",
                    count_of_jobs(MANY)
                ));
                if started + waiting == MANY {
                    failure.usually("that the answer limits how many jobs run at a time.")
                } else {
                    failure.usually("that jobs are aborted, or dropped, when there are many.")
                }
                .read(JOIN_SET)
            });
            match ends {
                "is dropped" => drop(scope),
                "is joined" => {
                    scope.join().await;
                    let (left, took) = (running.now(), clock.elapsed());
                    check(left == 0 && took == ms(60), || {
                        Failure::new(format!(
                            "`join` should return after 60 ms, when all {} have ended; it returned after {}, and {}.",
                            count_of_jobs(MANY),
                            in_ms(took),
                            still_running(left)
                        ))
                        .read(JOIN_SET)
                    });
                }
                _ => {
                    let _ = tokio::time::timeout(ms(10), scope.join()).await;
                }
            }
            let left = tasks.left_behind().await.max(running.now());
            check(left == 0, || {
                Failure::new(format!(
                    "A scope with {} {ends}, and every job should be stopped; {}.",
                    count_of_jobs(MANY),
                    still_running(left)
                ))
                .usually(if ends == "is dropped while `join` waits" {
                    "that the future of `join` takes the jobs out of the scope, as handles that do not abort when they are dropped."
                } else {
                    "that the scope does not keep the handles of all its jobs. Dropping a `JoinHandle` detaches the task."
                })
                .read(DETACHED)
            });
        });
    }
}

#[test]
fn dropping_join_stops_the_jobs() {
    drop_at_every_await(
        async || {
            let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
            let joined = {
                let jobs = jobs.clone();
                async move { with_three(&jobs, [20, 40, 10]).join().await }
            };
            (joined, (jobs, tasks))
        },
        async |(jobs, tasks)| {
            check_nothing_runs_on(&jobs, tasks, "When the future of `join` is dropped").await;
        },
    );
}

/// Any jobs, spawned at any times, some of which panic; and then `join` or a drop.
#[test]
fn any_jobs_end_with_the_scope() {
    grade_cases(async |case| {
        let count = case.size("jobs", 0..=300);
        let gaps = case.whole_ms_each("times between them", count, 5);
        let times = case.whole_ms_each("their times", count, 100);
        let how_many = *case.pick("how many panic", &[0, 1, 3]);
        let panicking = case.numbers("panicking", how_many, count.saturating_sub(1) as u64);
        let joins = *case.pick("join", &[true, false]);
        let (tasks, running, clock) = (Tasks::baseline(), Gauge::new(), Clock::start());
        let ended = std::sync::Arc::new(std::sync::Mutex::new(0));
        let (mut scope, mut last) = (TaskScope::new(), Duration::ZERO);
        for (index, (gap, time)) in std::iter::zip(gaps, times).enumerate() {
            sleep(gap).await;
            let (guard, ended) = (running.enter(), std::sync::Arc::clone(&ended));
            let panics = panicking.contains(&(index as u64));
            scope.spawn(
                async move {
                    let _running = guard;
                    sleep(time).await;
                    *ended.lock().unwrap() += 1;
                    if panics {
                        std::panic::resume_unwind(Box::new("a job panicked"));
                    }
                }
                .boxed(),
            );
            last = last.max(clock.elapsed() + time);
        }
        if joins {
            let expected = last.max(clock.elapsed());
            let answer = Counted::new(caught(scope.join()));
            let counts = answer.counts();
            let panicked = answer.await.is_err();
            let (ended, returned) = (*ended.lock().unwrap(), clock.elapsed());
            check(!panicked && ended == count && returned == expected, || {
                Failure::new(format!(
                    "`join` should return at {}, when all {} have ended; it {} at {}, and {ended} had ended.",
                    in_ms(expected),
                    count_of_jobs(count),
                    if panicked { "panicked" } else { "returned" },
                    in_ms(returned)
                ))
                .read(JOIN_SET)
            });
            counts.check_polls(3 * count + 10, JOIN_SET);
        } else {
            drop(scope);
        }
        let left = tasks.left_behind().await.max(running.now());
        check(left == 0, || {
            Failure::new(format!(
                "When the scope has ended, so should its jobs; {}.",
                still_running(left)
            ))
            .read(JOIN_SET)
        });
    });
}

fn with_three(jobs: &Jobs, times: [u64; 3]) -> TaskScope {
    let mut scope = TaskScope::new();
    for (name, time) in NAMES.into_iter().zip(times) {
        scope.spawn(jobs.without_output(name, time));
    }
    scope
}

#[test]
fn spawn_panics_outside_of_a_runtime() {
    grade(async || {
        drop(TaskScope::new());
        let outside = std::thread::spawn(|| TaskScope::new().spawn(async {}.boxed()));
        check(outside.join().is_err(), || {
            Failure::new("`spawn` should panic if it is called outside of a runtime; it returned.")
                .usually("that the answer looks for a runtime and does nothing if there is none, so that the job is lost.")
                .read(SPAWN)
        });
    });
}

#[test]
fn a_panic_that_drops_the_scope_stops_its_jobs() {
    for joins in [false, true] {
        grade(async || {
            let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
            let scope = with_three(&jobs, [20, 40, 30]);
            dropped_by_a_panic(async move {
                if joins {
                    scope.join().await;
                } else {
                    let _scope = scope;
                    std::future::pending::<()>().await;
                }
            })
            .await;
            let what = if joins {
                "the future of `join`"
            } else {
                "the scope"
            };
            let when = format!("When {what} is dropped by a panic of the task that owns it,");
            check_nothing_runs_on(&jobs, tasks, &when).await;
        });
    }
}

#[test]
fn needs_no_runtime_before_the_first_job() {
    grade(async || check_needs_no_runtime(|| std::mem::forget(TaskScope::new())));
}
