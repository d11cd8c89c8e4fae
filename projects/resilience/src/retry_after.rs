use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The pause that a response asks for, in seconds or until a date. A date in the past is no pause; a header that cannot be
/// read counts as none.
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

    fn asked(value: &str) -> Option<u64> {
        let value = HeaderValue::from_str(value).expect("a header");
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value)]);
        retry_after(&headers, SystemTime::UNIX_EPOCH).map(|pause| pause.as_secs())
    }

    #[test]
    fn reads_seconds_and_dates() {
        assert_eq!(asked("7"), Some(7));
        assert_eq!(asked("Thu, 01 Jan 1970 00:00:09 GMT"), Some(9));
        assert_eq!(asked("99999999999999999999999"), Some(u64::MAX));
    }

    #[test]
    fn ignores_what_is_neither() {
        for value in ["", "-1", "+1", "1.5", "soon"] {
            assert_eq!(asked(value), None, "{value:?}");
        }
    }
}
