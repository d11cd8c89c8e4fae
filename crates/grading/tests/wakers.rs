//! What is found when a future is polled with every short sequence of wakers, and with wakers that use it again. Each
//! ignored test is a small grader with a wrong answer; the tests above it run it in a process of its own.

#![cfg(feature = "loom")]

#[path = "answers/wakers.rs"]
mod answers;

#[path = "support/child.rs"]
mod child;

use answers::Gate;
use child::assert_reports;
use grading::sync::Arc;
use grading::{ManualTimer, every_waker_sequence, ms, reentrant_wakers};

#[test]
fn an_answer_that_stores_the_latest_waker_passes() {
    opened_after_every_sequence(answers::stores_the_latest);
    opened_with_reentrant_wakers(answers::stores_the_latest, Gate::open);
}

#[test]
fn futures_of_tokio_pass() {
    every_waker_sequence(|| {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        (receiver, || sender.send(7).expect("the receiver exists"))
    });
    reentrant_wakers(|| {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        // The future may have been dropped.
        (receiver, || {
            let _ = sender.send(7);
        })
    });
}

#[test]
fn an_event_may_advance_a_timer() {
    every_waker_sequence(|| {
        let timer = ManualTimer::new();
        let mut entry = None;
        let waiting = {
            let timer = timer.clone();
            std::future::poll_fn(move |cx| {
                drop(entry.replace(timer.wake_at(ms(30), cx.waker().clone())));
                std::task::Poll::<()>::Pending
            })
        };
        (waiting, move || timer.advance(ms(30)))
    });
}

#[test_cache::test]
fn a_first_waker_that_is_kept_is_found_with_two_wakers() {
    assert_reports("gate::keeps_the_first");
}

#[test_cache::test]
fn a_comparison_with_the_first_waker_is_found_when_it_comes_again() {
    assert_reports("gate::compares_with_the_first");
}

#[test_cache::test]
fn an_earlier_waker_that_is_called_as_well_is_found() {
    assert_reports("gate::keeps_all");
}

#[test_cache::test]
fn a_wake_up_before_the_event_is_a_busy_loop() {
    assert_reports("gate::wakes_itself");
}

#[test_cache::test]
fn a_second_poll_is_no_wake_up() {
    assert_reports("gate::is_ready_at_its_second_poll");
}

#[test_cache::test]
fn a_waker_that_is_never_called_is_found() {
    assert_reports("gate::opens_without_waking");
}

#[test_cache::test]
fn a_waker_that_is_called_under_a_lock_is_found() {
    assert_reports("gate::wakes_under_the_lock");
}

#[test_cache::test]
fn a_waker_that_is_called_before_the_change_is_found() {
    assert_reports("gate::wakes_before_the_change");
}

fn opened_after_every_sequence<F: Future<Output = ()>>(wait: fn(Arc<Gate>) -> F) {
    every_waker_sequence(|| gate_and(wait, Gate::open));
}

fn opened_with_reentrant_wakers<F: Future<Output = ()> + 'static>(
    wait: fn(Arc<Gate>) -> F,
    open: fn(&Gate),
) {
    reentrant_wakers(move || gate_and(wait, open));
}

fn gate_and<F>(wait: fn(Arc<Gate>) -> F, open: fn(&Gate)) -> (F, impl FnOnce()) {
    let gate = Arc::new(Gate::default());
    (wait(Arc::clone(&gate)), move || open(&gate))
}

mod gate {
    use super::*;

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn keeps_the_first() {
        opened_after_every_sequence(answers::keeps_the_first);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn compares_with_the_first() {
        opened_after_every_sequence(answers::compares_with_the_first);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn keeps_all() {
        opened_after_every_sequence(answers::keeps_all);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn wakes_itself() {
        opened_after_every_sequence(answers::busy_loop);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn is_ready_at_its_second_poll() {
        opened_after_every_sequence(answers::is_ready_at_its_second_poll);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn opens_without_waking() {
        every_waker_sequence(|| gate_and(answers::stores_the_latest, Gate::open_without_waking));
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn wakes_under_the_lock() {
        opened_with_reentrant_wakers(
            answers::stores_the_latest,
            Gate::open_and_wake_under_the_lock,
        );
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn wakes_before_the_change() {
        opened_with_reentrant_wakers(answers::stores_the_latest, Gate::wake_and_then_open);
    }
}
