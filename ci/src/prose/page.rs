//! The prose of a page: everything but code, markup and what mdBook puts in.

use super::markup::masked;
use super::notes;
use super::source;
use super::text::{Place, Text, inline_code};
use crate::markdown::{Block, Page};
use crate::report_beginnings;

/// The texts of a page: its prose, and those of its blocks.
pub fn texts(page: &Page) -> Vec<Text> {
    let text = without_quoted_reports(&page.text);
    let prose = Text::new(&page.file, Place::Prose, 1, masked(&text));
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

/// The text without the reports that a lesson plan quotes: their words are checked where the graders have them.
fn without_quoted_reports(text: &str) -> String {
    let mut follows_comment = false;
    let lines = text.split('\n').map(|line| {
        let is_quoted = follows_comment && line.starts_with('>');
        follows_comment = is_quoted || line.starts_with(report_beginnings::COMMENT);
        if is_quoted { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
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
