//! The periods are counted in floating point, which is not exact. Caught by `run_on_grid::a_run_that_ends_on_the_grid_skips_nothing`, which says "counted in floating point".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        sleep_until(start + period * n).await;
        job(n).await;
        let passed = start.elapsed().as_secs_f32() / period.as_secs_f32();
        n = (n + 1).max(passed.ceil() as u32);
    }
}
