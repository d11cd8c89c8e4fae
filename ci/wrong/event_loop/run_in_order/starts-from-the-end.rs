//! `pop` takes the last step first. Caught by `run_in_order::a_step_starts_when_the_previous_one_has_finished`, which says "the order of `steps`".

pub async fn run_in_order<S: Future<Output = ()>>(mut steps: Vec<S>) -> usize {
    let mut count = 0;
    while let Some(step) = steps.pop() {
        step.await;
        count += 1;
    }
    count
}
