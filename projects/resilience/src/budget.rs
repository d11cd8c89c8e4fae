use std::sync::{Mutex, PoisonError};

/// Limits retries to a part of the requests, for all callers together.
///
/// Each first attempt deposits a part of a token, and each retry withdraws a whole one. While an upstream is healthy, the few
/// retries find a full bucket; when everything fails, retries are at most that part of the traffic.
#[derive(Debug)]
pub struct RetryBudget {
    deposit: f64,
    most: f64,
    tokens: Mutex<f64>,
}

impl RetryBudget {
    /// Creates a full budget of `most` tokens. Each first attempt deposits `deposit`: 0.1 allows one retry in ten requests.
    #[must_use]
    pub fn new(deposit: f64, most: u32) -> Self {
        let most = f64::from(most);
        Self {
            deposit,
            most,
            tokens: Mutex::new(most),
        }
    }

    /// Counts a first attempt.
    pub fn deposit(&self) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = (*tokens + self.deposit).min(self.most);
    }

    /// Takes a token for a retry. Returns `false`, and takes nothing, if there is none.
    #[must_use]
    pub fn withdraw(&self) -> bool {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = *tokens >= 1.0;
        if is_there {
            *tokens -= 1.0;
        }
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_one_retry_in_so_many_requests() {
        let budget = RetryBudget::new(0.25, 3);
        let mut retries = 0;
        for _ in 0..100 {
            budget.deposit();
            retries += u32::from(budget.withdraw());
        }
        assert_eq!(
            retries,
            2 + 25,
            "the full bucket, and a quarter of the requests"
        );
    }

    #[test]
    fn saves_no_more_than_the_bucket_holds() {
        let budget = RetryBudget::new(1.0, 3);
        for _ in 0..100 {
            budget.deposit();
        }
        let withdrawn = (0..10).filter(|_| budget.withdraw()).count();
        assert_eq!(withdrawn, 3);
    }
}
