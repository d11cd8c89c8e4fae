use super::{Counters, faults};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures::TryStreamExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;

const ARTICLES: u32 = 12;

const ROBOTS: &str = "\
User-agent: *
Disallow: /private/
";

pub(super) fn router(counters: Arc<Counters>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/robots.txt", get(ROBOTS))
        .route("/articles/{n}", get(article))
        .route("/slow/{ms}", get(slow))
        .route("/moved", get(Redirect::permanent("/articles/2")))
        .route("/loop/a", get(Redirect::temporary("/loop/b")))
        .route("/loop/b", get(Redirect::temporary("/loop/a")))
        .route("/chain/{n}", get(chain))
        .route(
            "/outside",
            get(Redirect::temporary("http://outside.invalid/")),
        )
        .route("/trap/{n}", get(trap))
        .route("/image", get(([(CONTENT_TYPE, "image/png")], "not text")))
        .route("/private/{name}", get(private))
        .route("/upload", post(upload))
        .merge(faults::router())
        .layer(middleware::from_fn_with_state(Arc::clone(&counters), count))
        .with_state(counters)
}

/// A page with links.
pub(super) fn page(title: &str, links: &[&str]) -> Html<String> {
    let links: String = links
        .iter()
        .map(|link| format!("<li><a href=\"{link}\">{link}</a></li>\n"))
        .collect();
    Html(format!(
        "<!doctype html>\n<title>{title}</title>\n<h1>{title}</h1>\n<ul>\n{links}</ul>\n"
    ))
}

async fn count(State(counters): State<Arc<Counters>>, request: Request, next: Next) -> Response {
    counters.requests.fetch_add(1, Ordering::Relaxed);
    let running = counters.running.fetch_add(1, Ordering::Relaxed) + 1;
    counters.peak.fetch_max(running, Ordering::Relaxed);
    let _running = Running(&counters);
    next.run(request).await
}

/// Counts down however the request ends: a client that disconnects drops the handler.
struct Running<'a>(&'a Counters);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn index() -> Html<String> {
    let links = [
        "/articles/1",
        "/articles/1#comments",
        "articles/2",
        "/slow/200",
        "/moved",
        "/loop/a",
        "/chain/1",
        "/outside",
        "/missing",
        "/busy",
        "/closed",
        "/flaky",
        "/error",
        "/silent",
        "/stalled",
        "/drip",
        "/endless",
        "/large",
        "/truncated",
        "/image",
        "/trap/1",
        "/private/salaries",
        "mailto:editor@example.org",
        "http://elsewhere.invalid/",
    ];
    page("The Daily Fault", &links)
}

async fn article(Path(n): Path<u32>) -> Response {
    if !(1..=ARTICLES).contains(&n) {
        return StatusCode::NOT_FOUND.into_response();
    }
    sleep(Duration::from_millis(20)).await;
    let next = format!("/articles/{}", n % ARTICLES + 1);
    page(&format!("Article {n}"), &["/", &next]).into_response()
}

async fn slow(Path(ms): Path<u64>) -> Html<String> {
    sleep(Duration::from_millis(ms)).await;
    page("Slow", &["/"])
}

async fn chain(Path(n): Path<u32>) -> Redirect {
    Redirect::temporary(&format!("/chain/{}", n.saturating_add(1)))
}

async fn trap(Path(n): Path<u64>) -> Html<String> {
    let (left, right) = (n.saturating_mul(2), n.saturating_mul(2).saturating_add(1));
    let links = [format!("/trap/{left}"), format!("/trap/{right}")];
    page(&format!("Trap {n}"), &[&links[0], &links[1]])
}

async fn private(State(counters): State<Arc<Counters>>) -> Html<String> {
    counters.private.fetch_add(1, Ordering::Relaxed);
    page("Private", &[])
}

async fn upload(body: Body) -> Result<String, StatusCode> {
    let chunks = body.into_data_stream();
    let bytes = chunks.try_fold(0, |sum, chunk| async move { Ok(sum + chunk.len()) });
    let bytes: usize = bytes.await.map_err(|_| StatusCode::BAD_REQUEST)?;
    Ok(bytes.to_string())
}
