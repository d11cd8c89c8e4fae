//! What is typed in tests of `InputLines`, and what comes of it.

use std::io::{self, ErrorKind};

use grading::{Case, explained};

use super::*;

/// What `next_line` returned.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    Text(String),
    End,
    Error(ErrorKind),
}

impl Line {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<io::Result<Option<String>>> for Line {
    fn from(result: io::Result<Option<String>>) -> Self {
        match result {
            Ok(Some(text)) => Self::Text(text),
            Ok(None) => Self::End,
            Err(error) => Self::Error(error.kind()),
        }
    }
}

pub(super) fn shown(lines: &[Line]) -> String {
    list(lines.iter().map(|line| match line {
        Line::Text(text) if text.len() > 100 => format!("a line of {} bytes", text.len()),
        Line::Text(text) => format!("{text:?}"),
        Line::End => "the end".to_owned(),
        Line::Error(kind) => format!("an error ({kind:?})"),
    }))
}

/// What is made of a text and what ends it: a line, or nothing.
type MakesLine = fn(&str, &str) -> Option<String>;

/// What is typed in a test: lines, and what ends each of them.
pub(super) struct Typed {
    pub(super) texts: Vec<String>,
    end: &'static str,
    last_ends: bool,
}

impl Typed {
    /// Some lines are empty or have spaces, carriage returns at their ends, or more bytes than a buffer.
    pub(super) fn drawn(case: &Case, near: usize) -> Self {
        let count = case.size_near("number of lines", near, 0..=300);
        let mut texts = case.texts("lines", count);
        let end = *case.pick("line end", &["\n", "\r\n"]);
        let last_ends = *case.pick("the last line ends", &[true, false]);
        let before_the_end = *case.pick("before each line end", &["", "\r", " ", "\r\r"]);
        let long = *case.pick("bytes of the longest line, at least", &[0, 9_000, 70_000]);
        for text in &mut texts {
            *text += before_the_end;
        }
        if let Some(text) = texts.first_mut() {
            *text = "x".repeat(long) + text;
        }
        Self {
            texts,
            end,
            last_ends,
        }
    }

    /// The lines with their ends.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        let last = self.texts.len().saturating_sub(1);
        let lines = self.texts.iter().enumerate();
        lines.map(
            move |(index, text)| match index == last && !self.last_ends {
                true => (&**text, ""),
                false => (&**text, self.end),
            },
        )
    }

    /// What `next_line` returns if it makes a line of each text and end like this, and then the end.
    fn returned(&self, line: impl Fn(&str, &str) -> Option<String>) -> Vec<Line> {
        let typed = self
            .lines()
            .filter(|(text, end)| !text.is_empty() || !end.is_empty());
        let lines = typed.filter_map(|(text, end)| line(text, end));
        lines
            .map(Line::Text)
            .chain([Line::End, Line::End])
            .collect()
    }

    pub(super) fn expected(&self) -> Vec<Line> {
        self.returned(|text, end| {
            let line = format!("{text}{end}");
            let Some(line) = line.strip_suffix('\n') else {
                return Some(line);
            };
            Some(line.strip_suffix('\r').unwrap_or(line).to_owned())
        })
    }

    /// Lines with which the mistakes differ.
    pub(super) fn probes() -> [Self; 2] {
        let texts = ["a\r", "", " b ", "c\r\r", "", "d", "e\r"].map(str::to_owned);
        ["\n", "\r\n"].map(|end| Self {
            texts: texts.to_vec(),
            end,
            last_ends: false,
        })
    }

    /// What each usual mistake makes of these lines, if so many results are asked for.
    fn mistakes(&self, results: usize) -> impl Iterator<Item = (&'static str, Vec<Line>)> {
        let mistakes: [(&str, MakesLine); 8] = [
            (
                "that the end of a line is part of what is returned. `BufRead::lines` removes it, `read_line` does not.",
                |text, end| Some(format!("{text}{end}")),
            ),
            (
                "that only `\\n` is removed. A line may end with `\\r\\n` as well.",
                |text, end| Some(format!("{text}{}", end.trim_end_matches('\n'))),
            ),
            (
                "that all `\\r` at the end of a line are removed. At most one belongs to the end of a line, before `\\n`.",
                |text, _end| Some(text.trim_end_matches('\r').to_owned()),
            ),
            (
                "that a `\\r` is removed where no `\\n` follows it. Only `\\r\\n` ends a line.",
                |text, end| {
                    let line = format!("{text}{end}");
                    let line = line.strip_suffix('\n').unwrap_or(&line);
                    Some(line.strip_suffix('\r').unwrap_or(line).to_owned())
                },
            ),
            (
                "that spaces are removed, which belong to a line.",
                |text, _end| Some(text.trim_end().to_owned()),
            ),
            (
                "that spaces are removed, which belong to a line.",
                |text, _end| Some(text.trim().to_owned()),
            ),
            (
                "that empty lines are left out. An empty line is a line.",
                |text, end| {
                    let line = format!("{text}{end}");
                    let line = line.strip_suffix('\n').unwrap_or(&line);
                    let line = line.strip_suffix('\r').unwrap_or(line);
                    (!line.is_empty()).then(|| line.to_owned())
                },
            ),
            (
                "that spaces are removed and empty lines are left out. Spaces belong to a line, and an empty line is a line.",
                |text, _end| Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            ),
        ];
        mistakes.into_iter().map(move |(meaning, line)| {
            let mut returned = self.returned(line);
            returned.resize(results, Line::End);
            (meaning, returned)
        })
    }
}

/// The mistake that explains the results with each of these lines, if there is one.
pub(super) fn usual_mistake(seen: &[(Typed, Vec<Line>)]) -> Option<&'static str> {
    let mut mistakes: Vec<(&str, Vec<Vec<Line>>)> = Vec::new();
    for (typed, seen) in seen {
        for (at, (meaning, returned)) in typed.mistakes(seen.len()).enumerate() {
            match mistakes.get_mut(at) {
                Some((_, all)) => all.push(returned),
                None => mistakes.push((meaning, vec![returned])),
            }
        }
    }
    let seen: Vec<_> = seen.iter().map(|(_, seen)| seen.clone()).collect();
    explained(&seen, mistakes)
}
