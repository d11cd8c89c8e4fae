//! `shielded`: once started, the work is done, even if the caller is dropped.

use std::panic::AssertUnwindSafe;

use super::*;
use exercises::cancellation::shielded;
use futures::FutureExt;

/// Work of 30 ms in two steps. It records when it starts and ends.
async fn save(log: Log) -> &'static str {
    log.record("starts");
    sleep(ms(15)).await;
    sleep(ms(15)).await;
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
                "that the work is part of its caller's future, and is dropped with it. It needs a task of its own.",
            )
        }
        .read(SHIELD)
    });
}

#[test]
fn returns_the_output_of_the_work() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let seen = shielded(&tasks, save(log.clone())).await;
        let at = log.clock.elapsed();
        check(seen == "saved" && at == ms(30), || {
            Failure::new(format!(
                "The work takes 30 ms and returns \"saved\"; the result was {seen:?} at {}.",
                in_ms(at)
            ))
            .usually("that the answer polls the state of the task at intervals, instead of awaiting its handle.")
            .read(SHIELD)
        });
        check_done_once(&log, "When it is awaited,");
    });
}

#[test]
fn starts_at_the_first_poll() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let answer = shielded(&tasks, save(log.clone()));
        sleep(ms(50)).await;
        let started = log.count("starts") + tasks.len();
        answer.await;
        check(started == 0, || {
            Failure::new(
                "The function is called at 0 ms, and its future is first polled at 50 ms. The work should start then; it \
                 started earlier.",
            )
            .usually("that the task is spawned when the future is created.")
            .read("gather-pitfalls.html#futures-are-lazy")
        });
    });
}

#[test]
fn the_work_is_done_when_the_caller_is_dropped() {
    drop_at_every_await(
        async || {
            let (log, tasks) = (Log::start(), TaskTracker::new());
            let (work, caller) = (log.clone(), log.clone());
            let answer = async move {
                caller.record("polled");
                shielded(&tasks, save(work)).await
            };
            (answer, log)
        },
        async |log| {
            sleep(ms(100)).await;
            if log.count("polled") > 0 {
                check_done_once(&log, "Although the caller was dropped,");
            }
        },
    );
}

#[test]
fn the_work_goes_on_when_the_caller_is_not_polled() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let mut answer = Box::pin(shielded(&tasks, save(log.clone())));
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
        let _ = timeout(ms(10), shielded(&tasks, save(log.clone()))).await;
        tasks.close();
        tasks.wait().await;
        check_instant(
            log.clock.elapsed(),
            ms(30),
            "A shutdown that waits for `tasks` should wait until the work is done,",
            "that the task is spawned without the tracker.",
            GRACEFUL,
        );
    });
}

#[test]
fn passes_on_a_panic() {
    grade(async || {
        let tasks = TaskTracker::new();
        let work = async {
            sleep(ms(5)).await;
            std::panic::resume_unwind(Box::new("disk full"));
        };
        let caught = AssertUnwindSafe(shielded::<futures::future::BoxFuture<'static, ()>>(
            &tasks,
            Box::pin(work),
        ));
        let caught = caught.catch_unwind().await;
        let text = caught
            .err()
            .and_then(|panic| panic.downcast_ref::<&str>().copied());
        check(text == Some("disk full"), || {
            Failure::new(
                "The work panics with \"disk full\". The caller should panic with the same panic.",
            )
            .usually("that the join error is unwrapped, which is a panic of its own, or ignored.")
            .read("tasks-join-errors.html#joinerror-panicked-or-cancelled")
        });
    });
}

#[test]
fn waits_only_for_its_own_work() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        tasks.spawn(sleep(ms(100)));
        shielded(&tasks, save(log.clone())).await;
        check_instant(
            log.clock.elapsed(),
            ms(30),
            "The tracker has another task, of 100 ms, and the work takes 30 ms. The function should return",
            "that it waits for all tasks of the tracker, as a shutdown does.",
            SHIELD,
        );
        check(!tasks.is_closed(), || {
            Failure::new("The tracker was open before the call; after the call it is closed.")
                .usually("that the answer calls `close`. That is up to the shutdown.")
                .read(SHIELD)
        });
    });
}
