//! `yield_now`: pending once, with a wake-up of its own.

use super::*;
use exercises::futures::yield_now;

const SHARED_FLAG: &str = "that the flag is shared by all calls, in a `static` for example. Each future needs a flag of its own.";

#[test]
fn is_pending_once() {
    grade(async || {
        let waker = TestWaker::new();
        let mut answer = pin!(yield_now());
        let first = waker.poll(answer.as_mut());
        check(first.is_pending(), || {
            Failure::new("The first poll should return `Pending`; it returned `Ready`.")
                .usually(
                    "that other tasks get no turn: an `async fn` that is ready at its first poll does not give the \
                     thread back.",
                )
                .read(CONTRACT)
        });
        let second = waker.poll(answer.as_mut());
        check(second.is_ready(), || {
            Failure::new("The second poll should return `Ready`; it returned `Pending`.")
                .usually(
                    "that the future does not remember its first poll. A variable inside the closure of `poll_fn` is \
                     created again in each poll; one that the closure captures is a field of the future.",
                )
                .read(POLL_FN)
        });
    });
}

#[test]
fn has_woken_its_task_when_it_returns_pending() {
    grade(async || {
        let waker = TestWaker::new();
        let mut answer = pin!(yield_now());
        let _ = waker.poll(answer.as_mut());
        let wakes = waker.wake_count();
        check(wakes == 1, || {
            let failure = Failure::new(format!(
                "When the first poll returns, its waker should have been called once; it {}.",
                counted("called", wakes)
            ));
            if wakes == 0 {
                failure
                    .usually(
                        "that nothing calls the waker, or that it is left to a timer, another thread or tokio's own \
                         `yield_now`. There is no event to wait for here, so the future calls its waker itself.",
                    )
                    .read(NEVER_WOKEN)
            } else {
                failure
                    .usually("that the waker is called in more than one place.")
                    .read(BUSY)
            }
        });
    });
}

#[test]
fn wakes_the_task_that_polls_it() {
    grade(async || {
        let tasks = [TestWaker::new(), TestWaker::new()];
        let mut expected = [0, 0];
        for task in [0, 1, 0, 1] {
            let _ = tasks[task].poll(pin!(yield_now()).as_mut());
            expected[task] += 1;
            let wakes = tasks.each_ref().map(TestWaker::wake_count);
            check(wakes == expected, || {
                Failure::new(format!(
                    "Two tasks call `yield_now` in turns. Each first poll should call the waker of the task that polls; after {} \
                     calls, the wakers of the two tasks were called {} and {}.",
                    expected.iter().sum::<usize>(),
                    times(wakes[0]),
                    times(wakes[1])
                ))
                .usually(
                    "that a waker is kept from one call to the next, in a `static` for example, or is called again when the future \
                     is dropped. Each first poll calls the waker of its own `cx`, once.",
                )
                .read(STALE)
            });
        }
    });
}

#[test]
fn wakes_nothing_when_it_is_ready() {
    grade(async || {
        let (first, second) = (TestWaker::new(), TestWaker::new());
        let mut answer = pin!(yield_now());
        let _ = first.poll(answer.as_mut());
        let _ = second.poll(answer.as_mut());
        let wakes = second.wake_count();
        check(wakes == 0, || {
            Failure::new(format!(
                "The second poll is the last one and should not call its waker; the waker {}.",
                counted("called", wakes)
            ))
            .usually(
                "that every poll calls its waker, including the last one. The task would then be polled once more for \
                 nothing.",
            )
            .read(BUSY)
        });
    });
}

#[test]
fn each_call_yields_once() {
    grade_cases(async |case| {
        let calls = case.size("calls", 1..=300);
        let all = Counted::new(async {
            for _ in 0..calls {
                yield_now().await;
            }
        });
        let counts = all.counts();
        all.await;
        let (polls, expected) = (counts.polls(), calls + 1);
        check(polls == expected, || {
            Failure::new(format!(
                "{calls} calls in a row should each return `Pending` once, so their task should be polled {}; it {}.",
                times(expected),
                counted("polled", polls)
            ))
            .usually(SHARED_FLAG)
            .read(POLL_FN)
        });
    });
}

#[test]
fn concurrent_calls_all_yield() {
    grade_cases(async |case| {
        let calls = case.size("calls", 1..=40);
        let waker = TestWaker::new();
        let mut futures: Vec<_> = (0..calls).map(|_| Box::pin(yield_now())).collect();
        let order = case.permutation("order of the second polls", calls);
        let first = futures.iter_mut().map(|future| waker.poll(future.as_mut()));
        let yielded = first.filter(Poll::is_pending).count();
        let wakes = waker.wake_count();
        check((yielded, wakes) == (calls, calls), || {
            Failure::new(format!(
                "{calls} calls are polled once each. All should return `Pending`, and call their waker; {yielded} returned \
                 `Pending`, and the waker {}.",
                counted("called", wakes)
            ))
            .usually(SHARED_FLAG)
            .read(POLL_FN)
        });
        let second = order
            .into_iter()
            .map(|call| waker.poll(futures[call].as_mut()));
        let ready = second.filter(Poll::is_ready).count();
        check(ready == calls, || {
            Failure::new(format!(
                "{calls} calls were polled once each, and are polled again, in another order. All should return `Ready`; \
                 {ready} did."
            ))
            .usually(SHARED_FLAG)
            .read(POLL_FN)
        });
    });
}

#[test]
fn other_tasks_run_in_between() {
    grade(async || {
        let ticker = Ticker::every_turn();
        for _part in 0..10 {
            yield_now().await;
        }
        let turns = ticker.beats();
        check(turns >= 10, || {
            Failure::new(format!(
                "While a loop yields 10 times, another task should get 10 turns; it got {turns}."
            ))
            .usually("that the future is ready at its first poll.")
            .read(CONTRACT)
        });
    });
}
