//! The note is awaited in the handler, while the fetch lies there. Caught by `fetch_with_note::does_not_hang_when_the_lift_is_handed_on`, which says "a futurelock".

pub async fn fetch_with_note<F: Future>(
    fetch: F,
    patience: Duration,
    note: impl Future<Output = ()>,
) -> F::Output {
    let mut fetch = pin!(fetch);
    tokio::select! {
        biased;
        book = &mut fetch => book,
        () = sleep(patience) => {
            note.await;
            fetch.await
        }
    }
}
