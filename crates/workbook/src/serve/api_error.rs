//! The errors of the API.

use anyhow::Error;
use axum::Json;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::terminal::sentences;

/// The message when a part of this program panics.
pub const INTERNAL_ERROR: &str =
    "The tool crashed here. This is a bug in the tool, not a mistake of yours.";

/// The response to a request.
pub type ApiResult = Result<Json<Value>, ApiError>;

/// Why a request failed, in sentences for the reader.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    body: Value,
}

impl ApiError {
    /// An error with this status and message.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let message: String = message.into();
        let body = json!({ "error": message });
        Self { status, body }
    }

    /// Adds a value for the page.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body[name] = value.into();
        self
    }
}

impl From<Error> for ApiError {
    /// The error of a valid request that could not be carried out.
    fn from(error: Error) -> Self {
        Self::new(StatusCode::CONFLICT, sentences(&error))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response<Body> {
        (self.status, Json(self.body)).into_response()
    }
}
