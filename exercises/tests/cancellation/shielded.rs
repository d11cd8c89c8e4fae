//! `shielded`: once begun it is done, whatever becomes of the caller.

use std::panic::AssertUnwindSafe;

use super::*;
use exercises::cancellation::shielded;
use futures::FutureExt;

/// Work of 30 ms in two halves, that notes what it does.
async fn stamp(log: Log) -> &'static str {
    log.note("begins");
    sleep(ms(15)).await;
    sleep(ms(15)).await;
    log.note("ends");
    "stamped"
}

fn check_done_once(log: &Log, when: &str) {
    let seen = (log.count("begins"), log.count("ends"));
    check(seen == (1, 1), || {
        let miss = Failure::new(format!(
            "{when} the work should begin once and end once; it began {} and ended {}.",
            times(seen.0),
            times(seen.1)
        ));
        if seen.0 > 1 {
            miss.usually("that the work was done a second time.")
        } else {
            miss.usually("that the work lives in the future of its caller, and is dropped with it. It needs a task of its own.")
        }
        .read(SHIELD)
    });
}

#[test]
fn gives_what_the_work_gives() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let seen = shielded(&tasks, stamp(log.clone())).await;
        check(seen == "stamped" && log.clock.elapsed() == ms(30), || {
            Failure::new(format!(
                "The work takes 30 ms and gives \"stamped\"; it gave {seen:?} at {}.",
                in_ms(log.clock.elapsed())
            ))
            .usually(
                "that the answer does not wait for the task, or only looks at it now and then.",
            )
            .read(SHIELD)
        });
        check_done_once(&log, "When it is awaited");
    });
}

#[test]
fn nothing_begins_before_the_first_poll() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let answer = shielded(&tasks, stamp(log.clone()));
        sleep(ms(50)).await;
        let begun = log.count("begins") + tasks.len();
        answer.await;
        check(begun == 0, || {
            Failure::new(
                "It was called at 0 ms and first polled at 50 ms; the work should begin then, and it has begun before.",
            )
            .usually("that the task is spawned when the future is made.")
            .read("gather-pitfalls.html#futures-are-lazy")
        });
    });
}

#[test]
fn is_done_when_the_caller_is_dropped() {
    drop_at_every_await(
        async || {
            let (log, tasks) = (Log::start(), TaskTracker::new());
            let (noted, polled) = (log.clone(), log.clone());
            let answer = async move {
                polled.note("polled");
                shielded(&tasks, stamp(noted)).await
            };
            (answer, log)
        },
        async |log| {
            sleep(ms(100)).await;
            if log.count("polled") > 0 {
                check_done_once(&log, "Although its caller was dropped,");
            }
        },
    );
}

#[test]
fn goes_on_when_the_caller_does_not_poll() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let mut answer = Box::pin(shielded(&tasks, stamp(log.clone())));
        let _ = futures::poll!(&mut answer);
        sleep(ms(50)).await;
        let ended = log.times_of("ends");
        check(ended == [ms(30)], || {
            Failure::new(format!(
                "It was polled once, and then its caller did something else; the work should end at 30 ms all the same. This \
                 happened by 50 ms: {}.",
                log.told()
            ))
            .usually("that the work moves only while its caller polls it.")
            .read(SHIELD)
        });
    });
}

#[test]
fn the_tracker_waits_for_it() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        let _ = timeout(ms(10), shielded(&tasks, stamp(log.clone()))).await;
        tasks.close();
        tasks.wait().await;
        check_instant(
            log.clock.elapsed(),
            ms(30),
            "A shutdown that waits for `tasks` should wait until the work is done,",
            "that the task is spawned beside the tracker, which knows nothing of it.",
            GRACEFUL,
        );
    });
}

#[test]
fn a_panic_comes_through() {
    grade(async || {
        let tasks = TaskTracker::new();
        let work = async {
            sleep(ms(5)).await;
            std::panic::resume_unwind(Box::new("the ink is dry"));
        };
        let caught = AssertUnwindSafe(shielded::<futures::future::BoxFuture<'static, ()>>(
            &tasks,
            Box::pin(work),
        ));
        let caught = caught.catch_unwind().await;
        let word = caught
            .err()
            .and_then(|panic| panic.downcast_ref::<&str>().copied());
        check(word == Some("the ink is dry"), || {
            Failure::new("The work panics with \"the ink is dry\"; so should the caller, with that panic and no other.")
                .usually("that the join error is unwrapped, which makes a panic of its own around it, or that it is passed over.")
                .read("tasks-join-errors.html#joinerror-panicked-or-cancelled")
        });
    });
}

#[test]
fn waits_for_its_own_work_only() {
    grade(async || {
        let (log, tasks) = (Log::start(), TaskTracker::new());
        tasks.spawn(sleep(ms(100)));
        shielded(&tasks, stamp(log.clone())).await;
        check_instant(
            log.clock.elapsed(),
            ms(30),
            "Somebody else has a task of 100 ms in the tracker, and the work takes 30 ms. It should return",
            "that it waits for all tasks of the tracker, as one does in a shutdown.",
            SHIELD,
        );
        check(!tasks.is_closed(), || {
            Failure::new(
                "The tracker belongs to somebody else, and was open; after the call it is closed.",
            )
            .usually("that `close` and `wait` are called. They are for the shutdown.")
            .read(SHIELD)
        });
    });
}
