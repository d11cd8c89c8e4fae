use std::task::{Context, Poll};

use reqwest::header::HeaderValue;
use reqwest::{Client, Response};
use tokio::time::{Instant, timeout_at};
use tower::Service;

use super::{Call, CallError, ResponseFuture};

/// The header with the milliseconds that are left until the deadline. An instant would need clocks that agree.
pub const TIMEOUT_HEADER: &str = "x-timeout-ms";

/// The innermost service: it sends the request, until its deadline.
#[derive(Debug, Clone)]
pub struct Http {
    client: Client,
}

impl Http {
    /// Wraps a client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

impl Service<Call> for Http {
    type Response = Response;
    type Error = CallError;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), CallError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> ResponseFuture {
        let client = self.client.clone();
        Box::pin(async move {
            let Call {
                mut request,
                deadline,
            } = call;
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(CallError::Deadline);
            }
            let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            request
                .headers_mut()
                .insert(TIMEOUT_HEADER, HeaderValue::from(left));
            match timeout_at(deadline, client.execute(request)).await {
                Ok(result) => result.map_err(CallError::Http),
                Err(_) => Err(CallError::Deadline),
            }
        })
    }
}
