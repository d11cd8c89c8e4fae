//! The prose of a page: everything but code, markup and what mdBook puts in.

use super::markup::masked;
use super::notes;
use super::source;
use super::text::{Place, Text, inline_code};
use crate::markdown::{Block, Page};

/// The texts of a page: its prose, and those of its blocks.
pub fn texts(page: &Page) -> Vec<Text> {
    let prose = Text::new(&page.file, Place::Prose, 1, masked(&page.text));
    let mut texts = names(&prose);
    texts.push(prose);
    for note in notes::texts(page) {
        texts.extend(names(&note));
        texts.push(note);
    }
    for block in &page.blocks {
        texts.extend(of_block(block));
    }
    texts
}

/// The names that a text shows as inline code.
pub fn names(text: &Text) -> Vec<Text> {
    let code = inline_code(&text.markdown).into_iter();
    code.flat_map(|(range, code)| source::identifiers(&code, &text.file, text.line_at(range.start)))
        .collect()
}

fn of_block(block: &Block) -> Vec<Text> {
    match block.language() {
        "rust" => source::program(&block.file, block.line + 1, &block.program()),
        "text" => vec![Text::new(
            &block.file,
            Place::Output,
            block.line + 1,
            &block.body,
        )],
        _ => Vec::new(),
    }
}
