//! A website with every fault that a crawler meets, for demonstrations and tests. It listens on loopback only.
//!
//! | path | what it does |
//! |---|---|
//! | `/` | links to everything below |
//! | `/articles/1` to `/articles/12` | an article after 20 ms, with a link to the next one |
//! | `/slow/{ms}` | an article after so many milliseconds |
//! | `/silent` | accepts the request, and never answers |
//! | `/stalled` | sends half a page, and then nothing |
//! | `/drip` | sends a few bytes every 50 ms, and never ends |
//! | `/endless` | sends without a pause, and never ends |
//! | `/large` | declares 50 MB |
//! | `/truncated` | declares more than it sends, and closes the connection |
//! | `/moved` | redirects to an article |
//! | `/loop/a`, `/loop/b` | redirect to each other |
//! | `/chain/{n}` | redirects to `/chain/{n + 1}` |
//! | `/outside` | redirects to a host that does not exist |
//! | `/busy` | 429 with `Retry-After: 1` twice, and then a page |
//! | `/closed` | 503 with `Retry-After: 86400` |
//! | `/flaky` | 500 once, and then a page |
//! | `/error` | 500 |
//! | `/image` | bytes that are not HTML |
//! | `/trap/{n}` | links to two further traps |
//! | `/private/...` | what `robots.txt` forbids |
//! | `POST /upload` | answers with the number of bytes it has received |

mod faults;
mod listener;
mod pages;

use listener::Counting;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

pub use listener::NotAccepting;

/// A running site. It stops when it is dropped.
#[derive(Debug)]
pub struct Site {
    base: Url,
    counters: Arc<Counters>,
    server: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Counters {
    connections: AtomicUsize,
    open: AtomicUsize,
    requests: AtomicUsize,
    running: AtomicUsize,
    peak: AtomicUsize,
    private: AtomicUsize,
    busy: AtomicUsize,
    flaky: AtomicUsize,
}

impl Site {
    /// Serves the site on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If no port can be had.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let base = format!("http://{}/", listener.local_addr()?);
        let base = Url::parse(&base).map_err(io::Error::other)?;
        let counters = Arc::new(Counters::default());
        let listener = Counting::new(listener, Arc::clone(&counters));
        let router = pages::router(Arc::clone(&counters));
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await; // it never ends by itself
        });
        Ok(Self {
            base,
            counters,
            server,
        })
    }

    /// The URL of a path of this site, which begins with a slash.
    ///
    /// # Panics
    ///
    /// If the path is not the path of a URL.
    #[must_use]
    pub fn url(&self, path: &str) -> Url {
        self.base.join(path).expect("the path of a URL")
    }

    /// How many connections have been accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.counters.connections.load(Ordering::Relaxed)
    }

    /// How many connections are open.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.counters.open.load(Ordering::Relaxed)
    }

    /// How many requests have arrived.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.counters.requests.load(Ordering::Relaxed)
    }

    /// How many requests have been processed at the same time, at most.
    #[must_use]
    pub fn peak(&self) -> usize {
        self.counters.peak.load(Ordering::Relaxed)
    }

    /// How many requests have arrived for what `robots.txt` forbids.
    #[must_use]
    pub fn private_requests(&self) -> usize {
        self.counters.private.load(Ordering::Relaxed)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}
