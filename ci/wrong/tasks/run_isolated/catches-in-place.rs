//! Catches the panic in the caller's own task. Caught by `run_isolated::the_job_runs_on_its_own_task`, which says "the caller's task".

use futures::FutureExt;
use std::panic::AssertUnwindSafe;

pub async fn run_isolated<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, JobPanicked> {
    let outcome = AssertUnwindSafe(job).catch_unwind().await;
    outcome.map_err(|panic| JobPanicked {
        message: message(&*panic),
    })
}
