//! It says pending, and nobody is told to poll it again. Caught by `yield_now::has_rung_when_it_says_pending`, which says "so it rings itself".

pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|_| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        Poll::Pending
    })
    .await
}
