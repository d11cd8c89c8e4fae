//! A run that ends exactly on the grid skips that instant. Caught by `run_on_grid::a_run_that_ends_on_the_grid_skips_nothing`, which says "taken for one that has passed".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        sleep_until(start + period * n).await;
        job(n).await;
        n = (start.elapsed().as_nanos() / period.as_nanos()) as u32 + 1;
    }
}
