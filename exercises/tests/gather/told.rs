//! How a report names what an answer gave: in words that fit on a line.

use std::time::Duration;

use super::{Page, WebError};

pub trait Told {
    fn told(&self) -> String;
}

/// The path alone, unless the body is not the one that the site gives by itself.
impl Told for Page {
    fn told(&self) -> String {
        let Self { path, body } = self;
        if self == &super::page(path) {
            path.clone()
        } else {
            format!("{path} that says {body:?}")
        }
    }
}

/// As the marks in the timeline say it.
impl Told for WebError {
    fn told(&self) -> String {
        match self {
            Self::NotFound { path } => format!("404 {path}"),
            Self::ServerError { path } => format!("500 {path}"),
        }
    }
}

/// A path that was asked for.
impl Told for &str {
    fn told(&self) -> String {
        (*self).to_owned()
    }
}

/// A path that was asked for.
impl Told for String {
    fn told(&self) -> String {
        self.clone()
    }
}

/// A failure of `settle`.
impl Told for (String, WebError) {
    fn told(&self) -> String {
        let (path, error) = self;
        format!("{} with {}", visible(path), error.told())
    }
}

/// A report of `with_progress` and its instant.
impl Told for (Duration, String) {
    fn told(&self) -> String {
        let (at, path) = self;
        format!("{path} at {}", in_ms(*at))
    }
}

impl<T: Told, E: Told> Told for Result<T, E> {
    fn told(&self) -> String {
        match self {
            Ok(value) => value.told(),
            Err(error) => error.told(),
        }
    }
}

impl<T: Told> Told for [T] {
    fn told(&self) -> String {
        let items: Vec<_> = self.iter().map(Told::told).collect();
        format!("[{}]", items.join(", "))
    }
}

impl<T: Told> Told for Vec<T> {
    fn told(&self) -> String {
        self.as_slice().told()
    }
}

/// `path`, or quotes where nothing could be seen.
pub fn visible(path: &str) -> &str {
    if path.is_empty() { r#""""# } else { path }
}

/// `nothing`, `/a`, `[/a, /b]`
pub fn listed(paths: &[String]) -> String {
    match paths {
        [] => "nothing".to_owned(),
        [path] => path.clone(),
        several => several.told(),
    }
}

/// `1 download`, `3 downloads`
pub fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// `40 ms`
pub fn in_ms(time: Duration) -> String {
    format!("{} ms", time.as_secs_f64() * 1e3)
}
