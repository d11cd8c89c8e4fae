//! Gather: several downloads at the same time, within one task.
//!
//! `client.get(path).await` downloads one page. A [`Page`] has a `path` and a `body`.
//!
//! Three rules hold for every function here: a path that is given twice is downloaded twice, dropping the
//! function's future cancels all its downloads, and of two downloads that end at the same instant either may count as
//! the first.

use grading::web::{Client, Page, WebError};

/// Downloads all `paths` concurrently.
///
/// Returns one outcome for each path, in the order of `paths`, whichever download ends first. A
/// failure is an outcome like any other: it keeps its place and cancels nothing. Without any paths, the list is empty.
///
/// # Cancel safety
///
/// Dropping the future cancels all its downloads.
pub async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
    todo!()
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

/// Downloads the three pages of a [`UserPage`].
///
/// `/users/{user}` comes first. Its body is the customer number and nothing else; use it as it is, because it may
/// start with zeros. Then `/orders/{customer}` and `/profiles/{customer}` are downloaded concurrently.
///
/// # Errors
///
/// The first error in time, at the instant it occurs. It cancels a download that is still running, and no further
/// download is started.
///
/// # Cancel safety
///
/// Dropping the future cancels all its downloads.
pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    todo!()
}

/// Downloads all `paths` concurrently, and needs every one of them.
///
/// Returns the pages in the order of `paths`. Without any paths, the list is empty.
///
/// # Errors
///
/// The first error in time, at the instant it occurs, wherever its path is in the list. It cancels the other
/// downloads. This holds for any number of paths.
///
/// # Cancel safety
///
/// Dropping the future cancels all its downloads.
pub async fn fetch_or_fail(client: &Client, paths: &[&str]) -> Result<Vec<Page>, WebError> {
    todo!()
}

/// How a set of downloads ended: every path is in exactly one of the two lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    /// The pages that arrived, in the order of `paths`
    pub pages: Vec<Page>,
    /// The paths that failed, each with its error, in the order of `paths`
    pub failures: Vec<(String, WebError)>,
}

/// Downloads all `paths` concurrently, and waits until every download has ended.
///
/// Both lists of the result are in the order of `paths`. A path that is given twice is downloaded twice, and each of its
/// two outcomes is in one of the lists.
///
/// # Cancel safety
///
/// Dropping the future cancels all its downloads.
pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    todo!()
}

/// Requests the same page from all `mirrors` concurrently. Each mirror is a path for `client.get`.
///
/// Returns the first page that arrives, at the instant it arrives, and cancels the other requests. A
/// mirror that fails does not win, however quick it is.
///
/// # Errors
///
/// If all mirrors fail, all their errors, in the order of `mirrors`, when the last one has failed. Without any mirrors,
/// an empty list, at once.
///
/// # Cancel safety
///
/// Dropping the future cancels all its requests.
pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    todo!()
}

/// Downloads all `paths` concurrently, and reports its progress.
///
/// Calls `report(done, path)` at the instant each download ends, whether it failed or not. `done` is the
/// number of downloads that have ended, including this one; `path` is the one that has just ended.
/// Nothing else is reported, so without any paths `report` is not called.
///
/// Returns one outcome for each path, in the order of `paths`.
///
/// # Cancel safety
///
/// Dropping the future cancels all its downloads, and `report` is not called again.
pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    todo!()
}
