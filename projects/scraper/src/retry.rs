use crate::fetch::FetchError;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::{Duration, SystemTime};

/// Which failures are tried again, how often, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many requests are sent for one URL, the first one included.
    pub attempts: u32,
    /// The pause before the second attempt. It doubles with each further one.
    pub base: Duration,
    /// The longest pause. If a server asks for a longer one, the URL is given up: to come back earlier would be impolite.
    pub longest: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_millis(500),
            longest: Duration::from_secs(60),
        }
    }
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Try again after a pause.
    After(Duration),
    /// Give up.
    GiveUp,
}

impl RetryPolicy {
    /// Decides about a response. `attempt` is 1 for the first request. Returns `None` if the status is not a failure that may
    /// pass: 429, 500, 502, 503 and 504 may.
    #[must_use]
    pub fn after_status(
        &self,
        status: StatusCode,
        retry_after: Option<Duration>,
        attempt: u32,
    ) -> Option<Retry> {
        matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504)
            .then(|| self.next(attempt, retry_after))
    }

    /// Decides about a request without a response. A body that is too large will be too large again.
    #[must_use]
    pub fn after_error(&self, error: &FetchError, attempt: u32) -> Retry {
        match error {
            FetchError::TooLarge(_) => Retry::GiveUp,
            _ => self.next(attempt, None),
        }
    }

    fn next(&self, attempt: u32, asked: Option<Duration>) -> Retry {
        if attempt >= self.attempts || asked.is_some_and(|asked| asked > self.longest) {
            return Retry::GiveUp;
        }
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let backoff = self.base.saturating_mul(doubled).min(self.longest);
        Retry::After(backoff.max(asked.unwrap_or_default()))
    }
}

/// The pause that a response asks for, in seconds or until a date. A date in the past is no pause; a header that cannot be
/// read is none, too.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    const POLICY: RetryPolicy = RetryPolicy {
        attempts: 4,
        base: Duration::from_secs(1),
        longest: Duration::from_secs(3),
    };

    fn asked(value: &str) -> Option<Duration> {
        let value = HeaderValue::from_str(value).expect("a header");
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value)]);
        let now = httpdate::parse_http_date("Fri, 06 Nov 2026 08:00:00 GMT").expect("a date");
        retry_after(&headers, now)
    }

    #[test]
    fn the_pause_doubles_up_to_the_longest() {
        let pauses = [1, 2, 3, 4].map(|attempt| POLICY.next(attempt, None));
        let after = |secs| Retry::After(Duration::from_secs(secs));
        assert_eq!(pauses, [after(1), after(2), after(3), Retry::GiveUp]);
    }

    #[test]
    fn waits_as_long_as_the_server_asks() {
        let retry = POLICY.next(1, Some(Duration::from_secs(3)));
        assert_eq!(retry, Retry::After(Duration::from_secs(3)));
    }

    #[test]
    fn gives_up_if_the_server_asks_for_too_long() {
        assert_eq!(POLICY.next(1, Some(Duration::from_secs(4))), Retry::GiveUp);
    }

    #[test]
    fn a_page_that_is_missing_is_not_tried_again() {
        assert_eq!(POLICY.after_status(StatusCode::NOT_FOUND, None, 1), None);
        assert!(
            POLICY
                .after_status(StatusCode::TOO_MANY_REQUESTS, None, 1)
                .is_some()
        );
    }

    #[test]
    fn reads_seconds_and_dates() {
        let secs = |secs| Some(Duration::from_secs(secs));
        assert_eq!(asked("7"), secs(7));
        assert_eq!(asked("Fri, 06 Nov 2026 08:00:09 GMT"), secs(9));
        assert_eq!(asked("Fri, 06 Nov 2026 07:00:00 GMT"), secs(0));
        assert_eq!(asked("99999999999999999999999"), secs(u64::MAX));
    }

    #[test]
    fn ignores_what_is_neither() {
        for value in ["", "-1", "+1", "1.5", "soon", "\u{7f}"] {
            if HeaderValue::from_str(value).is_ok() {
                assert_eq!(asked(value), None, "{value:?}");
            }
        }
    }
}
