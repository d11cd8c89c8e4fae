//! What is found when every interleaving of the threads' steps is tried. Each ignored test is a small grader with
//! an answer that is wrong in some interleaving; the tests above it run it in a process of its own.

#![cfg(feature = "loom")]

#[path = "answers/signal.rs"]
mod answers;

#[path = "support/child.rs"]
mod child;

use std::collections::BTreeSet;
use std::sync::Mutex as StdMutex;

use answers::{
    NotifySignal, Signal, TryingSignal, busy_loop, checks_first, stores_its_waker_first,
};
use child::assert_reports;
use grading::sync::atomic::Ordering::SeqCst;
use grading::sync::atomic::{AtomicBool, AtomicUsize};
use grading::sync::{Arc, Condvar, Mutex, thread};
use grading::{Failure, check, every_interleaving, explorable, wait_for};

#[test]
fn a_right_answer_passes_in_every_interleaving() {
    every_interleaving(|| set_and_wait(stores_its_waker_first));
}

#[test]
fn all_interleavings_are_tried() {
    static SEEN: StdMutex<BTreeSet<[usize; 2]>> = StdMutex::new(BTreeSet::new());
    every_interleaving(|| {
        let next = Arc::new(AtomicUsize::new(0));
        let other = {
            let next = Arc::clone(&next);
            thread::spawn(move || next.fetch_add(1, SeqCst))
        };
        let mine = next.fetch_add(1, SeqCst);
        let theirs = other.join().expect("it does not panic");
        SEEN.lock()
            .expect("no thread panics")
            .insert([mine, theirs]);
    });
    let seen = SEEN.lock().expect("no thread panics");
    assert_eq!(*seen, BTreeSet::from([[0, 1], [1, 0]]));
}

/// loom's own `store` can come between the read and the write of a `swap`, and is lost.
#[test]
fn no_store_is_lost_in_a_swap() {
    every_interleaving(|| {
        let set = Arc::new(AtomicBool::new(false));
        let other = {
            let set = Arc::clone(&set);
            thread::spawn(move || set.store(true, SeqCst))
        };
        let first = set.swap(false, SeqCst);
        other.join().expect("it does not panic");
        let second = set.swap(false, SeqCst);
        check(first || second, || {
            Failure::new("The flag was set, and neither swap returned it.")
        });
    });
}

#[test]
fn an_update_is_repeated_if_another_thread_came_first() {
    static REPEATED: StdMutex<bool> = StdMutex::new(false);
    every_interleaving(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let other = {
            let count = Arc::clone(&count);
            thread::spawn(move || count.fetch_add(1, SeqCst))
        };
        let mut calls = 0;
        let updated = count.fetch_update(SeqCst, SeqCst, |n| {
            calls += 1;
            Some(n + 10)
        });
        other.join().expect("it does not panic");
        assert!(updated.is_ok());
        assert_eq!(count.load(SeqCst), 11);
        assert_eq!(count.fetch_update(SeqCst, SeqCst, |_| None), Err(11));
        assert_eq!(count.compare_exchange_weak(11, 5, SeqCst, SeqCst), Ok(11));
        *REPEATED.lock().expect("no thread panics") |= calls == 2;
    });
    assert!(*REPEATED.lock().expect("no thread panics"));
}

#[test]
fn condition_variables_and_parked_threads_are_woken() {
    every_interleaving(|| {
        let ready = Arc::new((Mutex::new(false), Condvar::new()));
        let other = {
            let ready = Arc::clone(&ready);
            thread::spawn(move || {
                *ready.0.lock().expect("no thread panics") = true;
                ready.1.notify_one();
            })
        };
        let guard = ready.0.lock().expect("no thread panics");
        let guard = ready.1.wait_while(guard, |ready| !*ready);
        assert!(*guard.expect("no thread panics"));
        other.join().expect("it does not panic");
    });
    every_interleaving(|| {
        let parked = thread::current();
        let other = thread::spawn(move || parked.unpark());
        thread::park();
        other.join().expect("it does not panic");
    });
}

/// loom's own `unpark` ends any wait of a thread, and fails if it waits for a lock or for another thread.
#[test]
fn unparking_a_thread_does_not_end_its_wait_for_a_lock() {
    every_interleaving(|| {
        let parked = thread::current();
        let lock = Arc::new(Mutex::new(0));
        let other = {
            let lock = Arc::clone(&lock);
            thread::spawn(move || {
                let mut count = lock.lock().expect("no thread panics");
                parked.unpark();
                *count += 1;
                drop(count);
                parked.unpark();
            })
        };
        *lock.lock().expect("no thread panics") += 1;
        thread::park();
        other.join().expect("it does not panic");
    });
}

#[test]
fn try_lock_finds_a_lock_free_and_held() {
    static SEEN: StdMutex<BTreeSet<bool>> = StdMutex::new(BTreeSet::new());
    every_interleaving(|| {
        let lock = Arc::new(Mutex::new(0));
        let other = {
            let lock = Arc::clone(&lock);
            thread::spawn(move || *lock.lock().expect("no thread panics") += 1)
        };
        let is_free = lock.try_lock().is_ok();
        SEEN.lock().expect("no thread panics").insert(is_free);
        other.join().expect("it does not panic");
        assert!(
            lock.try_lock().is_ok(),
            "a released lock is never seen as held"
        );
    });
    let seen = SEEN.lock().expect("no thread panics");
    assert_eq!(*seen, BTreeSet::from([false, true]));
}

#[test]
fn try_lock_finds_a_lock_free_while_its_holder_waits_for_a_notification() {
    every_interleaving(|| {
        let ready = Arc::new((Mutex::new(false), Condvar::new()));
        let waiting = {
            let ready = Arc::clone(&ready);
            thread::spawn(move || {
                let guard = ready.0.lock().expect("no thread panics");
                let guard = ready.1.wait_while(guard, |ready| !*ready);
                drop(guard.expect("no thread panics"));
            })
        };
        let set = ready.0.try_lock().map(|mut ready| *ready = true);
        if set.is_err() {
            *ready.0.lock().expect("no thread panics") = true;
        }
        ready.1.notify_one();
        waiting.join().expect("it does not panic");
    });
}

#[test]
fn an_answer_that_makes_a_lock_or_an_atomic_can_be_explored() {
    every_interleaving(|| {
        let lock = explorable(|| Mutex::new(1));
        let atomic = explorable(AtomicUsize::default);
        assert_eq!(
            (*lock.lock().expect("no thread panics"), atomic.load(SeqCst)),
            (1, 0)
        );
    });
}

#[test_cache::test]
fn a_stack_that_is_used_up_is_not_a_long_search() {
    assert_reports("signal::uses_up_its_stack");
}

#[test]
fn outside_a_model_the_types_are_the_standard_librarys() {
    let ready = Arc::new((Mutex::new(false), Condvar::new()));
    let other = {
        let ready = Arc::clone(&ready);
        thread::spawn(move || {
            *ready.0.lock().expect("no thread panics") = true;
            ready.1.notify_all();
        })
    };
    let guard = ready.0.lock().expect("no thread panics");
    let guard = ready.1.wait_while(guard, |ready| !*ready);
    assert!(*guard.expect("no thread panics"));
    other.join().expect("it does not panic");
}

#[test_cache::test]
fn a_lost_wake_up_is_a_hang_in_one_interleaving() {
    assert_reports("signal::loses_a_wake_up");
}

#[test_cache::test]
fn a_signal_that_is_not_set_while_the_lock_is_held_is_a_hang() {
    assert_reports("signal::tries_its_lock");
}

#[test_cache::test]
fn releasing_a_lock_is_a_step_of_its_own() {
    assert_reports("signal::notifies_after_releasing_the_lock");
}

#[test_cache::test]
fn a_thread_that_ends_and_leaves_another_one_waiting_is_a_hang() {
    assert_reports("signal::wakes_before_the_change");
}

#[test_cache::test]
fn threads_that_wait_for_each_others_locks_are_a_hang() {
    assert_reports("signal::takes_locks_in_opposite_orders");
}

#[test_cache::test]
fn a_busy_loop_is_a_hang() {
    assert_reports("signal::polls_in_a_busy_loop");
}

#[test_cache::test]
fn yielding_until_something_changes_is_not_waiting() {
    assert_reports("signal::yields_in_a_loop");
}

#[test_cache::test]
fn locking_twice_in_one_thread_is_a_hang() {
    assert_reports("signal::locks_twice");
}

#[test_cache::test]
fn a_wait_that_the_search_cannot_see_is_a_hang() {
    assert_reports("signal::parks_outside_the_model");
}

#[test_cache::test]
fn an_answer_with_locks_of_std_fails() {
    assert_reports("signal::uses_a_lock_of_std");
}

#[test_cache::test]
fn a_failed_check_is_reported_with_its_interleaving() {
    assert_reports("signal::loses_an_update");
}

#[test_cache::test]
fn a_panic_is_reported_with_its_interleaving() {
    assert_reports("signal::panics_in_one_interleaving");
}

#[test_cache::test]
fn a_stub_is_reported_as_not_started() {
    assert_reports("signal::a_stub");
}

fn set_and_wait<F: Future<Output = ()>>(wait: fn(Arc<Signal>) -> F) {
    let signal = Arc::new(Signal::default());
    let setter = {
        let signal = Arc::clone(&signal);
        thread::spawn(move || signal.set())
    };
    wait_for(wait(signal));
    setter.join().expect("it does not panic");
}

mod signal {
    use super::*;

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn uses_up_its_stack() {
        every_interleaving(|| {
            let _sum = AtomicUsize::new(usize::from(std::hint::black_box([1u8; 100_000])[0]));
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn loses_a_wake_up() {
        every_interleaving(|| set_and_wait(checks_first));
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn notifies_after_releasing_the_lock() {
        every_interleaving(|| {
            let signal = Arc::new(NotifySignal::default());
            let setter = {
                let signal = Arc::clone(&signal);
                thread::spawn(move || signal.set())
            };
            wait_for(signal.wait());
            setter.join().expect("it does not panic");
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn tries_its_lock() {
        every_interleaving(|| {
            let signal = Arc::new(TryingSignal::default());
            let setter = {
                let signal = Arc::clone(&signal);
                thread::spawn(move || signal.set())
            };
            wait_for(signal.wait());
            setter.join().expect("it does not panic");
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn wakes_before_the_change() {
        every_interleaving(|| {
            let signal = Arc::new(Signal::default());
            let setter = {
                let signal = Arc::clone(&signal);
                thread::spawn(move || signal.wake_and_then_set())
            };
            wait_for(stores_its_waker_first(signal));
            setter.join().expect("it does not panic");
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn polls_in_a_busy_loop() {
        every_interleaving(|| set_and_wait(busy_loop));
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn yields_in_a_loop() {
        every_interleaving(|| {
            let set = Arc::new(AtomicBool::new(false));
            let setter = {
                let set = Arc::clone(&set);
                thread::spawn(move || set.store(true, SeqCst))
            };
            while !set.load(SeqCst) {
                thread::yield_now();
            }
            let _ = setter.join();
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn locks_twice() {
        every_interleaving(|| {
            let count = Mutex::new(0);
            let _held = count.lock();
            let _ = count.lock();
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn parks_outside_the_model() {
        every_interleaving(|| {
            let parked = std::thread::current();
            let _other = thread::spawn(move || parked.unpark());
            std::thread::park();
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn uses_a_lock_of_std() {
        every_interleaving(|| {
            let _not_the_answers = Mutex::new(0);
            explorable(|| std::sync::Mutex::new(0));
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn takes_locks_in_opposite_orders() {
        every_interleaving(|| {
            let locks = Arc::new((Mutex::new(()), Mutex::new(())));
            let other = {
                let locks = Arc::clone(&locks);
                thread::spawn(move || {
                    let _second = locks.1.lock();
                    let _first = locks.0.lock();
                })
            };
            let _first = locks.0.lock();
            let _second = locks.1.lock();
            drop((_first, _second));
            let _ = other.join();
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn loses_an_update() {
        every_interleaving(|| {
            let count = Arc::new(AtomicUsize::new(0));
            let increment = |count: &AtomicUsize| count.store(count.load(SeqCst) + 1, SeqCst);
            let other = {
                let count = Arc::clone(&count);
                thread::spawn(move || increment(&count))
            };
            increment(&count);
            other.join().expect("it does not panic");
            let counted = count.load(SeqCst);
            check(counted == 2, || {
                Failure::new(format!("The count should be 2; it was {counted}."))
                    .usually("that the number is read and written in two steps.")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn panics_in_one_interleaving() {
        every_interleaving(|| {
            let signal = Arc::new(Signal::default());
            let setter = {
                let signal = Arc::clone(&signal);
                thread::spawn(move || signal.set())
            };
            signal.assert_set();
            let _ = setter.join();
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn a_stub() {
        every_interleaving(|| set_and_wait(answers::stub));
    }
}
