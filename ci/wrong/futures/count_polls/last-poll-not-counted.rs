//! Counts only the polls that return `Pending`. Caught by `count_polls::counts_every_poll`, which says "is not counted".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|cx| {
        let output = ready!({
            let polled = future.as_mut().poll(cx);
            if polled.is_pending() {
                polls += 1;
            }
            polled
        });
        Poll::Ready((output, polls))
    })
    .await
}
