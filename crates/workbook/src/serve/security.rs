//! Refuses requests from other sites before anything else is done, and sets the security headers of every response.
//!
//! A page of another site may make a reader's browser send requests here, through forms, images, scripts, or a
//! domain of its own that resolves to 127.0.0.1 (DNS rebinding). With each request, the browser says
//! where it comes from and which host it is meant for.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::api_error::ApiError;
use crate::auth::Auth;

/// The paths of the API start with this; all others are files of the book.
const API_PREFIX: &str = "/workbook/";

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                                       img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
                                       frame-src 'self'; base-uri 'none'; form-action 'none'; \
                                       frame-ancestors 'self'";

/// The headers of every response. Names are in lower case.
const SECURITY_HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// The names under which this server may be addressed, with its port.
#[derive(Debug)]
pub struct Hosts([String; 2]);

impl Hosts {
    /// The names of a server on this port of this machine.
    pub fn of(port: u16) -> Self {
        // Browsers omit the default port.
        let port = match port {
            80 => String::new(),
            port => format!(":{port}"),
        };
        Self(["127.0.0.1", "localhost"].map(|name| format!("{name}{port}")))
    }
}

/// Refuses requests that another site, or another name for this machine, has caused.
pub async fn require_same_origin(
    State(hosts): State<Arc<Hosts>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    match check_origin(&hosts, &request) {
        Some(why) => ApiError::new(StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    }
}

/// Sets the security headers of a response.
pub async fn set_security_headers(mut response: Response) -> Response {
    for (name, value) in SECURITY_HEADERS {
        let (name, value) = (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        response.headers_mut().insert(name, value);
    }
    response
}

/// Why a request is refused, if it is.
fn check_origin(hosts: &Hosts, request: &Request<Body>) -> Option<&'static str> {
    let headers = request.headers();
    let mut host_headers = headers.get_all(HOST).iter();
    let host = match (
        host_headers.next().and_then(|host| host.to_str().ok()),
        host_headers.next(),
    ) {
        (Some(host), None) if hosts.0.iter().any(|own| own == host) => host,
        _ => return Some("This request is meant for another host."),
    };
    // A request in the form for proxies names the host twice.
    if request.uri().authority().is_some_and(|other| other != host) {
        return Some("This request is meant for another host.");
    }
    let origins = headers.get_all(ORIGIN).iter();
    let own = format!("http://{host}");
    if origins.into_iter().any(|origin| origin != &*own) {
        return Some("This request comes from another site.");
    }
    let is_api_path = request.uri().path().starts_with(API_PREFIX);
    if is_api_path {
        let is_foreign =
            header(headers, "sec-fetch-site").is_some_and(|site| site != "same-origin");
        return is_foreign.then_some("This request comes from another site.");
    }
    // Another site may link to a page of the book, but not embed it.
    let is_foreign = header(headers, "sec-fetch-site")
        .is_some_and(|site| ["cross-site", "same-site"].contains(&site));
    let is_link = header(headers, "sec-fetch-mode") == Some("navigate")
        && header(headers, "sec-fetch-dest") == Some("document");
    (is_foreign && !is_link).then_some("This request comes from another site.")
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Refuses requests without the token.
pub async fn require_token(
    State(auth): State<Arc<Auth>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let token = request.headers().get(AUTHORIZATION);
    let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if token.is_some_and(|token| auth.accepts(token)) {
        return next.run(request).await;
    }
    let why = "This page is not authorized. Open the address that the terminal shows.";
    ApiError::new(StatusCode::UNAUTHORIZED, why).into_response()
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn omits_the_default_port() {
        assert_eq!(Hosts::of(80).0, ["127.0.0.1", "localhost"]);
        assert_eq!(Hosts::of(3000).0, ["127.0.0.1:3000", "localhost:3000"]);
    }
}
