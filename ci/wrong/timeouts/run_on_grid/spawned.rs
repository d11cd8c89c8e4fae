//! Each tick spawns a run, so a slow one overlaps the next. Caught by `run_on_grid::skips_what_a_slow_run_misses`, which says "each run is a task of its own".

use tokio::time::interval;

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut ticks = interval(period);
    let mut n = 0;
    loop {
        ticks.tick().await;
        tokio::spawn(job(n));
        n += 1;
    }
}
