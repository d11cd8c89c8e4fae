//! The small web the exercises live in: deterministic, in virtual time, and it counts everything.
//!
//! A grader builds a [`Site`], hands its [`Client`] to the answer, and asks the site afterwards what
//! the answer did. To the answer the client looks like that of any HTTP library.
//!
//! ```
//! use grading::web::{Site, WebError};
//! use grading::{Clock, Failure, check, grade, ms};
//!
//! grade(async || {
//!     let site = Site::new()
//!         .page("/a", ms(100))
//!         .page_with_body("/user/7", ms(50), "customer 42")
//!         .broken("/b", ms(20))
//!         .silent("/c");
//!     let client = site.client();
//!
//!     let clock = Clock::start();
//!     let (a, user) = tokio::join!(client.get("/a"), client.get("/user/7"));
//!     check(clock.elapsed() == ms(100), || Failure::new("Both should take 100 ms together."));
//!     check(user.is_ok_and(|page| page.body == "customer 42"), || {
//!         Failure::new("The body should be the one the site was given.")
//!     });
//!     check(a.is_ok_and(|page| page.path == "/a"), || Failure::new("A page knows its path."));
//!
//!     let path = String::from("/b");
//!     check(client.get("/b").await == Err(WebError::ServerError { path }), || {
//!         Failure::new("A broken page should be an error.")
//!     });
//!
//!     let patience = tokio::time::timeout(ms(10), client.get("/c")).await;
//!     check(patience.is_err(), || Failure::new("A silent page should never answer."));
//!     check(site.started() == ["/a", "/user/7", "/b", "/c"], || Failure::new("In order."));
//!     check(site.finished() == ["/user/7", "/a", "/b"], || Failure::new("In order of time."));
//!     check(site.cancelled() == ["/c"], || Failure::new("The timeout dropped it."));
//!     check((site.peak_in_flight(), site.in_flight()) == (2, 0), || Failure::new("Two at most."));
//! });
//! ```

mod client;
mod site;

use std::fmt;

pub use client::Client;
pub use site::{NOT_FOUND_AFTER, Site};

/// A page that was downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Page {
    /// The path that was asked for.
    pub path: String,
    /// What the site was given to say, or the words `body of` and the path.
    pub body: String,
}

/// A download that failed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum WebError {
    /// The site has no such page: 404.
    NotFound {
        /// The path that was asked for.
        path: String,
    },
    /// The page is broken: 500.
    ServerError {
        /// The path that was asked for.
        path: String,
    },
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { path } => write!(f, "404 Not Found: {path}"),
            Self::ServerError { path } => write!(f, "500 Internal Server Error: {path}"),
        }
    }
}

impl std::error::Error for WebError {}
