//! One text of a file.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Where in a file a text was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// What is written for readers: a page, a contract, a hint, a report, a message.
    Prose,
    /// A comment in a program, or the documentation of something that no learner fills in.
    Comment,
    /// A string of a program on a page, of a solution or of a wrong answer.
    String,
    /// What a program on a page prints, and a quoted report.
    Output,
    /// A name in a program, as the words it is made of: `ring_at` is `ring at`.
    Identifier,
}

/// One text, Markdown or plain words.
#[derive(Debug, Clone)]
pub struct Text {
    /// The file, relative to the project's root.
    pub file: String,
    /// What a list of files calls it: the file, or a part of it such as `exercises/exercises.toml#gather`.
    pub part: String,
    /// Where in the file.
    pub place: Place,
    /// The text. What is not prose and would confuse a reader of Markdown has been replaced with spaces.
    pub markdown: String,
    /// The line of the file on which each line of the text is.
    lines: Vec<usize>,
}

impl Text {
    /// A text whose lines are consecutive lines of its file.
    pub fn new(
        file: impl Into<String>,
        place: Place,
        line: usize,
        markdown: impl Into<String>,
    ) -> Self {
        let markdown = markdown.into();
        let count = markdown.matches('\n').count() + 1;
        let lines = (line..line + count).collect();
        Self::with_lines(file, place, lines, markdown)
    }

    /// A text, and the line of its file for each of its lines.
    ///
    /// # Panics
    ///
    /// If there are fewer of them than the text has lines.
    pub fn with_lines(
        file: impl Into<String>,
        place: Place,
        lines: Vec<usize>,
        markdown: impl Into<String>,
    ) -> Self {
        let markdown = markdown.into();
        let file = file.into();
        assert!(lines.len() > markdown.matches('\n').count());
        Self {
            part: file.clone(),
            file,
            place,
            markdown,
            lines,
        }
    }

    /// The line of the file on which this byte of the text is.
    pub fn line_at(&self, byte: usize) -> usize {
        let before = self.markdown.as_bytes()[..byte].iter();
        self.lines[before.filter(|byte| **byte == b'\n').count()]
    }

    /// The same text with `{name}` and the like, which become values, as inline code, and without columns.
    pub fn with_values_as_code(&self) -> Self {
        let mut markdown = String::new();
        let mut rest = self.markdown.as_str();
        while let Some((before, inside)) = rest.split_once('{') {
            let (value, after) = inside.split_once('}').unwrap_or((inside, ""));
            markdown.push_str(before);
            if value.contains([' ', '\n', '{']) {
                markdown.push('{');
                rest = inside;
            } else {
                let is_in_code = markdown.matches('`').count() % 2 == 1;
                markdown.push_str(if is_in_code { "value" } else { "`value`" });
                rest = after;
            }
        }
        markdown.push_str(rest);
        while markdown.contains("  ") {
            markdown = markdown.replace("  ", " ");
        }
        Self {
            place: Place::Prose,
            markdown,
            ..self.clone()
        }
    }

    /// The Markdown with endings inside of the inline code that they follow: `` `Waker`s `` becomes `` `Wakers` ``.
    pub fn with_endings_in_code(&self) -> String {
        let mut markdown = self.markdown.clone();
        for (code, _) in inline_code(&self.markdown) {
            let after = &self.markdown[code.end..];
            let ending = ["'s", "s"].into_iter().find(|ending| {
                let rest = after.strip_prefix(ending);
                rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            });
            if let Some(ending) = ending {
                let closing = code.end - 1..code.end + ending.len();
                markdown.replace_range(closing, &format!("{ending}`"));
            }
        }
        markdown
    }

    /// The words alone, each where it is in the Markdown: code, targets of links and markup are spaces.
    /// Lines are joined within a paragraph. Between two paragraphs is a byte that no pattern matches.
    pub fn words(&self) -> String {
        if self.place != Place::Prose && self.place != Place::Comment {
            return self.markdown.clone();
        }
        let mut words: Vec<u8> = self.markdown.bytes().map(blank).collect();
        let mut in_code = false;
        for (event, range) in Parser::new_ext(&self.markdown, Options::all()).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::Text(_) if !in_code => {
                    words[range.clone()].copy_from_slice(&self.markdown.as_bytes()[range]);
                }
                _ => {}
            }
        }
        join_lines(&mut words);
        String::from_utf8(words).unwrap_or_default()
    }
}

/// The names that a Markdown text shows as inline code, and at which byte.
pub fn inline_code(markdown: &str) -> Vec<(Range<usize>, String)> {
    Parser::new_ext(markdown, Options::all())
        .into_offset_iter()
        .filter_map(|(event, range)| match event {
            Event::Code(code) => Some((range, code.into_string())),
            _ => None,
        })
        .collect()
}

fn blank(byte: u8) -> u8 {
    if byte == b'\n' { byte } else { b' ' }
}

/// The byte between two paragraphs.
const BREAK: u8 = 1;

fn join_lines(words: &mut [u8]) {
    let ends: Vec<_> = (0..words.len()).filter(|at| words[*at] == b'\n').collect();
    for (n, end) in ends.iter().enumerate() {
        let next = ends.get(n + 1).copied().unwrap_or(words.len());
        let is_break = words[end + 1..next].iter().all(|byte| *byte == b' ');
        words[*end] = if is_break { BREAK } else { b' ' };
    }
}
