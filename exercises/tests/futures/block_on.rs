//! `block_on`: one poll per wake-up, and a sleeping thread in between.

use super::*;
use exercises::futures::block_on;

/// The meaning of a poll for which there is no other reason than that the thread was awake.
#[cfg(feature = "loom")]
const UNCHECKED: &str = "that it does not check for a wake-up each time `park` or `wait` returns. Both may return without one, \
                         any number of times.";

#[cfg(feature = "loom")]
fn check_one_poll_per_wake_up(source: &Source, meaning: &str) {
    let (polls, unwoken) = (source.polls(), source.polls_without_a_wake_up());
    check(unwoken == 0, || {
        Failure::new(format!(
            "The future should be polled again only after a wake-up; of {}, {unwoken} came without one.",
            plural(polls, "poll")
        ))
        .usually(meaning)
        .read(BUSY)
    });
}

#[test]
fn returns_the_output() {
    grade(async || {
        let polls = Mutex::new(0);
        let output = block_on(ready_at_poll(1, &polls));
        let polls = *polls.lock().unwrap();
        check((output, polls) == (7, 1), || {
            Failure::new(format!(
                "A future that is ready with 7 at its first poll should be polled once and give 7; it {}, and gave \
                 {output}.",
                counted("polled", polls as usize)
            ))
            .usually("that it is polled again after it was ready, or that the result of the first poll is dropped.")
            .read(COMPLETED)
        });
    });
}

#[test]
fn polls_once_for_any_number_of_wake_ups() {
    grade_cases(async |case| {
        let pending = case.size("pending polls", 0..=40);
        let wakes = case.size("wake-ups in each", 1..=300);
        let text = case.text("output");
        let mut polls = 0;
        let output = block_on(poll_fn(|cx| {
            polls += 1;
            if polls > pending {
                return Poll::Ready(text.clone());
            }
            for _ in 0..wakes {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        }));
        check(polls == pending + 1 && output == text, || {
            Failure::new(format!(
                "The future calls its waker {} in each of its first {pending} polls, and is then ready with {text:?}. It should \
                 be polled {}, and `block_on` should return {text:?}; it {}, and {output:?} was returned.",
                times(wakes),
                times(pending + 1),
                counted("polled", polls)
            ))
            .usually("that something else than the output of the last poll is returned, or that it polls more than once.")
            .read(CONTRACT)
        });
    });
}

#[test]
fn wakes_up_for_another_thread() {
    grade(async || {
        let source = Source::default();
        let (polled, first_poll) = std::sync::mpsc::channel();
        let setting = {
            let source = source.clone();
            // If the answer never polls, the sending end is dropped and this thread ends as well.
            std::thread::spawn(move || first_poll.recv().map(|()| source.set(7)))
        };
        let output = block_on(poll_fn(|cx| {
            let polling = source.poll(cx);
            let _ = polled.send(());
            polling
        }));
        drop(polled);
        setting
            .join()
            .expect("the thread that sets the value does not panic")
            .ok();
        check(output == 7, || {
            Failure::new(format!(
                "The future is ready with 7; `block_on` returned {output}."
            ))
            .read(CONTRACT)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_wake_up_is_lost() {
    for by_reference in [false, true] {
        no_wake_up_is_lost_when_called(by_reference);
    }
}

#[cfg(feature = "loom")]
fn no_wake_up_is_lost_when_called(by_reference: bool) {
    every_interleaving(move || {
        let source = Source::default();
        let setting = {
            let source = source.clone();
            thread::spawn(move || {
                if by_reference {
                    source.set_by_reference(7);
                } else {
                    source.set(7);
                }
            })
        };
        let output = explorable(|| block_on(source.read()));
        setting
            .join()
            .expect("the thread that sets the value does not panic");
        check(output == 7, || {
            Failure::new(format!(
                "The future is ready with 7; `block_on` returned {output}."
            ))
            .read(CONTRACT)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_wake_up_during_the_poll_counts() {
    every_interleaving(|| {
        let mut polls = 0;
        block_on(poll_fn(|cx| {
            polls += 1;
            if polls == 3 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        check(polls == 3, || {
            Failure::new(format!(
                "The future calls its waker twice during each of its first two polls and is ready at the third; it {}.",
                counted("polled", polls)
            ))
            .usually("a counter of wake-ups. Two wake-ups before a poll should cause one poll.")
            .read(CONTRACT)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn an_unrelated_unpark_causes_no_poll() {
    every_interleaving(|| {
        let source = Source::default();
        // Code that used this thread before may have left it unparked, as a channel or a lock can.
        let polling = thread::current();
        polling.unpark();
        let setting = {
            let source = source.clone();
            thread::spawn(move || {
                polling.unpark();
                source.set(7);
            })
        };
        block_on(source.clone().read());
        setting
            .join()
            .expect("the thread that sets the value does not panic");
        check_one_poll_per_wake_up(&source, UNCHECKED);
    });
}

#[test]
#[cfg(feature = "loom")]
fn polls_only_after_a_wake_up() {
    every_interleaving(|| {
        let source = Source::default();
        let setting = {
            let source = source.clone();
            // The first wake-up brings no value: after it, the answer has to sleep again.
            thread::spawn(move || {
                source.wake();
                source.set(7);
            })
        };
        block_on(source.clone().read());
        setting
            .join()
            .expect("the thread that sets the value does not panic");
        check_one_poll_per_wake_up(&source, UNCHECKED);
    });
}

#[test]
#[cfg(feature = "loom")]
fn two_wake_ups_cause_one_poll() {
    every_interleaving(|| {
        let source = Source::default();
        // Not joined: a late `unpark` by its wake-up would disturb the join in the model.
        let _setting = {
            let source = source.clone();
            thread::spawn(move || source.set(7))
        };
        let mut first = true;
        block_on(poll_fn(|cx| {
            let polling = source.poll(cx);
            if std::mem::take(&mut first) && polling.is_pending() {
                source.state.lock().unwrap().woken = true;
                cx.waker().wake_by_ref();
                cx.waker().wake_by_ref();
            }
            polling
        }));
        check_one_poll_per_wake_up(
            &source,
            "that it counts wake-ups. Two wake-ups before a poll should cause one poll.",
        );
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_nested_call_takes_no_wake_up() {
    every_interleaving(|| {
        let mut polls = 0;
        block_on(poll_fn(|cx| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            let mut yielded = false;
            block_on(poll_fn(|cx| {
                if std::mem::replace(&mut yielded, true) {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }));
            Poll::Pending
        }));
        check(polls == 2, || {
            Failure::new(format!(
                "The future calls its waker in its first poll and then calls `block_on` with another future, which yields once. \
                 The outer future is ready in its second poll; it {}.",
                counted("polled", polls)
            ))
            .read(CONTRACT)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn what_came_before_a_wake_up_is_visible() {
    every_interleaving(|| {
        let flag = Flag::default();
        let setting = {
            let flag = flag.clone();
            thread::spawn(move || flag.set_and_wake())
        };
        block_on(flag.wait());
        setting
            .join()
            .expect("the thread that sets the flag does not panic");
    });
}
