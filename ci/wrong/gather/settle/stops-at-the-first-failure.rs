//! The first error ends everything, as in `asyncio.gather` without `return_exceptions=True`. Caught by `settle::keeps_every_outcome`, which says "stopped at the first error".

use futures::future::try_join_all;

pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let downloads = paths.iter().map(|&path| async move {
        let outcome = client.get(path).await;
        outcome.map_err(|error| (path.to_string(), error))
    });
    match try_join_all(downloads).await {
        Ok(pages) => Settled {
            pages,
            failures: Vec::new(),
        },
        Err(failure) => Settled {
            pages: Vec::new(),
            failures: vec![failure],
        },
    }
}
