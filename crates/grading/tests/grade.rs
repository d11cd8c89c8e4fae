//! Tests that pass.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use grading::web::Site;
use grading::{
    Clock, Counted, Failure, HeldClock, Tasks, Ticker, check, grade, ms, outside_runtime,
};
use tokio::task::JoinSet;

#[test]
fn the_clock_is_paused_and_exact() {
    let began = std::time::Instant::now();
    grade(async || {
        let clock = Clock::start();
        tokio::time::sleep(ms(600_000)).await;
        assert_eq!(clock.elapsed(), ms(600_000));
    });
    assert!(began.elapsed() < ms(60_000), "ten minutes take no time");
}

#[test]
fn a_test_may_borrow_and_need_not_be_send() {
    let seen = RefCell::new(Vec::new());
    grade(async || {
        let count = Rc::new(Cell::new(0));
        tokio::time::sleep(ms(1)).await;
        count.set(count.get() + 1);
        seen.borrow_mut().push(count.get());
    });
    assert_eq!(seen.into_inner(), [1]);
}

#[test]
fn every_grade_has_a_fresh_runtime() {
    for _ in 0..3 {
        grade(async || {
            let tasks = Tasks::baseline();
            tokio::spawn(std::future::pending::<()>());
            assert_eq!(tasks.left_behind().await, 1);
        });
    }
}

#[test]
fn an_answer_is_polled_only_when_it_was_woken() {
    grade(async || {
        let sleeps = Counted::new(async {
            for _ in 0..300 {
                tokio::time::sleep(ms(1)).await;
            }
        });
        let counts = sleeps.counts();
        sleeps.await;
        assert_eq!((counts.polls(), counts.wakes()), (301, 300));
    });
}

#[test]
fn a_future_that_uses_up_its_budget_is_not_polled_without_a_wake_up() {
    grade(async || {
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        (0..1000).for_each(|number| sender.send(number).unwrap());
        drop(sender);
        let drain = Counted::new(async { while receiver.recv().await.is_some() {} });
        let counts = drain.counts();
        drain.await;
        assert_eq!(counts.polls(), counts.wakes() + 1);
    });
}

#[test]
fn a_panic_that_an_answer_isolates_in_a_task_does_not_fail_the_test() {
    grade(async || {
        let error = tokio::spawn(async { panic!("isolated") })
            .await
            .unwrap_err();
        assert_eq!(*error.into_panic().downcast::<&str>().unwrap(), "isolated");
    });
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a blocking job takes real time")]
fn a_blocking_job_is_waited_for_while_the_clock_stands_still() {
    grade(async || {
        let clock = Clock::start();
        let job = tokio::task::spawn_blocking(|| std::thread::sleep(ms(100)));
        job.await.unwrap();
        assert_eq!(clock.elapsed(), ms(0));
    });
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a thread takes real time")]
fn a_held_clock_stands_still_while_a_thread_is_at_work() {
    grade(async || {
        let held = HeldClock::new();
        let clock = Clock::start();
        let (tx, rx) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            std::thread::sleep(ms(20));
            let _ = tx.send(());
        });
        tokio::time::timeout(ms(10), rx).await.unwrap().unwrap();
        assert_eq!(clock.elapsed(), ms(0));
        drop(held);
        tokio::time::sleep(ms(10)).await;
        assert_eq!(clock.elapsed(), ms(10));
    });
}

#[test]
fn a_call_outside_of_the_runtime_is_in_none_and_its_panic_continues() {
    grade(async || {
        assert!(outside_runtime(|| tokio::runtime::Handle::try_current().is_err()).await);
        let call = outside_runtime(|| -> u32 { std::panic::resume_unwind(Box::new(7)) });
        let panicked = tokio::spawn(call).await.unwrap_err();
        assert_eq!(*panicked.into_panic().downcast::<i32>().unwrap(), 7);
    });
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a blocking job takes real time")]
fn a_blocking_job_that_outlives_its_test_does_not_disturb_the_next() {
    grade(async || {
        drop(tokio::task::spawn_blocking(|| std::thread::sleep(ms(200))));
    });
    grade(async || tokio::time::sleep(ms(10)).await);
}

#[test]
fn a_hundred_thousand_yields_are_not_a_hang() {
    grade(async || {
        for _ in 0..100_000 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn aborted_tasks_are_not_left_behind() {
    grade(async || {
        let tasks = Tasks::baseline();
        let mut children = JoinSet::new();
        for _ in 0..5 {
            children.spawn(std::future::pending::<()>());
        }
        assert_eq!(tasks.left_behind().await, 5);
        drop(children);
        tasks.check_none_left_behind().await;
    });
}

#[test]
fn the_tasks_of_a_fake_belong_to_the_baseline() {
    grade(async || {
        let _ticker = Ticker::every(ms(10));
        let tasks = Tasks::baseline();
        let site = Site::new().page("/a", ms(10));
        let client = site.client();
        let get = tokio::spawn(async move { client.get("/a").await });
        assert_eq!(tasks.left_behind().await, 1);
        get.await.unwrap().unwrap();
        tasks.check_none_left_behind().await;
    });
}

#[test]
fn a_ticker_shows_the_gap_of_a_clock_that_jumped() {
    grade(async || {
        let ticker = Ticker::every(ms(10));
        tokio::time::sleep(ms(25)).await;
        assert_eq!((ticker.beats(), ticker.largest_gap()), (2, ms(10)));
        tokio::time::advance(ms(100)).await;
        tokio::task::yield_now().await;
        assert_eq!(ticker.largest_gap(), ms(105));
    });
}

#[test]
fn a_ticker_of_turns_gets_one_for_each_yield() {
    grade(async || {
        let ticker = Ticker::every_turn();
        assert_eq!(ticker.beats(), 0);
        for turn in 1..=10 {
            tokio::task::yield_now().await;
            assert_eq!(ticker.beats(), turn);
        }
    });
}

#[test]
fn a_dropped_ticker_stops() {
    grade(async || {
        let tasks = Tasks::baseline();
        drop(Ticker::every(ms(10)));
        tasks.check_none_left_behind().await;
    });
}

#[test]
#[should_panic(expected = "Two should be more than three.\nThis usually means a mistake.\n")]
fn outside_grade_a_failed_check_is_a_panic() {
    check(2 > 3, || {
        Failure::new("Two should be more than three.").usually("a mistake.")
    });
}
