//! `run_ready_queue`: a ready queue, and no poll without a wake-up.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

use super::*;
use exercises::event_loop::{Task, run_ready_queue};

/// A task that logs its name in each poll, and yields `times` times before it finishes.
fn yielding(log: &Log, name: &'static str, times: usize) -> Task {
    let log = log.clone();
    Box::pin(
        async move {
            for _ in 0..times {
                log.push(name);
                yield_once().await;
            }
            log.push(name);
        }
        .in_lane(name),
    )
}

/// Pending once, after waking its own task. Tokio's `yield_now` needs a runtime.
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

/// Where a task leaves its waker for another one to use.
type SharedWaker = Rc<RefCell<Option<Waker>>>;

fn wake(waker: &SharedWaker) {
    if let Some(waker) = waker.borrow().as_ref() {
        waker.wake_by_ref();
    }
}

#[test]
fn runs_all_tasks_to_completion() {
    for times in [0, 1, 7] {
        grade(async || {
            let log = Log::default();
            let tasks = ["a", "b", "c"].map(|name| yielding(&log, name, times));
            let outcome = run_ready_queue(tasks.into_iter().collect());
            let polls = log.lines().len();
            check(outcome == Ok(()) && polls == 3 * (times + 1), || {
                let failure = Failure::new(format!(
                    "Three tasks that yield {times} times each should finish after {} polls, and the result should be \
                     Ok(()); there were {polls} polls, and the result was {outcome:?}.",
                    3 * (times + 1)
                ));
                if polls < 3 * (times + 1) {
                    failure.usually(
                        "that a task was not put into the queue again when its waker was called, perhaps because \
                         that happened during its poll.",
                    )
                } else if polls > 3 * (times + 1) {
                    failure.usually("that tasks are polled without having been woken.")
                } else {
                    failure.usually("that tasks that have finished were counted as unfinished.")
                }
                .read("event-loop-build.html#a-loop-with-a-ready-queue-and-wakers")
            });
        });
    }
}

#[test]
fn a_task_that_yields_goes_to_the_end_of_the_queue() {
    grade(async || {
        let log = Log::default();
        let tasks = ["a", "b", "c"].map(|name| yielding(&log, name, 2));
        let _ = run_ready_queue(tasks.into_iter().collect());
        let lines = log.lines();
        let expected = ["a", "b", "c", "a", "b", "c", "a", "b", "c"];
        check(lines == expected, || {
            Failure::new(format!(
                "A task that yields goes to the end of the queue, so the polls should be {}; they were {}.",
                listed(&expected),
                listed(&lines)
            ))
            .usually("that the queue is a stack, or that one task was polled until it had finished.")
            .read("event-loop-build.html#a-loop-with-a-ready-queue-and-wakers")
        });
    });
}

/// A task that logs each poll, passes its waker to `each_time`, and finishes when `is_over`.
fn observed(log: &Log, is_over: &Rc<Cell<bool>>, each_time: impl Fn(&Waker) + 'static) -> Task {
    let (log, is_over) = (log.clone(), Rc::clone(is_over));
    let polls = poll_fn(move |cx| {
        log.push("poll");
        each_time(cx.waker());
        if is_over.get() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    });
    Box::pin(polls)
}

/// A task that yields `times` times and then calls `act`.
fn later(times: usize, act: impl FnOnce() + 'static) -> Task {
    Box::pin(async move {
        for _ in 0..times {
            yield_once().await;
        }
        act();
    })
}

#[test]
fn polls_only_tasks_that_were_woken() {
    grade(async || {
        let (log, is_over, waker) = (Log::default(), Rc::default(), SharedWaker::default());
        let waiting = {
            let shared = Rc::clone(&waker);
            observed(&log, &is_over, move |waker| {
                *shared.borrow_mut() = Some(waker.clone());
            })
        };
        let waking = later(5, move || {
            is_over.set(true);
            wake(&waker);
        });
        let outcome = run_ready_queue(vec![waiting, waking]);
        let polls = log.lines().len();
        check(outcome == Ok(()) && polls == 2, || {
            let failure = Failure::new(format!(
                "A task that is woken once should be polled twice: at the start and after the wake-up. It was polled \
                 {}, and the result was {outcome:?}.",
                times(polls)
            ));
            if polls > 2 {
                failure.usually(
                    "that all tasks are polled again and again, not only those in the queue.",
                )
            } else {
                failure.usually("that the task got another task's waker, or one that does nothing.")
            }
            .read("event-loop-build.html#a-loop-with-a-ready-queue-and-wakers")
        });
    });
}

#[test]
fn polls_once_for_several_wake_ups() {
    grade(async || {
        let (log, is_over) = (Log::default(), Rc::default());
        let waking_itself = observed(&log, &is_over, |waker| {
            for _ in 0..3 {
                waker.wake_by_ref();
            }
        });
        let other = later(5, move || is_over.set(true));
        let _ = run_ready_queue(vec![waking_itself, other]);
        let polls = log.lines().len();
        check(polls == 7, || {
            let failure = Failure::new(format!(
                "A task takes turns with another one until that has finished, and wakes itself three times in each \
                 poll. It should be polled 7 times, once in each turn; it was polled {}.",
                times(polls)
            ));
            if polls > 7 {
                failure.usually(
                    "that a wake-up puts the task into the queue although it is there already.",
                )
            } else {
                failure.usually("that a wake-up was lost, perhaps because it came during the poll.")
            }
            .read("event-loop-exercises.html#run_ready_queue")
        });
    });
}

#[test]
fn never_polls_a_task_that_has_finished() {
    grade(async || {
        let (log, is_over, waker) = (
            Log::default(),
            Rc::new(Cell::new(true)),
            SharedWaker::default(),
        );
        let finishing = {
            let shared = Rc::clone(&waker);
            observed(&log, &is_over, move |waker| {
                *shared.borrow_mut() = Some(waker.clone());
            })
        };
        let waking = later(2, move || wake(&waker));
        let _ = run_ready_queue(vec![finishing, waking]);
        let polls = log.lines().len();
        check(polls == 1, || {
            let failure = Failure::new(format!(
                "A task that is ready at its first poll should be polled once; it was polled {}.",
                times(polls)
            ));
            if polls > 1 {
                failure.usually(
                    "that a task is polled again when its waker is called after it has finished.",
                )
            } else {
                failure.usually("that a task is not in the queue at the start.")
            }
            .read("event-loop-build.html#a-loop-with-a-ready-queue-and-wakers")
        });
    });
}

#[test]
fn returns_the_number_of_unfinished_tasks() {
    for waiting in [1, 3] {
        grade(async || {
            let mut tasks: Vec<Task> = vec![yielding(&Log::default(), "finishing", 2)];
            tasks.extend((0..waiting).map(|_| Box::pin(std::future::pending()) as Task));
            let outcome = run_ready_queue(tasks);
            check(outcome == Err(waiting), || {
                Failure::new(format!(
                    "{waiting} of the tasks are never woken, so the result should be Err({waiting}); it was \
                     {outcome:?}."
                ))
                .usually("that the tasks that have finished were counted, or all of them.")
                .read("event-loop-exercises.html#run_ready_queue")
            });
        });
    }
}
