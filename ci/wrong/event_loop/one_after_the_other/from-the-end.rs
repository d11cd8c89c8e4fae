//! `pop` takes the last step first. Caught by `one_after_the_other::a_step_begins_when_the_one_before_has_ended`, which says "another order".

pub async fn one_after_the_other<S: Future<Output = ()>>(mut steps: Vec<S>) -> usize {
    let mut count = 0;
    while let Some(step) = steps.pop() {
        step.await;
        count += 1;
    }
    count
}
