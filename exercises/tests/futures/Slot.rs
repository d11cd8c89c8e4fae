//! `Slot`: a channel for one value.

use std::fmt::Debug;

use super::*;
use exercises::futures::{Closed, Slot, channel};

/// What a receiver has come to, in words.
fn told<T: Debug>(polled: &Poll<Result<T, Closed>>) -> String {
    match polled {
        Poll::Pending => "it is pending".to_owned(),
        Poll::Ready(Ok(value)) => format!("it gave {value:?}"),
        Poll::Ready(Err(Closed)) => "it says `Closed`".to_owned(),
    }
}

#[test]
fn gives_what_was_sent() {
    grade(async || {
        let bell = TestWaker::new();
        for polled_before in [false, true] {
            let (sender, receiver) = channel();
            let mut receiver = pin!(receiver);
            if polled_before {
                let _ = bell.poll(receiver.as_mut());
            }
            let sent = sender.send(7);
            let polled = bell.poll(receiver.as_mut());
            check(sent == Ok(()) && polled == Poll::Ready(Ok(7)), || {
                let miss = Failure::new(format!(
                    "7 was sent, which gave {sent:?}. Now the receiver should give 7; {}.",
                    told(&polled)
                ));
                if polled == Poll::Ready(Err(Closed)) {
                    miss.usually(
                        "that the value was overwritten: `send` takes the sender, and so drops it, right after \
                         `put`; or that `poll_take` asks whether the sender is gone before it looks for a value.",
                    )
                } else {
                    miss.usually("that the value is not where the receiver looks.")
                }
                .read("futures-tools.html#poll-it-yourself")
            });
        }
    });
}

#[test]
fn waits_until_something_is_sent() {
    grade(async || {
        let bell = TestWaker::new();
        let (_sender, receiver) = channel::<u32>();
        let mut receiver = pin!(receiver);
        for _ in 0..3 {
            let polled = bell.poll(receiver.as_mut());
            check(polled.is_pending(), || {
                Failure::new(format!(
                    "Nothing was sent, and the sender is there. The receiver should be pending; {}.",
                    told(&polled)
                ))
                .usually("that a second poll is taken for a ring, or an empty slot for a closed one.")
                .read(SPURIOUS)
            });
        }
        check_quiet(&bell);
    });
}

#[test]
fn sending_wakes_the_receiver() {
    grade(async || {
        let bell = TestWaker::new();
        let (sender, receiver) = channel();
        let mut receiver = pin!(receiver);
        let _ = bell.poll(receiver.as_mut());
        let _ = sender.send(7);
        let rings = bell.wake_count();
        check(rings == 1, || {
            let miss = Failure::new(format!(
                "When something is sent, the receiver should be woken once; it was woken {}.",
                times(rings)
            ));
            if rings == 0 {
                miss.usually(
                    "that the value is put down and nobody is told: the receiver never looks.",
                )
                .read(FORGOTTEN)
            } else {
                miss.usually("that the sender, which is dropped when it has sent, rings as well.")
                    .read(CONTRACT)
            }
        });
    });
}

#[test]
fn a_dropped_sender_wakes_the_receiver() {
    grade(async || {
        let bell = TestWaker::new();
        let (sender, receiver) = channel::<u32>();
        let mut receiver = pin!(receiver);
        let _ = bell.poll(receiver.as_mut());
        drop(sender);
        let rings = bell.wake_count();
        check(rings == 1, || {
            Failure::new(format!(
                "When the sender is dropped, the receiver should be woken once; it was woken {}.",
                times(rings)
            ))
            .usually("that it waits for a value which nobody can send any more, for ever.")
            .read(FORGOTTEN)
        });
    });
}

#[test]
fn without_a_sender_it_is_closed() {
    grade(async || {
        let bell = TestWaker::new();
        for polled_before in [false, true] {
            let (sender, receiver) = channel::<u32>();
            let mut receiver = pin!(receiver);
            if polled_before {
                let _ = bell.poll(receiver.as_mut());
            }
            drop(sender);
            let polled = bell.poll(receiver.as_mut());
            check(polled == Poll::Ready(Err(Closed)), || {
                Failure::new(format!(
                    "The sender was dropped and has sent nothing. The receiver should say `Closed`; {}.",
                    told(&polled)
                ))
                .usually("that the slot does not note that its sender is gone.")
                .read("futures-tools.html#poll-it-yourself")
            });
        }
    });
}

#[test]
fn rings_the_latest_waker() {
    for dropped in [false, true] {
        grade(async || {
            let (before, latest) = (TestWaker::new(), TestWaker::new());
            let (sender, receiver) = channel();
            let mut receiver = pin!(receiver);
            let _ = before.poll(receiver.as_mut());
            let _ = latest.poll(receiver.as_mut());
            if dropped {
                drop(sender);
            } else {
                let _ = sender.send(7);
            }
            check_latest_was_rung(&before, &latest);
        });
    }
}

#[test]
fn a_value_that_nobody_waits_for_comes_back() {
    grade(async || {
        let (sender, receiver) = channel();
        drop(receiver);
        let sent = sender.send(7);
        check(sent == Err(7), || {
            Failure::new(format!(
                "The receiver is gone, so `send` should give the value back, Err(7); it gave {sent:?}."
            ))
            .usually("that the slot does not note that its receiver is gone, and the value is lost in silence.")
            .read("futures-tools.html#poll-it-yourself")
        });
    });
}

#[test]
fn keeps_no_waker_for_a_receiver_that_is_gone() {
    grade(async || {
        let bell = TestWaker::new();
        let (_sender, receiver) = channel::<u32>();
        let mut receiver = Box::pin(receiver);
        let _ = bell.poll(receiver.as_mut());
        drop(receiver);
        let kept = bell.live_wakers();
        check(kept == 0, || {
            Failure::new("The receiver is gone, and its waker should go with it; the slot still keeps it.")
                .usually(
                    "that the waker stays in the slot as long as the sender lives. It may keep a whole task in memory.",
                )
                .read(WAKER)
        });
    });
}

#[test]
fn keeps_no_value_for_a_receiver_that_is_gone() {
    grade(async || {
        let value = std::sync::Arc::new(());
        let slot = Slot::empty();
        let _ = slot.put(std::sync::Arc::clone(&value));
        slot.receiver_gone();
        let kept = std::sync::Arc::strong_count(&value) - 1;
        check(kept == 0, || {
            Failure::new("The receiver is gone and has not taken the value, which should go with it; the slot still keeps it.")
                .usually("that a value which nobody will take stays as long as the sender's end of the slot.")
                .read(STATES)
        });
    });
}

/// Looks again as soon as it is woken, on the thread that wakes it.
#[cfg(feature = "loom")]
struct Impatient {
    slot: std::sync::Arc<Slot<u32>>,
}

#[cfg(feature = "loom")]
impl std::task::Wake for Impatient {
    fn wake(self: std::sync::Arc<Self>) {
        let mut cx = Context::from_waker(Waker::noop());
        let _ = self.slot.poll_take(&mut cx);
    }
}

#[test]
#[cfg(feature = "loom")]
fn wakes_when_its_lock_is_free() {
    every_interleaving(|| {
        for sends in [true, false] {
            let slot = std::sync::Arc::new(Slot::empty());
            let impatient = Impatient {
                slot: std::sync::Arc::clone(&slot),
            };
            let waker = Waker::from(std::sync::Arc::new(impatient));
            let _ = slot.poll_take(&mut Context::from_waker(&waker));
            if sends {
                let _ = slot.put(7);
            } else {
                slot.sender_gone();
            }
            slot.receiver_gone();
        }
    });
}

#[test]
#[cfg(feature = "loom")]
fn nothing_is_lost_whoever_is_first() {
    every_interleaving(|| {
        let (sender, receiver) = explorable(channel);
        let sending = thread::spawn(move || sender.send(7));
        let received = wait_for(receiver);
        let sent = sending.join().expect("sending does not panic");
        check(sent == Ok(()) && received == Ok(7), || {
            Failure::new(format!(
                "One thread sends 7, and another receives: it should get 7; it got {received:?}, and sending gave {sent:?}."
            ))
            .usually("that the slot looks closed or empty for an instant, while the value changes hands.")
            .read(INTERLEAVING)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_end_is_missed_whoever_is_first() {
    every_interleaving(|| {
        let (sender, receiver) = channel::<u32>();
        let leaving = thread::spawn(move || drop(sender));
        let received = wait_for(receiver);
        leaving.join().expect("dropping does not panic");
        check(received == Err(Closed), || {
            Failure::new(format!(
                "One thread drops the sender, and another receives: it should hear `Closed`; it got {received:?}."
            ))
            .read(INTERLEAVING)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_value_alone_wakes_whoever_is_first() {
    every_interleaving(|| {
        let slot = std::sync::Arc::new(Slot::empty());
        // Not `send`, which drops the sender as well, and with that rings.
        let putting = {
            let slot = std::sync::Arc::clone(&slot);
            thread::spawn(move || slot.put(7))
        };
        let received = wait_for(poll_fn(|cx| slot.poll_take(cx)));
        let put = putting.join().expect("putting does not panic");
        check(put == Ok(()) && received == Ok(7), || {
            Failure::new(format!(
                "One thread puts 7 in, and another receives: it should get 7; it got {received:?}, and putting gave {put:?}."
            ))
            .usually("that the slot looks closed for an instant, while the value changes hands.")
            .read(INTERLEAVING)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn nothing_is_kept_whoever_is_first() {
    every_interleaving(|| {
        let value = std::sync::Arc::new(());
        let slot = std::sync::Arc::new(Slot::empty());
        let leaving = {
            let slot = std::sync::Arc::clone(&slot);
            thread::spawn(move || slot.receiver_gone())
        };
        let put = slot.put(std::sync::Arc::clone(&value));
        leaving.join().expect("leaving does not panic");
        drop(put);
        let kept = std::sync::Arc::strong_count(&value) - 1;
        check(kept == 0, || {
            Failure::new(
                "One thread puts a value in while another drops the receiver. The value should come back or be dropped; \
                 the slot still keeps it.",
            )
            .usually(
                "that `put` looks and then puts, or `receiver_gone` clears and then notes, under two locks. Do both under \
                 one.",
            )
            .read(INTERLEAVING)
        });
    });
}
