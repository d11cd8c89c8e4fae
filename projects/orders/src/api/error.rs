//! Errors as responses. What the database says is for the log, and not for the client.

use std::error::Error as _;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::Error;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Taken(_) | Self::InsufficientFunds => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy(_) | Self::StatementTimeout(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Settings(_) | Self::Migrate(_) | Self::Database(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        if let Some(source) = self.source() {
            tracing::warn!(%status, %source, "{self}");
        }
        let body = Json(json!({ "error": self.to_string() }));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return (status, [(header::RETRY_AFTER, "1")], body).into_response();
        }
        (status, body).into_response()
    }
}
