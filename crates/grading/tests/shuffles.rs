//! What is found when the futures of a test take their turns in many orders: each ignored test is a small grader
//! with an answer that is wrong in some order, and the tests above it run it in a process of its own.

#[path = "answers/key_board.rs"]
mod key_board;

#[path = "support/child.rs"]
mod child;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::process::{Command, Output};

use child::assert_reports;
use grading::{Clock, Failure, Gauge, Shuffle, Tasks, check, ms, shuffled};
use key_board::Board;
use tokio::sync::Semaphore;

/// The order in which two futures, polled three times each, have their turns.
async fn order_of_turns(shuffle: &Shuffle) -> Vec<usize> {
    let turns = RefCell::new(Vec::new());
    let futures = (0..2).map(|name| {
        let turns = &turns;
        async move {
            for _ in 0..2 {
                turns.borrow_mut().push(name);
                tokio::task::yield_now().await;
            }
            turns.borrow_mut().push(name);
        }
    });
    shuffle.join(futures).await;
    turns.into_inner()
}

fn all_orders() -> Vec<Vec<usize>> {
    let orders = RefCell::new(Vec::new());
    shuffled(async |shuffle| {
        let order = order_of_turns(&shuffle).await;
        orders.borrow_mut().push(order);
    });
    orders.into_inner()
}

#[test]
fn two_hundred_runs_find_every_order_of_six_turns() {
    let orders = all_orders();
    assert_eq!(orders.len(), 200);
    let different: BTreeSet<_> = orders.into_iter().collect();
    assert_eq!(different.len(), 20, "6! / (3! 3!)");
}

#[test]
fn the_orders_are_the_same_each_time() {
    assert_eq!(all_orders(), all_orders());
}

#[test]
fn outputs_come_in_the_order_of_the_futures() {
    shuffled(async |shuffle| {
        let futures = (0..10).map(async |n| {
            shuffle.turns().await;
            n
        });
        let outputs = shuffle.join(futures).await;
        assert_eq!(outputs, Vec::from_iter(0..10));
        let none: [std::future::Ready<()>; 0] = [];
        assert_eq!(shuffle.join(none).await, []);
    });
}

#[test]
fn only_what_was_woken_is_polled() {
    shuffled(async |shuffle| {
        let polls = Cell::new(0);
        let sleeps = (1..=5).map(|n| {
            let sleep = tokio::time::sleep(ms(n));
            let polls = &polls;
            async move {
                let mut sleep = Box::pin(sleep);
                std::future::poll_fn(|cx| {
                    polls.set(polls.get() + 1);
                    sleep.as_mut().poll(cx)
                })
                .await;
            }
        });
        let clock = Clock::start();
        shuffle.join(sleeps).await;
        assert_eq!((polls.get(), clock.elapsed()), (10, ms(5)));
    });
}

#[test]
fn tasks_have_their_turns_in_between() {
    let between = Cell::new(false);
    shuffled(async |shuffle| {
        let permits = std::sync::Arc::new(Semaphore::new(0));
        let task = {
            let permits = std::sync::Arc::clone(&permits);
            tokio::spawn(async move { permits.add_permits(1) })
        };
        let seen = shuffle
            .join((0..3).map(async |_| permits.available_permits()))
            .await;
        between.set(between.get() || seen.contains(&0) && seen.contains(&1));
        task.await.expect("it does not panic");
    });
    assert!(between.get());
}

#[test]
fn many_permits_do_not_use_up_the_turn_of_a_task() {
    shuffled(async |shuffle| {
        let (permits, gauge) = (Semaphore::new(2), Gauge::new());
        let visitors = (0..300).map(async |_| {
            let _permit = permits.acquire().await;
            let _inside = gauge.enter();
            shuffle.turns().await;
        });
        shuffle.join(visitors).await;
        assert_eq!((gauge.peak(), permits.available_permits()), (2, 2));
    });
}

#[test]
fn a_future_is_dropped_in_each_place_and_in_none() {
    let places = RefCell::new(BTreeSet::new());
    shuffled(async |shuffle| {
        let (steps, tasks) = (Cell::new(0), Tasks::baseline());
        let future = async {
            for _ in 0..3 {
                steps.set(steps.get() + 1);
                tokio::time::sleep(ms(1)).await;
            }
        };
        let clock = Clock::start();
        let output = shuffle.drop_somewhere(future).await;
        let time = clock.elapsed().as_millis();
        places
            .borrow_mut()
            .insert((steps.get(), time, output.is_some()));
        assert_eq!(tasks.left_behind().await, 0);
    });
    let expected = BTreeSet::from([
        (0, 0, false),
        (1, 0, false),
        (1, 1, false),
        (2, 1, false),
        (2, 2, false),
        (3, 2, false),
        (3, 3, false),
        (3, 3, true),
    ]);
    assert_eq!(places.into_inner(), expected);
}

#[test_cache::test]
fn a_mistake_of_one_order_is_found_and_its_seed_is_named() {
    assert_reports("board::looks_before_it_waits");
}

#[test_cache::test]
fn a_stub_is_not_started_with_any_seed() {
    assert_reports("board::a_stub");
}

#[test_cache::test]
fn a_deadlock_and_a_panic_are_told_with_their_seeds() {
    assert_reports("board::takes_two_keys_one_by_one");
    assert_reports("board::panics_in_one_order");
}

/// Runs `test` with the variable set.
fn with_seed(test: &str, seed: &str) -> Output {
    Command::new(std::env::current_exe().expect("a test knows its executable"))
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("GRADING_SEED", seed)
        .output()
        .expect("the test's own executable should start")
}

#[test]
fn the_variable_repeats_one_order() {
    let test = "board::looks_before_it_waits";
    let report = include_str!("reports/board-looks_before_it_waits.txt");
    let seed = report
        .split_once("GRADING_SEED=")
        .and_then(|(_, rest)| rest.split_whitespace().next())
        .expect("the report names a seed");
    let repeated = with_seed(test, seed);
    assert_eq!(String::from_utf8_lossy(&repeated.stderr), report);
    let first: u64 = seed.parse().expect("a seed is a number");
    assert!(first > 0, "the mistake should need luck");
    for other in 0..first {
        let passed = with_seed(test, &other.to_string());
        assert!(
            passed.status.success(),
            "the first seed that fails is named"
        );
    }
}

#[test]
fn a_seed_that_is_no_number_is_refused() {
    let refused = with_seed("board::looks_before_it_waits", "first");
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("GRADING_SEED should be"), "{said}");
}

mod board {
    use super::*;

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn looks_before_it_waits() {
        shuffled(async |shuffle| {
            let board = Board::new(1);
            let gauge = Gauge::new();
            let visitors = (0..2).map(async |_| {
                shuffle.turns().await;
                board.look_then_take().await;
                let inside = gauge.enter();
                shuffle.turns().await;
                drop(inside);
                board.give_back();
            });
            shuffle.join(visitors).await;
            check(gauge.peak() == 1, || {
                Failure::new(format!(
                    "With 1 key, 1 visitor should be inside; {} were.",
                    gauge.peak()
                ))
                .usually("that somebody looked, let others have a turn, and then trusted what they had seen.")
            });
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn takes_two_keys_one_by_one() {
        shuffled(async |shuffle| {
            let keys = Semaphore::new(2);
            let visitors = (0..2).map(async |_| {
                shuffle.turns().await;
                let _first = keys.acquire().await;
                shuffle.turns().await;
                let _second = keys.acquire().await;
            });
            shuffle.join(visitors).await;
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn panics_in_one_order() {
        shuffled(async |shuffle| {
            let board = Board::new(1);
            let visitors = (0..3).map(async |name| {
                shuffle.turns().await;
                board.must_come_after(name);
            });
            shuffle.join(visitors).await;
        });
    }

    #[test]
    #[ignore = "fails, and another test reads how"]
    fn a_stub() {
        shuffled(async |shuffle| {
            shuffle.join([super::key_board::stub()]).await;
        });
    }
}
