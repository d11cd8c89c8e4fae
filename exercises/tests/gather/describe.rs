//! How reports describe what an answer returned: in words that fit on a line.

use std::time::Duration;

pub use grading::{in_ms, plural};

use super::{Page, WebError};

pub trait Describe {
    fn describe(&self) -> String;
}

/// The path alone, unless the body is not the one that the site returns by default.
impl Describe for Page {
    fn describe(&self) -> String {
        let Self { path, body } = self;
        if self == &super::page(path) {
            path.clone()
        } else {
            format!("{path} with the body {body:?}")
        }
    }
}

/// With the same number as the marks in the timeline.
impl Describe for WebError {
    fn describe(&self) -> String {
        match self {
            Self::NotFound { path } => format!("404 {path}"),
            Self::ServerError { path } => format!("500 {path}"),
        }
    }
}

/// A path that was requested.
impl Describe for &str {
    fn describe(&self) -> String {
        (*self).to_owned()
    }
}

/// A path that was requested.
impl Describe for String {
    fn describe(&self) -> String {
        self.clone()
    }
}

/// A failure of `settle`.
impl Describe for (String, WebError) {
    fn describe(&self) -> String {
        let (path, error) = self;
        format!("{} with {}", quoted_if_empty(path), error.describe())
    }
}

/// A report of `with_progress`, and when it was made.
impl Describe for (Duration, String) {
    fn describe(&self) -> String {
        let (at, path) = self;
        format!("{path} at {}", in_ms(*at))
    }
}

impl<T: Describe, E: Describe> Describe for Result<T, E> {
    fn describe(&self) -> String {
        match self {
            Ok(value) => value.describe(),
            Err(error) => error.describe(),
        }
    }
}

impl<T: Describe> Describe for [T] {
    fn describe(&self) -> String {
        grading::list(self.iter().map(Describe::describe))
    }
}

impl<T: Describe> Describe for Vec<T> {
    fn describe(&self) -> String {
        self.as_slice().describe()
    }
}

/// `path`, or a pair of quotes if it is empty.
pub fn quoted_if_empty(path: &str) -> &str {
    if path.is_empty() { r#""""# } else { path }
}

/// `nothing`, `/a`, `[/a, /b]`
pub fn list(paths: &[String]) -> String {
    match paths {
        [] => "nothing".to_owned(),
        [path] => path.clone(),
        several => several.describe(),
    }
}

/// `[20, 10]`
pub fn numbers<T: ToString>(numbers: &[T]) -> String {
    grading::list(numbers.iter().map(T::to_string))
}
