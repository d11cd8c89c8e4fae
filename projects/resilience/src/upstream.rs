//! A server to call: it answers with what it is told to, refuses what is too much, and keeps the deadlines of its clients.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::error_handling::HandleErrorLayer;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{BoxError, Router};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tower::ServiceBuilder;

use crate::layers::TIMEOUT_HEADER;

/// How the handler answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behavior {
    /// The status.
    pub status: u16,
    /// How long each request takes.
    pub takes: Duration,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
}

impl Behavior {
    /// Answers 200 at once.
    pub const HEALTHY: Self = Self::status(200);

    /// Answers with `status` at once.
    #[must_use]
    pub const fn status(status: u16) -> Self {
        Self {
            status,
            takes: Duration::ZERO,
            retry_after: None,
        }
    }
}

#[derive(Debug)]
struct Shared {
    behavior: Mutex<Behavior>,
    /// Answers that come before `behavior` counts.
    first: Mutex<Vec<Behavior>>,
    requests: AtomicUsize,
    finished: AtomicUsize,
    timeout: AtomicU32,
}

/// A server on loopback. It stops when it is dropped.
#[derive(Debug)]
pub struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Upstream {
    /// Starts a healthy server on a free port, which handles `limit` requests at the same time, and refuses more with 503.
    ///
    /// # Errors
    ///
    /// If there is no port to listen on.
    pub async fn start(limit: usize) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            behavior: Mutex::new(Behavior::HEALTHY),
            first: Mutex::default(),
            requests: AtomicUsize::new(0),
            finished: AtomicUsize::new(0),
            timeout: AtomicU32::new(0),
        });
        // From the outside in: shed load, and then limit the time.
        let router = Router::new()
            .fallback(any(handle))
            .with_state(Arc::clone(&shared))
            .layer(from_fn(keep_deadline))
            .layer(
                ServiceBuilder::new()
                    .layer(HandleErrorLayer::new(refuse))
                    .load_shed()
                    .layer(tower::limit::GlobalConcurrencyLimitLayer::new(limit)),
            );
        let server = tokio::spawn(async {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            shared,
            server,
        })
    }

    /// Where the server is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Changes how it answers.
    pub fn set(&self, behavior: Behavior) {
        *lock(&self.shared.behavior) = behavior;
    }

    /// Answers the next requests in these ways, one after the other.
    pub fn next(&self, behaviors: &[Behavior]) {
        let mut first = lock(&self.shared.first);
        *first = behaviors.iter().rev().copied().collect();
    }

    /// How many requests have reached the handler.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Relaxed)
    }

    /// How many of them the handler has answered. A handler whose client has gone, or whose time is up, is dropped.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.shared.finished.load(Relaxed)
    }

    /// The milliseconds that the last request had left, or 0.
    #[must_use]
    pub fn last_timeout(&self) -> u32 {
        self.shared.timeout.load(Relaxed)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    shared.requests.fetch_add(1, Relaxed);
    let left = time_left(&request).map_or(0, |left| left.as_millis());
    shared
        .timeout
        .store(u32::try_from(left).unwrap_or(u32::MAX), Relaxed);
    let next = lock(&shared.first).pop();
    let behavior = next.unwrap_or_else(|| *lock(&shared.behavior));
    sleep(behavior.takes).await;
    shared.finished.fetch_add(1, Relaxed);
    let status = StatusCode::from_u16(behavior.status).unwrap_or(StatusCode::OK);
    match behavior.retry_after {
        Some(secs) => (status, [(RETRY_AFTER, secs.to_string())]).into_response(),
        None => status.into_response(),
    }
}

/// The time that the client has left, if it says so.
fn time_left(request: &Request) -> Option<Duration> {
    let value = request.headers().get(TIMEOUT_HEADER)?.to_str().ok()?;
    value.parse().ok().map(Duration::from_millis)
}

/// Drops the handler when the client does not wait any more.
async fn keep_deadline(request: Request, next: Next) -> Response {
    let Some(left) = time_left(&request) else {
        return next.run(request).await;
    };
    match timeout(left, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

/// What `load_shed` makes an error becomes a response.
async fn refuse(_: BoxError) -> impl IntoResponse {
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")])
}
