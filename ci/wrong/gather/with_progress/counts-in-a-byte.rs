//! The downloads are counted in a `u8`, which begins again after 255. Caught by `with_progress::starts_all_downloads_at_once`, which says "the type of the count is too small".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::with_capacity(paths.len());
    let mut done = 0_u8;
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.push((index, outcome));
        done = done.wrapping_add(1);
        report(usize::from(done), paths[index]);
    }
    in_input_order(outcomes)
}
