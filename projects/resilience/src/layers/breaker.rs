use std::sync::Arc;
use std::task::{Context, Poll};

use reqwest::Response;
use tower::{Layer, Service};

use super::{Call, CallError, ResponseFuture, take_ready};
use crate::CircuitBreaker;

/// Puts services behind a [`CircuitBreaker`], which they share.
#[derive(Debug, Clone)]
pub struct BreakerLayer {
    breaker: Arc<CircuitBreaker>,
}

impl BreakerLayer {
    /// Errors and statuses from 500 are failures. Use one breaker for each upstream.
    #[must_use]
    pub fn new(breaker: Arc<CircuitBreaker>) -> Self {
        Self { breaker }
    }
}

impl<S> Layer<S> for BreakerLayer {
    type Service = Breaker<S>;

    fn layer(&self, inner: S) -> Breaker<S> {
        Breaker {
            inner,
            breaker: Arc::clone(&self.breaker),
        }
    }
}

/// A service behind a [`CircuitBreaker`].
#[derive(Debug, Clone)]
pub struct Breaker<S> {
    inner: S,
    breaker: Arc<CircuitBreaker>,
}

impl<S> Service<Call> for Breaker<S>
where
    S: Service<Call, Response = Response, Error = CallError, Future: Send> + Clone + Send + 'static,
{
    type Response = Response;
    type Error = CallError;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), CallError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, call: Call) -> ResponseFuture {
        let mut inner = take_ready(&mut self.inner);
        let breaker = Arc::clone(&self.breaker);
        Box::pin(async move {
            // `call` of the inner service may begin to send, so it waits for the breaker's answer.
            let sending = async { inner.call(call).await };
            breaker.run(sending, has_failed).await?
        })
    }
}

fn has_failed(result: &Result<Response, CallError>) -> bool {
    match result {
        Ok(response) => response.status().is_server_error(),
        Err(_) => true,
    }
}
