//! The futures share a `RefCell`, and each one holds a borrow of it while it downloads. Caught by `with_progress::counts_the_downloads_that_have_ended`, which says "a borrow of a `RefCell` was still held".

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
