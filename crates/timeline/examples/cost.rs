//! Measures the cost of recording: `cargo run --release -p timeline --example cost`.
//!
//! It spawns a thousand, ten thousand and a hundred thousand tasks that sleep, each with a lane, and prints how
//! the time grows, and the time of the same program without a recorder.

use std::time::{Duration, Instant};

use timeline::{Recorder, Timeline};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::sleep;

#[timeline::lane("task {number}")]
async fn task(number: u64) {
    for _ in 0..3 {
        sleep(Duration::from_millis(number % 97)).await;
    }
}

fn run(tasks: u64, recorder: Option<&Recorder>) -> Duration {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime can be built");
    runtime.block_on(async {
        let _guard = recorder.map(Recorder::install);
        let start = Instant::now();
        let set: JoinSet<()> = (0..tasks).map(task).collect();
        set.join_all().await;
        start.elapsed()
    })
}

fn per_lane(time: Duration, lanes: u64) -> String {
    format!("{:8.2} µs a lane", time.as_secs_f64() * 1e6 / lanes as f64)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (work(), start.elapsed())
}

fn main() {
    for lanes in [1_000, 10_000, 100_000] {
        let recorder = Recorder::new();
        let (bare, recorded) = (run(lanes, None), run(lanes, Some(&recorder)));
        let timeline: Timeline = recorder.timeline();
        let ((), drawn) = timed(|| {
            let _ = (timeline.to_svg("cost", "Cost"), timeline.to_text(80));
        });
        println!("{lanes:>7} lanes");
        println!("  without a recorder {}", per_lane(bare, lanes));
        println!("  recorded           {}", per_lane(recorded, lanes));
        println!("  drawn              {}", per_lane(drawn, lanes));
    }
}
