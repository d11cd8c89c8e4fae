//! The other end of the wire, and the grader's view of it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::client::Client;
use crate::clock::ms;
use crate::gauge::{Gauge, InFlight};

/// How long the site takes to say that it has no such page.
pub const NOT_FOUND_AFTER: Duration = ms(10);

/// A web site in virtual time. A cheap handle: clones are the same site.
///
/// A path may be given several replies. Requests get them one after the other, in the order in which
/// they were given; the last one stays. `.broken("/a", ms(10)).page("/a", ms(10))` fails once.
///
/// Requests are counted from their first poll. A path that is asked for twice is in the lists twice.
#[derive(Debug, Clone, Default)]
pub struct Site {
    state: Arc<Mutex<State>>,
    in_flight: Gauge,
}

#[derive(Debug, Default)]
struct State {
    replies: HashMap<String, VecDeque<Reply>>,
    started: Vec<String>,
    finished: Vec<String>,
    cancelled: Vec<String>,
}

/// What the site does with one request.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) latency: Duration,
    pub(super) outcome: Outcome,
}

#[derive(Debug, Clone)]
pub(super) enum Outcome {
    Page { body: String },
    NotFound,
    ServerError,
    Silence,
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
        self.reply(path, latency, Outcome::Page { body })
    }

    /// Adds a page that answers with a server error after `latency`.
    #[must_use]
    pub fn broken(self, path: &str, latency: Duration) -> Self {
        self.reply(path, latency, Outcome::ServerError)
    }

    /// Adds a page that never answers.
    #[must_use]
    pub fn silent(self, path: &str) -> Self {
        self.reply(path, Duration::ZERO, Outcome::Silence)
    }

    /// A client of this site.
    pub fn client(&self) -> Client {
        Client::new(self.clone())
    }

    /// How many requests have started and are neither finished nor cancelled.
    pub fn in_flight(&self) -> usize {
        self.in_flight.now()
    }

    /// The most requests that were ever in flight at the same time.
    pub fn peak_in_flight(&self) -> usize {
        self.in_flight.peak()
    }

    /// The paths of all requests, in the order in which they started.
    pub fn started(&self) -> Vec<String> {
        self.state().started.clone()
    }

    /// The paths of the requests that got their answer, an error too, in the order in which it came.
    pub fn finished(&self) -> Vec<String> {
        self.state().finished.clone()
    }

    /// The paths of the requests that were dropped half way, in the order in which they were.
    pub fn cancelled(&self) -> Vec<String> {
        self.state().cancelled.clone()
    }

    fn reply(self, path: &str, latency: Duration, outcome: Outcome) -> Self {
        let reply = Reply { latency, outcome };
        let mut state = self.state();
        let replies = state.replies.entry(path.to_owned()).or_default();
        replies.push_back(reply);
        drop(state);
        self
    }

    /// Every list is changed by one push, so a poisoned lock tells nothing.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next_reply(&mut self, path: &str) -> Reply {
        let not_found = Reply {
            latency: NOT_FOUND_AFTER,
            outcome: Outcome::NotFound,
        };
        match self.replies.get_mut(path) {
            Some(replies) if replies.len() > 1 => replies.pop_front().unwrap_or(not_found),
            Some(replies) => replies.front().cloned().unwrap_or(not_found),
            None => not_found,
        }
    }
}

/// A request in flight. Dropped before it is finished, it was cancelled.
#[derive(Debug)]
pub(super) struct Request<'a> {
    site: &'a Site,
    path: &'a str,
    finished: bool,
    _in_flight: InFlight,
}

impl<'a> Request<'a> {
    pub(super) fn begin(site: &'a Site, path: &'a str) -> (Self, Reply) {
        let mut state = site.state();
        state.started.push(path.to_owned());
        let reply = state.next_reply(path);
        drop(state);
        let request = Self {
            site,
            path,
            finished: false,
            _in_flight: site.in_flight.enter(),
        };
        (request, reply)
    }

    pub(super) fn finish(mut self) {
        self.finished = true;
    }
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        let mut state = self.site.state();
        let list = match self.finished {
            true => &mut state.finished,
            false => &mut state.cancelled,
        };
        list.push(self.path.to_owned());
    }
}
