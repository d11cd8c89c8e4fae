//! Hides what is not prose in Markdown, so that what is left keeps its lines.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// A page in which code blocks, HTML, comments and mdBook's own marks are spaces. What is between two tags is kept.
pub fn masked(markdown: &str) -> String {
    let mut text = markdown.as_bytes().to_vec();
    for (event, range) in Parser::new_ext(markdown, Options::all()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => hide(&mut text, range),
            Event::Html(_) | Event::InlineHtml(_) => hide_tags(&mut text, range),
            _ => {}
        }
    }
    for (opening, closing) in [("{{#", "}}"), ("[!", "]"), ("<!--", "-->")] {
        for (start, _) in markdown.match_indices(opening) {
            if let Some(length) = markdown[start..].find(closing) {
                hide(&mut text, start..start + length + closing.len());
            }
        }
    }
    let text = String::from_utf8(text).expect("whole characters are hidden");
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    lines.join("\n")
}

/// A byte in place of what is hidden.
const HIDDEN: u8 = 2;

/// A line without what is hidden. Where it began with that, it must not look like indented code.
fn visible(line: &str) -> String {
    let hidden = char::from(HIDDEN);
    if !line.contains(hidden) {
        return line.to_owned();
    }
    let is_hidden_at_first = line.trim_start().starts_with(hidden);
    let mut visible = String::new();
    for part in line.split(hidden).filter(|part| !part.is_empty()) {
        let follows_space = visible.ends_with(' ') || visible.is_empty() && is_hidden_at_first;
        visible.push_str(if follows_space {
            part.trim_start()
        } else {
            part
        });
    }
    visible
}

fn hide(text: &mut [u8], range: Range<usize>) {
    for byte in &mut text[range] {
        if *byte != b'\n' {
            *byte = HIDDEN;
        }
    }
}

/// Hides what is between `<` and `>`. `<code>` stays code.
fn hide_tags(text: &mut [u8], range: Range<usize>) {
    let mut at = range.start;
    while let Some(start) = find(text, at..range.end, b'<') {
        let end = find(text, start..range.end, b'>').map_or(range.end, |end| end + 1);
        let mark = match &text[start..end] {
            b"<code>" => Some(end - 1),
            b"</code>" => Some(start),
            _ => None,
        };
        hide(text, start..end);
        if let Some(mark) = mark {
            text[mark] = b'`';
        }
        at = end;
    }
}

fn find(text: &[u8], range: Range<usize>, byte: u8) -> Option<usize> {
    let found = text[range.clone()]
        .iter()
        .position(|found| *found == byte)?;
    Some(range.start + found)
}
