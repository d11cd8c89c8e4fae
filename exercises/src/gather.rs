//! Gather: one task that waits for many downloads at once.
//!
//! `client.get(path).await` downloads one page. A [`Page`] has a `path` and a `body`.
//! For every function here: a path given twice is downloaded twice, and if its future is dropped, all its
//! downloads stop.

use grading::web::{Client, Page, WebError};

/// Downloads all `paths` at the same time.
///
/// Returns one outcome for each path, in the order of `paths`, whichever download ends first. A
/// failure is an outcome like any other: it takes its place and stops nothing.
/// If the future is dropped, all its downloads stop.
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
/// `/users/{user}` comes first: its body is the customer number, and nothing else. With that,
/// `/orders/{customer}` and `/profiles/{customer}` are downloaded at the same time.
/// The first error in time is the result, at that instant, and stops what is still running.
pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    todo!()
}

/// Downloads all `paths` at the same time, and needs every one of them.
///
/// Returns the pages in the order of `paths`. The first error in time, wherever its path is in the
/// list, is the result at that instant, and stops the other downloads. This holds for any number
/// of paths.
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

/// Downloads all `paths` at the same time, waits until every download has ended, and loses nothing.
///
/// Both lists of the result are in the order of `paths`. A path given twice is downloaded twice and
/// counts twice.
pub async fn settle(client: &Client, paths: &[&str]) -> Settled {
    todo!()
}

/// Asks all `mirrors` for the same page at the same time.
///
/// Returns the first page that arrives, at that instant, and stops the slower mirrors. A mirror
/// that fails does not win, however quick it is.
/// If all fail: all their errors, in the order of `mirrors`. No mirrors: an empty list of errors.
pub async fn fastest_mirror(client: &Client, mirrors: &[&str]) -> Result<Page, Vec<WebError>> {
    todo!()
}

/// Downloads all `paths` at the same time and tells how far it is.
///
/// Calls `report(done, path)` at the instant each download ends, failed or not: `done` counts the
/// downloads that have ended, this one included; `path` is the one that has ended now.
/// Returns one outcome for each path, in the order of `paths`.
pub async fn with_progress(
    client: &Client,
    paths: &[&str],
    mut report: impl FnMut(usize, &str),
) -> Vec<Result<Page, WebError>> {
    todo!()
}
