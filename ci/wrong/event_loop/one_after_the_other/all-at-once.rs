//! All steps are awaited together, so none waits for the one before it. Caught by `one_after_the_other::a_step_begins_when_the_one_before_has_ended`, which says "awaited together".

use futures::future::join_all;

pub async fn one_after_the_other<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    join_all(steps).await.len()
}
