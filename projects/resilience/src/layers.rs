//! The parts of this crate as `tower` layers around a reqwest client.
//!
//! What passes through the layers is a [`Call`]: a request with its deadline. From the outside in, [`stack`] has retries with
//! a budget, a circuit breaker, hedged requests, and [`Http`], which sends.

mod breaker;
mod call;
mod hedge;
mod http;
mod retry;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::{Client, Response};
use tower::retry::RetryLayer;
use tower::{Service, ServiceBuilder};

pub use self::breaker::{Breaker, BreakerLayer};
pub use self::call::{Call, CallError};
pub use self::hedge::{Hedge, HedgeLayer};
pub use self::http::{Http, TIMEOUT_HEADER};
pub use self::retry::Retries;

use crate::{Backoff, CircuitBreaker, RetryBudget, RetryPolicy};

/// The numbers of a [`stack`].
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How often, and with which pauses.
    pub retry: RetryPolicy,
    /// Retries for each first attempt.
    pub budget: f64,
    /// Failures in a row that open the circuit.
    pub failures: NonZeroU32,
    /// How long it stays open.
    pub pause: Duration,
    /// When a second request is sent.
    pub hedge: Duration,
    /// What [`fastrand`] begins with.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retry: RetryPolicy {
                attempts: 4,
                backoff: Backoff {
                    base: Duration::from_millis(50),
                    cap: Duration::from_secs(2),
                },
            },
            budget: 0.1,
            failures: NonZeroU32::new(5).unwrap_or(NonZeroU32::MIN),
            pause: Duration::from_millis(500),
            hedge: Duration::from_millis(200),
            seed: 1,
        }
    }
}

/// A client with all layers. Its clones share the budget and the circuit breaker.
///
/// Hedged requests are inside of the circuit breaker, so two requests for one call count as one. Retries are outside: every
/// attempt counts, and a call that the breaker refuses is not tried again.
pub fn stack(
    client: Client,
    settings: Settings,
) -> impl Service<Call, Response = Response, Error = CallError, Future: Send> + Clone + Send {
    let breaker = Arc::new(CircuitBreaker::new(settings.failures, settings.pause));
    let budget = Arc::new(RetryBudget::new(settings.budget, 10));
    ServiceBuilder::new()
        .layer(RetryLayer::new(Retries::new(
            settings.retry,
            budget,
            settings.seed,
        )))
        .layer(BreakerLayer::new(breaker))
        .layer(HedgeLayer::new(settings.hedge))
        .service(Http::new(client))
}

/// The future of a layer.
pub type ResponseFuture = BoxFuture<'static, Result<Response, CallError>>;

/// Takes the service that `poll_ready` has made ready, and leaves a clone.
fn take_ready<S: Clone>(service: &mut S) -> S {
    let clone = service.clone();
    std::mem::replace(service, clone)
}
