//! A host that serves the book as mdBook builds it, without the tool.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// Serves the files of a folder until the runtime ends, and returns its address.
pub async fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let files = Router::new().fallback(async move |uri: Uri| file(&folder, uri.path()));
    tokio::spawn(async move { axum::serve(listener, files).await });
    format!("http://{address}/")
}

fn file(folder: &Path, path: &str) -> Response {
    let path = folder.join(path.trim_start_matches('/'));
    // Browsers run only modules with a JavaScript MIME type.
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    match std::fs::read(path) {
        Ok(bytes) => ([(CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
