//! An interval with `Delay` returns a late tick at once and moves the grid. Caught by `run_on_grid::skips_what_a_slow_run_misses`, which says "starts at once, between two instants of the grid".

use tokio::time::{MissedTickBehavior, interval};

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let n = start.elapsed().as_nanos() / period.as_nanos();
        job(n as u32).await;
    }
}
