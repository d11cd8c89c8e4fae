//! The note begins with the fetch. Caught by `fetch_with_note::a_quick_fetch_needs_no_note`, which says "begins with the fetch".

pub async fn fetch_with_note<F: Future>(
    fetch: F,
    patience: Duration,
    note: impl Future<Output = ()>,
) -> F::Output {
    let note = async {
        note.await;
        sleep(patience).await;
    };
    let (book, ()) = tokio::join!(fetch, note);
    book
}
