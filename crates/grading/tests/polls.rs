//! What is found when the futures of a test are polled in many orders. Each ignored test is a small grader with an
//! answer that is wrong in some order; the tests above it run it in a process of its own.

#[path = "answers/pool.rs"]
mod answers;

#[path = "support/child.rs"]
mod child;
#[path = "support/seeded.rs"]
mod seeded;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use answers::Pool;
use child::assert_reports;
use grading::{Case, Clock, Failure, Gauge, Tasks, check, grade_cases, ms};
use seeded::with_seed;
use tokio::sync::Semaphore;

/// The order in which two futures are polled, three times each.
async fn order_of_turns(case: &Case) -> Vec<usize> {
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
    case.join(futures).await;
    turns.into_inner()
}

fn all_orders() -> Vec<Vec<usize>> {
    let orders = RefCell::new(Vec::new());
    grade_cases(async |case| {
        let order = order_of_turns(&case).await;
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
    grade_cases(async |case| {
        let futures = (0..10).map(async |n| {
            case.turns().await;
            n
        });
        let outputs = case.join(futures).await;
        assert_eq!(outputs, Vec::from_iter(0..10));
        let none: [std::future::Ready<()>; 0] = [];
        assert_eq!(case.join(none).await, []);
    });
}

#[test]
fn only_futures_that_were_woken_are_polled() {
    grade_cases(async |case| {
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
        case.join(sleeps).await;
        assert_eq!((polls.get(), clock.elapsed()), (10, ms(5)));
    });
}

#[test]
fn tasks_are_polled_in_between() {
    let between = Cell::new(false);
    grade_cases(async |case| {
        let permits = std::sync::Arc::new(Semaphore::new(0));
        let task = {
            let permits = std::sync::Arc::clone(&permits);
            tokio::spawn(async move { permits.add_permits(1) })
        };
        let seen = case
            .join((0..3).map(async |_| permits.available_permits()))
            .await;
        between.set(between.get() || seen.contains(&0) && seen.contains(&1));
        task.await.expect("it does not panic");
    });
    assert!(between.get());
}

#[test]
fn a_join_does_not_use_up_the_budget_of_its_task() {
    let most = Cell::new(0);
    grade_cases(async |case| {
        let (permits, gauge) = (Semaphore::new(2), Gauge::new());
        let jobs = (0..300).map(async |_| {
            let _permit = permits.acquire().await;
            let _running = gauge.enter();
            tokio::time::sleep(ms(1)).await;
            case.turns().await;
        });
        case.join(jobs).await;
        most.set(most.get().max(gauge.peak()));
        assert_eq!(permits.available_permits(), 2);
    });
    assert_eq!(most.get(), 2);
}

#[test]
fn a_future_is_dropped_at_each_point_or_not_at_all() {
    let points = RefCell::new(BTreeSet::new());
    grade_cases(async |case| {
        let (steps, tasks) = (Cell::new(0), Tasks::baseline());
        let future = async {
            for _ in 0..3 {
                steps.set(steps.get() + 1);
                tokio::time::sleep(ms(1)).await;
            }
        };
        let clock = Clock::start();
        let output = case.drop_somewhere(future).await;
        let time = clock.elapsed().as_millis();
        points
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
    assert_eq!(points.into_inner(), expected);
}

#[test_cache::test]
fn a_bug_in_one_order_is_found_and_its_seed_is_named() {
    assert_reports("pool::checks_before_it_waits");
}

#[test_cache::test]
fn a_stub_is_reported_as_not_started() {
    assert_reports("pool::a_stub");
}

#[test_cache::test]
fn a_deadlock_and_a_panic_are_reported_with_their_seeds() {
    assert_reports("pool::acquires_two_permits_one_by_one");
    assert_reports("pool::panics_in_one_order");
}

#[test]
fn the_variable_repeats_one_order() {
    let test = "pool::checks_before_it_waits";
    let report = include_str!("reports/pool-checks_before_it_waits.txt");
    let seed = report
        .split_once("GRADING_SEED=")
        .and_then(|(_, rest)| rest.split_whitespace().next())
        .expect("the report names a seed");
    let repeated = with_seed(test, seed);
    assert_eq!(String::from_utf8_lossy(&repeated.stderr), report);
    let first: u64 = seed.parse().expect("a seed is a number");
    assert!(first > 0, "the bug should need a particular order");
    for other in 0..first {
        let passed = with_seed(test, &other.to_string());
        assert!(
            passed.status.success(),
            "the first seed that fails is named"
        );
    }
}

#[test]
fn a_seed_that_is_not_a_number_is_refused() {
    let refused = with_seed("pool::checks_before_it_waits", "first");
    assert!(!refused.status.success());
    let message = String::from_utf8_lossy(&refused.stderr);
    assert!(message.contains("GRADING_SEED should be"), "{message}");
}

mod pool {
    use super::*;

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn checks_before_it_waits() {
        grade_cases(async |case| {
            let pool = Pool::new(1);
            let gauge = Gauge::new();
            let jobs = (0..2).map(async |_| {
                case.turns().await;
                pool.check_then_acquire().await;
                let running = gauge.enter();
                case.turns().await;
                drop(running);
                pool.release();
            });
            case.join(jobs).await;
            check(gauge.peak() == 1, || {
                Failure::new(format!(
                    "With 1 permit, 1 job should run at a time; {} did.",
                    gauge.peak()
                ))
                .usually(
                    "that a future checked, yielded, and then relied on what it had seen before.",
                )
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn acquires_two_permits_one_by_one() {
        grade_cases(async |case| {
            let permits = Semaphore::new(2);
            let jobs = (0..2).map(async |_| {
                case.turns().await;
                let _first = permits.acquire().await;
                case.turns().await;
                let _second = permits.acquire().await;
            });
            case.join(jobs).await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn panics_in_one_order() {
        grade_cases(async |case| {
            let pool = Pool::new(1);
            let jobs = (0..3).map(async |number| {
                case.turns().await;
                pool.expect_in_order(number);
            });
            case.join(jobs).await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn a_stub() {
        grade_cases(async |case| {
            case.join([super::answers::stub()]).await;
        });
    }
}
