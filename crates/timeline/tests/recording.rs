//! What is recorded in a timeline.

mod support;

use std::time::Duration;

use futures::FutureExt;
use futures::future::{join, join_all};
use support::{block_the_thread, fetch, lane, marks, ms, record};
use timeline::{End, InLane, Outcome};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tracing::info;

#[test]
fn a_lane_goes_from_the_call_to_the_result() {
    let timeline = record(async || {
        let page = fetch(1, 100);
        sleep(ms(50)).await;
        page.await;
        sleep(ms(10)).await;
    });
    let page = lane(&timeline, "fetch 1");
    assert_eq!(page.created, ms(0));
    assert_eq!(page.polls.len(), 2);
    assert_eq!(page.polls[0].at, ms(50));
    assert_eq!(page.polls[0].outcome, Outcome::Pending);
    assert!(!page.polls[0].woken);
    assert_eq!(page.wakes, [ms(150)]);
    assert_eq!(page.polls[1].at, ms(150));
    assert_eq!(page.polls[1].outcome, Outcome::Ready);
    assert!(page.polls[1].woken);
    assert_eq!(page.end, End::Finished(ms(150)));
    assert_eq!(timeline.end, ms(160));
}

#[test]
fn a_future_that_is_never_polled_is_dropped_without_a_poll() {
    let timeline = record(async || drop(fetch(1, 100)));
    let page = lane(&timeline, "fetch 1");
    assert!(page.polls.is_empty());
    assert_eq!(page.end, End::Dropped(ms(0)));
}

#[test]
fn a_branch_that_was_not_woken_is_polled_with_its_task() {
    let timeline = record(async || join(fetch(1, 10), fetch(2, 20)).await);
    let woken: Vec<bool> = lane(&timeline, "fetch 2")
        .polls
        .iter()
        .map(|poll| poll.woken)
        .collect();
    assert_eq!(woken, [false, false, true]);
}

#[test]
fn a_lane_that_is_created_in_a_poll_of_another_is_its_child() {
    let timeline = record(async || {
        async { join_all([fetch(1, 10), fetch(2, 10)]).await }
            .in_lane("both")
            .await;
        fetch(3, 10).await;
    });
    let parents: Vec<Option<usize>> = timeline.lanes.iter().map(|lane| lane.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(0), None]);
}

#[test]
fn a_timeout_drops_what_it_waited_for() {
    let timeline = record(async || timeout(ms(50), fetch(1, 100)).await);
    assert_eq!(lane(&timeline, "fetch 1").end, End::Dropped(ms(50)));
}

#[test]
fn a_task_that_has_not_ended_is_pending() {
    let timeline = record(async || {
        tokio::spawn(fetch(1, 100));
        sleep(ms(30)).await;
    });
    assert_eq!(lane(&timeline, "fetch 1").end, End::Pending);
    assert_eq!(timeline.end, ms(30));
}

#[test]
fn a_panic_ends_a_lane() {
    let timeline = record(async || {
        let doomed = async {
            sleep(ms(20)).await;
            std::panic::resume_unwind(Box::new("on purpose"));
        };
        let result = std::panic::AssertUnwindSafe(doomed.in_lane("doomed"))
            .catch_unwind()
            .await;
        assert!(result.is_err());
        sleep(ms(20)).await;
    });
    let doomed = lane(&timeline, "doomed");
    assert_eq!(doomed.end, End::Panicked(ms(20)));
    assert_eq!(doomed.polls[1].outcome, Outcome::Panicked);
}

#[test]
fn an_event_is_a_mark_on_the_innermost_lane() {
    let timeline = record(async || {
        info!("outside");
        async {
            info!(attempt = 1, host = "a", "in the outer lane");
            async { info!("in the inner lane") }.in_lane("inner").await;
            info!("back in the outer lane");
        }
        .in_lane("outer")
        .await;
    });
    assert_eq!(
        marks(lane(&timeline, "outer")),
        [
            "in the outer lane attempt=1 host=a",
            "back in the outer lane"
        ]
    );
    assert_eq!(marks(lane(&timeline, "inner")), ["in the inner lane"]);
    assert_eq!(timeline.marks.len(), 1);
    assert_eq!(timeline.marks[0].text, "outside");
}

#[test]
fn a_destructor_of_a_dropped_future_marks_its_lane() {
    struct Guard;
    impl Drop for Guard {
        fn drop(&mut self) {
            info!("released");
        }
    }
    let timeline = record(async || {
        let holder = async {
            let _guard = Guard;
            std::future::pending::<()>().await;
        };
        timeout(ms(40), holder.in_lane("holder")).await.unwrap_err();
    });
    let holder = lane(&timeline, "holder");
    assert_eq!(marks(holder), ["released"]);
    assert_eq!(holder.marks[0].at, ms(40));
    assert_eq!(holder.end, End::Dropped(ms(40)));
}

#[test]
fn a_poll_that_blocks_the_thread_advances_the_clock() {
    let timeline = record(async || {
        let blocking = async {
            info!("before");
            block_the_thread(201);
            info!("after");
            sleep(ms(10)).await;
        };
        join(blocking.in_lane("blocking"), fetch(1, 50)).await;
    });
    let blocking = lane(&timeline, "blocking");
    assert_eq!(blocking.polls[0].busy, ms(200));
    assert_eq!(blocking.polls[0].until, ms(200));
    let instants: Vec<Duration> = blocking.marks.iter().map(|mark| mark.at).collect();
    assert_eq!(instants, [ms(0), ms(200)]);
    assert_eq!(blocking.end, End::Finished(ms(210)));
    let page = lane(&timeline, "fetch 1");
    assert_eq!(page.polls[0].at, ms(200));
    assert_eq!(page.end, End::Finished(ms(250)));
}

#[test]
fn the_time_of_an_inner_lane_is_not_counted_for_the_outer_ones() {
    let timeline = record(async || {
        async {
            async { block_the_thread(101) }.in_lane("inner").await;
            block_the_thread(201);
        }
        .in_lane("outer")
        .await;
    });
    assert_eq!(lane(&timeline, "inner").polls[0].busy, ms(100));
    let outer = lane(&timeline, "outer");
    assert_eq!(outer.polls[0].busy, ms(200));
    assert_eq!(outer.end, End::Finished(ms(300)));
}

#[test]
fn a_waker_that_outlives_its_lane_is_ignored() {
    let timeline = record(async || {
        let (sender, receiver) = oneshot::channel::<()>();
        timeout(ms(10), receiver.in_lane("receiver"))
            .await
            .unwrap_err();
        drop(sender);
    });
    assert!(lane(&timeline, "receiver").wakes.is_empty());
}

#[test]
fn nothing_is_recorded_after_the_guard_is_gone() {
    let recorder = timeline::Recorder::new();
    drop(recorder.install());
    info!("too late");
    drop(async {}.in_lane("too late"));
    assert!(recorder.timeline().lanes.is_empty());
    assert!(recorder.timeline().marks.is_empty());
}
