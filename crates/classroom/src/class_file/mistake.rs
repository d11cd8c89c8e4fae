//! A mistake in a file of the teacher's, with its place.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use thiserror::Error;

/// A mistake in a file. Its display shows the line, with a mark below what is wrong.
#[derive(Debug, Error)]
#[error("{rendered}")]
pub struct Mistake {
    rendered: String,
}

impl Mistake {
    pub(super) fn new(
        file: &str,
        text: &str,
        place: Range<usize>,
        message: &str,
        help: Option<&str>,
    ) -> Self {
        let title = format!("{file} has a mistake");
        let marked = AnnotationKind::Primary.span(place).label(message);
        let snippet = Snippet::source(text).path(file).annotation(marked);
        let mut group = Level::ERROR.primary_title(&*title).element(snippet);
        if let Some(help) = help {
            group = group.element(Level::HELP.message(help));
        }
        Self {
            // Without colours: it may be printed to a file.
            rendered: Renderer::plain().render(&[group]),
        }
    }
}
