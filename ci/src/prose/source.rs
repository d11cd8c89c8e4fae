//! The texts of a Rust file: documentation, comments, strings and names.

use std::collections::HashSet;
use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};

use super::markup::masked;
use super::text::{Place, Text};

/// What a Rust file consists of, as far as readers are concerned.
#[derive(Debug, Default)]
pub struct Source {
    /// Documentation comments, those on consecutive lines as one.
    pub docs: Vec<Text>,
    /// Other comments.
    pub comments: Vec<Text>,
    /// String literals.
    pub strings: Vec<Text>,
    /// Names, each where it is first used.
    pub identifiers: Vec<Text>,
}

/// The texts of a program on a page, whose first line is line `line` of the page.
pub fn program(file: &str, line: usize, program: &str) -> Vec<Text> {
    let source = read(file, line, program);
    let mut texts = source.docs;
    for text in &mut texts {
        text.place = Place::Comment;
    }
    texts.extend(source.comments);
    texts.extend(source.strings);
    texts.extend(source.identifiers);
    texts
}

/// The names in a piece of code, which may be less than a program.
pub fn identifiers(code: &str, file: &str, line: usize) -> Vec<Text> {
    let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    words
        .filter(|word| !word.is_empty())
        .map(|word| identifier(file, line, word))
        .collect()
}

/// Reads a Rust file, the parts for its own tests left out. One that is not Rust has no texts.
pub fn read(file: &str, first_line: usize, text: &str) -> Source {
    let Ok(tokens) = TokenStream::from_str(text) else {
        return Source::default();
    };
    let mut reader = Reader {
        file,
        text,
        first_line,
        line_ends: text.match_indices('\n').map(|(at, _)| at).collect(),
        source: Source::default(),
        names: HashSet::new(),
        docs: Lines::default(),
        comments: Lines::default(),
        end: 0,
    };
    reader.read(tokens);
    reader.gap(text.len());
    reader.flush_docs();
    reader.flush_comments();
    reader.source
}

/// Lines of a comment that are not yet a text.
#[derive(Default)]
struct Lines {
    text: Vec<String>,
    numbers: Vec<usize>,
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    first_line: usize,
    line_ends: Vec<usize>,
    source: Source,
    names: HashSet<String>,
    docs: Lines,
    comments: Lines,
    /// Where the last token ends.
    end: usize,
}

impl Reader<'_> {
    fn read(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut is_test = false;
        while let Some(token) = tokens.next() {
            let range = token.span().byte_range();
            if is_punct(&token, '#') {
                // An attribute of the file is written `#![..]`.
                tokens.next_if(|next| is_punct(next, '!'));
            }
            if is_punct(&token, '#')
                && let Some(TokenTree::Group(attribute)) =
                    tokens.next_if(|next| is_group(next, Delimiter::Bracket))
            {
                is_test |= attribute.to_string() == "[cfg (test)]";
                let range = range.start..attribute.span().byte_range().end;
                self.attribute(range, attribute.stream());
                continue;
            }
            if is_test {
                // The item ends with its body, or with a semicolon.
                is_test = !(is_group(&token, Delimiter::Brace) || is_punct(&token, ';'));
                self.end = range.end;
                continue;
            }
            self.token(token, range);
        }
    }

    fn token(&mut self, token: TokenTree, range: Range<usize>) {
        match token {
            TokenTree::Group(group) => {
                self.gap(group.span_open().byte_range().start);
                self.end = group.span_open().byte_range().end;
                self.read(group.stream());
                self.gap(group.span_close().byte_range().start);
            }
            TokenTree::Ident(ident) => {
                self.gap(range.start);
                let name = ident.to_string();
                if !self.names.contains(&name) {
                    let line = self.line(range.start);
                    let identifier = identifier(self.file, line, &name);
                    self.source.identifiers.push(identifier);
                    self.names.insert(name);
                }
            }
            TokenTree::Literal(literal) => {
                self.gap(range.start);
                self.literal(&literal, range.start);
            }
            TokenTree::Punct(_) => self.gap(range.start),
        }
        self.end = range.end.max(self.end);
    }

    /// A documentation comment is an attribute, too. What others say is for the compiler.
    fn attribute(&mut self, range: Range<usize>, content: TokenStream) {
        let content: Vec<_> = content.into_iter().collect();
        self.gap(range.start);
        self.end = range.end.max(self.end);
        let written = &self.text[range.clone()];
        let is_doc = written.starts_with("//") || written.starts_with("/*");
        if let (true, Some(TokenTree::Literal(doc))) = (is_doc, content.last())
            && let Ok(syn::Lit::Str(doc)) = syn::parse_str::<syn::Lit>(&doc.to_string())
        {
            let line = self.line(range.start);
            for (doc, line) in doc.value().split('\n').zip(line..) {
                if self
                    .docs
                    .numbers
                    .last()
                    .is_some_and(|last| last + 1 != line)
                {
                    self.flush_docs();
                }
                self.docs
                    .text
                    .push(doc.strip_prefix(' ').unwrap_or(doc).to_owned());
                self.docs.numbers.push(line);
            }
        }
    }

    fn literal(&mut self, literal: &Literal, start: usize) {
        let written = literal.to_string();
        let is_raw = written.starts_with('r');
        if let Ok(syn::Lit::Str(value)) = syn::parse_str::<syn::Lit>(&written) {
            let line = self.line(start);
            let lines = string_lines(&written, line, is_raw);
            let value = if is_raw {
                value.value()
            } else {
                // Where the source begins a new line, so does the text.
                unescaped(&written)
            };
            let text = Text::with_lines(self.file, Place::String, lines, value);
            self.source.strings.push(text);
        }
    }

    /// What is between two tokens: white space and comments.
    fn gap(&mut self, end: usize) {
        if self.end >= end {
            return;
        }
        let gap = &self.text[self.end..end];
        let mut at = self.end;
        for line in gap.split_inclusive('\n') {
            if let Some(comment) = line.find("//") {
                let text = line[comment + 2..]
                    .trim_end()
                    .trim_start_matches(['/', '!']);
                let number = self.line(at + comment);
                if self
                    .comments
                    .numbers
                    .last()
                    .is_some_and(|last| last + 1 != number)
                {
                    self.flush_comments();
                }
                self.comments
                    .text
                    .push(text.strip_prefix(' ').unwrap_or(text).to_owned());
                self.comments.numbers.push(number);
            }
            at += line.len();
        }
        self.end = end;
    }

    fn line(&self, byte: usize) -> usize {
        self.first_line + self.line_ends.partition_point(|end| *end < byte)
    }

    fn flush_docs(&mut self) {
        let Lines { text, numbers } = std::mem::take(&mut self.docs);
        if !numbers.is_empty() {
            let text = masked(&text.join("\n"));
            let text = Text::with_lines(self.file, Place::Prose, numbers, text);
            self.source.docs.push(text);
        }
    }

    fn flush_comments(&mut self) {
        let Lines { text, numbers } = std::mem::take(&mut self.comments);
        if !numbers.is_empty() {
            let text = Text::with_lines(self.file, Place::Comment, numbers, text.join("\n"));
            self.source.comments.push(text);
        }
    }
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

/// A string as it is written, with `\n` and the like replaced, and with a new line where the source has one.
fn unescaped(written: &str) -> String {
    let inside = written
        .split_once('"')
        .and_then(|(_, rest)| rest.rsplit_once('"'))
        .map_or("", |(inside, _)| inside);
    let mut text = String::new();
    let mut chars = inside.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '\\' {
            text.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => text.push('\n'),
            Some('\n') => {
                text.push('\n');
                while chars.next_if(|next| next.is_whitespace()).is_some() {}
            }
            Some('t' | 'r' | '0') | None => text.push(' '),
            Some('u') => {
                let digits = chars.by_ref().skip(1).take_while(|next| *next != '}');
                let code = u32::from_str_radix(&digits.collect::<String>(), 16).ok();
                text.push(code.and_then(char::from_u32).unwrap_or(' '));
            }
            Some('x') => {
                text.push(' ');
                chars.by_ref().take(2).for_each(drop);
            }
            Some(other) => text.push(other),
        }
    }
    text
}

/// The line of the file for each line of a string.
fn string_lines(written: &str, first: usize, is_raw: bool) -> Vec<usize> {
    let mut lines = vec![first];
    let mut line = first;
    let mut chars = written.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\n' => {
                line += 1;
                lines.push(line);
            }
            '\\' if !is_raw => match chars.next() {
                Some('n') => lines.push(line),
                Some('\n') => {
                    line += 1;
                    lines.push(line);
                    while let Some(space) = chars.next_if(|next| next.is_whitespace()) {
                        line += usize::from(space == '\n');
                    }
                    *lines.last_mut().expect("it was just pushed") = line;
                }
                _ => {}
            },
            _ => {}
        }
    }
    lines
}

fn identifier(file: &str, line: usize, name: &str) -> Text {
    Text::new(file, Place::Identifier, line, parts(name))
}

/// The words that a name is made of: `TrayOf` and `tray_of` are `tray of`.
fn parts(name: &str) -> String {
    let mut parts = String::new();
    let mut before = '_';
    for char in name.trim_start_matches("r#").chars() {
        if char == '_' {
            parts.push(' ');
        } else {
            if char.is_uppercase() && before.is_lowercase() {
                parts.push(' ');
            }
            parts.extend(char.to_lowercase());
        }
        before = char;
    }
    parts
}
