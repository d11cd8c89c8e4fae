//! Takes a path for cancelled if it is in neither of the other lists, where it may be because it was given twice. Caught by `settle_with_budget::every_path_is_in_one_list_in_input_order`, which says "is looked up in the lists".

pub async fn settle_with_budget(client: &Client, paths: &[&str], budget: usize) -> Settled {
    let mut settled = Settled::default();
    let (mut pages, mut failures) = (Vec::new(), Vec::new());
    let mut downloads: FuturesUnordered<_> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect();
    while failures.len() < budget
        && let Some((index, outcome)) = downloads.next().await
    {
        match outcome {
            Ok(page) => pages.push((index, page)),
            Err(error) => failures.push((index, (paths[index].to_owned(), error))),
        }
    }
    pages.sort_by_key(|(index, _)| *index);
    failures.sort_by_key(|(index, _)| *index);
    settled.pages = pages.into_iter().map(|(_, page)| page).collect();
    settled.failures = failures.into_iter().map(|(_, failure)| failure).collect();
    for path in paths {
        let ended = settled.pages.iter().any(|page| page.path == *path)
            || settled.failures.iter().any(|(failed, _)| failed == path);
        if !ended {
            settled.cancelled.push((*path).to_owned());
        }
    }
    settled
}
