//! The errors are separated first and then zipped with `paths`, which no longer matches them. Caught by `settle::a_failure_carries_its_path`, which says "the path of another download".

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let outcomes = join_all(paths.iter().map(|path| client.get(path))).await;
    let (pages, errors): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    let errors = errors.into_iter().filter_map(Result::err);
    Settled {
        pages: pages.into_iter().flatten().collect(),
        failures: paths
            .iter()
            .map(|path| path.to_string())
            .zip(errors)
            .collect(),
    }
}
