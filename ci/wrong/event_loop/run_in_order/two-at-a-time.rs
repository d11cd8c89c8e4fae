//! Runs two steps at a time: the second one starts while the first is pending. Caught by `run_in_order::a_step_starts_when_the_previous_one_has_finished`, which says "awaited together".

use futures::StreamExt;
use futures::stream;

pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    stream::iter(steps).buffered(2).count().await
}
