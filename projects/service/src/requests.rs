//! The requests in flight: they are counted, logged, waited for, and abandoned at a deadline.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info, info_span, warn};

use crate::health::{Health, Phase};

/// A connection that has sent no request for so long is not waited for.
const IDLE: Duration = Duration::from_millis(500);

/// A request whose response is not ready.
#[derive(Debug, Clone)]
struct InFlight {
    request: String,
    since: Instant,
}

/// All requests in flight. Clones share them.
#[derive(Debug, Clone)]
pub struct Requests {
    health: Health,
    in_flight: watch::Sender<(u64, BTreeMap<u64, InFlight>)>,
    abandon: CancellationToken,
}

impl Requests {
    /// No request yet.
    #[must_use]
    pub fn new(health: Health) -> Self {
        Self {
            health,
            in_flight: watch::Sender::new((0, BTreeMap::new())),
            abandon: CancellationToken::new(),
        }
    }

    /// How many requests are in flight.
    #[must_use]
    pub fn len(&self) -> usize {
        self.in_flight.borrow().1.len()
    }

    /// Whether no request is in flight.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until no request has been in flight for a moment: a client may be sending one.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost.
    pub async fn idle(&self) {
        let mut in_flight = self.in_flight.subscribe();
        loop {
            let _ = in_flight.wait_for(|(_, all)| all.is_empty()).await;
            let busy = in_flight.wait_for(|(_, all)| !all.is_empty());
            if timeout(IDLE, busy).await.is_err() {
                return;
            }
        }
    }

    /// Ends the requests that are in flight with status 503, and returns how many these are. Each is in the log.
    pub fn abandon(&self) -> usize {
        let all = &self.in_flight.borrow().1;
        for InFlight { request, since } in all.values() {
            let ms = since.elapsed().as_millis() as u64;
            warn!(request, ms, "abandons a request");
        }
        self.abandon.cancel();
        all.len()
    }

    fn begin(&self, request: String) -> Guard<'_> {
        let mut id = 0;
        let since = Instant::now();
        self.in_flight.send_modify(|(last, all)| {
            *last += 1;
            id = *last;
            all.insert(id, InFlight { request, since });
        });
        Guard { requests: self, id }
    }
}

/// Keeps a request in the table. A client that hangs up drops it with the handler.
struct Guard<'a> {
    requests: &'a Requests,
    id: u64,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.requests
            .in_flight
            .send_modify(|(_, all)| drop(all.remove(&self.id)));
    }
}

/// Middleware: the outermost, so that all others run in the span of the request.
pub async fn track(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    // Without the query, which may have what does not belong into a log.
    let name = format!("{} {}", request.method(), request.uri().path());
    let guard = requests.begin(name.clone());
    let span = info_span!("request", id = guard.id, request = name);
    let handle = async {
        let start = Instant::now();
        let handled = requests.abandon.run_until_cancelled(next.run(request));
        let unavailable = || StatusCode::SERVICE_UNAVAILABLE.into_response();
        let mut response = handled.await.unwrap_or_else(unavailable);
        if requests.health.phase() == Phase::Stopping {
            // The client opens a new connection for its next request, to another instance.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        let (status, ms) = (response.status().as_u16(), start.elapsed().as_millis());
        info!(status, ms = ms as u64, "response");
        response
    };
    handle.instrument(span).await
}

/// Waits for `finished`, which is the server without its listener, and for the requests. At the deadline, the requests are
/// abandoned. Returns how many were.
pub(crate) async fn drain(
    requests: &Requests,
    finished: impl Future<Output = ()>,
    deadline: Duration,
) -> usize {
    let drained = async {
        tokio::select! {
            () = finished => {}
            () = requests.idle() => {}
        }
    };
    if timeout(deadline, drained).await.is_ok() {
        return 0;
    }
    let abandoned = requests.abandon();
    sleep(Duration::from_millis(100)).await; // for the responses
    abandoned
}
