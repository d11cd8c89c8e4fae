//! The probes: whether the process should be restarted, and whether it should get requests.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::sync::watch;

/// Where the service is in its life. It only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It opens its journal and starts its parts.
    Starting,
    /// It serves.
    Ready,
    /// It has been asked to stop, or has failed. It still serves what it gets.
    Stopping,
}

/// The phase of the service. Clones share it.
#[derive(Debug, Clone)]
pub struct Health(watch::Sender<Phase>);

impl Default for Health {
    fn default() -> Self {
        Self(watch::Sender::new(Phase::Starting))
    }
}

impl Health {
    /// The phase now.
    #[must_use]
    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// The start is over. Has no effect after [`stopping`](Self::stopping).
    pub fn ready(&self) {
        self.advance(Phase::Ready);
    }

    /// The service is not ready any more, and will never be again.
    pub fn stopping(&self) {
        self.advance(Phase::Stopping);
    }

    /// Waits until the phase is this one or a later one.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future has no effect.
    pub async fn reached(&self, phase: Phase) {
        let _ = self.0.subscribe().wait_for(|now| *now >= phase).await;
    }

    fn advance(&self, to: Phase) {
        self.0.send_if_modified(|phase| {
            let moves = *phase < to;
            *phase = to.max(*phase);
            moves
        });
    }
}

/// The routes `/live`, `/ready` and `/startup`.
pub fn router(health: Health) -> Router {
    Router::new()
        .route("/live", get(live))
        .route("/ready", get(ready))
        .route("/startup", get(startup))
        .with_state(health)
}

/// That it answers is the answer. It does not ask a database: a restart would not repair that one.
async fn live() -> &'static str {
    "live"
}

async fn ready(State(health): State<Health>) -> (StatusCode, &'static str) {
    match health.phase() {
        Phase::Ready => (StatusCode::OK, "ready"),
        Phase::Starting => (StatusCode::SERVICE_UNAVAILABLE, "starting"),
        Phase::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "stopping"),
    }
}

async fn startup(State(health): State<Health>) -> (StatusCode, &'static str) {
    match health.phase() {
        Phase::Starting => (StatusCode::SERVICE_UNAVAILABLE, "starting"),
        Phase::Ready | Phase::Stopping => (StatusCode::OK, "started"),
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_phase_is_reached_when_it_or_a_later_one_begins() {
        let health = Health::default();
        assert_eq!(health.reached(Phase::Ready).now_or_never(), None);
        health.stopping();
        assert_eq!(health.reached(Phase::Ready).now_or_never(), Some(()));
        assert_eq!(health.reached(Phase::Stopping).now_or_never(), Some(()));
    }
}
