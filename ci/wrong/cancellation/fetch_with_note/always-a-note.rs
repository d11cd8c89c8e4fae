//! The note goes after the patience, needed or not. Caught by `fetch_with_note::a_quick_fetch_needs_no_note`, which says "in any case".

pub async fn fetch_with_note<F: Future>(
    fetch: F,
    patience: Duration,
    note: impl Future<Output = ()>,
) -> F::Output {
    let note = async {
        sleep(patience).await;
        note.await;
    };
    let (book, ()) = tokio::join!(fetch, note);
    book
}
