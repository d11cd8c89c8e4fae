//! Only the first step is awaited, as if it brought the others along. Caught by `one_after_the_other::every_step_is_run_to_its_end`, which says "before all steps were awaited".

pub async fn one_after_the_other<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    if let Some(step) = steps.into_iter().next() {
        step.await;
    }
    count
}
