//! Returns the index of the last step, not the number of steps. Caught by `run_in_order::returns_the_number_of_steps`, which says "index of the last step".

pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let mut last = 0;
    for (index, step) in steps.into_iter().enumerate() {
        step.await;
        last = index;
    }
    last
}
