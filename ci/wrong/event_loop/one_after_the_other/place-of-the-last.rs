//! The place of the last step is returned, and not how many there are. Caught by `one_after_the_other::tells_how_many_there_were`, which says "something else was counted".

pub async fn one_after_the_other<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let mut last = 0;
    for (place, step) in steps.into_iter().enumerate() {
        step.await;
        last = place;
    }
    last
}
