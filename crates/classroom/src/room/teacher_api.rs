//! The teacher's page. Its server listens on loopback only, and the page has to show the token of `workbook`'s server.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;
use workbook::auth::Auth;
use workbook::serve::api_error::{ApiError, ApiResult};
use workbook::serve::hosts::Hosts;
use workbook::serve::security::{require_same_origin, require_token, set_security_headers};

use super::overview::{self, View};
use super::server::SharedRegistry;

/// No request of the page is larger, in bytes.
const MAX_BODY: usize = 4 << 10;

/// How long a request waits for a change. Afterwards the page is drawn again, because it says how long ago things were.
const WAIT: Duration = Duration::from_secs(20);

/// What the page runs.
const SCRIPT: &str = include_str!("room.js");

#[derive(Clone)]
struct App {
    registry: SharedRegistry,
    view: Arc<View>,
    auth: Arc<Auth>,
}

/// The routes of the teacher's page, on a server of these names.
pub fn router(registry: SharedRegistry, view: View, auth: Arc<Auth>, hosts: Hosts) -> Router {
    let app = App {
        registry,
        view: Arc::new(view),
        auth: Arc::clone(&auth),
    };
    Router::new()
        .route("/workbook/room/since/{number}", get(changes))
        .route("/workbook/room/open", post(open))
        .route("/workbook/room/helped", post(helped))
        .route("/workbook/room/remove", post(remove))
        .route_layer(from_fn_with_state(auth, require_token))
        .route("/workbook/token", post(exchange_key))
        .route("/", get(page))
        .route(
            "/room.js",
            get(async || file("text/javascript", SCRIPT.to_owned())),
        )
        .route(
            "/room.css",
            get(async || file("text/css", overview::style())),
        )
        .fallback(async || ApiError::new(StatusCode::NOT_FOUND, "This address does not exist."))
        .with_state(app)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(Arc::new(hosts), require_same_origin))
        .layer(map_response(forbid_caching))
        .layer(map_response(set_security_headers))
}

async fn forbid_caching(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

fn file(kind: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, format!("{kind}; charset=utf-8"))], text).into_response()
}

/// The page without anything of the class, which it asks for with the token.
async fn page(State(app): State<App>) -> Response {
    file("text/html", app.view.page())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: String,
}

async fn exchange_key(State(app): State<App>, Json(Key { key }): Json<Key>) -> ApiResult {
    match app.auth.exchange(&key) {
        Some(token) => Ok(Json(json!({ "token": token }))),
        None => Err(ApiError::new(
            StatusCode::UNAUTHORIZED,
            "This address has been used already, or the room has been opened again since. Open the address that the \
             terminal shows.",
        )),
    }
}

/// What the page shows, as soon as something has changed since it was drawn.
async fn changes(State(app): State<App>, Path(seen): Path<u64>) -> ApiResult {
    let mut changes = app.registry.lock().subscribe();
    // The sender lives as long as the room. After the time limit the page is drawn again.
    let _ = timeout(WAIT, changes.wait_for(|number| *number != seen)).await;
    let drawn = tokio::task::spawn_blocking(move || {
        let room = app.registry.lock().snapshot();
        let drawn = app.view.draw(&room, Timestamp::now());
        json!({ "number": room.number, "asking": drawn.asking, "html": drawn.html })
    });
    let drawn = drawn.await.map_err(anyhow::Error::from)?;
    Ok(Json(drawn))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    open: bool,
}

/// Lets learners join, or no more.
async fn open(State(app): State<App>, Json(Open { open }): Json<Open>) -> ApiResult {
    app.registry
        .change(move |registry| Ok(registry.set_open(open)?))
        .await?;
    Ok(Json(json!({})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Helped {
    learner: u32,
    exercise: String,
}

/// A request for help has been dealt with.
async fn helped(State(app): State<App>, Json(helped): Json<Helped>) -> ApiResult {
    let Helped { learner, exercise } = helped;
    app.registry
        .change(move |registry| registry.withdraw(learner, &exercise))
        .await?;
    Ok(Json(json!({})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remove {
    learner: u32,
}

/// Removes a learner.
async fn remove(State(app): State<App>, Json(Remove { learner }): Json<Remove>) -> ApiResult {
    app.registry
        .change(move |registry| registry.remove(learner))
        .await?;
    Ok(Json(json!({})))
}
