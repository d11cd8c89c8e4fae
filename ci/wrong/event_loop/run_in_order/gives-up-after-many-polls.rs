//! Gives up a step that is polled more than a hundred times. Caught by `run_in_order::every_step_runs_to_completion`, which says "given up before it had finished".

pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    for step in steps {
        let mut step = Box::pin(step);
        let mut polls = 0;
        std::future::poll_fn(|cx| {
            polls += 1;
            if polls > 100 {
                return Poll::Ready(());
            }
            step.as_mut().poll(cx)
        })
        .await;
    }
    count
}
