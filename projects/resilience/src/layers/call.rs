use reqwest::{Method, Request};
use tokio::time::Instant;

/// A request, and when its answer is of no use any more.
#[derive(Debug)]
pub struct Call {
    /// What is sent.
    pub request: Request,
    /// Passed on by every layer. The server is told how much time is left.
    pub deadline: Instant,
}

impl Call {
    /// A copy to send once more, unless the body is a stream, or the request must not be sent twice.
    ///
    /// GET, HEAD, OPTIONS, PUT and DELETE may be sent twice, and every request with an `Idempotency-Key`.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        let request = &self.request;
        let is_repeatable = [
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::PUT,
            Method::DELETE,
        ]
        .contains(request.method())
            || request.headers().contains_key("idempotency-key");
        let request = is_repeatable.then(|| request.try_clone()).flatten()?;
        Some(Self {
            request,
            deadline: self.deadline,
        })
    }
}

/// Why there is no response. A response with any status is a response.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The circuit breaker has refused the call.
    #[error(transparent)]
    Open(#[from] crate::Open),
    /// There was no response before the deadline.
    #[error("the deadline has passed")]
    Deadline,
    /// The connection was refused, was lost, or broke a rule of HTTP.
    #[error("the request has failed")]
    Http(#[source] reqwest::Error),
}
