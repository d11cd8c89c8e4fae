//! The book's files, in memory: nothing else can be asked for.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use autograder::files::all_below;
use autograder::hash::hash;
use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;

/// What tells a page's scripts that the tool is there.
const SERVED: &str = "<meta name=\"workbook\" content=\"served\">";

/// Smaller files fit into one packet as they are.
const WORTH_COMPRESSING: usize = 1000;

/// The files by their paths.
#[derive(Debug)]
pub struct Site {
    files: BTreeMap<String, File>,
}

#[derive(Debug)]
struct File {
    bytes: Bytes,
    /// Made when it is first asked for.
    compressed: OnceLock<Bytes>,
    kind: &'static str,
    is_text: bool,
    /// Its name has a hash of its content, so what is known of it stays true.
    is_forever: bool,
    tag: String,
}

impl Site {
    /// Reads all files below a folder.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for path in all_below(folder)? {
            let name = path.strip_prefix(folder)?.to_string_lossy();
            files.insert(name.replace('\\', "/"), File::read(&path)?);
        }
        Ok(Self { files })
    }

    /// What a browser gets that asks for a path: a file, or the page that says there is none.
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
        if ![Method::GET, Method::HEAD].contains(method) {
            let refused = Response::builder()
                .status(StatusCode::METHOD_NOT_ALLOWED)
                .header(ALLOW, "GET, HEAD");
            return whole(refused, Body::empty());
        }
        let name = match path.trim_start_matches('/') {
            "" => "index.html",
            name => name,
        };
        match (self.files.get(name), self.files.get("404.html")) {
            (Some(file), _) => file.answer(StatusCode::OK, method, headers),
            (None, Some(page)) => page.answer(StatusCode::NOT_FOUND, method, headers),
            (None, None) => whole(
                Response::builder().status(StatusCode::NOT_FOUND),
                Body::from("There is no such page."),
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
        // The page to print is paper: nothing moves on it.
        if extension == "html" && stem != "print" {
            let page = String::from_utf8_lossy(&bytes);
            bytes = page
                .replacen("<head>", &format!("<head>\n{SERVED}"), 1)
                .into();
        }
        let (kind, is_text) = kind_of(&extension);
        let tag = format!("\"{}\"", &hash(&[&bytes])[..16]);
        Ok(Self {
            bytes: bytes.into(),
            compressed: OnceLock::new(),
            kind,
            is_text,
            is_forever: has_hash(&stem),
            tag,
        })
    }

    fn answer(&self, status: StatusCode, method: &Method, headers: &HeaderMap) -> Response<Body> {
        let cache = if self.is_forever {
            "private, max-age=31536000, immutable"
        } else {
            "private, no-cache"
        };
        let response = Response::builder()
            .header(CONTENT_TYPE, self.kind)
            .header(CACHE_CONTROL, cache)
            .header(ETAG, &self.tag)
            .header(VARY, "Accept-Encoding");
        let mut known = headers.get_all(IF_NONE_MATCH).into_iter();
        let is_ours =
            |value: &HeaderValue| value.to_str().is_ok_and(|tags| tags.contains(&self.tag));
        if status == StatusCode::OK && known.any(is_ours) {
            return whole(response.status(StatusCode::NOT_MODIFIED), Body::empty());
        }
        let response = response.status(status);
        let may_compress = self.is_text && self.bytes.len() >= WORTH_COMPRESSING;
        let (response, bytes) = if may_compress && takes_gzip(headers) {
            let response = response.header(CONTENT_ENCODING, "gzip");
            (response, self.compressed.get_or_init(|| gzip(&self.bytes)))
        } else {
            (response, &self.bytes)
        };
        let response = response.header(CONTENT_LENGTH, bytes.len());
        if method == Method::HEAD {
            return whole(response, Body::empty());
        }
        whole(response, Body::from(bytes.clone()))
    }
}

/// Whether a browser takes compressed files. A weight of 0 means that it does not.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).into_iter();
    let values = values.filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && weight != Some(Ok(0.0))
    })
}

fn whole(response: axum::http::response::Builder, body: Body) -> Response<Body> {
    response.body(body).expect("the headers above are right")
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything").into()
}

/// The type of a file, and whether it is text.
fn kind_of(extension: &str) -> (&'static str, bool) {
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

/// Whether a name ends in eight hexadecimal digits, as mdBook puts them: `book-609e4cb8`,
/// `clipboard-1626706a.min`.
fn has_hash(stem: &str) -> bool {
    let stem = stem.strip_suffix(".min").unwrap_or(stem);
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}
