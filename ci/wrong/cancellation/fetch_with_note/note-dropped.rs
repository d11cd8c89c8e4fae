//! As soon as the fetch is ready the note is dropped. Caught by `fetch_with_note::waits_for_both_when_the_fetch_has_the_lift`, which says "the note is dropped when the fetch is ready".

pub async fn fetch_with_note<F: Future>(
    fetch: F,
    patience: Duration,
    note: impl Future<Output = ()>,
) -> F::Output {
    let mut fetch = pin!(fetch);
    tokio::select! {
        biased;
        book = &mut fetch => return book,
        () = sleep(patience) => {}
    }
    let mut note = pin!(note);
    tokio::select! {
        biased;
        book = &mut fetch => book,
        () = &mut note => fetch.await,
    }
}
