//! Replaces the items of one exercise in a file with those of another file.

use std::borrow::Cow;
use std::ops::Range;

use autograder::items::Item;

/// A module and its items.
pub struct Module<'a> {
    pub text: &'a str,
    pub items: &'a [Item],
}

/// A range of the text and its replacement.
struct Edit<'a> {
    range: Range<usize>,
    text: Cow<'a, str>,
}

impl Module<'_> {
    /// The text with the items of `exercise` from `source`.
    ///
    /// An item replaces its counterpart. An item without a counterpart is inserted after the item that it
    /// follows in `source`, or at the end. An item that `source` does not have is removed.
    pub fn with(&self, exercise: &str, source: &Module) -> String {
        let mut edits = Vec::new();
        let mut old: Vec<_> = self.items.iter().filter(|i| i.is_of(exercise)).collect();
        for (index, new) in source.items.iter().enumerate() {
            if !new.is_of(exercise) {
                continue;
            }
            let text = &source.text[new.range.clone()];
            if let Some(counterpart) = old.iter().position(|item| item.key == new.key) {
                edits.push(Edit {
                    range: old.remove(counterpart).range.clone(),
                    text: Cow::Borrowed(text),
                });
            } else {
                let at = self.position_after(&source.items[..index]);
                let gap = if at == 0 { "" } else { "\n\n" };
                edits.push(Edit {
                    range: at..at,
                    text: Cow::Owned(format!("{gap}{text}")),
                });
            }
        }
        edits.extend(old.into_iter().map(|item| self.removal(item)));
        self.edited(edits)
    }

    /// The items of this name, separated by blank lines.
    pub fn text_of(&self, name: &str) -> String {
        let items = self.items.iter().filter(|item| item.is_of(name));
        let texts: Vec<_> = items.map(|item| &self.text[item.range.clone()]).collect();
        texts.join("\n\n")
    }

    /// The text with those items of `source` that `is_added`, each after the item that it follows in `source`, or before
    /// the first one.
    pub fn with_added(&self, source: &Module, is_added: impl Fn(&Item) -> bool) -> String {
        let mut edits = Vec::new();
        for (index, item) in source.items.iter().enumerate() {
            if !is_added(item) {
                continue;
            }
            let text = &source.text[item.range.clone()];
            let has_neighbour = |other: &Item| self.items.iter().any(|own| own.key == other.key);
            let (at, text) = match self.items.first() {
                Some(first) if !source.items[..index].iter().any(has_neighbour) => {
                    (first.range.start, format!("{text}\n"))
                }
                _ => (
                    self.position_after(&source.items[..index]),
                    format!("\n{text}"),
                ),
            };
            edits.push(Edit {
                range: at..at,
                text: Cow::Owned(text),
            });
        }
        self.edited(edits)
    }

    /// The text without `exercise`.
    pub fn without(&self, exercise: &str) -> String {
        let items = self.items.iter().filter(|item| item.is_of(exercise));
        self.edited(items.map(|item| self.removal(item)).collect())
    }

    fn edited(&self, mut edits: Vec<Edit>) -> String {
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let (mut text, mut done) = (String::new(), 0);
        for edit in edits {
            text.push_str(&self.text[done..edit.range.start]);
            text.push_str(&line_ends_of(self.text.as_bytes(), &edit.text));
            done = edit.range.end;
        }
        text.push_str(&self.text[done..]);
        text
    }

    /// The position after the last of the items `before` that is also in this module, or the end.
    fn position_after(&self, before: &[Item]) -> usize {
        let neighbour = before.iter().rev().find_map(|item| {
            let here = self.items.iter();
            here.enumerate().rfind(|(_, here)| here.key == item.key)
        });
        let Some((index, neighbour)) = neighbour else {
            return self.text.trim_end().len();
        };
        let end = neighbour.range.end;
        let line = end + self.rest_of_line(end).len();
        let comment = self.text[end..line].trim_start();
        let next = self.items.get(index + 1);
        let is_alone = next.is_none_or(|next| next.range.start >= line);
        if is_alone && (comment.is_empty() || comment.starts_with("//")) {
            end + self.text[end..line].trim_end().len()
        } else {
            end
        }
    }

    /// Removes an item, and the blank lines before it if nothing follows on its line.
    fn removal(&self, item: &Item) -> Edit<'static> {
        let Range { start, end } = item.range;
        let is_alone = self.rest_of_line(end).trim().is_empty();
        let start = if is_alone {
            self.text[..start].trim_end().len()
        } else {
            start
        };
        Edit {
            range: start..end,
            text: Cow::Borrowed(""),
        }
    }

    fn rest_of_line(&self, from: usize) -> &str {
        let rest = &self.text[from..];
        rest.split('\n').next().unwrap_or(rest)
    }
}

/// `text` with the line endings of `file`: those of Windows if its first line has one, or else those of Unix.
pub fn line_ends_of<'a>(file: &[u8], text: &'a str) -> Cow<'a, str> {
    let first = file.iter().position(|&byte| byte == b'\n');
    let windows = first.is_some_and(|end| file[..end].ends_with(b"\r"));
    match (windows, text.contains('\r')) {
        (false, false) => Cow::Borrowed(text),
        (false, true) => Cow::Owned(text.replace("\r\n", "\n")),
        (true, _) => Cow::Owned(text.replace("\r\n", "\n").replace('\n', "\r\n")),
    }
}
