//! Polls the next step too, when a step is pending at its second poll. Caught by `run_in_order::a_further_poll_starts_no_other_step`, which says "starts when the previous one has finished".

pub async fn run_in_order<S: Future<Output = ()>>(steps: Vec<S>) -> usize {
    let count = steps.len();
    let mut waiting: VecDeque<(u32, Pin<Box<S>>)> =
        steps.into_iter().map(|step| (0, Box::pin(step))).collect();
    std::future::poll_fn(move |cx| {
        loop {
            let Some((polls, first)) = waiting.front_mut() else {
                return Poll::Ready(count);
            };
            *polls += 1;
            let polls = *polls;
            if first.as_mut().poll(cx).is_ready() {
                waiting.pop_front();
                continue;
            }
            if polls > 1
                && let Some((_, next)) = waiting.get_mut(1)
                && next.as_mut().poll(cx).is_ready()
            {
                waiting.remove(1);
            }
            return Poll::Pending;
        }
    })
    .await
}
