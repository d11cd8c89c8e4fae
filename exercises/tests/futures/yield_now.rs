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
            let failure =
                Failure::new("The second poll should return `Ready`; it returned `Pending`.");
            let wakes = waker.wake_count();
            let more = (0..100).take_while(|_| waker.poll(answer.as_mut()).is_pending());
            let more = more.count();
            if wakes == 0 {
                failure.usually(
                    "that the future waits for something else than its next poll, for a timer say. It is ready at its second \
                     poll, whatever has happened since the first.",
                )
            } else if more == 100 {
                failure.usually(
                    "that the future does not remember its first poll. A variable inside the closure of `poll_fn` is \
                     created again in each poll; one that the closure captures is a field of the future.",
                )
            } else {
                failure.usually("that the future yields more than once.")
            }
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
            if wakes == 0 && waker.live_wakers() == 0 {
                failure
                    .usually(
                        "that nothing calls the waker: no clone of it exists. There is no event to wait for here, so the \
                         future calls its waker itself.",
                    )
                    .read(NEVER_WOKEN)
            } else if wakes == 0 {
                failure
                    .usually(
                        "that the wake-up is left to something else, which has a clone of the waker: a timer, a thread, or \
                         tokio's own `yield_now`. The future calls its waker itself, before it returns.",
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

/// A waker that records the thread that calls it.
#[derive(Default)]
struct Caller(std::sync::Mutex<Option<std::thread::ThreadId>>);

impl std::task::Wake for Caller {
    fn wake(self: std::sync::Arc<Self>) {
        *self.0.lock().unwrap() = Some(std::thread::current().id());
    }
}

#[test]
fn wakes_on_its_own_thread() {
    grade(async || {
        let caller = std::sync::Arc::new(Caller::default());
        let waker = Waker::from(std::sync::Arc::clone(&caller));
        let _ = pin!(yield_now()).poll(&mut Context::from_waker(&waker));
        let called_by = *caller.0.lock().unwrap();
        // Another test finds out that nothing calls it.
        let own = called_by.is_none_or(|thread| thread == std::thread::current().id());
        check(own, || {
            Failure::new("The first poll should call its waker itself; another thread called it.")
                .usually(
                    "that a thread is started for the wake-up. It costs far more than the yield.",
                )
                .read(CONTRACT)
        });
    });
}

#[test]
fn wakes_the_task_that_polls_it() {
    grade(async || {
        let tasks = [TestWaker::new(), TestWaker::new()];
        let mut expected = [0, 0];
        for task in [0, 1, 0, 1] {
            let polled = tasks[task].poll(pin!(yield_now()).as_mut());
            expected[task] += 1;
            let wakes = tasks.each_ref().map(TestWaker::wake_count);
            check(wakes == expected, || {
                let failure = Failure::new(format!(
                    "Two tasks call `yield_now` in turns. Each first poll should call the waker of the task that polls; after {} \
                     calls, the wakers of the two tasks were called {} and {}.",
                    expected.iter().sum::<usize>(),
                    times(wakes[0]),
                    times(wakes[1])
                ));
                let (total, right) = (wakes.iter().sum::<usize>(), expected.iter().sum());
                if polled.is_ready() {
                    failure.usually("that calls share something, in a `static` for example: this first poll was `Ready`.")
                } else if total > right {
                    failure.usually("that the waker is called again when the future is dropped.")
                } else if total == right {
                    failure.usually(
                        "that a waker is kept from one call to the next, in a `static` for example. Each first poll calls \
                         the waker of its own `cx`.",
                    )
                } else {
                    failure
                }
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
        let polled = second.poll(answer.as_mut());
        check(polled.is_ready(), || {
            Failure::new(
                "The second poll should return `Ready`, also if another task polls than before; it returned `Pending`.",
            )
            .read(CONTRACT)
        });
        let wakes = second.wake_count();
        check(wakes == 0, || {
            Failure::new(format!(
                "The second poll is the last one and should not call its waker; the waker {}.",
                counted("called", wakes)
            ))
            .usually(if second_poll_by_the_same_task_wakes() {
                "that every poll calls its waker, including the last one. The task would then be polled once more for \
                 nothing."
            } else {
                "that the second poll calls its waker if it is not that of the first poll. The task would then be polled once \
                 more for nothing."
            })
            .read(BUSY)
        });
    });
}

fn second_poll_by_the_same_task_wakes() -> bool {
    let (waker, mut answer) = (TestWaker::new(), pin!(yield_now()));
    let _ = waker.poll(answer.as_mut());
    let before = waker.wake_count();
    let _ = waker.poll(answer.as_mut());
    waker.wake_count() > before
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
                "Each call should return `Pending` once, so a task that makes {} in a row should be polled {}; it {}.",
                plural(calls, "call"),
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
                "The futures of {} are polled once each. All should return `Pending`, and call their waker; {yielded} returned \
                 `Pending`, and the waker {}.",
                plural(calls, "call"),
                counted("called", wakes)
            ))
            .usually(if yielded == calls && wakes < calls {
                "that the calls share something, in a `static` for example, and one that is pending is taken for all of them. \
                 Each has a task to wake."
            } else {
                SHARED_FLAG
            })
            .read(POLL_FN)
        });
        let second = order
            .into_iter()
            .map(|call| waker.poll(futures[call].as_mut()));
        let ready = second.filter(Poll::is_ready).count();
        check(ready == calls, || {
            Failure::new(format!(
                "The futures of {} were polled once each, and are polled again, in another order. All should return `Ready`; \
                 {ready} did.",
                plural(calls, "call")
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
