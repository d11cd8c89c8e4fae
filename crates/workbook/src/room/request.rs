//! One request to a room.

use std::time::Duration;

use autograder::visible::visible;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{Method, Request, StatusCode};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::net::TcpStream;

/// The largest response that is read, in bytes.
const MAX_RESPONSE: usize = 64 << 10;

/// No message of a room is shown in more characters.
const MAX_MESSAGE: usize = 300;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing that speaks the room's protocol answers at this address.
    #[error("The room at {0} cannot be reached. {1}")]
    Unreachable(String, String),
    /// The room has refused the request.
    #[error("{1}")]
    Refused(StatusCode, String),
}

/// Sends a request, and waits at most this long for the response.
///
/// # Errors
///
/// If the room cannot be reached in time, or refuses the request.
pub async fn send<T: DeserializeOwned>(
    address: &str,
    token: Option<&str>,
    (method, path): (Method, &str),
    body: &impl Serialize,
    timeout: Duration,
) -> Result<T, Failure> {
    let unreachable = |why: String| Failure::Unreachable(address.to_owned(), visible(&why));
    let exchange = exchange(address, token, (method, path), body);
    let exchanged = tokio::time::timeout(timeout, exchange).await;
    let exchanged = exchanged.map_err(|_| unreachable("It does not answer.".to_owned()))?;
    let (status, body) = exchanged.map_err(|error| unreachable(format!("{error}.")))?;
    if !status.is_success() {
        return Err(Failure::Refused(status, reason(status, &body)));
    }
    let foreign = "What answers there is no room of this version of the workbook.";
    serde_json::from_slice(&body).map_err(|_| unreachable(foreign.to_owned()))
}

async fn exchange(
    address: &str,
    token: Option<&str>,
    (method, path): (Method, &str),
    body: &impl Serialize,
) -> Result<(StatusCode, Vec<u8>), Box<dyn std::error::Error>> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, address)
        .header(CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::from(serde_json::to_vec(body)?))?;
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let response = async {
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body = to_bytes(Body::new(body), MAX_RESPONSE).await?;
        Ok((head.status, body.to_vec()))
    };
    tokio::pin!(response);
    // The connection carries the response, and has nothing to say itself.
    tokio::select! {
        biased;
        response = &mut response => response,
        _ = connection => response.await,
    }
}

/// What the room says about a request that it refuses. It comes from elsewhere: it is cut, and drives no terminal.
fn reason(status: StatusCode, body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        error: Value,
    }
    let refusal = serde_json::from_slice::<Refusal>(body).ok();
    let said = refusal.as_ref().and_then(|refusal| refusal.error.as_str());
    match said {
        Some(said) => visible(&said.chars().take(MAX_MESSAGE).collect::<String>()),
        None => format!("The room answers with the status {status}."),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::reason;

    #[test]
    fn what_a_room_says_drives_no_terminal() {
        let said = reason(StatusCode::FORBIDDEN, br#"{"error":"No\u001b[2J."}"#);
        assert_eq!(said, "No␛[2J.");
        let long = format!("{{\"error\":\"{}\"}}", "x".repeat(1000));
        let said = reason(StatusCode::FORBIDDEN, long.as_bytes());
        assert_eq!(said.len(), super::MAX_MESSAGE);
        for other in [&b"<html>"[..], b"{\"error\":[1]}"] {
            assert!(reason(StatusCode::FORBIDDEN, other).contains("403"));
        }
    }
}
