//! No futurelock, for the note waits until the fetch is done. Caught by `fetch_with_note::both_go_on_beside_each_other`, which says "one of them waits for the other".

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
    let book = fetch.await;
    note.await;
    book
}
