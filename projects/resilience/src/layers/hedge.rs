use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::Response;
use tower::{Layer, Service, ServiceExt};

use super::{Call, CallError, ResponseFuture, take_ready};
use crate::hedge;

/// Sends a second request when the first one takes long. See [`hedge`].
#[derive(Debug, Clone, Copy)]
pub struct HedgeLayer {
    delay: Duration,
}

impl HedgeLayer {
    /// `delay` is best a little more than most requests take: the 95th percentile.
    #[must_use]
    pub fn new(delay: Duration) -> Self {
        Self { delay }
    }
}

impl<S> Layer<S> for HedgeLayer {
    type Service = Hedge<S>;

    fn layer(&self, inner: S) -> Hedge<S> {
        Hedge {
            inner,
            delay: self.delay,
        }
    }
}

/// A service whose slow requests are sent twice.
#[derive(Debug, Clone)]
pub struct Hedge<S> {
    inner: S,
    delay: Duration,
}

impl<S> Service<Call> for Hedge<S>
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
        let inner = take_ready(&mut self.inner);
        let Some(copy) = call.try_clone() else {
            return Box::pin(inner.oneshot(call));
        };
        // The last one is sent first: its service is the one that `poll_ready` has made ready.
        let mut requests = vec![(inner.clone(), copy), (inner, call)];
        let send = move || {
            let request = requests.pop();
            async move {
                match request {
                    Some((service, call)) => service.oneshot(call).await,
                    None => Err(CallError::Deadline),
                }
            }
        };
        Box::pin(hedge(self.delay, send))
    }
}
