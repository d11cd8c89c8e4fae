//! What is left is reported, where the contract asks for what is done. Caught by `with_progress::a_path_given_twice_is_reported_twice`, which says "or count something else".

pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::new();
    while let Some((place, outcome)) = downloads.next().await {
        report(paths.len() - outcomes.len(), paths[place]);
        outcomes.push((place, outcome));
    }
    back_in_input_order(outcomes)
}
