//! One instant is skipped after a slow run, and not all that it has missed. Caught by `run_on_grid::skips_what_a_slow_run_misses`, which says "one instant is skipped at most".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        sleep_until(start + period * n).await;
        job(n).await;
        n += 1;
        if Instant::now() > start + period * n {
            n += 1;
        }
    }
}
