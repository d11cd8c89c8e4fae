//! The steps are taken out of the list and dropped, without an `.await`. Caught by `one_after_the_other::every_step_is_run_to_its_end`, which says "not awaited".

pub async fn one_after_the_other<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    for step in steps {
        let _ = step;
    }
    count
}
