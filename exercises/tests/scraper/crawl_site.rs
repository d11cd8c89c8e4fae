//! A site whose pages arrive when a test says so.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use grading::Gauge;
use tokio::sync::oneshot;

use super::super::lock;

/// How a fetch ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ending {
    Links(Vec<String>),
    Error(String),
    Panic,
    /// A panic whose payload is no text, as with `panic_any(7)`
    PanicWithNumber,
}

/// A site whose pages arrive when the test says so. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Site {
    fetches: Arc<Mutex<Fetches>>,
    pub(super) gauge: Gauge,
}

#[derive(Default)]
struct Fetches {
    /// The URLs with which `fetch` was called.
    calls: Vec<String>,
    /// How many of them have been looked at.
    known: usize,
    /// Those that are in progress, unless they were dropped.
    waiting: BTreeMap<usize, oneshot::Sender<Ending>>,
}

impl Site {
    pub(super) fn fetch(&self, url: String) -> BoxFuture<'static, Result<Vec<String>, String>> {
        let (tx, rx) = oneshot::channel();
        let mut fetches = lock(&self.fetches);
        let number = fetches.calls.len();
        fetches.calls.push(url);
        fetches.waiting.insert(number, tx);
        let in_flight = self.gauge.enter();
        Box::pin(async move {
            let _in_flight = in_flight;
            match rx.await {
                Ok(Ending::Links(links)) => Ok(links),
                Ok(Ending::Error(error)) => Err(error),
                Ok(Ending::Panic) => resume_unwind(Box::new("a page panics")),
                Ok(Ending::PanicWithNumber) => resume_unwind(Box::new(7)),
                Err(_) => std::future::pending().await,
            }
        })
    }

    /// The URLs with which `fetch` was called since the last look.
    pub(super) fn new_calls(&self) -> Vec<String> {
        let mut fetches = lock(&self.fetches);
        let new = fetches.calls[fetches.known..].to_vec();
        fetches.known = fetches.calls.len();
        new
    }

    /// Ends the first fetch of this URL.
    pub(super) fn end(&self, url: &str, ending: Ending) {
        let mut fetches = lock(&self.fetches);
        let number = fetches.calls.iter().position(|called| called == url);
        let waiting = number.and_then(|number| fetches.waiting.remove(&number));
        if let Some(fetch) = waiting {
            let _ = fetch.send(ending); // fails if it was dropped
        }
    }
}
