//! A run that takes no time is followed by another one at the same instant. Caught by `run_on_grid::a_run_that_takes_no_time_is_not_repeated`, which says "computed from the clock alone".

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let mut n = 0;
    loop {
        sleep_until(start + period * n).await;
        job(n).await;
        n = start.elapsed().as_nanos().div_ceil(period.as_nanos()) as u32;
    }
}
