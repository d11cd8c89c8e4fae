use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use futures::future::BoxFuture;
use reqwest::{Response, StatusCode};
use tokio::time::{Instant, sleep_until};
use tower::retry::Policy;

use super::{Call, CallError};
use crate::{RetryBudget, RetryPolicy, retry_after};

/// What `tower`'s `Retry` asks after each attempt. It is cloned for every call.
#[derive(Debug, Clone)]
pub struct Retries {
    policy: RetryPolicy,
    budget: Arc<RetryBudget>,
    /// Shared, because two calls with copies of one generator would draw the same pauses.
    rng: Arc<Mutex<Rng>>,
    retry: u32,
}

impl Retries {
    /// Retries as `policy` says, as long as `budget` has tokens.
    #[must_use]
    pub fn new(policy: RetryPolicy, budget: Arc<RetryBudget>, seed: u64) -> Self {
        Self {
            policy,
            budget,
            rng: Arc::new(Mutex::new(Rng::with_seed(seed))),
            retry: 0,
        }
    }

    /// When to try again, if at all.
    fn next(&mut self, asked: Option<Duration>, deadline: Instant) -> Option<Instant> {
        if self.retry + 1 >= self.policy.attempts {
            return None;
        }
        let jitter = {
            let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
            self.policy.backoff.full_jitter(self.retry, &mut rng)
        };
        let pause = jitter.max(asked.unwrap_or_default());
        let at = Instant::now().checked_add(pause)?;
        if at >= deadline || !self.budget.withdraw() {
            return None;
        }
        self.retry += 1;
        Some(at)
    }
}

/// Whether another attempt may succeed, and the pause that the server asks for.
fn transient(result: &Result<Response, CallError>) -> Option<Option<Duration>> {
    match result {
        Ok(response) => {
            let may_pass = matches!(
                response.status(),
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            );
            may_pass.then(|| retry_after(response.headers(), SystemTime::now()))
        }
        Err(CallError::Http(_)) => Some(None),
        Err(CallError::Open(_) | CallError::Deadline) => None,
    }
}

impl Policy<Call, Response, CallError> for Retries {
    type Future = BoxFuture<'static, ()>;

    fn retry(
        &mut self,
        call: &mut Call,
        result: &mut Result<Response, CallError>,
    ) -> Option<Self::Future> {
        let asked = transient(result)?;
        let at = self.next(asked, call.deadline)?;
        Some(Box::pin(sleep_until(at)))
    }

    fn clone_request(&mut self, call: &Call) -> Option<Call> {
        if self.retry == 0 {
            self.budget.deposit();
        }
        call.try_clone()
    }
}
