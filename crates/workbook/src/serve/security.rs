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
use super::hosts::Hosts;
use super::open_connections::{Client, ConnectionId};
use super::refusal::{API_PREFIX, Refusal};
use crate::auth::Auth;

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

/// Refuses requests that another site, or another name for this machine, has caused.
pub async fn require_same_origin(
    State(hosts): State<Arc<Hosts>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    match check_origin(&hosts, &request) {
        Some(refusal) => refusal.response(&request),
        None => {
            show(&request, Client::Visitor);
            next.run(request).await
        }
    }
}

/// Records what the client of a request has shown.
fn show(request: &Request<Body>, client: Client) {
    if let Some(connection) = request.extensions().get::<ConnectionId>() {
        connection.is(client);
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
fn check_origin(hosts: &Hosts, request: &Request<Body>) -> Option<Refusal> {
    let headers = request.headers();
    let mut host_headers = headers.get_all(HOST).iter();
    let host = match (
        host_headers.next().and_then(|host| host.to_str().ok()),
        host_headers.next(),
    ) {
        (Some(host), None) if hosts.contains(host) => host,
        _ => return Some(Refusal::OtherHost),
    };
    // A request in the form for proxies names the host twice.
    if request.uri().authority().is_some_and(|other| other != host) {
        return Some(Refusal::OtherHost);
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    if !origins.all(|origin| hosts.is_own_origin(origin, host)) {
        return Some(Refusal::OtherSite);
    }
    let is_api_path = request.uri().path().starts_with(API_PREFIX);
    if is_api_path {
        let is_foreign =
            header(headers, "sec-fetch-site").is_some_and(|site| site != "same-origin");
        return is_foreign.then_some(Refusal::OtherSite);
    }
    // Another site may link to a page of the book, but not embed it.
    let is_foreign = header(headers, "sec-fetch-site")
        .is_some_and(|site| ["cross-site", "same-site"].contains(&site));
    let is_link = header(headers, "sec-fetch-mode") == Some("navigate")
        && header(headers, "sec-fetch-dest") == Some("document");
    (is_foreign && !is_link).then_some(Refusal::OtherSite)
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
        show(&request, Client::Reader);
        return next.run(request).await;
    }
    let why = "This page is not authorized. Open the address that the terminal shows.";
    ApiError::new(StatusCode::UNAUTHORIZED, why).into_response()
}
