//! `OneshotSlot`: a channel for one value.

use std::fmt::Debug;

use super::*;
use exercises::futures::{Closed, OneshotSlot, Sender, channel};

fn describe<T: Debug>(polled: &Poll<Result<T, Closed>>) -> String {
    match polled {
        Poll::Pending => "it is pending".to_owned(),
        Poll::Ready(Ok(value)) => format!("it returned Ok({value:?})"),
        Poll::Ready(Err(Closed)) => "it returned `Err(Closed)`".to_owned(),
    }
}

#[test]
fn returns_what_was_sent() {
    grade_cases(async |case| {
        let waker = TestWaker::new();
        let count = case.size("channels", 1..=40);
        let values = case.texts("values", count);
        let polled_before = case.numbers("polled before", count, 2);
        let mut channels = Vec::new();
        for (value, polls) in values.into_iter().zip(polled_before) {
            let (sender, receiver) = channel();
            let mut receiver = Box::pin(receiver);
            for _ in 0..polls {
                let _ = waker.poll(receiver.as_mut());
            }
            channels.push((value.clone(), sender.send(value), receiver));
        }
        for (value, sent, mut receiver) in channels {
            let polled = waker.poll(receiver.as_mut());
            let right = sent == Ok(()) && polled == Poll::Ready(Ok(value.clone()));
            check(right, || {
                let failure = Failure::new(format!(
                    "{value:?} was sent, and `send` returned {sent:?}. The receiver should return Ok({value:?}); {}.",
                    describe(&polled)
                ));
                if polled == Poll::Ready(Err(Closed)) {
                    failure.usually(
                        "that the value was overwritten: `send` consumes the sender, so `sender_dropped` is called right \
                         after `put`. Or `poll_take` checks for a dropped sender before it checks for a value.",
                    )
                } else {
                    failure.usually("that `put` does not store the value where `poll_take` looks for it.")
                }
                .read(LEAF)
            });
        }
    });
}

#[test]
fn is_pending_until_a_value_is_sent() {
    grade_cases(async |case| {
        let waker = TestWaker::new();
        let (_sender, receiver) = channel::<u32>();
        let mut receiver = pin!(receiver);
        for _ in 0..case.size("polls", 1..=300) {
            let polled = waker.poll(receiver.as_mut());
            check(polled.is_pending(), || {
                Failure::new(format!(
                    "Nothing was sent, and the sender still exists. The receiver should be pending; {}.",
                    describe(&polled)
                ))
                .usually("that a second poll is taken for a wake-up, or an empty slot for a closed one.")
                .read(SPURIOUS)
            });
        }
        check_not_woken(&waker);
    });
}

#[test]
fn sending_wakes_the_receiver_once() {
    grade(async || {
        let waker = TestWaker::new();
        let (sender, receiver) = channel();
        let mut receiver = pin!(receiver);
        let _ = waker.poll(receiver.as_mut());
        let _ = sender.send(7);
        let wakes = waker.wake_count();
        check(wakes == 1, || {
            let failure = Failure::new(format!(
                "When a value is sent, the receiver's waker should be called once; it {}.",
                counted("called", wakes)
            ));
            if wakes == 0 {
                failure
                    .usually(
                        "that `put` stores the value without calling the waker, so the receiver is never polled again.",
                    )
                    .read(NEVER_WOKEN)
            } else {
                failure
                    .usually("that `sender_dropped`, which is called after `send`, wakes the receiver a second time.")
                    .read(CONTRACT)
            }
        });
    });
}

#[test]
fn a_sender_that_is_dropped_after_its_value_changes_nothing() {
    grade_cases(async |case| {
        let (slot, waker) = (OneshotSlot::empty(), TestWaker::new());
        let poll = || waker.poll(pin!(poll_fn(|cx| slot.poll_take(cx))).as_mut());
        let polls = case.size("polls before", 0..=3);
        for _ in 0..polls {
            let _ = poll();
        }
        let _ = slot.put(7);
        // The receiver may be polled on another thread, between `put` and `sender_dropped`.
        let is_taken = *case.pick("the value is taken", &["after the drop", "before the drop"])
            == "before the drop";
        let mut polled = if is_taken { poll() } else { Poll::Pending };
        let before = waker.wake_count();
        slot.sender_dropped();
        let calls = waker.wake_count() - before;
        if !is_taken {
            polled = poll();
        }
        check(calls == 0, || {
            Failure::new(format!(
                "A value was put into the slot{}, and then the sender was dropped, which should change nothing and call no \
                 waker; the receiver's waker {}.",
                if is_taken { " and taken out of it" } else { "" },
                counted("called", calls)
            ))
            .usually("that the waker stays in the slot when it has been called. Take it out of the slot to call it.")
            .read(CONTRACT)
        });
        check(polled == Poll::Ready(Ok(7)), || {
            Failure::new(format!(
                "The value 7 was put into the slot, and the sender was dropped. `poll_take` should return Ok(7); {}.",
                describe(&polled)
            ))
            .usually("that `sender_dropped` overwrites the value.")
            .read(LEAF)
        });
    });
}

#[test]
fn dropping_the_sender_wakes_the_receiver() {
    grade(async || {
        let waker = TestWaker::new();
        let (sender, receiver) = channel::<u32>();
        let mut receiver = pin!(receiver);
        let _ = waker.poll(receiver.as_mut());
        drop(sender);
        let wakes = waker.wake_count();
        check(wakes == 1, || {
            let failure = Failure::new(format!(
                "When the sender is dropped, the receiver's waker should be called once; it {}.",
                counted("called", wakes)
            ));
            if wakes == 0 {
                failure
                    .usually(
                        "that the receiver waits forever for a value that can no longer be sent.",
                    )
                    .read(NEVER_WOKEN)
            } else {
                failure
                    .usually("that `sender_dropped` calls the waker in more than one place.")
                    .read(CONTRACT)
            }
        });
    });
}

#[test]
fn is_closed_when_the_sender_was_dropped() {
    grade(async || {
        let waker = TestWaker::new();
        for polled_before in [false, true] {
            let (sender, receiver) = channel::<u32>();
            let mut receiver = pin!(receiver);
            if polled_before {
                let _ = waker.poll(receiver.as_mut());
            }
            drop(sender);
            let polled = waker.poll(receiver.as_mut());
            check(polled == Poll::Ready(Err(Closed)), || {
                Failure::new(format!(
                    "The sender was dropped without sending. The receiver should return `Err(Closed)`; {}.",
                    describe(&polled)
                ))
                .usually("that the slot does not record that its sender was dropped.")
                .read(LEAF)
            });
        }
    });
}

#[test]
fn wakes_the_latest_waker() {
    for sends in [true, false] {
        every_waker_sequence(|| {
            let (sender, receiver) = channel();
            (receiver, move || send_or_drop(sender, sends))
        });
    }
}

/// Sends 7, or drops the sender without sending.
fn send_or_drop(sender: Sender<u32>, sends: bool) {
    if sends {
        let _ = sender.send(7);
    }
}

#[test]
fn sending_to_a_dropped_receiver_returns_the_value() {
    grade_cases(async |case| {
        let (value, polls) = (case.text("value"), case.size("polls before", 0..=3));
        let (sender, receiver) = channel();
        let mut receiver = Box::pin(receiver);
        for _ in 0..polls {
            let _ = TestWaker::new().poll(receiver.as_mut());
        }
        drop(receiver);
        let sent = sender.send(value.clone());
        check(sent.as_ref() == Err(&value), || {
            Failure::new(format!(
                "The receiver was dropped, so `send` should return the value, Err({value:?}); it returned {sent:?}."
            ))
            .usually("that the slot does not record that its receiver was dropped, so the value is lost silently.")
            .read(LEAF)
        });
    });
}

#[test]
fn a_dropped_receiver_leaves_no_waker() {
    grade_cases(async |case| {
        let waker = TestWaker::new();
        let (sender, receiver) = channel::<u32>();
        let mut receiver = Box::pin(receiver);
        for _ in 0..case.size("polls", 1..=3) {
            let _ = waker.poll(receiver.as_mut());
        }
        let event = *case.pick(
            "before the drop",
            &["nothing", "a value is sent", "the sender is dropped"],
        );
        let woken = usize::from(event != "nothing");
        let sender = match event {
            "nothing" => Some(sender),
            event => {
                send_or_drop(sender, event == "a value is sent");
                None
            }
        };
        drop(receiver);
        let (kept, wakes) = (waker.live_wakers(), waker.wake_count());
        check(kept == 0, || {
            Failure::new("When the receiver is dropped, its waker should be dropped too; the slot still has it.")
                .usually(
                    "that the waker stays in the slot for as long as the sender lives. A waker can keep a whole task in \
                     memory.",
                )
                .read(WAKE)
        });
        check(wakes <= woken, || {
            Failure::new(format!(
                "When the receiver is dropped, its waker should be dropped and not called; until then it should have been \
                 called {}, and it {}.",
                times(woken),
                counted("called", wakes)
            ))
            .usually("that `receiver_dropped` wakes the receiver as `sender_dropped` does. No task waits for it any more.")
            .read(WAKE)
        });
        drop(sender);
    });
}

#[test]
fn a_dropped_receiver_leaves_no_value() {
    grade_cases(async |case| {
        let value = std::sync::Arc::new(());
        let (slot, waker) = (OneshotSlot::empty(), TestWaker::new());
        for _ in 0..case.size("polls before", 0..=3) {
            let _ = waker.poll(pin!(poll_fn(|cx| slot.poll_take(cx))).as_mut());
        }
        let _ = slot.put(std::sync::Arc::clone(&value));
        if *case.pick("the sender", &["still exists", "was dropped"]) == "was dropped" {
            slot.sender_dropped();
        }
        slot.receiver_dropped();
        let kept = std::sync::Arc::strong_count(&value) - 1;
        check(kept == 0, || {
            Failure::new(
                "The receiver was dropped without taking the value, which should be dropped with it; the slot still has \
                 it.",
            )
            .usually("that a value that was sent stays in the slot after the receiver was dropped.")
            .read(STATES)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn wakes_after_releasing_its_lock() {
    for sends in [true, false] {
        reentrant_wakers(move || {
            let (sender, receiver) = channel();
            (receiver, move || send_or_drop(sender, sends))
        });
    }
}

#[test]
#[cfg(feature = "loom")]
fn no_value_is_lost_in_any_interleaving() {
    every_interleaving(|| {
        let (sender, receiver) = explorable(channel);
        let sending = thread::spawn(move || sender.send(7));
        let received = wait_for(receiver);
        let sent = sending.join().expect("sending does not panic");
        check(sent == Ok(()) && received == Ok(7), || {
            Failure::new(format!(
                "One thread sends 7 while another receives. The receiver should get Ok(7); it got {received:?}, and `send` \
                 returned {sent:?}."
            ))
            .usually(
                "that the slot looks closed or empty between two steps of `put`, or that `poll_take` looks for the value in one \
                 step and for the sender in another one.",
            )
            .read(LOST)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_closing_is_lost_in_any_interleaving() {
    every_interleaving(|| {
        let (sender, receiver) = channel::<u32>();
        let dropping = thread::spawn(move || drop(sender));
        let received = wait_for(receiver);
        dropping.join().expect("dropping does not panic");
        check(received == Err(Closed), || {
            Failure::new(format!(
                "One thread drops the sender while another receives. The receiver should get `Err(Closed)`; it got \
                 {received:?}."
            ))
            .read(LOST)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn put_alone_wakes_in_every_interleaving() {
    every_interleaving(|| {
        let slot = std::sync::Arc::new(OneshotSlot::empty());
        // `put` and not `send`, which also drops the sender and so gives the slot a second chance to wake.
        let putting = {
            let slot = std::sync::Arc::clone(&slot);
            thread::spawn(move || slot.put(7))
        };
        let received = wait_for(poll_fn(|cx| slot.poll_take(cx)));
        let put = putting.join().expect("`put` does not panic");
        check(put == Ok(()) && received == Ok(7), || {
            Failure::new(format!(
                "One thread calls `put(7)` while another receives. The receiver should get Ok(7); it got {received:?}, and \
                 `put` returned {put:?}."
            ))
            .usually("that the slot looks closed between two steps of `put`.")
            .read(LOST)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_value_stays_behind_in_any_interleaving() {
    every_interleaving(|| {
        let value = std::sync::Arc::new(());
        let slot = std::sync::Arc::new(OneshotSlot::empty());
        let dropping = {
            let slot = std::sync::Arc::clone(&slot);
            thread::spawn(move || slot.receiver_dropped())
        };
        let put = slot.put(std::sync::Arc::clone(&value));
        dropping.join().expect("dropping does not panic");
        drop(put);
        let kept = std::sync::Arc::strong_count(&value) - 1;
        check(kept == 0, || {
            Failure::new(
                "One thread calls `put` while another drops the receiver. The value should be returned or dropped; the slot \
                 still has it.",
            )
            .usually(
                "that `put` checks for the receiver and stores the value under two separate locks, or that \
                 `receiver_dropped` clears the slot and records the drop under two. Do both under one lock.",
            )
            .read(LOST)
        });
    });
}
