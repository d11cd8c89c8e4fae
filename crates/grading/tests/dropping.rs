//! A future is dropped at every point at which it can be, and the first drop that breaks the invariant is reported.

#[path = "answers/drops.rs"]
mod drops;

#[path = "support/child.rs"]
mod child;

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use child::assert_reports;
use drops::{HandedOver, Slot};
use grading::web::Site;
use grading::{Clock, Failure, Tasks, check, drop_at_every_await, drop_one_of_many, ms};
use tokio::sync::{Mutex, Semaphore, mpsc};

#[test]
fn a_cancel_safe_answer_passes() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/a", ms(100));
            let permits = Arc::new(Semaphore::new(1));
            let (client, mine) = (site.client(), Arc::clone(&permits));
            (
                async move { drops::guarded(&client, &mine).await },
                (site, permits),
            )
        },
        async |(site, permits)| {
            let expected = (0, 1);
            let seen = (site.in_flight(), permits.available_permits());
            check(seen == expected, || Failure::new("Nothing should be held."));
        },
    );
}

#[test]
fn it_is_dropped_at_every_point_once_and_each_run_starts_afresh() {
    let (setups, drops) = (Cell::new(0), RefCell::new(Vec::new()));
    drop_at_every_await(
        async || {
            setups.set(setups.get() + 1);
            let site = Site::new().page("/a", ms(10)).page("/b", ms(20));
            let client = site.client();
            let answer = async move {
                let _ = client.get("/a").await;
                let _ = client.get("/b").await;
            };
            (answer, site)
        },
        async |site| {
            let now = tokio::time::Instant::now();
            drops
                .borrow_mut()
                .push((site.started().len(), site.finished().len()));
            tokio::time::sleep(ms(1)).await;
            assert_eq!(now.elapsed(), ms(1), "an invariant may wait");
        },
    );
    assert_eq!(drops.into_inner(), [(0, 0), (1, 0), (1, 0), (2, 1), (2, 1)]);
    assert_eq!(setups.get(), 6, "once undisturbed, and once for each drop");
}

#[test]
fn aborted_tasks_are_gone_when_the_invariant_is_checked() {
    drop_at_every_await(
        async || {
            let tasks = Tasks::baseline();
            let answer = async {
                let mut children = tokio::task::JoinSet::new();
                for _ in 0..100 {
                    children.spawn(tokio::time::sleep(ms(10)));
                }
                children.join_next().await;
            };
            (answer, tasks)
        },
        async |tasks| assert_eq!(tasks.left_behind().await, 0),
    );
}

#[test]
fn it_is_dropped_after_each_poll_of_a_task() {
    let drops = RefCell::new(Vec::new());
    drop_at_every_await(
        async || {
            let polls = Arc::new(AtomicUsize::new(0));
            let counting = Arc::clone(&polls);
            let answer = async move {
                let mut tasks = tokio::task::JoinSet::new();
                tasks.spawn(async move {
                    for time in [0, 10, 0, 10] {
                        counting.fetch_add(1, Relaxed);
                        tokio::time::sleep(ms(time)).await;
                        tokio::task::yield_now().await;
                    }
                });
                tasks.join_next().await;
            };
            (answer, (polls, Clock::start()))
        },
        async |(polls, clock)| {
            drops
                .borrow_mut()
                .push((polls.load(Relaxed), clock.elapsed()));
        },
    );
    let expected = [
        // Before its first poll and after it.
        (0, ms(0)),
        (0, ms(0)),
        // After the polls of the task that a `yield_now` or the start have caused.
        (1, ms(0)),
        (2, ms(0)),
        // When the clock has advanced, and after the polls of the task at that instant.
        (2, ms(10)),
        (2, ms(10)),
        (3, ms(10)),
        (4, ms(10)),
        (4, ms(20)),
        (4, ms(20)),
        // When it has been woken by the last of them.
        (4, ms(20)),
    ];
    assert_eq!(drops.into_inner(), expected);
}

#[test]
fn a_task_that_a_task_has_spawned_is_left_behind() {
    assert_reports("leaks_a_nested_task");
    assert_reports("leaks_a_nested_task_later");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a blocking job takes real time")]
fn a_blocking_job_may_be_dropped() {
    let drops = Cell::new(0);
    drop_at_every_await(
        async || {
            let answer = async {
                let job = || std::thread::sleep(ms(5));
                tokio::task::spawn_blocking(job).await.unwrap();
                let task = tokio::spawn(async move {
                    tokio::task::spawn_blocking(job).await.unwrap();
                });
                task.await.unwrap();
            };
            (answer, Clock::start())
        },
        async |clock| {
            drops.set(drops.get() + 1);
            assert_eq!(clock.elapsed(), ms(0));
        },
    );
    assert!(drops.get() >= 5, "it was dropped {} times", drops.get());
}

#[test]
fn one_of_many_calls_is_dropped_and_the_others_end() {
    let drops = RefCell::new(Vec::new());
    drop_one_of_many(
        async || {
            let turns = Arc::new(Semaphore::new(1));
            let clock = Clock::start();
            let call = |number| {
                let turns = Arc::clone(&turns);
                async move {
                    let _turn = turns.acquire().await;
                    tokio::time::sleep(ms(10)).await;
                    (number, clock.elapsed())
                }
            };
            ([1, 2, 3].map(call).into(), turns)
        },
        async |ended, turns| {
            assert_eq!(turns.available_permits(), 1);
            drops.borrow_mut().push(ended);
        },
    );
    let drops = drops.into_inner();
    let count = |ended: [Option<(u32, u64)>; 3]| {
        let expected = ended.map(|ended| ended.map(|(number, at)| (number, ms(at))));
        drops.iter().filter(|seen| **seen == expected).count()
    };
    let while_it_waits = [
        count([None, Some((2, 10)), Some((3, 20))]),
        count([Some((1, 10)), None, Some((3, 20))]),
        count([Some((1, 10)), Some((2, 20)), None]),
    ];
    // The clock has reached the end of its sleep, and it is not polled again.
    let at_the_end = [
        count([None, Some((2, 20)), Some((3, 30))]),
        count([Some((1, 10)), None, Some((3, 30))]),
    ];
    assert_eq!((while_it_waits, at_the_end), ([4, 6, 9], [1, 1]));
    assert_eq!(drops.len(), 21);
}

#[test]
fn a_caller_that_has_left_must_not_stop_the_others() {
    assert_reports("wakes_the_caller_that_has_left");
}

#[test]
fn the_first_drop_that_breaks_the_invariant_is_reported() {
    assert_reports("loses_a_permit");
    assert_reports("loses_a_message");
}

#[test]
fn a_value_handed_to_a_dropped_future_must_not_be_lost() {
    assert_reports("loses_what_it_was_handed");
}

#[test]
#[ignore = "fails; another test checks its report"]
fn loses_a_permit() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/a", ms(100));
            let permits = Arc::new(Semaphore::new(1));
            let (client, mine) = (site.client(), Arc::clone(&permits));
            (
                async move { drops::returned_by_hand(&client, &mine).await },
                permits,
            )
        },
        async |permits| {
            let free = permits.available_permits();
            check(free == 1, || {
                Failure::new(format!("The permit should be available; {free} of 1 is."))
                    .usually("that it was forgotten and never returned.")
                    .read("semaphores.html")
            });
        },
    );
}

#[test]
#[ignore = "fails; another test checks its report"]
fn loses_a_message() {
    drop_at_every_await(
        async || {
            let (sender, from) = mpsc::channel(3);
            let (to, receiver) = mpsc::channel(3);
            for message in [1, 2, 3] {
                sender.try_send(message).unwrap();
            }
            let from = Arc::new(Mutex::new(from));
            let mine = Arc::clone(&from);
            (
                async move { drops::forward(&mine, to).await },
                (from, receiver),
            )
        },
        async |(from, mut receiver)| {
            let mut messages = Vec::new();
            while let Ok(message) = receiver.try_recv() {
                messages.push(message);
            }
            while let Ok(message) = from.lock().await.try_recv() {
                messages.push(message);
            }
            check(messages == [1, 2, 3], || {
                Failure::new(format!(
                    "The messages 1, 2 and 3 should be sent or still in the channel; these are: {messages:?}."
                ))
                .usually("that a message was received before there was room to send it.")
                .read("queues.html")
            });
        },
    );
}

#[test]
#[ignore = "fails; another test checks its report"]
fn loses_what_it_was_handed() {
    drop_at_every_await(
        async || {
            let slot = Arc::new(Slot::default());
            let sender = Arc::clone(&slot);
            tokio::spawn(async move {
                tokio::time::sleep(ms(10)).await;
                sender.put(7);
            });
            (Arc::clone(&slot).take(), slot)
        },
        async |slot| {
            tokio::time::sleep(ms(20)).await;
            check(slot.kept() == [7], || {
                Failure::new(format!(
                    "The number 7 should still be there; there is {:?}.",
                    slot.kept()
                ))
            });
        },
    );
}

#[test]
#[ignore = "fails; another test checks its report"]
fn leaks_a_nested_task() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/a", ms(100));
            (drops::nested_tasks(site.client()), Tasks::baseline())
        },
        async |tasks| tasks.check_none_left_behind().await,
    );
}

#[test]
#[ignore = "fails; another test checks its report"]
fn leaks_a_nested_task_later() {
    drop_at_every_await(
        async || (drops::nested_later(), Tasks::baseline()),
        async |tasks| tasks.check_none_left_behind().await,
    );
}

#[test]
#[ignore = "fails; another test checks its report"]
fn wakes_the_caller_that_has_left() {
    drop_one_of_many(
        async || {
            let lock = Arc::new(HandedOver::default());
            let call = |lock: Arc<HandedOver>| async move { lock.hold().await };
            (
                vec![call(Arc::clone(&lock)), call(Arc::clone(&lock)), call(lock)],
                (),
            )
        },
        async |_ended, ()| {},
    );
}
