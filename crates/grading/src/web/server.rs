//! Answers requests, and keeps a log of them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::ms;
use crate::gauge::{Gauge, InFlight};

/// How long the site takes to respond that it has no such page.
pub const NOT_FOUND_AFTER: Duration = ms(10);

/// What a site and its clients share. Clones are the same server.
#[derive(Debug, Clone, Default)]
pub(super) struct Server {
    state: Arc<Mutex<State>>,
    pub(super) in_flight: Gauge,
}

#[derive(Debug, Default)]
struct State {
    responses: HashMap<String, VecDeque<Response>>,
    log: Log,
}

/// The paths of requests.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    pub(super) started: Vec<String>,
    pub(super) finished: Vec<String>,
    pub(super) cancelled: Vec<String>,
}

/// What the server does with one request.
#[derive(Debug, Clone)]
pub(super) struct Response {
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

impl Server {
    pub(super) fn log(&self) -> Log {
        self.state().log.clone()
    }

    pub(super) fn add(&self, path: &str, response: Response) {
        let mut state = self.state();
        let responses = state.responses.entry(path.to_owned()).or_default();
        responses.push_back(response);
    }

    /// Every list is changed by one push, so a poisoned lock does not matter.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next_response(&mut self, path: &str) -> Response {
        let not_found = Response {
            latency: NOT_FOUND_AFTER,
            outcome: Outcome::NotFound,
        };
        match self.responses.get_mut(path) {
            Some(responses) if responses.len() > 1 => responses.pop_front().unwrap_or(not_found),
            Some(responses) => responses.front().cloned().unwrap_or(not_found),
            None => not_found,
        }
    }
}

/// A request in flight. If it is dropped before it is finished, it was cancelled.
#[derive(Debug)]
pub(super) struct Request<'a> {
    server: &'a Server,
    path: &'a str,
    finished: bool,
    _in_flight: InFlight,
}

impl<'a> Request<'a> {
    pub(super) fn begin(server: &'a Server, path: &'a str) -> (Self, Response) {
        let mut state = server.state();
        state.log.started.push(path.to_owned());
        let response = state.next_response(path);
        drop(state);
        let request = Self {
            server,
            path,
            finished: false,
            _in_flight: server.in_flight.enter(),
        };
        (request, response)
    }

    pub(super) fn finish(mut self) {
        self.finished = true;
    }
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        let mut state = self.server.state();
        let list = match self.finished {
            true => &mut state.log.finished,
            false => &mut state.log.cancelled,
        };
        list.push(self.path.to_owned());
    }
}
