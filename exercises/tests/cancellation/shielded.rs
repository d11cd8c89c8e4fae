//! `shielded`: once started, the work is done, even if the caller is dropped.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use super::*;
use exercises::cancellation::shielded;
use futures::FutureExt;

/// Work of `time`, in whole milliseconds, in two steps. It records when it starts and ends.
async fn save(log: Log, time: Duration) -> &'static str {
    let first = time.min(ms(15));
    log.record("starts");
    sleep(first).await;
    sleep(time - first).await;
    log.record("ends");
    "saved"
}

/// `when` begins the sentence, as in "When it is awaited,".
fn check_done_once(log: &Log, when: &str) {
    let seen = (log.count("starts"), log.count("ends"));
    check(seen == (1, 1), || {
        let report = Failure::new(format!(
            "{when} the work should start once and end once; it started {} and ended {}.",
            times(seen.0),
            times(seen.1)
        ));
        if seen.0 > 1 {
            report.usually("that the work is done a second time.")
        } else {
            report.usually(
                "that the work is dropped with its caller. It needs a task of its own that is spawned at the first poll, and that \
                 nothing aborts.",
            )
        }
        .read(SHIELD)
    });
}

/// `when` begins the sentence, as in "After the call,".
fn check_state(tracker: &TaskTracker, closed: bool, when: &str) {
    check(tracker.is_closed() == closed, || {
        let report = if closed {
            Failure::new(format!(
                "{when} the tracker should be closed, as it was before the call; it is open."
            ))
            .usually("that the answer calls `reopen`. A closed tracker takes new tasks as well.")
        } else {
            Failure::new(format!(
                "{when} the tracker should be open, as it was before the call; it is closed."
            ))
            .usually("that the answer calls `close`. That is up to the shutdown.")
        };
        report.read(SHIELD)
    });
}

#[test]
fn returns_the_output_of_the_work() {
    // Long enough for an answer that looks again and again to be polled more often than others, and for any time limit.
    for time in [ms(300), LONG] {
        grade(async || {
            let (log, tasks) = (Log::start(), TaskTracker::new());
            let answer = Counted::new(shielded(&tasks, save(log.clone(), time)));
            let polls = answer.counts();
            let seen = answer.await;
            polls.check_polls(10, SHIELD);
            let at = log.clock.elapsed();
            check(seen == "saved" && at == time, || {
                let report = Failure::new(format!(
                    "The work takes {} and returns \"saved\"; the result was {seen:?} at {}.",
                    in_ms(time),
                    in_ms(at)
                ));
                report.read(SHIELD)
            });
            check_done_once(&log, "When it is awaited,");
        });
    }
}

#[test]
fn starts_at_the_first_poll() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let mut answer = Box::pin(shielded(&tasks, save(log.clone(), ms(30))));
        sleep(ms(50)).await;
        let started = log.count("starts") + tasks.len();
        check(started == 0, || {
            Failure::new(
                "The function is called at 0 ms, and its future is first polled at 50 ms. The work should start then; it \
                 started earlier.",
            )
            .usually("that the task is spawned when the future is created.")
            .read("gather-pitfalls.html#futures-are-lazy")
        });
        let _ = futures::poll!(&mut answer);
        let tracked = tasks.len();
        sleep(ms(1)).await;
        check(tracked == 1, || {
            let report = Failure::new(
                "After the first poll, the tracker should have one task, the work. It has none, so a shutdown that begins \
                 now does not wait for the work.",
            );
            if tasks.len() == 1 {
                report.usually("that another task spawns the work when its turn comes.")
            } else if log.count("starts") == 0 {
                report.usually("that something else is awaited before the task is spawned.")
            } else {
                report
            }
            .read(SHIELD)
        });
    });
}

#[test]
fn the_work_is_done_when_the_caller_is_dropped() {
    for closed in [false, true] {
        drop_at_every_await(
            async || {
                let (log, tasks) = (Log::start(), TaskTracker::new());
                if closed {
                    tasks.close();
                }
                let (work, caller, tracker) = (log.clone(), log.clone(), tasks.clone());
                let answer = async move {
                    caller.record("polled");
                    shielded(&tasks, save(work, ms(30))).await
                };
                (answer, (log, tracker))
            },
            async |(log, tracker)| {
                check_state(&tracker, closed, "When the caller is dropped,");
                sleep(ms(100)).await;
                if log.count("polled") > 0 {
                    let closed = if closed {
                        " and the tracker closed"
                    } else {
                        ""
                    };
                    check_done_once(&log, &format!("Although the caller was dropped{closed},"));
                }
            },
        );
    }
}

#[test]
fn the_work_has_a_task_of_its_own() {
    for time in [ms(0), ms(5)] {
        grade(async || {
            let polled_by = Arc::new(Mutex::new(Vec::new()));
            let (tasks, seen) = (TaskTracker::new(), Arc::clone(&polled_by));
            let mut waiting = Box::pin(sleep(time));
            let work = std::future::poll_fn(move |cx| {
                seen.lock().unwrap().push(tokio::task::try_id());
                if time.is_zero() {
                    return std::task::Poll::Ready(());
                }
                waiting.as_mut().poll(cx)
            });
            shielded(&tasks, work).await;
            let (caller, polled_by) = (tokio::task::try_id(), polled_by.lock().unwrap().clone());
            let polled_in_place = polled_by.iter().filter(|task| **task == caller).count();
            check(polled_in_place == 0, || {
                Failure::new(format!(
                    "Work that takes {} should be polled in a task of its own; the caller's task polled it {}.",
                    in_ms(time),
                    times(polled_in_place)
                ))
                .read(SHIELD)
            });
        });
    }
}

#[test]
fn many_calls_do_not_wait_for_each_other() {
    const CALLS: usize = 1000;
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let calls = (0..CALLS).map(|_| shielded(&tasks, async { sleep(ms(20)).await }));
        grading::join_all(calls).await;
        check_instant(
            log.clock.elapsed(),
            ms(20),
            &format!("{CALLS} calls at the same time, each with work of 20 ms, should all return"),
            "that a call waits for other calls or other tasks.",
            SHIELD,
        );
    });
}

#[test]
fn the_work_goes_on_when_the_caller_is_not_polled() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let mut answer = Box::pin(shielded(&tasks, save(log.clone(), ms(30))));
        let _ = futures::poll!(&mut answer);
        sleep(ms(50)).await;
        let ended = log.times_of("ends");
        check(ended == [ms(30)], || {
            Failure::new(format!(
                "The future is polled once, and then not again for 50 ms. The work should end at 30 ms all the same. Seen: \
                 {}.",
                log.describe()
            ))
            .usually("that the work makes progress only while its caller is polled.")
            .read(SHIELD)
        });
    });
}

#[test]
fn the_tracker_waits_for_the_work() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let _ = timeout(ms(10), shielded(&tasks, save(log.clone(), ms(30)))).await;
        tasks.close();
        tasks.wait().await;
        check_instant(
            log.clock.elapsed(),
            ms(30),
            "A shutdown that waits for `tasks` should wait until the work is done,",
            "that the task is spawned without the tracker, or that what the tracker knows is dropped with the caller.",
            GRACEFUL,
        );
    });
}

#[test]
fn passes_on_a_panic() {
    for (kind, text) in [("&str", "disk full"), ("String", "disk full"), ("u32", "")] {
        grade(async || {
            let payload: Box<dyn Any + Send> = match kind {
                "&str" => Box::new(text),
                "String" => Box::new(text.to_owned()),
                _ => Box::new(7_u32),
            };
            let work: futures::future::BoxFuture<'static, ()> = Box::pin(async {
                sleep(ms(5)).await;
                std::panic::resume_unwind(payload);
            });
            let tasks = TaskTracker::new();
            let caught = AssertUnwindSafe(shielded(&tasks, work))
                .catch_unwind()
                .await;
            let same = caught.as_ref().is_err_and(|payload| match kind {
                "&str" => payload.downcast_ref::<&str>() == Some(&text),
                "String" => payload
                    .downcast_ref::<String>()
                    .is_some_and(|seen| seen == text),
                _ => payload.downcast_ref() == Some(&7_u32),
            });
            check(same, || {
                let report = Failure::new(format!(
                    "The work panics, and the payload is a `{kind}`. The caller should panic with the same payload; it {}.",
                    if caught.is_ok() {
                        "did not panic"
                    } else {
                        "panicked with another one"
                    }
                ));
                match caught {
                Ok(()) => report,
                Err(_) => report.usually(
                    "that the answer starts a new panic. `resume_unwind(error.into_panic())` continues the panic itself, \
                     whatever its payload is.",
                ),
            }
            .read("tasks-join-errors.html#joinerror-panicked-or-cancelled")
            });
        });
    }
}

#[test]
fn waits_only_for_its_own_work() {
    for (closed, others) in [
        (false, vec![ms(100)]),
        (true, vec![ms(10), ms(50)]),
        (true, vec![ms(100)]),
        (false, vec![]),
        (true, vec![]),
    ] {
        grade(async || {
            let time = ms(30);
            let (log, tasks) = (Log::start(), TaskTracker::new());
            for other in &others {
                tasks.spawn(sleep(*other));
            }
            if closed {
                tasks.close();
            }
            shielded(&tasks, save(log.clone(), time)).await;
            let returned = log.clock.elapsed();
            check(returned == time, || {
                let report = Failure::new(format!(
                    "The work takes {}, and the function should return then; it returned at {}.",
                    in_ms(time),
                    in_ms(returned)
                ));
                if others.contains(&returned) {
                    report.usually(
                        "that it waits for other tasks of the tracker, as a shutdown does.",
                    )
                } else {
                    report
                }
                .read(SHIELD)
            });
            check_state(&tasks, closed, "After the call,");
        });
    }
}
