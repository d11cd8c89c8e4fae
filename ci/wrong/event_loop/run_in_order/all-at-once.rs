//! Awaits all steps together, so that none waits for the previous one. Caught by `run_in_order::a_step_starts_when_the_previous_one_has_finished`, which says "awaited together".

use futures::future::join_all;

pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    join_all(steps).await.len()
}
