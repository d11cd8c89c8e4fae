use super::Counters;
use super::pages::page;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::{Stream, StreamExt, stream};
use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;

type Chunk = Result<&'static str, Infallible>;

pub(super) fn router() -> Router<Arc<Counters>> {
    Router::new()
        .route("/silent", get(pending::<()>))
        .route("/stalled", get(stalled))
        .route("/drip", get(drip))
        .route("/endless", get(endless))
        .route("/large", get(large))
        .route("/truncated", get(truncated))
        .route("/busy", get(busy))
        .route("/closed", get(closed))
        .route("/flaky", get(flaky))
        .route("/error", get(StatusCode::INTERNAL_SERVER_ERROR))
}

fn html(chunks: impl Stream<Item = Chunk> + Send + 'static) -> Response {
    let body = Body::from_stream(chunks);
    ([(CONTENT_TYPE, "text/html")], body).into_response()
}

async fn stalled() -> Response {
    let half = stream::iter([Ok("<title>Stalled</title><p>half of")]);
    html(half.chain(stream::pending()))
}

async fn drip() -> Response {
    html(stream::repeat("drip ").then(|drop| async move {
        sleep(Duration::from_millis(50)).await;
        Ok(drop)
    }))
}

async fn endless() -> Response {
    html(stream::repeat("and so on, ").map(Ok))
}

async fn large() -> Response {
    let headers = [(CONTENT_TYPE, "text/html"), (CONTENT_LENGTH, "50000000")];
    let body = Body::from_stream(stream::repeat("and so on, ").map(Ok::<_, Infallible>));
    (headers, body).into_response()
}

async fn truncated() -> Response {
    let headers = [(CONTENT_TYPE, "text/html"), (CONTENT_LENGTH, "1000")];
    let half = stream::iter([Ok("<title>Truncated</title><p>half of")]);
    let error = stream::once(async {
        sleep(Duration::from_millis(50)).await; // the half is sent by then
        Err(io::Error::other("the disk is broken"))
    });
    (headers, Body::from_stream(half.chain(error))).into_response()
}

async fn busy(State(counters): State<Arc<Counters>>) -> Response {
    if counters.busy.fetch_add(1, Ordering::Relaxed) < 2 {
        return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "1")]).into_response();
    }
    page("Not busy any more", &[]).into_response()
}

async fn closed() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "86400")]).into_response()
}

async fn flaky(State(counters): State<Arc<Counters>>) -> Response {
    if counters.flaky.fetch_add(1, Ordering::Relaxed) == 0 {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    page("Flaky", &[]).into_response()
}
