//! `count_polls`: each poll of the answer is one poll of the inner future, and is counted.

use super::*;
use exercises::futures::count_polls;

#[test]
fn counts_every_poll() {
    grade_cases(async |case| {
        // Some futures need more polls than fit into two bytes.
        let needed = case.size("needed polls", 1..=1000) + case.rarely("more", 1 << 16);
        let needed = needed as u32;
        let polls = Mutex::new(0);
        let waker = TestWaker::new();
        let mut answer = pin!(count_polls(ready_at_poll(needed, &polls)));
        let mut outer = 0;
        let seen = (0..needed + 10).find_map(|_| {
            outer += 1;
            match waker.poll(answer.as_mut()) {
                Poll::Ready(seen) => Some(seen),
                Poll::Pending => None,
            }
        });
        let inner = *polls.lock().unwrap();
        // Another test finds out that one poll of the answer is several of the inner future, or none.
        check(seen.is_none() || inner < needed || outer <= inner, || {
            Failure::new(format!(
                "The inner future was ready at poll {inner}, so the answer should be ready in that poll; it was ready in \
                 its poll {outer}."
            ))
            .usually("that the answer also waits for something else than the inner future, for a `yield_now` say.")
            .read(CONTRACT)
        });
        check(seen == Some((7, needed)), || {
            let failure = Failure::new(format!(
                "For a future that is ready with 7 at poll {needed}, the result should be (7, {needed}); it was {}.",
                match seen {
                    Some(seen) => format!("{seen:?}"),
                    None => format!("still pending after {} polls", needed + 10),
                }
            ));
            match seen {
                    Some(_) if outer < inner => failure.usually(
                        "that one poll of the answer polls the inner future more than once.",
                    ),
                    Some((7, count)) if count + 1 == needed => {
                        failure.usually("that the last poll, the one that returns `Ready`, is not counted.")
                    }
                    Some((7, 1)) => failure.usually(
                        "that the code counts `.await`s; the closure of `poll_fn` runs once per poll. Or the line that \
                         counts comes after `ready!`, so a poll that returns `Pending` never reaches it.",
                    ),
                    None => failure.usually("that some polls of the answer do not poll the inner future."),
                    Some((7, count)) if fits_fewer_bits(needed, count) => {
                        failure.usually("that the type of the count is too small.")
                    }
                    _ => failure,
                }
                .read(POLL_FN)
        });
    });
}

/// Whether `count` is what a type of one or two bytes makes of `needed`: the remainder, or its greatest value.
fn fits_fewer_bits(needed: u32, count: u32) -> bool {
    [0xff, 0xffff]
        .into_iter()
        .any(|most| needed > most && (count == needed & most || count == most))
}

#[test]
fn concurrent_calls_count_separately() {
    grade_cases(async |case| {
        let needed = ["first needs", "second needs"].map(|name| case.size(name, 1..=40) as u32);
        let polls = [Mutex::new(0), Mutex::new(0)];
        let both = async {
            tokio::join!(
                count_polls(ready_at_poll(needed[0], &polls[0])),
                count_polls(ready_at_poll(needed[1], &polls[1]))
            )
        };
        let (waker, mut both) = (TestWaker::new(), pin!(both));
        let seen = (0..50).find_map(|_| match waker.poll(both.as_mut()) {
            Poll::Ready(seen) => Some(seen),
            Poll::Pending => None,
        });
        check(seen == Some(((7, needed[0]), (7, needed[1]))), || {
            Failure::new(format!(
                "Two calls run concurrently. Their futures are ready with 7 at polls {} and {}, which should be their \
                 counts; the results were {seen:?}.",
                needed[0], needed[1]
            ))
            .usually("that the calls share a counter. Each call needs one of its own.")
            .read(POLL_FN)
        });
    });
}

#[test]
fn polls_the_inner_future_once_per_poll() {
    grade_cases(async |case| {
        let most = case.size("polls", 1..=300) as u32;
        let polls = Mutex::new(0);
        let waker = TestWaker::new();
        let mut answer = pin!(count_polls(ready_at_poll(most + 1, &polls)));
        for outer in 1..=most {
            let _ = waker.poll(answer.as_mut());
            let inner = *polls.lock().unwrap();
            check(inner == outer, || {
                let failure = Failure::new(format!(
                    "The answer {}, so the inner future should have been polled as many times; it {}.",
                    counted("polled", outer as usize),
                    counted("polled", inner as usize)
                ));
                if inner > outer {
                    failure
                        .usually(
                            "that one poll of the answer polls the inner future again after it returned `Pending`: in a \
                             loop, or with an `.await` after a first poll.",
                        )
                        .read(BUSY)
                } else {
                    failure
                        .usually("that some polls are not passed on.")
                        .read(CONTRACT)
                }
            });
        }
    });
}

#[test]
fn passes_the_waker_on() {
    grade(async || {
        let source = Source::default();
        let waker = TestWaker::new();
        let mut answer = pin!(count_polls(source.clone().read()));
        let _ = waker.poll(answer.as_mut());
        source.set(7);
        let wakes = waker.wake_count();
        check(wakes == 1, || {
            let failure = Failure::new(format!(
                "When the inner future wakes its task, the answer's waker should be called, once; it {}.",
                counted("called", wakes)
            ));
            if wakes == 0 {
                failure
                    .usually(
                        "that the inner future was polled with another waker, such as `Waker::noop()`, so its wake-up \
                         does not reach the task. Pass `cx` on.",
                    )
                    .read(CONTRACT)
            } else {
                failure
                    .usually("that the answer calls the waker itself as well.")
                    .read(BUSY)
            }
        });
    });
}

/// A waker that does nothing, but can be told apart from others: `Waker::noop()` equals every other `noop`.
struct Distinct;

impl std::task::Wake for Distinct {
    fn wake(self: std::sync::Arc<Self>) {}
}

#[test]
fn passes_on_the_same_waker() {
    grade(async || {
        let waker = Waker::from(std::sync::Arc::new(Distinct));
        let mut same = false;
        {
            let mut answer = pin!(count_polls(poll_fn(|cx| {
                same = cx.waker().will_wake(&waker);
                Poll::<()>::Pending
            })));
            let _ = answer.as_mut().poll(&mut Context::from_waker(&waker));
        }
        check(same, || {
            Failure::new(
                "The inner future should be polled with the very waker of the answer's poll; `will_wake` says that it was \
                 another one.",
            )
            .usually(
                "a new waker that forwards to the one from `cx`. It costs an `Arc` per poll, and `cx` has the right one.",
            )
            .read(CONTRACT)
        });
    });
}

#[test]
fn does_not_wake_itself() {
    grade_cases(async |case| {
        let waker = TestWaker::new();
        let mut answer = pin!(count_polls(Source::default().read()));
        for _ in 0..case.size("polls", 1..=300) {
            let _ = waker.poll(answer.as_mut());
        }
        check_not_woken(&waker);
    });
}

#[test]
fn a_spent_budget_leaves_no_poll_out() {
    grade(async || {
        let polls = Mutex::new(0);
        let waker = TestWaker::new();
        let mut answer = pin!(count_polls(ready_at_poll(1, &polls)));
        let polled = grading::with_budget(0, || waker.poll(answer.as_mut())).await;
        check(polled == Poll::Ready((7, 1)), || {
            Failure::new(format!(
                "The budget of the tokio task is spent, and the inner future, which does not depend on it, is ready with 7 at \
                 its first poll. The answer should be ready with (7, 1); it was {}.",
                match polled {
                    Poll::Ready(seen) => format!("ready with {seen:?}"),
                    Poll::Pending => "pending".to_owned(),
                }
            ))
            .usually(
                "that the answer takes part in tokio's cooperative budget, so that it leaves out a poll when that is spent.",
            )
            .read(CONTRACT)
        });
    });
}

#[test]
fn wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let source = Source::default();
        let answer = count_polls(source.clone().read());
        (answer, move || source.set(7))
    });
}

#[test]
fn is_not_polled_between_wake_ups() {
    grade(async || {
        let ((), polls) = count_polls(tokio::time::sleep(ms(30))).await;
        check(polls == 2, || {
            Failure::new(format!(
                "tokio's `sleep` should be polled twice, at its start and at its deadline; it {}.",
                counted("polled", polls as usize)
            ))
            .usually(
                "that the answer polls again without a wake-up, after a `yield_now` for example.",
            )
            .read(BUSY)
        });
    });
}
