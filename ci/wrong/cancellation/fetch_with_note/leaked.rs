//! Both are put where nobody drops them, so that nothing can be cancelled. Caught by `fetch_with_note::drops_both_when_dropped`, which says "that are not dropped".

pub async fn fetch_with_note<F: Future>(
    fetch: F,
    patience: Duration,
    note: impl Future<Output = ()>,
) -> F::Output {
    let mut fetch = Box::leak(Box::new(Box::pin(fetch)));
    tokio::select! {
        biased;
        book = &mut fetch => return book,
        () = sleep(patience) => {}
    }
    let (book, ()) = tokio::join!(fetch, note);
    book
}
