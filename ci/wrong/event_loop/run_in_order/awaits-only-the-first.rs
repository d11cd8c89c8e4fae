//! Awaits only the first step, as if that ran the others as well. Caught by `run_in_order::every_step_runs_to_completion`, which says "before all steps were awaited".

pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    if let Some(step) = steps.into_iter().next() {
        step.await;
    }
    count
}
