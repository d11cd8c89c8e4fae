//! Gives up a step that takes longer than a minute. Caught by `run_in_order::a_step_starts_when_the_previous_one_has_finished`, which says "given up before it had finished".

pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    for step in steps {
        let _ = tokio::time::timeout(Duration::from_secs(60), step).await;
    }
    count
}
