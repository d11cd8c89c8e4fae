//! A simulated web site: deterministic, in virtual time, and every request is counted.
//!
//! A grader builds a [`Site`], passes its [`Client`] to the answer, and asks the site afterwards what the
//! answer did. To the answer it looks like the client of an HTTP library.
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
//!         Failure::new("The body should be the one that the site was given.")
//!     });
//!     check(a.is_ok_and(|page| page.path == "/a"), || Failure::new("A page knows its path."));
//!
//!     let path = String::from("/b");
//!     check(client.get("/b").await == Err(WebError::ServerError { path }), || {
//!         Failure::new("A broken page should be an error.")
//!     });
//!
//!     let timed_out = tokio::time::timeout(ms(10), client.get("/c")).await;
//!     check(timed_out.is_err(), || Failure::new("A silent page should never respond."));
//!     check(site.started() == ["/a", "/user/7", "/b", "/c"], || Failure::new("In order."));
//!     check(site.finished() == ["/user/7", "/a", "/b"], || Failure::new("In order of time."));
//!     check(site.cancelled() == ["/c"], || Failure::new("The timeout dropped it."));
//!     check((site.peak_in_flight(), site.in_flight()) == (2, 0), || Failure::new("Two at most."));
//! });
//! ```

mod client;
mod drawn;
mod page;
mod server;
mod site;

pub use client::Client;
pub use drawn::{DrawnRequest, Responses};
pub use page::{Page, WebError};
pub use server::NOT_FOUND_AFTER;
pub use site::Site;
