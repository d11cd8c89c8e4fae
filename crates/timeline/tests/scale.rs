//! Many lanes, and many runs.

mod support;

use std::collections::BTreeSet;
use std::thread;

use futures::future::join;
use support::{fetch, ms, record, scenes};
use timeline::{InLane, Timeline};
use tokio::time::{sleep, timeout};
use tracing::info;

#[test]
fn every_one_of_ten_thousand_lanes_is_recorded() {
    let timeline = scenes::many(10_000);
    assert_eq!(timeline.lanes.len(), 10_000);
    let polled = timeline.lanes.iter().filter(|lane| !lane.polls.is_empty());
    assert_eq!(polled.count(), 10_000);
}

/// Yields, times out, drops, nests and marks.
///
/// How long a poll blocks the thread is measured in real time. None of these polls does, so if one was recorded, the
/// machine was busy elsewhere, and the run does not count.
fn eventful() -> Timeline {
    let mut runs = std::iter::repeat_with(recorded);
    let undisturbed = |run: &Timeline| {
        let mut polls = run.lanes.iter().flat_map(|lane| &lane.polls);
        polls.all(|poll| poll.busy.is_zero())
    };
    runs.find(undisturbed).expect("there is always another run")
}

fn recorded() -> Timeline {
    record(async || {
        info!("begins");
        let yielding = async {
            sleep(ms(20)).await;
            info!("yields");
            tokio::task::yield_now().await;
        };
        let racing = async {
            tokio::select! {
                biased;
                () = sleep(ms(90)).in_lane("slow") => {}
                page = fetch(3, 45) => info!(page, "won"),
            }
        };
        let late = timeout(ms(60), fetch(2, 400)).in_lane("limited");
        let (background, _) = (
            tokio::spawn(fetch(1, 35)),
            join(yielding.in_lane("yielding"), late).await,
        );
        racing.in_lane("race").await;
        background.await.expect("it does not panic");
    })
}

#[test]
fn a_hundred_runs_are_drawn_alike() {
    const THREADS: usize = 10;
    let drawings: BTreeSet<[String; 3]> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let runs = (0..100 / THREADS).map(|_| eventful());
                    runs.map(|run| [run.to_svg("a", "b"), run.to_text(80), run.description()])
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("it does not panic"))
            .collect()
    });
    assert_eq!(drawings.len(), 1, "{drawings:#?}");
}
