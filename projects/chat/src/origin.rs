//! Which sites may open a socket.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;

/// The origins whose pages may open a socket.
///
/// A browser lets any site open a WebSocket to any server, and sends the cookies of that server along. It also sends the
/// header `Origin`, which a script cannot change. Programs that are not browsers need not send one.
#[derive(Debug, Clone)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    pub(crate) fn new(allowed: Vec<String>) -> Self {
        Self(allowed)
    }

    /// Whether there is no `Origin`, or exactly one, which is allowed.
    pub(crate) fn permit(&self, headers: &HeaderMap) -> bool {
        let mut sent = headers.get_all(ORIGIN).iter();
        match (sent.next(), sent.next()) {
            (None, _) => true,
            (Some(origin), None) => self.0.iter().any(|allowed| origin == allowed.as_str()),
            (Some(_), Some(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permitted(sent: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for origin in sent {
            headers.append(ORIGIN, axum::http::HeaderValue::from_static(origin));
        }
        Origins::new(vec!["http://localhost:3000".to_owned()]).permit(&headers)
    }

    #[test]
    fn permits_its_own_page_and_programs_that_are_no_browsers() {
        assert!(permitted(&["http://localhost:3000"]));
        assert!(permitted(&[]));
    }

    #[test]
    fn refuses_every_other_site() {
        let foreign = [
            "http://evil.example",
            "https://localhost:3000",
            "http://localhost:30000",
            "http://localhost:3000.evil.example",
            "http://localhost",
            "null",
            "",
        ];
        for origin in foreign {
            assert!(!permitted(&[origin]), "{origin}");
        }
        assert!(!permitted(&[
            "http://localhost:3000",
            "http://evil.example"
        ]));
    }
}
