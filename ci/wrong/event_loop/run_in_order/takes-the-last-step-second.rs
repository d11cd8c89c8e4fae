//! `swap_remove` puts the last step in place of the first one. Caught by `run_in_order::a_step_starts_when_the_previous_one_has_finished`, which says "the order of `steps`".

pub async fn run_in_order<S: Future<Output = ()>>(mut steps: Vec<S>) -> usize {
    let count = steps.len();
    while !steps.is_empty() {
        steps.swap_remove(0).await;
    }
    count
}
