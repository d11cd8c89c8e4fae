//! The pages of the book and the blocks on them, as mdBook's own Markdown parser sees them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use autograder::files::line_of;

/// One Markdown file.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its path, relative to the project's root.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Its code blocks, in order.
    pub blocks: Vec<Block>,
}

/// One fenced (or indented) code block.
#[derive(Debug, Clone)]
pub struct Block {
    /// The page it is on, relative to the project's root.
    pub file: String,
    /// The line of its opening fence, counted from 1.
    pub line: usize,
    /// What follows the opening fence: `rust,compile_fail,E0277`.
    pub info: String,
    /// What is between the fences, hidden lines included.
    pub body: String,
    /// Where the body is in the page's text.
    pub range: Range<usize>,
    /// Whether there is only white space between this block and the one before it.
    pub follows: bool,
}

impl Page {
    /// Reads a page.
    pub fn parse(file: impl Into<String>, text: impl Into<String>) -> Self {
        let (file, text) = (file.into(), text.into());
        let blocks = blocks(&file, &text);
        Self { file, text, blocks }
    }

    /// The blocks in Rust.
    pub fn rust_blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks
            .iter()
            .filter(|block| block.language() == "rust")
    }

    /// The `text` block right after this one: what its program printed.
    pub fn output_of(&self, block: &Block) -> Option<&Block> {
        let next = self
            .blocks
            .iter()
            .find(|next| next.range.start > block.range.start)?;
        (next.follows && next.info == "text").then_some(next)
    }
}

impl Block {
    /// The first word after the fence; empty for a block without one.
    pub fn language(&self) -> &str {
        self.tags().next().unwrap_or_default()
    }

    /// All words after the fence.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.info.split([',', ' ']).filter(|tag| !tag.is_empty())
    }

    /// Whether this word follows the fence.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags().any(|found| found == tag)
    }

    /// The error that a `compile_fail` block names after that tag: `E0277`, a lint such as
    /// `unused_must_use`, or the name that this project gives to an error without a code.
    pub fn error_name(&self) -> Option<&str> {
        self.tags().skip_while(|tag| *tag != "compile_fail").nth(1)
    }

    /// The whole program: the body with hidden lines shown. Line `n` of it is line `n` of the body.
    pub fn program(&self) -> String {
        let mut program = String::with_capacity(self.body.len());
        for line in self.body.lines() {
            program.push_str(uncovered(line));
            program.push('\n');
        }
        program
    }

    /// The page's line for line `line` of the program, both counted from 1.
    pub fn page_line(&self, line: usize) -> usize {
        self.line + line
    }
}

/// A line without mdBook's mark for hidden lines.
fn uncovered(line: &str) -> &str {
    let trimmed = line.trim_start();
    match trimmed.strip_prefix('#') {
        Some("") => "",
        Some(rest) => rest.strip_prefix(' ').unwrap_or(line),
        None => line,
    }
}

fn blocks(file: &str, text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    let mut previous_end = None;
    for (event, range) in Parser::new_ext(text, Options::all()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                let between = previous_end.map(|end: usize| &text[end..range.start]);
                // An empty block has no text to tell where its body is: after the line of the fence.
                let fence = text[range.clone()]
                    .find('\n')
                    .map_or(range.len(), |end| end + 1);
                let body = range.start + fence;
                open = Some(Block {
                    file: file.to_owned(),
                    line: line_of(text, range.start),
                    info,
                    body: String::new(),
                    range: body..body,
                    follows: between.is_some_and(|between| between.trim().is_empty()),
                });
            }
            Event::Text(piece) => {
                if let Some(block) = &mut open {
                    if block.body.is_empty() {
                        block.range.start = range.start;
                    }
                    block.range.end = range.end;
                    block.body.push_str(&piece);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                previous_end = Some(range.end);
                blocks.extend(open.take());
            }
            _ => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Title\n\n```rust\n# use std::fmt;\n#[derive(Debug)]\nstruct A;\n#\n```\n\n```text\nout\n```\n\nWords.\n\n```text\nno output\n```\n";

    #[test]
    fn finds_blocks_with_their_lines_and_bodies() {
        let page = Page::parse("src/a.md", PAGE);
        let lines: Vec<_> = page.blocks.iter().map(|b| (b.line, b.language())).collect();
        assert_eq!(lines, [(3, "rust"), (10, "text"), (16, "text")]);
        assert_eq!(&page.text[page.blocks[1].range.clone()], "out\n");
    }

    #[test]
    fn uncovers_hidden_lines_and_keeps_attributes() {
        let page = Page::parse("src/a.md", PAGE);
        let program = page.blocks[0].program();
        assert_eq!(program, "use std::fmt;\n#[derive(Debug)]\nstruct A;\n\n");
    }

    #[test]
    fn only_the_text_block_right_after_is_the_output() {
        let page = Page::parse("src/a.md", PAGE);
        let output = page.output_of(&page.blocks[0]).map(|b| b.body.as_str());
        assert_eq!(output, Some("out\n"));
        let page = Page::parse("src/a.md", PAGE.replace("```text\nout\n```", "Words."));
        assert!(page.output_of(&page.blocks[0]).is_none());
    }

    #[test]
    fn reads_the_error_of_a_block_that_must_not_compile() {
        let page = Page::parse("src/a.md", "```rust,compile_fail,E0277\nx\n```\n");
        assert_eq!(page.blocks[0].error_name(), Some("E0277"));
        assert!(page.blocks[0].has_tag("compile_fail"));
        let page = Page::parse("src/a.md", "```rust,should_panic\nx\n```\n");
        assert_eq!(page.blocks[0].error_name(), None);
    }
}
