//! The first run is a period after the start. Caught by `run_on_grid::runs_on_the_grid`, which says "waits for a period before the first run".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0_u32;
    loop {
        sleep_until(start + period * (n + 1)).await;
        job(n).await;
        let not_passed = start.elapsed().as_nanos().div_ceil(period.as_nanos());
        n = (n + 1).max((not_passed as u32).saturating_sub(1));
    }
}
