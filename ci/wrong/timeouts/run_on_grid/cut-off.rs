//! A run is dropped at the next instant of the grid. Caught by `run_on_grid::skips_what_a_slow_run_misses`, which says "a run is dropped before its end".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        sleep_until(start + period * n).await;
        let _ = tokio::time::timeout(period, job(n)).await;
        n += 1;
    }
}
