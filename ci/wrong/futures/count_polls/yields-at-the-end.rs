//! Yields once more when the future is ready. Caught by `count_polls::counts_every_poll`, which says "also waits for something else".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    let output = poll_fn(|cx| {
        polls += 1;
        future.as_mut().poll(cx)
    })
    .await;
    yield_now().await;
    (output, polls)
}
