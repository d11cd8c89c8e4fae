//! What is refused before anything is looked at, and what every answer forbids.
//!
//! A page of another site may make a reader's browser send requests here: forms, images, scripts, or a
//! name of its own that it lets point to 127.0.0.1 (DNS rebinding). The browser says with each of them
//! where they come from and which host they are meant for.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::api::Refusal;
use super::door::Door;

/// What is ours and not the book's lies below this path.
pub const OURS: &str = "/workbook/";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Header names are in lower case.
const ON_EVERY_ANSWER: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// The hosts that this server is, with its port.
#[derive(Debug)]
pub struct Hosts([String; 2]);

impl Hosts {
    /// Those of a server on this port of this machine.
    pub fn of(port: u16) -> Self {
        // Browsers leave the port out that they would use anyway.
        let port = match port {
            80 => String::new(),
            port => format!(":{port}"),
        };
        Self(["127.0.0.1", "localhost"].map(|name| format!("{name}{port}")))
    }
}

/// Refuses what another site, or another name for this machine, has made a browser send.
pub async fn from_here(
    State(hosts): State<Arc<Hosts>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let mut response = match refusal(&hosts, &request) {
        Some(why) => Refusal::new(StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in ON_EVERY_ANSWER {
        let (name, value) = (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        response.headers_mut().insert(name, value);
    }
    response
}

fn refusal(hosts: &Hosts, request: &Request<Body>) -> Option<&'static str> {
    let headers = request.headers();
    let mut named = headers.get_all(HOST).iter();
    let host = match (
        named.next().and_then(|host| host.to_str().ok()),
        named.next(),
    ) {
        (Some(host), None) if hosts.0.iter().any(|ours| ours == host) => host,
        _ => return Some("This request is meant for another host."),
    };
    // A proxy's form of a request names the host twice.
    if request.uri().authority().is_some_and(|other| other != host) {
        return Some("This request is meant for another host.");
    }
    let origins = headers.get_all(ORIGIN).iter();
    let own = format!("http://{host}");
    if origins.into_iter().any(|origin| origin != &*own) {
        return Some("This request comes from another site.");
    }
    let is_ours = request.uri().path().starts_with(OURS);
    if is_ours {
        let foreign = said(headers, "sec-fetch-site").is_some_and(|site| site != "same-origin");
        return foreign.then_some("This request comes from another site.");
    }
    // A link from another site to a page of the book is welcome, a page of the book inside one is not.
    let is_foreign = said(headers, "sec-fetch-site")
        .is_some_and(|site| ["cross-site", "same-site"].contains(&site));
    let is_link = said(headers, "sec-fetch-mode") == Some("navigate")
        && said(headers, "sec-fetch-dest") == Some("document");
    (is_foreign && !is_link).then_some("This request comes from another site.")
}

fn said<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Refuses who does not bear the token.
pub async fn let_in(State(door): State<Arc<Door>>, request: Request<Body>, next: Next) -> Response {
    let token = request.headers().get(AUTHORIZATION);
    let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if token.is_some_and(|token| door.knows(token)) {
        return next.run(request).await;
    }
    let why = "This page is not let in. Open the address that the terminal shows.";
    Refusal::new(StatusCode::UNAUTHORIZED, why).into_response()
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn the_port_that_browsers_leave_out_is_left_out() {
        assert_eq!(Hosts::of(80).0, ["127.0.0.1", "localhost"]);
        assert_eq!(Hosts::of(3000).0, ["127.0.0.1:3000", "localhost:3000"]);
    }
}
