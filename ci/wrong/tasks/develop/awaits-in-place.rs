//! Catches the panic in the caller's own task. Caught by `develop::runs_on_a_task_of_its_own`, which says "as many tasks of their own".

use futures::FutureExt;
use std::panic::AssertUnwindSafe;

pub async fn develop<T: Send + 'static>(
    job: impl Future<Output = T> + Send + 'static,
) -> Result<T, Spoiled> {
    let outcome = AssertUnwindSafe(job).catch_unwind().await;
    outcome.map_err(|panic| Spoiled {
        message: message(&*panic),
    })
}
