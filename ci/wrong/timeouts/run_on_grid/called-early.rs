//! The job is called when the run before it ends, and its future waits for the instant. Caught by `run_on_grid::runs_on_the_grid`, which says "is called before its instant".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        let run = job(n);
        sleep_until(start + period * n).await;
        run.await;
        let not_passed = start.elapsed().as_nanos().div_ceil(period.as_nanos());
        n = (n + 1).max(not_passed as u32);
    }
}
