//! Gather: several downloads at the same time, within one task.
//!
//! Nothing here is spawned. Every download lives inside the future of the function that started it, so dropping that
//! future cancels all of them, and no download outlives its caller.

use futures::future::join_all;
use futures::stream::{FuturesUnordered, StreamExt};
use grading::web::{Client, Page, WebError};

/// Downloads all `paths` concurrently, and returns one outcome for each path, in the order of `paths`.
///
/// # Cancel safety
///
/// Dropping the future cancels every download that is still running. Pages that have arrived are lost.
pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    join_all(paths.iter().map(|path| client.get(path))).await
}

/// What the portal shows to a user who has logged in.
#[derive(Debug, Clone, PartialEq)]
pub struct UserPage {
    /// `/users/{user}`, whose body is the customer number
    pub user: Page,
    /// `/orders/{customer}`
    pub orders: Page,
    /// `/profiles/{customer}`
    pub profile: Page,
}

/// Downloads `/users/{user}`, whose body is the customer number, and then `/orders/{customer}` and
/// `/profiles/{customer}` concurrently.
///
/// # Errors
///
/// The first error in time, at the instant it occurs. It cancels a download that is still running.
///
/// # Cancel safety
///
/// Dropping the future cancels the downloads that are running, and starts no others.
pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let user = client.get(&format!("/users/{user}")).await?;
    let customer = &user.body;
    let orders = format!("/orders/{customer}");
    let profile = format!("/profiles/{customer}");
    let (orders, profile) = tokio::try_join!(client.get(&orders), client.get(&profile))?;
    Ok(UserPage {
        user,
        orders,
        profile,
    })
}

/// Downloads all `paths` concurrently, and returns the pages in the order of `paths`.
///
/// # Errors
///
/// The first error in time, at the instant it occurs, however long `paths` is. It cancels the other
/// downloads.
///
/// # Cancel safety
///
/// Dropping the future cancels every download that is still running. Pages that have arrived are lost.
pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    // Not `try_join_all`: with more than 30 futures it looks at their results in input order, so an
    // error would stay unseen until every download before it has ended.
    let mut downloads = in_completion_order(client, paths);
    let mut pages = Vec::with_capacity(paths.len());
    while let Some((index, outcome)) = downloads.next().await {
        pages.push((index, outcome?));
    }
    Ok(in_input_order(pages))
}

/// How a set of downloads ended: every path is in exactly one of the two lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    /// The pages that arrived, in input order
    pub pages: Vec<Page>,
    /// The paths that failed, each with its error, in input order
    pub failures: Vec<(String, WebError)>,
}

/// Downloads all `paths` concurrently, and waits for every one of them, whether it fails or not.
///
/// # Cancel safety
///
/// Dropping the future cancels every download that is still running. Outcomes seen so far are lost.
pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    let outcomes = fetch_all(client, paths).await;
    let mut settled = Settled::default();
    for (&path, outcome) in paths.iter().zip(outcomes) {
        match outcome {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((path.to_owned(), error)),
        }
    }
    settled
}

/// Requests the same page from all `mirrors` concurrently. Returns the page that arrives first, at that
/// instant, and cancels the other requests.
///
/// # Errors
///
/// All errors, in the order of `mirrors`, once every mirror has failed. Without any mirrors, an empty
/// list, at once.
///
/// # Cancel safety
///
/// Dropping the future cancels every request that is still running. Errors seen so far are lost.
pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    // Not `select_ok`: it keeps only the last error, and panics if there is no mirror at all.
    let mut requests = in_completion_order(client, mirrors);
    let mut errors = Vec::with_capacity(mirrors.len());
    while let Some((index, outcome)) = requests.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((index, error)),
        }
    }
    Err(in_input_order(errors))
}

/// Downloads all `paths` concurrently. At the instant each download ends, calls `report` with the number
/// of downloads that have ended and the path. Returns the outcomes in the order of `paths`.
///
/// # Cancel safety
///
/// Dropping the future cancels every download that is still running, and `report` is not called again.
pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::with_capacity(paths.len());
    while let Some((index, outcome)) = downloads.next().await {
        outcomes.push((index, outcome));
        report(outcomes.len(), paths[index]);
    }
    in_input_order(outcomes)
}

/// The downloads of `paths` as a stream in completion order. Each outcome carries its index in `paths`.
fn in_completion_order(
    client: &Client,
    paths: &[&str],
) -> FuturesUnordered<impl Future<Output = (usize, Result<Page, WebError>)>> {
    let indexed = paths.iter().enumerate();
    indexed
        .map(|(index, path)| async move { (index, client.get(path).await) })
        .collect()
}

fn in_input_order<T>(mut indexed: Vec<(usize, T)>) -> Vec<T> {
    indexed.sort_unstable_by_key(|(index, _)| *index);
    indexed.into_iter().map(|(_, value)| value).collect()
}
