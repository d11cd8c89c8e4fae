//! Counts in a `u16`, which is too small. Caught by `count_polls::counts_every_poll`, which says "the type of the count is too small".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0u16;
    let o = poll_fn(|cx| {
        polls = polls.saturating_add(1);
        future.as_mut().poll(cx)
    })
    .await;
    (o, polls.into())
}
