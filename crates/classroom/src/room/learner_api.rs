//! What learners' workbooks send. Other machines may reach it, and anything may be tried here.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Extension, Request, State};
use axum::http::header::{AUTHORIZATION, HeaderMap, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{post, put};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde_json::json;
use tower_http::timeout::TimeoutLayer;
use workbook::serve::api_error::{ApiError, ApiResult};
use workbook::serve::open_connections::{Client, ConnectionId};
use workbook::serve::security::set_security_headers;

use super::rate_limit::RateLimit;
use super::registry::Refusal;
use super::server::SharedRegistry;
use crate::submission::room::{
    Ask, HELP, JOIN, Join, Joined, LEAVE, LearnerState, Received, STATE, Withdraw,
};

/// The largest body of a request to join, in bytes.
const MAX_JOIN: usize = 4 << 10;

/// The largest state. Twenty chapters take a fifth of it.
const MAX_STATE: usize = 256 << 10;

/// The largest request for help: in JSON, a character of an answer may take six.
const MAX_HELP: usize = 256 << 10;

/// How long a request may take altogether, so that a body cannot arrive byte by byte forever.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct App {
    registry: SharedRegistry,
    limits: Arc<Mutex<Limits>>,
    title: Arc<str>,
}

/// How often things may happen.
struct Limits {
    /// Wrong codes and tokens, from one address. With too many of them, no learner can join from there for a while; learners
    /// who have joined are not concerned.
    wrong: RateLimit<IpAddr>,
    /// Learners who join from one address.
    joined: RateLimit<IpAddr>,
    /// States of a learner.
    states: RateLimit<u32>,
    /// Requests for help of a learner.
    help: RateLimit<u32>,
}

impl Limits {
    fn new() -> Self {
        Self {
            wrong: RateLimit::new(20, Duration::from_secs(6)),
            joined: RateLimit::new(100, Duration::from_secs(6)),
            states: RateLimit::new(30, Duration::from_secs(1)),
            help: RateLimit::new(6, Duration::from_secs(10)),
        }
    }
}

impl App {
    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The learner who has sent a request.
#[derive(Clone, Copy)]
struct LearnerNumber(u32);

/// The routes for learners in a class of this title.
pub fn router(registry: SharedRegistry, title: &str) -> Router {
    let app = App {
        registry,
        limits: Arc::new(Mutex::new(Limits::new())),
        title: title.into(),
    };
    Router::new()
        .route(STATE, put(report).layer(DefaultBodyLimit::max(MAX_STATE)))
        .route(
            HELP,
            post(ask)
                .delete(withdraw)
                .layer(DefaultBodyLimit::max(MAX_HELP)),
        )
        .route(LEAVE, post(leave))
        .route_layer(from_fn_with_state(app.clone(), require_learner))
        .route(JOIN, post(join).layer(DefaultBodyLimit::max(MAX_JOIN)))
        .fallback(async || ApiError::new(StatusCode::NOT_FOUND, "This address does not exist."))
        .with_state(app)
        .layer(from_fn(refuse_browsers))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            REQUEST_TIMEOUT,
        ))
        .layer(map_response(set_security_headers))
}

/// Only workbooks talk to a room. A page of another site, in the browser of a learner or of the teacher, must not.
async fn refuse_browsers(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if headers.contains_key(ORIGIN) || headers.contains_key("sec-fetch-site") {
        let why = "This is not a page. Join with `cargo workbook class join`.";
        return ApiError::new(StatusCode::FORBIDDEN, why).into_response();
    }
    next.run(request).await
}

/// Refuses requests without the token of a learner, before their body is read.
async fn require_learner(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let token = bearer(request.headers());
    let learner = token.and_then(|token| app.registry.lock().authenticate(token));
    let Some(learner) = learner else {
        let limited = app.limits().wrong.take(address_of(peer));
        let why = Refusal::Unknown.to_string();
        return match limited {
            Ok(()) => ApiError::new(StatusCode::UNAUTHORIZED, why).into_response(),
            Err(wait) => too_often("Too many requests without a valid token", wait),
        };
    };
    if let Some(connection) = request.extensions().get::<ConnectionId>() {
        connection.is(Client::Visitor);
    }
    request.extensions_mut().insert(LearnerNumber(learner));
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// The address that limits are counted for. A machine with IPv6 has a whole network of addresses.
fn address_of(peer: SocketAddr) -> IpAddr {
    match peer.ip().to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        address => address,
    }
}

async fn join(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Response {
    match try_join(&app, address_of(peer), &body).await {
        Ok(joined) => Json(joined).into_response(),
        Err(response) => response,
    }
}

async fn try_join(app: &App, peer: IpAddr, body: &Bytes) -> Result<Joined, Response> {
    let wrong = "Too many wrong codes were sent from your address";
    let limited = app.limits().wrong.check(&peer);
    limited.map_err(|wait| too_often(wrong, wait))?;
    let Join { code, student } = parse(body).map_err(IntoResponse::into_response)?;
    if app.registry.lock().is_code(&code) {
        let limited = app.limits().joined.take(peer);
        limited.map_err(|wait| too_often("Too many learners join from your address", wait))?;
    } else {
        let limited = app.limits().wrong.take(peer);
        limited.map_err(|wait| too_often(wrong, wait))?;
    }
    let join = move |registry: &mut super::registry::Registry| registry.join(&code, student);
    let token = app.registry.change(join).await;
    Ok(Joined {
        token: token.map_err(IntoResponse::into_response)?,
        title: app.title.to_string(),
    })
}

async fn report(
    State(app): State<App>,
    Extension(LearnerNumber(learner)): Extension<LearnerNumber>,
    body: Bytes,
) -> Response {
    let limited = app.limits().states.take(learner);
    if let Err(wait) = limited {
        return too_often("Your workbook reports too often", wait);
    }
    let state: LearnerState = match parse(&body) {
        Ok(state) => state,
        Err(error) => return error.into_response(),
    };
    let report = move |registry: &mut super::registry::Registry| registry.report(learner, state);
    match app.registry.change(report).await {
        Ok(version) => Json(Received { version }).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn ask(
    State(app): State<App>,
    Extension(LearnerNumber(learner)): Extension<LearnerNumber>,
    body: Bytes,
) -> Response {
    let limited = app.limits().help.take(learner);
    if let Err(wait) = limited {
        return too_often("You ask too often", wait);
    }
    let asked = async {
        let ask: Ask = parse(&body)?;
        app.registry
            .change(move |registry| registry.ask(learner, ask))
            .await?;
        done()
    };
    asked.await.into_response()
}

async fn withdraw(
    State(app): State<App>,
    Extension(LearnerNumber(learner)): Extension<LearnerNumber>,
    body: Bytes,
) -> Response {
    let limited = app.limits().help.take(learner);
    if let Err(wait) = limited {
        return too_often("You ask too often", wait);
    }
    let withdrawn = async {
        let Withdraw { exercise } = parse(&body)?;
        app.registry
            .change(move |registry| registry.withdraw(learner, &exercise))
            .await?;
        done()
    };
    withdrawn.await.into_response()
}

async fn leave(
    State(app): State<App>,
    Extension(LearnerNumber(learner)): Extension<LearnerNumber>,
) -> ApiResult {
    app.registry
        .change(move |registry| registry.remove(learner))
        .await?;
    done()
}

fn done() -> ApiResult {
    Ok(Json(json!({})))
}

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| {
        let why = "This request is not valid. Perhaps your workbook has to be updated.";
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, why)
    })
}

fn too_often(what: &str, wait: Duration) -> Response {
    let seconds = wait.as_secs() + 1;
    let why = format!("{what}. Try again in {seconds} s.");
    let mut response = ApiError::new(StatusCode::TOO_MANY_REQUESTS, why).into_response();
    let after = HeaderValue::from(seconds);
    response.headers_mut().insert(RETRY_AFTER, after);
    response
}

#[cfg(test)]
mod tests {
    use super::address_of;

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let of = |text: &str| address_of((text.parse::<std::net::IpAddr>().unwrap(), 1).into());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1:2:3"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
