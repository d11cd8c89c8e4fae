//! The API: jobs are posted, and asked for.

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::config::Secret;
use crate::jobs::{Job, Jobs, SubmitError};
use crate::requests::{Requests, track};

const LARGEST_BODY: usize = 64 * 1024;

/// The body of a `POST /jobs`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewJob {
    /// The text whose words are counted.
    pub text: String,
}

/// The answer to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Accepted {
    /// The number of the job.
    pub id: u64,
}

/// The routes `POST /jobs`, `GET /jobs/{id}` and `GET /jobs/{id}/result`, which waits until the job is done.
pub fn router(jobs: Jobs, token: Option<Secret>, requests: Requests) -> Router {
    Router::new()
        .route("/jobs", post(submit))
        .route("/jobs/{id}", get(show))
        .route("/jobs/{id}/result", get(result))
        .with_state(jobs)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(token, authorize))
        .layer(middleware::from_fn_with_state(requests, track))
}

async fn submit(
    State(jobs): State<Jobs>,
    body: Result<Json<NewJob>, JsonRejection>,
) -> Result<Response, Response> {
    let Json(NewJob { text }) = body.map_err(IntoResponse::into_response)?;
    let id = jobs.submit(text).await.map_err(refuse)?;
    Ok((StatusCode::ACCEPTED, Json(Accepted { id })).into_response())
}

fn refuse(error: SubmitError) -> Response {
    let text = error.to_string();
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")], text).into_response()
}

async fn show(State(jobs): State<Jobs>, Path(id): Path<u64>) -> Result<Json<Job>, StatusCode> {
    jobs.get(id).map(Json).ok_or(StatusCode::NOT_FOUND)
}

async fn result(State(jobs): State<Jobs>, Path(id): Path<u64>) -> Result<Json<Job>, StatusCode> {
    let job = jobs.result(id).await;
    job.map(Json).ok_or(StatusCode::NOT_FOUND)
}

async fn authorize(State(token): State<Option<Secret>>, request: Request, next: Next) -> Response {
    let sent = request.headers().get(AUTHORIZATION);
    let sent = sent.and_then(|value: &HeaderValue| value.to_str().ok()?.strip_prefix("Bearer "));
    match token {
        Some(token) if !sent.is_some_and(|sent| token.matches(sent)) => {
            StatusCode::UNAUTHORIZED.into_response()
        }
        _ => next.run(request).await,
    }
}
