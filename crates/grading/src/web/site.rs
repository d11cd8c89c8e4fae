//! The grader's end of the web.

use std::collections::BTreeMap;
use std::time::Duration;

use super::client::Client;
use super::server::{Outcome, Response, Server};
use crate::check::check;
use crate::failure::Failure;
use crate::words::times;

/// A web site in virtual time. A cheap handle: clones are the same site.
///
/// A path may be given several responses. Requests get them one after the other, in the order in which they
/// were added; the last one is repeated. `.broken("/a", ms(10)).page("/a", ms(10))` fails once.
///
/// Requests are counted from their first poll. A path that is requested twice is in the lists twice.
#[derive(Debug, Clone, Default)]
pub struct Site {
    server: Server,
}

impl Site {
    /// A site without pages.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a page that takes `latency` to arrive. Its body is `body of /a`.
    #[must_use]
    pub fn page(self, path: &str, latency: Duration) -> Self {
        let body = format!("body of {path}");
        self.page_with_body(path, latency, body)
    }

    /// Adds a page with this body.
    #[must_use]
    pub fn page_with_body(self, path: &str, latency: Duration, body: impl Into<String>) -> Self {
        let body = body.into();
        self.respond(path, latency, Outcome::Page { body })
    }

    /// Adds a page that responds with a server error after `latency`.
    #[must_use]
    pub fn broken(self, path: &str, latency: Duration) -> Self {
        self.respond(path, latency, Outcome::ServerError)
    }

    /// Adds a path that responds after `latency` that there is no such page.
    #[must_use]
    pub fn missing(self, path: &str, latency: Duration) -> Self {
        self.respond(path, latency, Outcome::NotFound)
    }

    /// Adds a page that never responds.
    #[must_use]
    pub fn silent(self, path: &str) -> Self {
        self.respond(path, Duration::ZERO, Outcome::Silence)
    }

    /// A client of this site.
    pub fn client(&self) -> Client {
        Client::new(self.server.clone())
    }

    /// How many requests have started and are neither finished nor cancelled.
    pub fn in_flight(&self) -> usize {
        self.server.in_flight.now()
    }

    /// The highest number of requests that were in flight at the same time.
    pub fn peak_in_flight(&self) -> usize {
        self.server.in_flight.peak()
    }

    /// The paths of all requests, in the order in which they started.
    pub fn started(&self) -> Vec<String> {
        self.server.log().started
    }

    /// The paths of the requests that were answered, also with an error, in the order of their responses.
    pub fn finished(&self) -> Vec<String> {
        self.server.log().finished
    }

    /// The paths of the requests that were dropped before their response came, in the order of the drops.
    pub fn cancelled(&self) -> Vec<String> {
        self.server.log().cancelled
    }

    /// Fails unless each of `paths` was requested exactly as often as it is in the list, and nothing else was.
    /// `read` is where the book explains it.
    pub fn check_requested<P: AsRef<str>>(&self, paths: &[P], read: &str) {
        let given: Vec<&str> = paths.iter().map(AsRef::as_ref).collect();
        check_same(&given, &self.started(), read);
    }

    fn respond(self, path: &str, latency: Duration, outcome: Outcome) -> Self {
        self.server.add(path, Response { latency, outcome });
        self
    }
}

fn check_same(given: &[&str], started: &[String], read: &str) {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for path in given {
        counts.entry(path).or_default().0 += 1;
    }
    for path in started {
        counts.entry(path).or_default().1 += 1;
    }
    let wrong = counts.into_iter().find(|(_, (due, made))| due != made);
    let (path, (due, made)) = wrong.unwrap_or_default();
    check(wrong.is_none(), || {
        let made_times = times(made);
        Failure::new(match due {
            0 => format!("{path} is not to be requested; it was requested {made_times}."),
            due => format!(
                "{path} should be requested {}, as often as it is given; it was requested {made_times}.",
                times(due)
            ),
        })
        .usually(if due == 0 {
            "that something else is requested as well."
        } else if made > due {
            "that a request is made again, perhaps because it has failed."
        } else {
            "that a path is left out, or that equal paths share a request."
        })
        .read(read)
    });
}
