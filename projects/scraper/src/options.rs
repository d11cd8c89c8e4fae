use crate::html::Html;
use crate::retry::RetryPolicy;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a request may take, in four ways. A slow server needs each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection, DNS included. A connection from the pool needs none of it.
    pub connect: Duration,
    /// Until the status and the headers have arrived, [`connect`](Timeouts::connect) included.
    pub response: Duration,
    /// Between two chunks of the body.
    pub idle: Duration,
    /// For the whole request. Without it, a body of one byte a second never ends.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            response: Duration::from_secs(10),
            idle: Duration::from_secs(5),
            total: Duration::from_secs(30),
        }
    }
}

/// What a program wants to know about a page, besides its title and its links.
#[derive(Clone)]
pub struct Extract(Arc<dyn Fn(&Html) -> Value + Send + Sync>);

impl Extract {
    /// Calls `extract` with each HTML page, on a thread for blocking work. If it panics, that page fails alone.
    pub fn new(extract: impl Fn(&Html) -> Value + Send + Sync + 'static) -> Self {
        Self(Arc::new(extract))
    }

    pub(crate) fn call(&self, html: &Html) -> Value {
        (self.0)(html)
    }
}

impl fmt::Debug for Extract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extract(..)")
    }
}

/// How to crawl. Each limit holds for one crawl.
#[derive(Debug, Clone)]
pub struct Options {
    /// The crawler's name, which `robots.txt` may address, of ASCII letters, `-` and `_`.
    pub agent: String,
    /// How many requests may run at the same time.
    pub max_requests: usize,
    /// How many of them may go to the same host and port.
    pub max_per_host: usize,
    /// The time from the start of one request to the start of the next one to the same host and port.
    pub gap: Duration,
    /// How many URLs are visited, those that fail included.
    pub max_pages: usize,
    /// How many links lead from a start to the last page. At 0, only the starts are visited.
    pub max_depth: u32,
    /// How many redirects may follow each other.
    pub max_redirects: u32,
    /// How many bytes of a body are read before it is refused.
    pub max_body: usize,
    /// How long a request may take.
    pub timeouts: Timeouts,
    /// Which failures are tried again.
    pub retry: RetryPolicy,
    /// How long requests that have started may go on after a stop.
    pub grace: Duration,
    /// Whether to use the proxy that the environment names.
    pub proxy: bool,
    /// What else to take from a page.
    pub extract: Option<Extract>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            agent: "workbook-scraper".to_owned(),
            max_requests: 16,
            max_per_host: 2,
            gap: Duration::from_millis(250),
            max_pages: 1_000,
            max_depth: 8,
            max_redirects: 5,
            max_body: 1 << 20,
            timeouts: Timeouts::default(),
            retry: RetryPolicy::default(),
            grace: Duration::from_secs(2),
            proxy: true,
            extract: None,
        }
    }
}

impl Options {
    /// For a site on this machine, which needs no rest and no proxy. The timeouts are short.
    #[must_use]
    pub fn for_loopback() -> Self {
        let ms = Duration::from_millis;
        Self {
            max_per_host: 4,
            gap: Duration::ZERO,
            max_body: 64 << 10,
            timeouts: Timeouts {
                connect: ms(500),
                response: ms(1_000),
                idle: ms(500),
                total: ms(2_000),
            },
            retry: RetryPolicy {
                base: ms(50),
                ..RetryPolicy::default()
            },
            grace: ms(500),
            proxy: false,
            ..Self::default()
        }
    }
}
