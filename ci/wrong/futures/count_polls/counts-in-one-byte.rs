//! Counts the polls in one byte. Caught by `count_polls::counts_every_poll`, which says "the type of the count is too small".

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0u8;
    poll_fn(|cx| {
        polls = polls.wrapping_add(1);
        let output = ready!(future.as_mut().poll(cx));
        Poll::Ready((output, polls.into()))
    })
    .await
}
