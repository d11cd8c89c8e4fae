//! `run_all`: a ready queue, and nothing polled that was not woken.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

use super::*;
use exercises::event_loop::{Job, run_all};

/// A job that writes its name down in each poll, and yields so often before it ends.
fn yields(log: &Log, name: &'static str, times: usize) -> Job {
    let log = log.clone();
    Box::pin(
        async move {
            for _ in 0..times {
                log.note(name);
                yield_once().await;
            }
            log.note(name);
        }
        .in_lane(name),
    )
}

/// Pending once, and woken at once: tokio's own needs a runtime around it.
async fn yield_once() {
    let mut has_yielded = false;
    poll_fn(|cx| {
        if has_yielded {
            return Poll::Ready(());
        }
        has_yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Where a job leaves its waker for others.
type TestWaker = Rc<RefCell<Option<Waker>>>;

fn ring(bell: &TestWaker) {
    if let Some(waker) = bell.borrow().as_ref() {
        waker.wake_by_ref();
    }
}

#[test]
fn all_are_run_to_their_end() {
    for times in [0, 1, 7] {
        grade(async || {
            let log = Log::default();
            let jobs = ["a", "b", "c"].map(|name| yields(&log, name, times));
            let outcome = run_all(jobs.into_iter().collect());
            let polls = log.lines().len();
            check(outcome == Ok(()) && polls == 3 * (times + 1), || {
                Failure::new(format!(
                    "Three jobs that yield {times} times each should be run to their end with {} polls, and the result \
                     be Ok(()); there were {polls} polls, and the result was {outcome:?}.",
                    3 * (times + 1)
                ))
                .usually(
                    "that a job was not put into the queue again when its waker was used, perhaps because that was \
                     during its poll.",
                )
                .read("event-loop-inside.html#by-hand")
            });
        });
    }
}

#[test]
fn turns_go_round() {
    grade(async || {
        let log = Log::default();
        let jobs = ["a", "b", "c"].map(|name| yields(&log, name, 2));
        let _ = run_all(jobs.into_iter().collect());
        let lines = log.lines();
        let expected = ["a", "b", "c", "a", "b", "c", "a", "b", "c"];
        check(lines == expected, || {
            Failure::new(format!(
                "Whoever yields goes to the end of the queue, so the polls should be {}; they were {}.",
                told(&expected),
                told(&lines)
            ))
            .usually("that the queue is a stack, or that one job was polled until it had ended.")
            .read("event-loop-inside.html#by-hand")
        });
    });
}

/// A job that notes each poll, does what `each_time` does with its waker, and ends when `is_over`.
fn watched(log: &Log, is_over: &Rc<Cell<bool>>, each_time: impl Fn(&Waker) + 'static) -> Job {
    let (log, is_over) = (log.clone(), Rc::clone(is_over));
    let polls = poll_fn(move |cx| {
        log.note("poll");
        each_time(cx.waker());
        if is_over.get() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    });
    Box::pin(polls)
}

/// A job that yields so often and then does something.
fn later(times: usize, act: impl FnOnce() + 'static) -> Job {
    Box::pin(async move {
        for _ in 0..times {
            yield_once().await;
        }
        act();
    })
}

#[test]
fn only_who_was_woken_is_polled() {
    grade(async || {
        let (log, is_over, bell) = (Log::default(), Rc::default(), TestWaker::default());
        let waits = {
            let bell = Rc::clone(&bell);
            watched(&log, &is_over, move |waker| {
                *bell.borrow_mut() = Some(waker.clone());
            })
        };
        let rings = later(5, move || {
            is_over.set(true);
            ring(&bell);
        });
        let outcome = run_all(vec![waits, rings]);
        let polls = log.lines().len();
        check(outcome == Ok(()) && polls == 2, || {
            let miss = Failure::new(format!(
                "A job that waits for a ring should be polled twice, at the beginning and when it was woken; it was \
                 polled {}, and the result was {outcome:?}.",
                times(polls)
            ));
            if polls > 2 {
                miss.usually(
                    "that all jobs are polled again and again, instead of those in the queue.",
                )
            } else {
                miss.usually("that a waker was not the job's own, or does nothing.")
            }
            .read("event-loop-inside.html#by-hand")
        });
    });
}

#[test]
fn woken_several_times_is_polled_once() {
    grade(async || {
        let (log, is_over) = (Log::default(), Rc::default());
        let insists = watched(&log, &is_over, |waker| {
            for _ in 0..3 {
                waker.wake_by_ref();
            }
        });
        let other = later(5, move || is_over.set(true));
        let _ = run_all(vec![insists, other]);
        let polls = log.lines().len();
        check(polls == 7, || {
            Failure::new(format!(
                "Two jobs take turns, and one of them wakes itself three times in each poll. It should be polled once \
                 for that, 7 times until the other one has ended; it was polled {}.",
                times(polls)
            ))
            .usually("that a wake-up puts the job into the queue although it is there already.")
            .read("event-loop-exercises.html#run_all")
        });
    });
}

#[test]
fn a_job_that_has_ended_is_left_alone() {
    grade(async || {
        let (log, is_over, bell) = (
            Log::default(),
            Rc::new(Cell::new(true)),
            TestWaker::default(),
        );
        let ends = {
            let bell = Rc::clone(&bell);
            watched(&log, &is_over, move |waker| {
                *bell.borrow_mut() = Some(waker.clone());
            })
        };
        let rings = later(2, move || ring(&bell));
        let _ = run_all(vec![ends, rings]);
        let polls = log.lines().len();
        check(polls == 1, || {
            Failure::new(format!(
                "A job that is ready at its first poll should be polled once; it was polled {}, the last \
                 time after its end.",
                times(polls)
            ))
            .usually("that a job stays in the list when it has ended. Its waker may be used later on.")
            .read("event-loop-inside.html#by-hand")
        });
    });
}

#[test]
fn tells_how_many_wait_for_ever() {
    for waiting in [1, 3] {
        grade(async || {
            let mut jobs: Vec<Job> = vec![yields(&Log::default(), "ends", 2)];
            jobs.extend((0..waiting).map(|_| Box::pin(std::future::pending()) as Job));
            let outcome = run_all(jobs);
            check(outcome == Err(waiting), || {
                Failure::new(format!(
                    "Nobody can wake {waiting} of the jobs, so the result should be Err({waiting}); it was {outcome:?}."
                ))
                .usually("that those were counted that have ended, or all of them.")
                .read("event-loop-exercises.html#run_all")
            });
        });
    }
}
