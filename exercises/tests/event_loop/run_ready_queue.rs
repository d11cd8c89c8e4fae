//! `run_ready_queue`: a ready queue, and no poll without a wake-up.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

use super::*;
use exercises::event_loop::{Task, run_ready_queue};

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
                "{count} tasks that yield {yields} times each should finish after {expected} polls in all, and the result should \
                 be Ok(()); there were {polls} polls, and the result was {outcome:?}."
            ));
            if polls < expected {
                failure.usually(
                    "that a task was not put into the queue again when its waker was called, perhaps because \
                     that happened during its poll.",
                )
            } else if polls > expected {
                failure.usually("that tasks are polled without having been woken.")
            } else {
                failure.usually("that tasks that have finished were counted as unfinished.")
            }
            .read("event-loop-build.html#a-loop-with-a-ready-queue-and-wakers")
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
            Failure::new(format!(
                "Of {count} tasks {waiting} are never woken, so the result should be Err({waiting}); it was {outcome:?}."
            ))
            .usually("that the tasks that have finished were counted, or all of them.")
            .read("event-loop-exercises.html#run_ready_queue")
        });
    });
}

/// What a task does: in each of its polls it calls the wakers of these tasks. It is ready in its last poll.
type Script = Vec<Vec<usize>>;

/// Tasks that wake themselves and each other, also those that have finished.
fn drawn_scripts(case: &Case) -> Vec<Script> {
    let count = case.size("tasks", 1..=70);
    let scripts = (1..=count).map(|number| {
        let polls = case.size(&format!("polls of task {number}"), 1..=4);
        let woken = (1..=polls).map(|poll| {
            let calls = case.size(&format!("calls of wakers in poll {poll}"), 0..=4);
            (0..calls)
                .map(|_| case.size("wakes task", 1..=count) - 1)
                .collect()
        });
        woken.collect()
    });
    scripts.collect()
}

/// The order of the polls, as numbers from 1 on, and how many tasks do not finish.
fn expected_polls(scripts: &[Script]) -> (Vec<String>, usize) {
    let mut queue: VecDeque<usize> = (0..scripts.len()).collect();
    let mut polls = vec![0; scripts.len()];
    let mut lines = Vec::new();
    while let Some(number) = queue.pop_front() {
        let Some(woken) = scripts[number].get(polls[number]) else {
            continue;
        };
        polls[number] += 1;
        lines.push((number + 1).to_string());
        for &other in woken {
            // A task that was never polled has no waker yet.
            if polls[other] > 0 && !queue.contains(&other) {
                queue.push_back(other);
            }
        }
    }
    let unfinished = polls
        .iter()
        .zip(scripts)
        .filter(|(polls, script)| **polls < script.len());
    (lines, unfinished.count())
}

#[test]
fn polls_in_the_order_of_the_wake_ups() {
    grade_cases(async |case| {
        let scripts = drawn_scripts(&case);
        let (expected, unfinished) = expected_polls(&scripts);
        let log = Log::default();
        let wakers: Rc<RefCell<Vec<Option<Waker>>>> =
            Rc::new(RefCell::new(vec![None; scripts.len()]));
        let tasks = scripts
            .into_iter()
            .zip(1..)
            .map(|(script, number)| -> Task {
                let (log, wakers) = (log.clone(), Rc::clone(&wakers));
                let mut script = script.into_iter();
                Box::pin(poll_fn(move |cx| {
                    log.push(number.to_string());
                    wakers.borrow_mut()[number - 1] = Some(cx.waker().clone());
                    for other in script.next().into_iter().flatten() {
                        let waker = wakers.borrow()[other].clone();
                        if let Some(waker) = waker {
                            waker.wake();
                        }
                    }
                    match script.len() {
                        0 => Poll::Ready(()),
                        _ => Poll::Pending,
                    }
                }))
            });
        let outcome = run_ready_queue(tasks.collect());
        let lines = log.lines();
        let right = if unfinished == 0 {
            Ok(())
        } else {
            Err(unfinished)
        };
        check(lines == expected && outcome == right, || {
            Failure::new(format!(
                "Tasks call the wakers of each other. The polls should be {}, and the result {right:?}; they were {}, and it \
                 was {outcome:?}.",
                listed(&expected),
                listed(&lines)
            ))
            .usually(
                "that the tasks are not polled in the order of their wake-ups, but in the order of `tasks`, say; that a \
                 second wake-up moves a task to the end; or that a wake-up is lost.",
            )
            .read("event-loop-exercises.html#run_ready_queue")
        });
        let wakers = wakers.take().into_iter().flatten();
        wakers.for_each(|waker| waker.wake());
        check(log.lines() == expected, || {
            Failure::new("A waker was called after `run_ready_queue` had returned, and a task was polled then.")
                .usually("that a wake-up polls the task. It should only put the task into the queue.")
                .read("event-loop-exercises.html#run_ready_queue")
        });
    });
}
