//! What is found when every order of the threads' steps is tried: each ignored test is a small grader with an
//! answer that is wrong in some order, and the tests above it run it in a process of its own.

#![cfg(feature = "loom")]

#[path = "answers/doorbell.rs"]
mod doorbell;

#[path = "support/child.rs"]
mod child;

use std::collections::BTreeSet;
use std::sync::Mutex as Notes;

use child::assert_reports;
use doorbell::{TestWaker, careful, looks_twice, spins};
use grading::sync::atomic::Ordering::SeqCst;
use grading::sync::atomic::{AtomicBool, AtomicUsize};
use grading::sync::{Arc, Condvar, Mutex, thread};
use grading::{Failure, check, every_interleaving, explorable, wait_for};

#[test]
fn a_right_answer_is_right_in_every_order() {
    every_interleaving(|| ring_and_wait(careful));
}

#[test]
fn all_orders_are_tried() {
    static SEEN: Notes<BTreeSet<[usize; 2]>> = Notes::new(BTreeSet::new());
    every_interleaving(|| {
        let next = Arc::new(AtomicUsize::new(0));
        let other = {
            let next = Arc::clone(&next);
            thread::spawn(move || next.fetch_add(1, SeqCst))
        };
        let mine = next.fetch_add(1, SeqCst);
        let theirs = other.join().expect("it does not panic");
        SEEN.lock().expect("nobody panics").insert([mine, theirs]);
    });
    let seen = SEEN.lock().expect("nobody panics");
    assert_eq!(*seen, BTreeSet::from([[0, 1], [1, 0]]));
}

/// loom's own `store` may come between the read and the write of a `swap`, and is overwritten unseen.
#[test]
fn no_store_is_lost_in_a_swap() {
    every_interleaving(|| {
        let lit = Arc::new(AtomicBool::new(false));
        let other = {
            let lit = Arc::clone(&lit);
            thread::spawn(move || lit.store(true, SeqCst))
        };
        let first = lit.swap(false, SeqCst);
        other.join().expect("it does not panic");
        let second = lit.swap(false, SeqCst);
        check(first || second, || {
            Failure::new("Somebody has lit the lamp, and nobody saw it.")
        });
    });
}

#[test]
fn conditions_and_parked_threads_are_woken() {
    every_interleaving(|| {
        let door = Arc::new((Mutex::new(false), Condvar::new()));
        let porter = {
            let door = Arc::clone(&door);
            thread::spawn(move || {
                *door.0.lock().expect("nobody panics") = true;
                door.1.notify_one();
            })
        };
        let shut = door.0.lock().expect("nobody panics");
        let open = door.1.wait_while(shut, |open| !*open);
        assert!(*open.expect("nobody panics"));
        porter.join().expect("it does not panic");
    });
    every_interleaving(|| {
        let sleeper = thread::current();
        let alarm = thread::spawn(move || sleeper.unpark());
        thread::park();
        alarm.join().expect("it does not panic");
    });
}

/// loom's own `unpark` wakes a thread from any wait, and that of a lock or for another thread falls over it.
#[test]
fn who_waits_for_something_else_is_not_unparked() {
    every_interleaving(|| {
        let sleeper = thread::current();
        let lock = Arc::new(Mutex::new(0));
        let alarm = {
            let lock = Arc::clone(&lock);
            thread::spawn(move || {
                let mut count = lock.lock().expect("nobody panics");
                sleeper.unpark();
                *count += 1;
                drop(count);
                sleeper.unpark();
            })
        };
        *lock.lock().expect("nobody panics") += 1;
        thread::park();
        alarm.join().expect("it does not panic");
    });
}

#[test]
fn what_is_made_of_locks_or_atomics_can_be_explored() {
    every_interleaving(|| {
        let lock = explorable(|| Mutex::new(1));
        let atomic = explorable(AtomicUsize::default);
        assert_eq!(
            (*lock.lock().expect("nobody panics"), atomic.load(SeqCst)),
            (1, 0)
        );
    });
}

#[test]
fn outside_of_a_model_the_types_are_the_standard_librarys() {
    let door = Arc::new((Mutex::new(false), Condvar::new()));
    let porter = {
        let door = Arc::clone(&door);
        thread::spawn(move || {
            *door.0.lock().expect("nobody panics") = true;
            door.1.notify_all();
        })
    };
    let shut = door.0.lock().expect("nobody panics");
    let open = door.1.wait_while(shut, |open| !*open);
    assert!(*open.expect("nobody panics"));
    porter.join().expect("it does not panic");
}

#[test_cache::test]
fn a_lost_wake_up_is_a_hang_in_one_order() {
    assert_reports("bell::loses_a_wake_up");
}

#[test_cache::test]
fn what_follows_a_lock_is_a_step_of_its_own() {
    assert_reports("bell::rings_beside_its_lock");
}

#[test_cache::test]
fn a_thread_that_ends_and_leaves_another_waiting_is_a_hang() {
    assert_reports("bell::rings_too_early");
}

#[test_cache::test]
fn threads_that_wait_for_each_other_are_a_hang() {
    assert_reports("bell::locks_crosswise");
}

#[test_cache::test]
fn a_thread_that_asks_again_and_again_is_a_hang() {
    assert_reports("bell::asks_for_ever");
}

#[test_cache::test]
fn a_thread_that_yields_until_something_changes_does_not_wait() {
    assert_reports("bell::yields");
}

#[test_cache::test]
fn a_lock_that_its_own_thread_wants_again_is_a_hang() {
    assert_reports("bell::wakes_under_its_lock");
}

#[test_cache::test]
fn a_wait_that_the_search_does_not_see_is_a_hang() {
    assert_reports("bell::sleeps_unseen");
}

#[test_cache::test]
fn locks_that_the_search_does_not_see_are_a_miss() {
    assert_reports("bell::locks_unseen");
}

#[test_cache::test]
fn a_miss_is_told_with_its_order() {
    assert_reports("bell::loses_an_update");
}

#[test_cache::test]
fn a_panic_is_told_with_its_order() {
    assert_reports("bell::panics_in_one_order");
}

#[test_cache::test]
fn a_stub_is_not_started_in_any_order() {
    assert_reports("bell::a_stub");
}

fn ring_and_wait<F: Future<Output = ()>>(wait: fn(Arc<TestWaker>) -> F) {
    let bell = Arc::new(TestWaker::default());
    let visitor = {
        let bell = Arc::clone(&bell);
        thread::spawn(move || bell.ring())
    };
    wait_for(wait(bell));
    visitor.join().expect("it does not panic");
}

mod bell {
    use super::*;

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn loses_a_wake_up() {
        every_interleaving(|| ring_and_wait(looks_twice));
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn rings_beside_its_lock() {
        every_interleaving(|| {
            let door = Arc::new(doorbell::OfTokio::default());
            let visitor = {
                let door = Arc::clone(&door);
                thread::spawn(move || door.ring())
            };
            wait_for(door.rung());
            visitor.join().expect("it does not panic");
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn rings_too_early() {
        every_interleaving(|| {
            let bell = Arc::new(TestWaker::default());
            let visitor = {
                let bell = Arc::clone(&bell);
                thread::spawn(move || bell.ring_and_then_be_there())
            };
            wait_for(careful(bell));
            visitor.join().expect("it does not panic");
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn asks_for_ever() {
        every_interleaving(|| ring_and_wait(spins));
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn yields() {
        every_interleaving(|| {
            let rung = Arc::new(AtomicBool::new(false));
            let visitor = {
                let rung = Arc::clone(&rung);
                thread::spawn(move || rung.store(true, SeqCst))
            };
            while !rung.load(SeqCst) {
                thread::yield_now();
            }
            let _ = visitor.join();
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn wakes_under_its_lock() {
        every_interleaving(|| {
            let rings = Mutex::new(0);
            let _held = rings.lock();
            let _ = rings.lock();
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn sleeps_unseen() {
        every_interleaving(|| {
            let sleeper = std::thread::current();
            let _visitor = thread::spawn(move || sleeper.unpark());
            std::thread::park();
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn locks_unseen() {
        every_interleaving(|| {
            let _not_the_answers = Mutex::new(0);
            explorable(|| std::sync::Mutex::new(0));
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn locks_crosswise() {
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
    #[ignore = "fails, and another test reads how"]
    fn loses_an_update() {
        every_interleaving(|| {
            let rings = Arc::new(AtomicUsize::new(0));
            let count = |rings: &AtomicUsize| rings.store(rings.load(SeqCst) + 1, SeqCst);
            let other = {
                let rings = Arc::clone(&rings);
                thread::spawn(move || count(&rings))
            };
            count(&rings);
            other.join().expect("it does not panic");
            let counted = rings.load(SeqCst);
            check(counted == 2, || {
                Failure::new(format!("2 rings should be counted; {counted} was."))
                    .usually("that a number is read and written in two steps.")
            });
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn panics_in_one_order() {
        every_interleaving(|| {
            let bell = Arc::new(TestWaker::default());
            let visitor = {
                let bell = Arc::clone(&bell);
                thread::spawn(move || bell.ring())
            };
            bell.must_have_rung();
            let _ = visitor.join();
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn a_stub() {
        every_interleaving(|| ring_and_wait(doorbell::stub));
    }
}
