//! The number counts the runs, and not the instants of the grid. Caught by `run_on_grid::skips_what_a_slow_run_misses`, which says "counts the runs".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let (mut instant, mut n) = (0, 0);
    loop {
        sleep_until(start + period * instant).await;
        job(n).await;
        n += 1;
        let not_passed = start.elapsed().as_nanos().div_ceil(period.as_nanos());
        instant = (instant + 1).max(not_passed as u32);
    }
}
