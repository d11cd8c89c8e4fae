//! Gather: one task that waits for many downloads at once.
//!
//! Nothing here is spawned. Every download lives inside the future of the function that started it,
//! so whoever drops that future stops all of them, and no download outlives its answer.

use futures::future::join_all;
use futures::stream::{FuturesUnordered, StreamExt};
use grading::web::{Client, Page, WebError};

/// Downloads all `paths` at the same time: one outcome for each path, in the order of `paths`.
///
/// # Cancel safety
///
/// Dropping the future stops every download that is still running; the pages that have arrived are
/// lost.
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

/// Downloads `/users/{user}`, then, with the customer number that is its body, `/orders/{customer}`
/// and `/profiles/{customer}` at the same time.
///
/// # Errors
///
/// The first error in time, at that instant; a download that is still running is stopped.
///
/// # Cancel safety
///
/// Dropping the future stops what is running; nothing is started afterwards.
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

/// Downloads all `paths` at the same time: the pages, in the order of `paths`.
///
/// # Errors
///
/// The first error in time, at that instant, however long `paths` is; the other downloads are
/// stopped.
///
/// # Cancel safety
///
/// Dropping the future stops every download that is still running; the pages that have arrived are
/// lost.
pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    // Not `try_join_all`: given more than 30 futures it looks at their results in input order, and
    // an error waits until everything in front of it is done.
    let mut downloads = in_completion_order(client, paths);
    let mut pages = Vec::with_capacity(paths.len());
    while let Some((place, outcome)) = downloads.next().await {
        pages.push((place, outcome?));
    }
    Ok(back_in_input_order(pages))
}

/// How a set of downloads ended: every path is in exactly one of the two lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    /// The pages that arrived, in input order
    pub pages: Vec<Page>,
    /// The paths that failed, each with its error, in input order
    pub failures: Vec<(String, WebError)>,
}

/// Downloads all `paths` at the same time and waits for every one of them, failed or not.
///
/// # Cancel safety
///
/// Dropping the future stops every download that is still running; what has ended is lost.
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

/// Asks all `mirrors` at the same time: the page that arrives first, at that instant; the slower
/// mirrors are stopped.
///
/// # Errors
///
/// All errors, in the order of `mirrors`, once every mirror has failed. Without any mirrors that is
/// an empty list, at once.
///
/// # Cancel safety
///
/// Dropping the future stops every mirror that is still asked; the errors seen so far are lost.
pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    // Not `select_ok`: it keeps only the last error, and panics when there is no mirror at all.
    let mut attempts = in_completion_order(client, mirrors);
    let mut errors = Vec::with_capacity(mirrors.len());
    while let Some((place, outcome)) = attempts.next().await {
        match outcome {
            Ok(page) => return Ok(page),
            Err(error) => errors.push((place, error)),
        }
    }
    Err(back_in_input_order(errors))
}

/// Downloads all `paths` at the same time and calls `report` with the number of downloads that have
/// ended, and the path, at the instant each one ends; the outcomes come in the order of `paths`.
///
/// # Cancel safety
///
/// Dropping the future stops every download that is still running and calls `report` no more.
pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    let mut downloads = in_completion_order(client, paths);
    let mut outcomes = Vec::with_capacity(paths.len());
    while let Some((place, outcome)) = downloads.next().await {
        outcomes.push((place, outcome));
        report(outcomes.len(), paths[place]);
    }
    back_in_input_order(outcomes)
}

/// The downloads of `paths` as a stream: whichever ends first comes first, so each one carries its
/// place in the input.
fn in_completion_order(
    client: &Client,
    paths: &[&str],
) -> FuturesUnordered<impl Future<Output = (usize, Result<Page, WebError>)>> {
    let numbered = paths.iter().enumerate();
    numbered
        .map(|(place, path)| async move { (place, client.get(path).await) })
        .collect()
}

fn back_in_input_order<T>(mut numbered: Vec<(usize, T)>) -> Vec<T> {
    numbered.sort_unstable_by_key(|(place, _)| *place);
    numbered.into_iter().map(|(_, value)| value).collect()
}
