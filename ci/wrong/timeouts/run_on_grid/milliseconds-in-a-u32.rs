//! The milliseconds since the start are kept in a `u32`, which holds 49 days. Caught by `run_on_grid::a_run_may_take_days`, which says "kept in a type which is too small".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        sleep_until(start + period * n).await;
        job(n).await;
        // Rounded up, so that an instant which is now is not skipped. A run that took no time ends at its own instant.
        let elapsed = start.elapsed().as_millis() as u32;
        n = (n + 1).max(elapsed.div_ceil(period.as_millis() as u32));
    }
}
