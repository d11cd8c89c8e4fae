//! `ConnectionThread`: a synchronous connection on a thread of its own.

use super::*;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;

use connection::{
    Connection, WAITING, capacity, has_started, no_end, no_result, not_dropped, occupy,
    polled_by_hand, results_of, start,
};
use exercises::blocking::{Closed, ConnectionThread};
use tokio::sync::Semaphore;

#[test]
fn work_runs_in_order_on_one_thread() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let capacity = capacity(&case);
        let count = case.size_near("calls", capacity.get(), 0..=300);
        let (connection, _dropped) = start(capacity);
        let (key, gate) = Gate::closed();
        let (work, started) = occupy(gate);
        let (waker, ran) = (TestWaker::new(), Shared::new());
        let mut running = polled_by_hand(connection.call(work));
        let _ = poll_once(&waker, running.as_mut(), "A call whose work runs");
        has_started(started).await;
        let clones = [connection.clone(), connection.clone()];
        let mut calls: Vec<_> = (0..count)
            .map(|call| {
                let ran = ran.clone();
                polled_by_hand(clones[call % 2].call(move |connection| {
                    ran.push((call, thread::current().id() == connection.opened_on));
                    call
                }))
            })
            .collect();
        for (index, call) in calls.iter_mut().enumerate() {
            // With an exhausted budget, a call would be pending although there is room.
            if index % 50 == 0 {
                yield_now().await;
            }
            let _ = poll_once(&waker, call.as_mut(), WAITING);
        }
        drop(key);
        let results = results_of(calls).await;
        let ran = ran.take();
        let found_room = count.min(capacity.get());
        let order = ran.iter().map(|(call, _)| *call);
        let order: Vec<_> = order.filter(|call| *call < found_room).collect();
        check(order.iter().copied().eq(0..found_room), || {
            Failure::new(format!(
                "{} found room in the order 0, 1, 2 and so on, while the thread was busy. Their work should run in this order; \
                 it ran in the order {}.",
                plural(found_room, "call"),
                list(order.iter().map(usize::to_string))
            ))
            .usually("that there is more than one thread, or that the last piece is taken first.")
            .read(CONNECTION)
        });
        check(ran.iter().all(|(_, same_thread)| *same_thread), || {
            Failure::new("All work should run on the thread on which the connection was opened; some ran on another one.")
                .read(CONNECTION)
        });
        let right = results.iter().enumerate();
        let right = right.filter(|(call, result)| **result == Ok(*call));
        let right = right.count();
        check(right == count && ran.len() == count, || {
            Failure::new(format!(
                "{} should each run its work once, and return its result; {right} returned it, and work was run {}.",
                plural(count, "call"),
                times(ran.len())
            ))
            .usually("that a full queue counts as a closed one. Wait for room with `send(..).await`.")
            .read(CONNECTION)
        });
    });
}

#[test]
fn starting_it_does_not_wait() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let capacity = capacity(&case);
        let (key, gate) = Gate::closed();
        let (tx, _dropped) = oneshot::channel();
        let open = move || {
            gate.wait();
            Connection::open(tx)
        };
        let start = move || {
            must_return(
                || ConnectionThread::start(open, capacity),
                Failure::new("`start` should return before the connection is open; it waits for that.")
                    .usually("that the connection is opened by the caller, or that `start` waits for the thread.")
                    .read(CONNECTION),
            )
        };
        let connection = match case.pick("started", &["in a runtime", "outside of one"]) {
            &"in a runtime" => start(),
            _ => outside_runtime(start).await,
        };
        let waker = TestWaker::new();
        let mut call = polled_by_hand(connection.call(|_connection| 7));
        let polled = poll_once(
            &waker,
            call.as_mut(),
            "A call before the connection is open",
        );
        check(polled.is_pending(), || {
            Failure::new("The connection is not open yet, so a call should wait; it is ready.")
                .read(CONNECTION)
        });
        drop(key);
        let result = results_of(vec![call]).await;
        check(result == [Ok(7)], || {
            Failure::new(format!(
                "The call should return [Ok(7)]; it returned {result:?}."
            ))
            .read(CONNECTION)
        });
    });
}

#[test]
fn opens_the_connection_without_a_call() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let ((tx, dropped), (opened_tx, opened)) = (oneshot::channel(), oneshot::channel());
        let open = || {
            let connection = Connection::open(tx);
            let _ = opened_tx.send(connection.opened_on);
            connection
        };
        let connection = ConnectionThread::start(open, capacity(&case));
        let not_opened = Failure::new(
            "`start` has returned, so the thread should open the connection, although there is no call yet; it does not.",
        )
        .usually("that the connection is opened for the first call.")
        .read(CONNECTION);
        let opened_on = must_end(opened, not_opened).await;
        check(opened_on.is_ok(), || {
            Failure::new(
                "`start` has returned, so the thread should call `open`; it has dropped it.",
            )
            .read(CONNECTION)
        });
        drop_now(connection, "the only clone", CONNECTION);
        let dropped_on = must_end(dropped, no_end()).await;
        check(dropped_on == opened_on, || {
            Failure::new(
                "The connection should be dropped on its thread; it was dropped on another one.",
            )
            .read(CONNECTION)
        });
    });
}

#[test]
fn the_capacity_may_be_the_largest() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let less = case.size("capacity is less than `Semaphore::MAX_PERMITS` by", 0..=2);
        let capacity = NonZeroUsize::new(Semaphore::MAX_PERMITS - less).expect("it is large");
        let (connection, _dropped) = start(capacity);
        let result = must_end(connection.call(|_connection| 7), no_result()).await;
        check(result == Ok(7), || {
            Failure::new(format!(
                "The call should return `Ok(7)`; it returned `{result:?}`."
            ))
            .read(CONNECTION)
        });
    });
}

#[test]
fn a_waiting_call_does_not_block_its_thread() {
    grade(async || {
        let _clock = HeldClock::new();
        let (connection, _dropped) = start(NonZeroUsize::MIN);
        let (key, gate) = Gate::closed();
        let (work, started) = occupy(gate);
        let waker = TestWaker::new();
        let mut running = polled_by_hand(connection.call(work));
        let _ = poll_once(&waker, running.as_mut(), "A call whose work runs");
        has_started(started).await;
        // One of them finds room, the other does not.
        let waiting = [1, 2].map(|number| connection.call(move |_connection| number));
        let mut waiting: Vec<_> = waiting.into_iter().map(polled_by_hand).collect();
        for call in &mut waiting {
            let polled = poll_once(&waker, call.as_mut(), WAITING);
            check(polled.is_pending(), || {
                Failure::new(format!("{WAITING} should be pending; it is ready."))
                    .usually("that a full queue counts as a closed one. Wait for room with `send(..).await`.")
                    .read(BRIDGE)
            });
        }
        for call in &mut waiting {
            check_rests(&waker, call.as_mut(), WAITING).await;
        }
        drop(key);
        let results = results_of(waiting).await;
        check(results == [Ok(1), Ok(2)], || {
            Failure::new(format!(
                "Two calls that have waited should return [Ok(1), Ok(2)]; they returned {results:?}."
            ))
            .read(CONNECTION)
        });
    });
}

/// Tells when it is dropped.
struct Kept(Shared<()>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.push(());
    }
}

#[test]
fn at_most_capacity_pieces_wait() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let capacity = capacity(&case);
        let count = case.size_near("calls", capacity.get(), 0..=300);
        let (connection, _dropped) = start(capacity);
        let (key, gate) = Gate::closed();
        let (work, started) = occupy(gate);
        let waker = TestWaker::new();
        let mut running = polled_by_hand(connection.call(work));
        let _ = poll_once(&waker, running.as_mut(), "A call whose work runs");
        has_started(started).await;
        let dropped = Shared::new();
        let mut waiting: Vec<_> = (0..count)
            .map(|_| {
                let kept = Kept(dropped.clone());
                Box::pin(connection.call(move |_connection| drop(kept)))
            })
            .collect();
        for call in &mut waiting {
            let _ = poll_once(&waker, call.as_mut(), WAITING);
        }
        drop(waiting);
        let kept = count - dropped.len();
        check(kept <= capacity.get(), || {
            Failure::new(format!(
                "With a capacity of {capacity}, the work of at most {capacity} calls should be in the queue while the thread \
                 is busy; of {} that were dropped, the work of {kept} was kept.",
                plural(count, "call")
            ))
            .usually(match kept == count {
                true => {
                    "that the queue has no limit, or that a call which finds no room hands its work over even so, to a list or \
                     a task. It keeps its work until there is room."
                }
                false => {
                    "that there is room for more than `capacity` pieces: one that is taken ahead, a place for each sender, or a \
                     list of those that have found no room."
                }
            })
            .read(BRIDGE)
        });
        drop(key);
        let _ = results_of(vec![running]).await;
    });
}

#[test]
fn the_work_that_runs_takes_no_room() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let capacity = capacity(&case);
        let (connection, _dropped) = start(capacity);
        let (key, gate) = Gate::closed();
        let (work, started) = occupy(gate);
        let waker = TestWaker::new();
        let mut running = polled_by_hand(connection.call(work));
        let _ = poll_once(&waker, running.as_mut(), "A call whose work runs");
        has_started(started).await;
        let (mut waiting, mut ran) = (Vec::new(), Vec::new());
        for index in 0..capacity.get() {
            // With an exhausted budget, a call would be pending although there is room.
            if index % 50 == 0 {
                yield_now().await;
            }
            let (tx, rx) = oneshot::channel();
            let mut call = Box::pin(connection.call(move |_connection| tx.send(()).is_ok()));
            let _ = poll_once(&waker, call.as_mut(), WAITING);
            waiting.push(call);
            ran.push(rx);
        }
        drop(key);
        let not_run = |before: usize| {
            Failure::new(format!(
                "With a capacity of {capacity}, there is room for the work of {} while the thread is busy. Each call was polled \
                 once, so its work should run when the thread is free; that of {before} did.",
                plural(capacity.get(), "call")
            ))
            .usually(
                "that the work which runs takes a place of those that wait, so that there is room for less, or that a call which \
                 has found room hands its work over in a later poll.",
            )
            .read(CONNECTION)
        };
        for (before, ran) in ran.into_iter().enumerate() {
            let has_run = must_end(ran, not_run(before)).await;
            check(has_run.is_ok(), || not_run(before));
        }
        drop(waiting);
    });
}

#[test]
fn work_of_a_dropped_call_is_not_run() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let count = case.size("calls that are dropped", 1..=20);
        let capacity = NonZeroUsize::new(case.size("capacity", 1..=20)).expect("it is 1 or more");
        let (connection, _dropped) = start(capacity);
        let (key, gate) = Gate::closed();
        let (work, started) = occupy(gate);
        let (waker, ran) = (TestWaker::new(), Shared::new());
        let mut running = polled_by_hand(connection.call(work));
        let _ = poll_once(&waker, running.as_mut(), "A call whose work runs");
        has_started(started).await;
        let mut dropped: Vec<_> = (0..count)
            .map(|_| {
                let ran = ran.clone();
                Box::pin(connection.call(move |_connection| ran.push(())))
            })
            .collect();
        for call in &mut dropped {
            let _ = poll_once(&waker, call.as_mut(), WAITING);
        }
        drop_now(dropped, "calls that wait", CONNECTION);
        drop(key);
        let next = must_end(connection.call(|_connection| 7), no_result()).await;
        check(ran.len() == 0 && next == Ok(7), || {
            Failure::new(format!(
                "{} dropped before the work started, so it should not run, and the next call should return `Ok(7)`. The work \
                 of {} did run, and the next call returned `{next:?}`.",
                match count {
                    1 => "1 call was".to_owned(),
                    count => format!("{count} calls were"),
                },
                ran.len()
            ))
            .usually(
                "that the thread runs whatever is in the queue. The sender of a `oneshot` channel knows whether its receiver is \
                 gone: `is_closed`.",
            )
            .read(IN_THE_QUEUE)
        });
    });
}

#[test]
fn work_that_has_started_runs_to_its_end() {
    grade(async || {
        let _clock = HeldClock::new();
        let (connection, _dropped) = start(NonZeroUsize::MIN);
        let (key, gate) = Gate::closed();
        let (work, started) = occupy(gate);
        let (waker, ran) = (TestWaker::new(), Shared::new());
        let ended = ran.clone();
        let mut running = polled_by_hand(connection.call(move |connection| {
            work(connection);
            ended.push(());
        }));
        let _ = poll_once(&waker, running.as_mut(), "A call whose work runs");
        has_started(started).await;
        drop_now(running, "a call whose work runs", CONNECTION);
        drop(key);
        let next = must_end(connection.call(|_connection| 7), no_result()).await;
        check(ran.len() == 1 && next == Ok(7), || {
            Failure::new(format!(
                "A call was dropped while its work ran. The work should run to its end, and the next call should return \
                 `Ok(7)`. The work ended: {}, and the next call returned `{next:?}`.",
                ran.len() == 1
            ))
            .usually("that the thread ends, or panics, when the receiver of a result is gone.")
            .read(CONNECTION)
        });
    });
}

#[test]
fn a_panic_closes_the_connection() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let before = case.size("calls before the panic", 0..=3);
        let waiting = case.size("calls that wait", 0..=10);
        let is_dropped = *case.pick("the call whose work panics is dropped", &[false, true]);
        let capacity = capacity(&case);
        let (connection, dropped) = start(capacity);
        for _ in 0..before {
            let _ = must_end(connection.call(|_connection| ()), no_result()).await;
        }
        let opened_on = must_end(
            connection.call(|connection| connection.opened_on),
            no_result(),
        )
        .await;
        let (key, gate) = Gate::closed();
        let (work, started) = occupy(gate);
        let waker = TestWaker::new();
        let mut panicking = polled_by_hand(connection.call(move |connection| {
            work(connection);
            // Unlike `panic!`, it prints nothing.
            resume_unwind(Box::new("a panic of the work"));
        }));
        let _ = poll_once(&waker, panicking.as_mut(), "A call whose work runs");
        has_started(started).await;
        let mut calls: Vec<_> = (0..waiting)
            .map(|_| polled_by_hand(connection.call(|_connection| ())))
            .collect();
        for call in &mut calls {
            let _ = poll_once(&waker, call.as_mut(), WAITING);
        }
        if is_dropped {
            drop_now(panicking, "a call whose work runs", CONNECTION);
            drop(key);
        } else {
            drop(key);
            let result: Vec<Result<(), Closed>> = results_of(vec![panicking]).await;
            check(result == [Err(Closed)], || {
                Failure::new(format!(
                    "The work of a call panics, so the call should return [Err(Closed)]; it returned {result:?}."
                ))
                .read(CONNECTION)
            });
        }
        let results = results_of(calls).await;
        let closed = results.iter().filter(|result| result.is_err()).count();
        check(closed == waiting, || {
            Failure::new(format!(
                "Work has panicked while {} waited. Each should return `Err(Closed)`; {closed} did.",
                plural(waiting, "other call")
            ))
            .usually("that the panic is caught, and the thread goes on with a connection that may be broken.")
            .read(CONNECTION)
        });
        let later = must_end(connection.call(|_connection| 7), no_result()).await;
        check(later == Err(Closed), || {
            Failure::new(format!(
                "After a panic, a later call should return `Err(Closed)`; it returned `{later:?}`."
            ))
            .usually("that the panic is caught, and the thread goes on with a connection that may be broken.")
            .read(CONNECTION)
        });
        let dropped_on = must_end(dropped, not_dropped("Its work has panicked")).await;
        check(dropped_on.ok() == opened_on.ok(), || {
            Failure::new("After a panic the connection should be dropped on its thread; it was dropped on another one.")
                .read(CONNECTION)
        });
    });
}

#[test]
fn a_connection_that_cannot_be_opened_is_closed() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let count = case.size("calls", 1..=10);
        let (key, gate) = Gate::closed();
        let open = move || -> Connection {
            gate.wait();
            resume_unwind(Box::new("a panic of `open`"))
        };
        let connection = ConnectionThread::start(open, capacity(&case));
        let waker = TestWaker::new();
        let mut calls: Vec<_> = (0..count)
            .map(|_| polled_by_hand(connection.call(|_connection| ())))
            .collect();
        for call in &mut calls {
            let _ = poll_once(
                &waker,
                call.as_mut(),
                "A call before the connection is open",
            );
        }
        drop(key);
        let results = results_of(calls).await;
        let closed = results.iter().filter(|result| result.is_err()).count();
        check(closed == count, || {
            Failure::new(format!(
                "`open` panics, so {} should return `Err(Closed)`; {closed} did.",
                plural(count, "call")
            ))
            .read(CONNECTION)
        });
    });
}

#[test]
fn dropping_the_last_clone_closes_it() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let clones = case.size("clones", 0..=5);
        let (connection, dropped) = start(capacity(&case));
        let opened_on = must_end(
            connection.call(|connection| connection.opened_on),
            no_result(),
        )
        .await;
        let mut clones: Vec<_> = (0..clones).map(|_| connection.clone()).collect();
        clones.push(connection);
        let last = clones.swap_remove(case.size("the last one", 0..=clones.len() - 1));
        drop_now(clones, "clones", CONNECTION);
        let result = must_end(last.call(|_connection| 7), no_result()).await;
        check(result == Ok(7), || {
            Failure::new(format!(
                "A clone is left, so a call should return `Ok(7)`; it returned `{result:?}`."
            ))
            .usually("that the connection is closed when the first clone is dropped.")
            .read(CONNECTION)
        });
        let (key, gate) = Gate::closed();
        let (work, started) = occupy(gate);
        let waker = TestWaker::new();
        let mut running = polled_by_hand(last.call(work));
        let _ = poll_once(&waker, running.as_mut(), "A call whose work runs");
        has_started(started).await;
        drop(running);
        drop_now(last, "the last clone, while work runs,", CONNECTION);
        drop(key);
        let dropped_on = must_end(dropped, no_end()).await;
        check(dropped_on.ok() == opened_on.ok(), || {
            Failure::new("The connection should be dropped on its thread; it was dropped on another one, or never opened.")
                .read(CONNECTION)
        });
    });
}
