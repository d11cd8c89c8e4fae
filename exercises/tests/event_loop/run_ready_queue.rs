//! `run_ready_queue`: a ready queue, and no poll without a wake-up.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::thread;

use super::*;
use exercises::event_loop::{Task, run_ready_queue};

#[path = "run_ready_queue_scripts.rs"]
mod scripts;

use scripts::{Run, drawn_scripts, polls_with, push_once, usual_mistake};

/// A task that logs its name in each poll, and yields `times` times before it finishes.
fn yielding(log: &Log, name: String, times: usize) -> Task {
    let (log, lane) = (log.clone(), name.clone());
    Box::pin(
        async move {
            for _ in 0..times {
                log.push(&*name);
                yield_once().await;
            }
            log.push(name);
        }
        .in_lane(lane),
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
    grade_cases(async |case| {
        let log = Log::default();
        let count = case.size("tasks", 0..=300);
        let yields = case.size("yields", 0..=3);
        let tasks = (0..count).map(|number| yielding(&log, number.to_string(), yields));
        let outcome = run_ready_queue(tasks.collect());
        let (polls, expected) = (log.lines().len(), count * (yields + 1));
        check(outcome == Ok(()) && polls == expected, || {
            let failure = Failure::new(format!(
                "{}, of which each yields {}, should finish after {} in all, and the result should be Ok(()); it took {}, and the \
                 result was {outcome:?}.",
                plural(count, "task"),
                times(yields),
                plural(expected, "poll"),
                plural(polls, "poll")
            ));
            let polled: BTreeSet<_> = log.lines().into_iter().collect();
            if polled.len() < count {
                failure.usually(
                    "that the loop ended, or went on with another task, before every task had been polled once. At the \
                     start, all of them are in the queue.",
                )
            } else if polls == count && yields > 0 {
                // Each task was polled once, and none of them again.
                failure.usually(
                    "that a task was not put into the queue again when its waker was called, perhaps because \
                     that happened during its poll.",
                )
            } else if polls > expected {
                failure.usually("that tasks are polled without having been woken.")
            } else if polls == expected {
                failure.usually("that tasks that have finished were counted as unfinished.")
            } else {
                failure
            }
            .read("event-loop-build.html#a-loop-with-a-ready-queue-and-wakers")
        });
    });
}

#[test]
fn a_task_may_be_polled_any_number_of_times() {
    grade(async || {
        let polls = Rc::new(Cell::new(0));
        let yields = 70_000;
        let counted = {
            let polls = Rc::clone(&polls);
            poll_fn(move |cx| {
                polls.set(polls.get() + 1);
                if polls.get() > yields {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            })
        };
        let outcome = run_ready_queue(vec![Box::pin(counted)]);
        check(outcome == Ok(()) && polls.get() == yields + 1, || {
            Failure::new(format!(
                "A task that yields {yields} times should be polled {} times, and the result should be Ok(()); it was \
                 polled {}, and the result was {outcome:?}.",
                yields + 1,
                times(polls.get())
            ))
            .usually("that the number of polls is limited. The loop ends when the queue is empty.")
            .read("event-loop-exercises.html#run_ready_queue")
        });
    });
}

#[test]
fn a_task_that_yields_goes_to_the_end_of_the_queue() {
    grade_cases(async |case| {
        let log = Log::default();
        let (count, yields) = (case.size("tasks", 1..=40), case.size("yields", 0..=5));
        let names: Vec<_> = (0..count).map(|number| number.to_string()).collect();
        let tasks = names
            .iter()
            .map(|name| yielding(&log, name.clone(), yields));
        let _ = run_ready_queue(tasks.collect());
        let lines = log.lines();
        let expected = vec![names; yields + 1].concat();
        check(lines == expected, || {
            Failure::new(format!(
                "A task that yields goes to the end of the queue, so the polls should be {}; they were {}.",
                listed(&expected),
                listed(&lines)
            ))
            .usually_if(usual_mistake())
            .read("event-loop-build.html#a-loop-with-a-ready-queue-and-wakers")
        });
    });
}

/// How a task logs a poll, and how it logs one after it has finished.
const POLLED: [&str; 2] = ["poll", "poll of a finished task"];

/// A task that logs each poll, passes its waker to `each_time`, and finishes when `is_over`.
fn observed(log: &Log, is_over: &Rc<Cell<bool>>, each_time: impl Fn(&Waker) + 'static) -> Task {
    let (log, is_over) = (log.clone(), Rc::clone(is_over));
    let mut has_finished = false;
    let polls = poll_fn(move |cx| {
        log.push(POLLED[usize::from(has_finished)]);
        each_time(cx.waker());
        has_finished |= is_over.get();
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
            let in_time = log.lines().iter().filter(|line| *line == POLLED[0]).count();
            if polls > in_time && in_time == 7 {
                failure.usually(
                    "that a task is polled again when it wakes itself in the poll in which it finishes.",
                )
            } else if polls > 7 {
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
    grade_cases(async |case| {
        let count = case.size("tasks", 1..=300);
        let waiting = case.size_near("never woken", count, 1..=count);
        let order = case.permutation("order", count);
        let tasks = order.into_iter().map(|number| -> Task {
            if number < waiting {
                Box::pin(std::future::pending())
            } else {
                later(number % 3, || ())
            }
        });
        let outcome = run_ready_queue(tasks.collect());
        check(outcome == Err(waiting), || {
            let failure = Failure::new(format!(
                "Of {}, {} never woken, so the result should be Err({waiting}); it was {outcome:?}.",
                plural(count, "task"),
                if waiting == 1 {
                    "1 is".to_owned()
                } else {
                    format!("{waiting} are")
                }
            ));
            let finished = count - waiting;
            match outcome {
                Ok(()) => failure
                    .usually("that a task that waits was not counted when the queue was empty."),
                Err(all) if all == count && finished != count => {
                    failure.usually("that all tasks were counted.")
                }
                Err(others) if others == finished => {
                    failure.usually("that the tasks that have finished were counted.")
                }
                Err(_) => failure,
            }
            .read("event-loop-exercises.html#run_ready_queue")
        });
    });
}

#[test]
fn polls_in_the_order_of_the_wake_ups() {
    grade_cases(async |case| {
        let scripts = drawn_scripts(&case);
        let (expected, unfinished) = polls_with(&scripts, push_once);
        let run = Run::new(&scripts, false);
        let lines = run.lines();
        let right = if unfinished == 0 {
            Ok(())
        } else {
            Err(unfinished)
        };
        check(lines == expected, || {
            Failure::new(format!(
                "Tasks call the wakers of each other. The polls should be {}; they were {}.",
                listed(&expected),
                listed(&lines)
            ))
            .usually_if(usual_mistake())
            .read("event-loop-exercises.html#run_ready_queue")
        });
        check(run.outcome == right, || {
            Failure::new(format!(
                "Tasks call the wakers of each other. The polls were {}, as they should be, and the result should be \
                 {right:?}; it was {:?}.",
                listed(&lines),
                run.outcome
            ))
            .usually("that the wrong tasks were counted: those that are not ready after their last poll have not finished.")
            .read("event-loop-exercises.html#run_ready_queue")
        });
        let wakers = run.wakers.take().into_iter().flatten();
        wakers.for_each(|waker| waker.wake());
        check(run.lines() == expected, || {
            Failure::new("A waker was called after `run_ready_queue` had returned, and a task was polled then.")
                .usually("that a wake-up polls the task. It should only put the task into the queue.")
                .read("event-loop-exercises.html#run_ready_queue")
        });
    });
}

#[test]
fn a_waker_of_an_earlier_poll_still_wakes_its_task() {
    grade_cases(async |case| {
        let scripts = drawn_scripts(&case);
        let (expected, _) = polls_with(&scripts, push_once);
        let lines = Run::new(&scripts, true).lines();
        check(lines == expected, || {
            let failure = Failure::new(format!(
                "Tasks keep the wakers of their first polls and call the wakers of each other. The polls should be {}; \
                 they were {}.",
                listed(&expected),
                listed(&lines)
            ));
            // Another test tells why the order is wrong with the latest wakers.
            if Run::new(&scripts, false).lines() == expected {
                failure.usually(
                    "that only the waker of a task's latest poll wakes it. Each waker that a task was given wakes it as \
                     long as it has not finished.",
                )
            } else {
                failure
            }
            .read("event-loop-exercises.html#run_ready_queue")
        });
    });
}

/// A task that is woken in its first poll by `wake`, and finishes in its second one.
fn woken_by(log: &Log, name: &'static str, wake: fn(Waker)) -> Task {
    let log = log.clone();
    let mut was_polled = false;
    let polls = poll_fn(move |cx| {
        log.push(name);
        if std::mem::replace(&mut was_polled, true) {
            return Poll::Ready(());
        }
        wake(cx.waker().clone());
        Poll::Pending
    });
    Box::pin(polls)
}

/// The polls of two tasks that are woken by `wake`, and the result.
fn polls_if_woken_by(wake: fn(Waker)) -> (Vec<String>, Result<(), usize>) {
    let log = Log::default();
    let tasks = ["1", "2"].map(|name| woken_by(&log, name, wake));
    let outcome = run_ready_queue(tasks.into());
    (log.lines(), outcome)
}

fn wake_on_another_thread(waker: Waker) {
    let waking = thread::spawn(move || waker.wake());
    waking.join().expect("a waker does not panic");
}

#[test]
fn a_waker_works_on_any_thread() {
    grade(async || {
        let (polls, outcome) = polls_if_woken_by(wake_on_another_thread);
        let expected = ["1", "2", "1", "2"];
        check(polls == expected && outcome == Ok(()), || {
            let failure = Failure::new(format!(
                "Two tasks are each woken in their first poll, by another thread. The polls should be {}, and the result \
                 Ok(()); the polls were {}, and the result was {outcome:?}.",
                listed(&expected),
                listed(&polls)
            ));
            // Another test tells what is wrong if they wake themselves.
            if polls_if_woken_by(Waker::wake).0 == expected {
                failure.usually(
                    "that only wake-ups on the thread of the loop reach its queue, as in a `thread_local!`. A waker is \
                     `Send` and `Sync`, so the queue is shared between threads.",
                )
            } else {
                failure
            }
            .read("event-loop-exercises.html#run_ready_queue")
        });
    });
}
