//! The API: JSON over HTTP.

mod error;
mod handlers;

use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use tower::limit::GlobalConcurrencyLimitLayer;

use crate::Database;

/// What a client may ask of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The size of a request's body. The default is 16 KiB.
    pub body_bytes: usize,
    /// How many requests are handled at a time; others wait. The default is 100.
    pub concurrent_requests: usize,
    /// How long handling a request may take until its response begins, waiting included. The default is 10 seconds.
    pub request_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 * 1024,
            concurrent_requests: 100,
            request_timeout: Duration::from_secs(10),
        }
    }
}

/// The API of a database.
///
/// # Cancel safety
///
/// When a client hangs up, its handler is dropped. A transaction of the handler is rolled back unless it has been committed.
pub fn router(database: Database, limits: Limits) -> Router {
    Router::new()
        .route("/health", get(handlers::health))
        .route("/users", get(handlers::users).post(handlers::create_user))
        .route("/users/{id}", get(handlers::user))
        .route("/users/{id}/dashboard", get(handlers::dashboard))
        .route("/users/{id}/profile", put(handlers::set_profile))
        .route("/users/{id}/deposits", post(handlers::deposit))
        .route(
            "/users/{id}/orders",
            get(handlers::orders_of).post(handlers::create_order),
        )
        .route("/orders", get(handlers::recent_orders))
        .route("/orders/export", get(handlers::export_orders))
        .route("/transfers", post(handlers::transfer))
        .layer(GlobalConcurrencyLimitLayer::new(limits.concurrent_requests))
        .layer(from_fn_with_state(limits.request_timeout, time_limit))
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .with_state(database)
}

async fn time_limit(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let message = serde_json::json!({ "error": "the request took too long" });
            (StatusCode::SERVICE_UNAVAILABLE, Json(message)).into_response()
        }
    }
}
