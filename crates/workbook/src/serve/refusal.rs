//! The response to a request that is refused: for a person a page that says what to do, and otherwise JSON.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::api_error::ApiError;

/// The paths of the API start with this; all others are files of the book.
pub const API_PREFIX: &str = "/workbook/";

const PAGE: &str = include_str!("refusal.html");

/// Why a request is refused.
#[derive(Debug, Clone, Copy)]
pub enum Refusal {
    /// It names a host that is not this server.
    OtherHost,
    /// A page of another site has caused it.
    OtherSite,
}

impl Refusal {
    /// The response to this request.
    pub fn response(self, request: &Request<Body>) -> Response {
        let is_api_path = request.uri().path().starts_with(API_PREFIX);
        let headers = request.headers();
        match self {
            Self::OtherHost if !is_api_path && accepts_html(headers) => {
                let page = PAGE.replace("{{host}}", name_of_host(headers).unwrap_or("HOST"));
                (StatusCode::FORBIDDEN, Html(page)).into_response()
            }
            _ => ApiError::new(StatusCode::FORBIDDEN, self.sentence()).into_response(),
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::OtherHost => "This request is meant for another host.",
            Self::OtherSite => "This request comes from another site.",
        }
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// The host of the request, if it is the name of one. Such a name has no character that means something in HTML or
/// in a shell.
fn name_of_host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let is_name =
        |character: char| character.is_ascii_alphanumeric() || "-.:[]".contains(character);
    (host.parse::<Authority>().is_ok() && host.chars().all(is_name)).then_some(host)
}
