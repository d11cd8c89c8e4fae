//! It sleeps for a period after each run. Caught by `run_on_grid::runs_on_the_grid`, which says "sleeps for a period after each run".

use tokio::time::sleep;

pub async fn run_on_grid<F>(period: Duration, mut job: impl FnMut(u32) -> F) -> !
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut n = 0;
    loop {
        job(n).await;
        sleep(period).await;
        n += 1;
    }
}
