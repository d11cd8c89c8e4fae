//! What a request for a page comes to.

use std::fmt;

/// A page that was downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Page {
    /// The path that was requested.
    pub path: String,
    /// The body that the site was given, or the words `body of` and the path.
    pub body: String,
}

/// A download that failed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum WebError {
    /// The site has no such page: 404.
    NotFound {
        /// The path that was requested.
        path: String,
    },
    /// The page is broken: 500.
    ServerError {
        /// The path that was requested.
        path: String,
    },
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { path } => write!(f, "404 Not Found: {path}"),
            Self::ServerError { path } => write!(f, "500 Internal Server Error: {path}"),
        }
    }
}

impl std::error::Error for WebError {}
