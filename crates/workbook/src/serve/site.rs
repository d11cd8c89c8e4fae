//! Serves the book's files from memory. No other files can be requested.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use autograder::files::entries_below;
use autograder::hash::hash;
use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Tells a page's scripts that the page is served by the tool.
const SERVED: &str = "<meta name=\"workbook\" content=\"served\">";

/// Smaller files are not compressed, because they fit into one packet.
const MIN_COMPRESSED: usize = 1000;

/// The files by their paths.
#[derive(Debug)]
pub struct Site {
    files: BTreeMap<String, File>,
}

#[derive(Debug)]
struct File {
    bytes: Bytes,
    /// Compressed on the first request.
    compressed: OnceLock<Bytes>,
    content_type: &'static str,
    is_text: bool,
    /// Whether its name contains a hash of its content, so that it never changes.
    is_immutable: bool,
    etag: String,
}

impl Site {
    /// Reads all files below a folder. What a link leads to does not belong to the book.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        let own = entries_below(folder)?.into_iter();
        for path in own.filter(|path| path.is_file() && !path.is_symlink()) {
            let name = path.strip_prefix(folder)?.to_string_lossy();
            files.insert(name.replace('\\', "/"), File::read(&path)?);
        }
        Ok(Self { files })
    }

    /// The response to a request for a path: a file, or the page for missing files.
    pub fn respond(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
        if ![Method::GET, Method::HEAD].contains(method) {
            let refused = Response::builder()
                .status(StatusCode::METHOD_NOT_ALLOWED)
                .header(ALLOW, "GET, HEAD");
            return build(refused, Body::empty());
        }
        let name = match path.trim_start_matches('/') {
            "" => "index.html",
            name => name,
        };
        match (self.files.get(name), self.files.get("404.html")) {
            (Some(file), _) => file.respond(StatusCode::OK, method, headers),
            (None, Some(page)) => page.respond(StatusCode::NOT_FOUND, method, headers),
            (None, None) => build(
                Response::builder().status(StatusCode::NOT_FOUND),
                Body::from("This page does not exist."),
            ),
        }
    }
}

impl File {
    fn read(path: &PathBuf) -> Result<Self> {
        let mut bytes =
            fs::read(path).with_context(|| format!("{} could not be read.", path.display()))?;
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        // The print page is meant for paper, and has nothing interactive.
        if extension == "html" && stem != "print" {
            let page = String::from_utf8_lossy(&bytes);
            bytes = page
                .replacen("<head>", &format!("<head>\n{SERVED}"), 1)
                .into();
        }
        let (content_type, is_text) = content_type(&extension);
        let etag = format!("\"{}\"", &hash(&[&bytes])[..16]);
        Ok(Self {
            bytes: bytes.into(),
            compressed: OnceLock::new(),
            content_type,
            is_text,
            is_immutable: has_hash(&stem),
            etag,
        })
    }

    fn respond(&self, status: StatusCode, method: &Method, headers: &HeaderMap) -> Response<Body> {
        let cache = if self.is_immutable {
            "private, max-age=31536000, immutable"
        } else {
            "private, no-cache"
        };
        let response = Response::builder()
            .header(CONTENT_TYPE, self.content_type)
            .header(CACHE_CONTROL, cache)
            .header(ETAG, &self.etag)
            .header(VARY, "Accept-Encoding");
        let mut known = headers.get_all(IF_NONE_MATCH).into_iter();
        let is_current =
            |value: &HeaderValue| value.to_str().is_ok_and(|etags| etags.contains(&self.etag));
        if status == StatusCode::OK && known.any(is_current) {
            return build(response.status(StatusCode::NOT_MODIFIED), Body::empty());
        }
        let response = response.status(status);
        let may_compress = self.is_text && self.bytes.len() >= MIN_COMPRESSED;
        let (response, bytes) = if may_compress && accepts_gzip(headers) {
            let response = response.header(CONTENT_ENCODING, "gzip");
            (response, self.compressed.get_or_init(|| gzip(&self.bytes)))
        } else {
            (response, &self.bytes)
        };
        let response = response.header(CONTENT_LENGTH, bytes.len());
        if method == Method::HEAD {
            return build(response, Body::empty());
        }
        build(response, Body::from(bytes.clone()))
    }
}

/// Whether a browser accepts compressed files. A weight of 0 means that it does not.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).into_iter();
    let values = values.filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && weight != Some(Ok(0.0))
    })
}

fn build(response: axum::http::response::Builder, body: Body) -> Response<Body> {
    response.body(body).expect("the headers above are valid")
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .expect("writing to memory cannot fail");
    encoder
        .finish()
        .expect("writing to memory cannot fail")
        .into()
}

/// The content type of a file, and whether it is text.
fn content_type(extension: &str) -> (&'static str, bool) {
    match extension {
        "html" => ("text/html; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "js" => ("text/javascript; charset=utf-8", true),
        "json" => ("application/json", true),
        "svg" => ("image/svg+xml", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "png" => ("image/png", false),
        "woff2" => ("font/woff2", false),
        _ => ("application/octet-stream", false),
    }
}

/// Whether a name ends in the eight hexadecimal digits that mdBook adds, as in `book-609e4cb8` and
/// `clipboard-1626706a.min`.
fn has_hash(stem: &str) -> bool {
    let stem = stem.strip_suffix(".min").unwrap_or(stem);
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}
