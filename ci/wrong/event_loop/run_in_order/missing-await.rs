//! Takes the steps out of the list and drops them without `.await`. Caught by `run_in_order::every_step_runs_to_completion`, which says "was not awaited".

pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    for step in steps {
        let _ = step;
    }
    count
}
