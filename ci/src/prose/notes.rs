//! The comments of a page, and the speaker notes among them.

use super::text::{Place, Text};
use crate::markdown::Page;
use autograder::files::line_of;

/// How a speaker note begins.
pub const NOTE: &str = "<!-- note: ";

/// A comment in the Markdown of a page.
pub struct Comment<'a> {
    /// Where it begins in the page's text.
    pub place: usize,
    /// From `<!--` to `-->`, or to the end of the paragraph if it is not closed in it.
    pub text: &'a str,
}

impl<'a> Comment<'a> {
    /// What a speaker note says, and where that begins in the comment. `None` for another comment.
    pub fn note(&self) -> Option<(usize, &'a str)> {
        let note = self.text.strip_prefix(NOTE)?;
        Some((NOTE.len(), note.strip_suffix("-->")?))
    }
}

/// The comments of a page, those in programs left out.
pub fn comments(page: &Page) -> impl Iterator<Item = Comment<'_>> {
    let places = page.text.match_indices("<!--").map(|(place, _)| place);
    let is_code = |place| page.blocks.iter().any(|block| block.range.contains(&place));
    places.filter(move |place| !is_code(*place)).map(|place| {
        let rest = &page.text[place..];
        let paragraph = rest.split("\n\n").next().unwrap_or(rest).trim_end();
        let end = paragraph
            .find("-->")
            .map_or(paragraph.len(), |end| end + "-->".len());
        Comment {
            place,
            text: &rest[..end],
        }
    })
}

/// The speaker notes of a page, as texts.
pub fn texts(page: &Page) -> Vec<Text> {
    let notes = comments(page).filter_map(|comment| {
        let (begin, note) = comment.note()?;
        let line = line_of(&page.text, comment.place + begin);
        Some(Text::new(&page.file, Place::Prose, line, note.trim_end()))
    });
    notes.collect()
}
