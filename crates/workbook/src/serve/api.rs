//! The HTTP API that the pages use.

mod answer;
mod events;
mod exercise;
mod run;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;

use super::api_error::{ApiError, ApiResult, INTERNAL_ERROR};
use super::app_state::AppState;
use super::hosts::Hosts;
use super::security::{require_same_origin, require_token, set_security_headers};

/// The maximal size of a request's body, in bytes. Programs and answers are far smaller.
const MAX_BODY: usize = 2 << 20;

/// All routes of a server with these names.
pub fn router(state: AppState, hosts: Hosts) -> Router {
    let api = Router::new()
        .route("/workbook/events", get(events::events))
        .route("/workbook/check", post(exercise::check))
        .route("/workbook/hint", post(exercise::hint))
        .route("/workbook/help", post(exercise::help))
        .route("/workbook/reset", post(exercise::reset))
        .route("/workbook/solution", post(exercise::solution))
        .route(
            "/workbook/answer/{chapter}",
            get(answer::read).put(answer::save),
        )
        .route("/workbook/run", post(run::run))
        .route_layer(from_fn_with_state(Arc::clone(&state.auth), require_token))
        .route("/workbook/token", post(exchange_key))
        .route("/workbook/{*rest}", axum::routing::any(not_found))
        .layer(map_response(errors_as_json))
        .layer(map_response(forbid_caching));
    Router::new()
        .merge(api)
        .fallback(site)
        .with_state(state)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(|_| {
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL_ERROR).into_response()
        }))
        .layer(from_fn_with_state(Arc::new(hosts), require_same_origin))
        .layer(map_response(set_security_headers))
}

/// A file of the book.
async fn site(State(state): State<AppState>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    state.site.respond(method, path, request.headers())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: String,
}

/// Exchanges a key for the token.
async fn exchange_key(State(state): State<AppState>, Json(Key { key }): Json<Key>) -> ApiResult {
    match state.auth.exchange(&key) {
        Some(token) => Ok(Json(json!({ "token": token }))),
        None => Err(ApiError::new(
            StatusCode::UNAUTHORIZED,
            "This address has been used already, or the tool has been restarted since. Open the address that the \
             terminal shows.",
        )),
    }
}

async fn not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "This address does not exist.")
}

/// Turns errors of the framework into the form of our own.
async fn errors_as_json(mut response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE);
    let is_json = kind.is_some_and(|kind| kind == "application/json");
    if is_json || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let why = match status {
        StatusCode::METHOD_NOT_ALLOWED => "This method is not supported here.",
        StatusCode::PAYLOAD_TOO_LARGE => "This is too large: the limit is 2 MiB.",
        _ => {
            "This request is not valid. The page may belong to another version of the tool: reload it."
        }
    };
    let mut error = ApiError::new(status, why).into_response();
    let allowed = response.headers_mut().remove(ALLOW);
    error
        .headers_mut()
        .extend(allowed.map(|methods| (ALLOW, methods)));
    error
}

async fn forbid_caching(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}
