//! What can end the wait of a lane.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::future::{join, select};
use timeline::{InLane, Recorder, Waiting};
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

/// Records what `program` does; it gets the recorder.
async fn recorded(program: impl AsyncFnOnce(&Recorder)) {
    tokio::time::pause();
    let recorder = Recorder::new();
    let _guard = recorder.install();
    program(&recorder).await;
}

/// Stores the waker of its first poll only.
async fn stores_the_first() {
    let mut first = None;
    poll_fn(|cx| {
        first.get_or_insert_with(|| cx.waker().clone());
        Poll::<()>::Pending
    })
    .await;
}

#[tokio::test]
async fn a_lane_whose_waker_is_stored_differs_from_one_whose_waker_is_not() {
    recorded(async |recorder| {
        let both = pin!(join(
            sleep(SECOND).in_lane("stores"),
            pending::<()>().in_lane("ignores"),
        ));
        assert_eq!(recorder.waiting(0), Some(Waiting::NeverPolled));
        assert!(futures::poll!(both).is_pending());
        assert_eq!(recorder.waiting(0), Some(Waiting::Stored));
        assert_eq!(recorder.waiting(1), Some(Waiting::NotStored));
    })
    .await;
}

#[tokio::test]
async fn a_lane_that_has_ended_is_not_waiting() {
    recorded(async |recorder| {
        let ready = pin!(async {}.in_lane("ready"));
        assert!(futures::poll!(ready).is_ready());
        assert_eq!(recorder.waiting(0), None);
        drop(sleep(SECOND).in_lane("dropped"));
        assert_eq!(recorder.waiting(1), None);
    })
    .await;
}

#[tokio::test]
async fn a_lane_that_was_woken_is_not_waiting_for_a_wake_up() {
    recorded(async |recorder| {
        let mut kept = pin!(sleep(SECOND).in_lane("kept"));
        let _ = select(kept.as_mut(), pin!(sleep(SECOND / 2))).await;
        assert_eq!(recorder.waiting(0), Some(Waiting::Stored));
        sleep(SECOND).await;
        assert_eq!(recorder.waiting(0), Some(Waiting::Woken));
    })
    .await;
}

#[tokio::test]
async fn the_waker_of_an_earlier_poll_is_told_from_that_of_the_latest() {
    recorded(async |recorder| {
        let mut lane = pin!(stores_the_first().in_lane("stale"));
        assert!(
            lane.as_mut()
                .poll(&mut Context::from_waker(&waker()))
                .is_pending()
        );
        assert_eq!(recorder.waiting(0), Some(Waiting::Stored));
        assert!(
            lane.as_mut()
                .poll(&mut Context::from_waker(&waker()))
                .is_pending()
        );
        assert_eq!(recorder.waiting(0), Some(Waiting::StoredEarlier));
    })
    .await;
}

#[tokio::test]
async fn a_lane_that_is_ready_and_not_dropped_stores_no_waker() {
    recorded(async |recorder| {
        let outer = async {
            let mut inner = pin!(async {}.in_lane("inner"));
            let mut ready = false;
            poll_fn(|cx| {
                ready = ready || inner.as_mut().poll(cx).is_ready();
                Poll::<()>::Pending
            })
            .await;
        };
        let outer = pin!(outer.in_lane("outer"));
        assert!(futures::poll!(outer).is_pending());
        assert_eq!(recorder.waiting(1), None);
        assert_eq!(recorder.waiting(0), Some(Waiting::NotStored));
    })
    .await;
}

/// A waker that is not the same as any other.
fn waker() -> Waker {
    struct Other;
    impl std::task::Wake for Other {
        fn wake(self: std::sync::Arc<Self>) {}
    }
    Waker::from(std::sync::Arc::new(Other))
}
