//! Many lanes, and many runs.

mod support;

use std::collections::BTreeSet;
use std::thread;

use futures::future::join;
use support::{fetch, hold_the_thread, ms, record, scenes};
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

/// Blocks, times out, drops, nests and marks.
fn eventful() -> Timeline {
    record(async || {
        info!("begins");
        let blocking = async {
            sleep(ms(20)).await;
            info!("blocks");
            hold_the_thread(101);
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
            join(blocking.in_lane("blocking"), late).await,
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
                    runs.map(|run| [run.to_svg("a", "b"), run.to_text(80), run.story()])
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
