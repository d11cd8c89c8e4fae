//! The futures share what they report with, and each one borrows it for as long as it downloads. Caught by `with_progress::counts_what_is_done`, which says "a borrow of a `RefCell` was still held".

use std::cell::RefCell;

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let shared = RefCell::new((0, report));
    let downloads = paths.iter().map(|path| async {
        let mut borrowed = shared.borrow_mut();
        let (done, report) = &mut *borrowed;
        let outcome = client.get(path).await;
        *done += 1;
        report(*done, path);
        outcome
    });
    join_all(downloads).await
}
