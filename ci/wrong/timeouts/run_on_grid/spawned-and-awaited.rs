//! Each run is a task that is awaited, and which runs on when the future is dropped. Caught by `run_on_grid::stops_when_dropped`, which says "a run was spawned".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        sleep_until(start + period * n).await;
        let _ = tokio::spawn(job(n)).await;
        let not_passed = start.elapsed().as_nanos().div_ceil(period.as_nanos());
        n = (n + 1).max(not_passed as u32);
    }
}
