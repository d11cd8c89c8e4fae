//! Recording with more than one thread.

mod support;

use std::sync::{Barrier, mpsc};
use std::task::Waker;
use std::thread;

use support::{block_the_thread, fetch, lane, marks, ms, record};
use timeline::{End, InLane, Recorder};
use tokio::runtime::Builder;
use tokio::time::sleep;
use tracing::info;

/// Each round is a new event for each thread, so that tracing has to register it while other
/// threads' recorders come and go.
macro_rules! events {
    ($($number:literal)*) => {
        [$((|| info!(concat!("event ", $number))) as fn()),*]
    };
}

#[test]
fn no_mark_is_lost_while_recorders_come_and_go_on_other_threads() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 2000;
    let events = events!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23);
    let start = Barrier::new(THREADS + 1);
    thread::scope(|scope| {
        for offset in 0..THREADS {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for round in 0..ROUNDS {
                    let recorder = Recorder::new();
                    let guard = recorder.install();
                    for step in 0..3 {
                        events[(round / 50 + offset * 3 + step) % events.len()]();
                    }
                    drop(guard);
                    assert_eq!(recorder.timeline().marks.len(), 3, "in round {round}");
                }
            });
        }
        // The answer of a thread without a recorder is the one that tracing would cache.
        let start = &start;
        scope.spawn(move || {
            start.wait();
            for event in events.iter().rev().cycle().take(ROUNDS) {
                event();
                thread::yield_now();
            }
        });
    });
}

#[test]
fn a_lane_brings_its_recorder_to_other_threads() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("a runtime can be built");
    let timeline = runtime.block_on(async {
        let recorder = Recorder::new();
        let _guard = recorder.install();
        let outer = async {
            info!("here");
            async { info!("and here") }.in_lane("inner").await;
        };
        tokio::spawn(outer.in_lane("outer"))
            .await
            .expect("it does not panic");
        recorder.timeline()
    });
    assert_eq!(marks(lane(&timeline, "outer")), ["here"]);
    assert_eq!(marks(lane(&timeline, "inner")), ["and here"]);
    assert_eq!(lane(&timeline, "inner").parent, Some(0));
}

#[test]
fn a_wake_up_from_another_thread_is_recorded_on_the_runtimes_clock() {
    let timeline = record(async || {
        sleep(ms(500)).await;
        let mut helper = None;
        let hand_over = std::future::poll_fn(|cx| {
            if helper.is_some() {
                return std::task::Poll::Ready(());
            }
            let waker: Waker = cx.waker().clone();
            helper = Some(thread::spawn(move || waker.wake()));
            std::task::Poll::Pending
        });
        // A paused clock would jump to the next timer while the thread is on its way.
        hand_over.in_lane("hand over").await;
    });
    assert_eq!(lane(&timeline, "hand over").wakes, [ms(500)]);
    assert_eq!(lane(&timeline, "hand over").end, End::Finished(ms(500)));
}

#[test]
fn a_poll_that_does_not_return_is_visible_to_another_thread() {
    let (reached, wait_for_it) = mpsc::channel();
    let (release, stuck_until) = mpsc::channel::<()>();
    let program = thread::spawn(move || {
        record(async || {
            sleep(ms(40)).await;
            let recorder = Recorder::new();
            let _guard = recorder.install();
            let stuck = async {
                reached
                    .send(recorder.clone())
                    .expect("the test receives it");
                stuck_until.recv().expect("the test releases it");
            };
            async { stuck.in_lane("stuck").await }
                .in_lane("around")
                .await;
        })
    });
    let recorder = wait_for_it.recv().expect("the program gets there");
    block_the_thread(101);
    let timeline = recorder.timeline();
    release.send(()).expect("the program waits for it");
    program.join().expect("it does not panic");
    let poll = |name| lane(&timeline, name).polls[0];
    assert_eq!(poll("stuck").busy, ms(100));
    assert_eq!(poll("around").busy, ms(0));
    assert_eq!(poll("around").until, ms(100));
    assert_eq!(lane(&timeline, "stuck").end, End::Pending);
    assert_eq!(timeline.end, ms(100));
}

#[test]
fn without_a_runtime_real_time_counts_in_tenths_of_a_second() {
    let recorder = Recorder::new();
    let _guard = recorder.install();
    let slow = async {
        block_the_thread(101);
        info!("slept");
    };
    futures::executor::block_on(slow.in_lane("slow"));
    let timeline = recorder.timeline();
    assert_eq!(timeline.lanes[0].polls[0].busy, ms(100));
    assert_eq!(timeline.lanes[0].marks[0].at, ms(100));
    assert_eq!(timeline.lanes[0].end, End::Finished(ms(100)));
}

#[test]
fn a_recorder_installed_before_the_runtime_follows_the_runtimes_clock() {
    let recorder = Recorder::new();
    let _guard = recorder.install();
    for _ in 0..2 {
        let page = fetch(1, 100);
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime can be built");
        runtime.block_on(page);
    }
    let ends: Vec<End> = recorder
        .timeline()
        .lanes
        .iter()
        .map(|lane| lane.end)
        .collect();
    assert_eq!(ends, [End::Finished(ms(100)), End::Finished(ms(200))]);
}
