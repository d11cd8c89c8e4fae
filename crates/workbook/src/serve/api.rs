//! What the page asks for.

mod answer;
mod events;
mod exercise;
mod run;

use std::sync::Arc;

use anyhow::Error;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

use super::board::Board;
use super::desk::Desk;
use super::door::Door;
use super::security::{Hosts, from_here, let_in};
use super::shelf::Shelf;
use super::site::Site;
use crate::names::{self, Named, Place};
use crate::terminal::sentences;
use crate::tool::Tool;

/// A program or an answer is far smaller.
const LARGEST_BODY: usize = 2 << 20;

/// What is said when a part of this program panics.
const BROKE_DOWN: &str = "The tool broke down here, which is a mistake of the tool and not yours.";

/// What requests are answered with. Clones are the same.
#[derive(Clone)]
pub struct Served {
    /// The project, and what is known of the learner.
    pub tool: Arc<Tool>,
    /// What every page should know.
    pub board: Arc<Board>,
    /// The cards.
    pub shelf: Arc<Shelf>,
    /// Where grading is asked for.
    pub desk: Desk,
    /// Who is let in.
    pub door: Arc<Door>,
    /// The book's files.
    pub site: Arc<Site>,
    /// How many programs may run at once.
    pub runs: Arc<Semaphore>,
}

/// All that can be asked for on this port.
pub fn router(served: Served, port: u16) -> Router {
    let ours = Router::new()
        .route("/workbook/events", get(events::events))
        .route("/workbook/check", post(exercise::check))
        .route("/workbook/hint", post(exercise::hint))
        .route("/workbook/reset", post(exercise::reset))
        .route("/workbook/solution", post(exercise::solution))
        .route(
            "/workbook/answer/{chapter}",
            get(answer::read).put(answer::save),
        )
        .route("/workbook/run", post(run::run))
        .route_layer(from_fn_with_state(Arc::clone(&served.door), let_in))
        .route("/workbook/open", post(open))
        .route("/workbook/{*rest}", axum::routing::any(nothing))
        .layer(map_response(in_a_sentence))
        .layer(map_response(kept_by_nobody));
    Router::new()
        .merge(ours)
        .fallback(site)
        .with_state(served)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, BROKE_DOWN).into_response()
        }))
        .layer(from_fn_with_state(Arc::new(Hosts::of(port)), from_here))
}

/// A file of the book.
async fn site(State(served): State<Served>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    served.site.answer(method, path, request.headers())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: String,
}

/// The token for a key that fits.
async fn open(State(served): State<Served>, Json(Key { key }): Json<Key>) -> Answer {
    match served.door.open(&key) {
        Some(token) => Ok(Json(json!({ "token": token }))),
        None => Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "This address has been used, or is of an earlier start. Open the one that the terminal shows.",
        )),
    }
}

async fn nothing() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "There is nothing of this name.")
}

/// What is refused before it comes to us is said as we say it.
async fn in_a_sentence(mut response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE);
    let is_ours = kind.is_some_and(|kind| kind == "application/json");
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let why = match status {
        StatusCode::METHOD_NOT_ALLOWED => "This cannot be done here.",
        StatusCode::PAYLOAD_TOO_LARGE => {
            "This is larger than 2 MiB, which is the most that is taken."
        }
        _ => {
            "This request cannot be understood: the page may be of another version than the tool. Load it again."
        }
    };
    let mut said = Refusal::new(status, why).into_response();
    let allowed = response.headers_mut().remove(ALLOW);
    said.headers_mut()
        .extend(allowed.map(|methods| (ALLOW, methods)));
    said
}

async fn kept_by_nobody(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

/// What a request comes to.
pub type Answer = Result<Json<Value>, Refusal>;

/// Why a request was not granted, in sentences for the reader.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    /// With this status, and why.
    pub fn new(status: StatusCode, why: impl Into<String>) -> Self {
        let why: String = why.into();
        let body = json!({ "error": why });
        Self { status, body }
    }

    /// The same with more for the page to know.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body[name] = value.into();
        self
    }
}

impl From<Error> for Refusal {
    /// It was asked for rightly and could not be done.
    fn from(error: Error) -> Self {
        Self::new(StatusCode::CONFLICT, sentences(&error))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        (self.status, Json(self.body)).into_response()
    }
}

/// Does what takes a while, or waits for the disk, where it holds up no other request.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, BROKE_DOWN)))
}

/// The exercise of this name.
fn place<'t>(tool: &'t Tool, name: &str) -> Result<Place<'t>, Refusal> {
    match names::find(tool.manifest(), name) {
        Ok(Named::Exercise(place)) => Ok(place),
        Ok(Named::Chapter(_)) => {
            let why = format!("`{name}` is a chapter, and no exercise.");
            Err(Refusal::new(StatusCode::NOT_FOUND, why))
        }
        Err(error) => Err(Refusal::new(StatusCode::NOT_FOUND, sentences(&error))),
    }
}
