//! Merges an answer with a new version of its stub.

use anyhow::Result;

use super::splice::{Module, line_ends_of};
use autograder::items::{Item, items};

/// An answer with the changes of its stub.
pub struct Merged {
    /// The text of the file.
    pub text: String,
    /// The names of the items that were kept as they are, although their stubs have changed in the same lines.
    pub kept: Vec<String>,
}

/// Merges three texts, or returns `None` if they cannot be merged.
pub type MergeTexts<'m> = dyn FnMut(&str, &str, &str) -> Result<Option<String>> + 'm;

/// Merges an answer with the changes between two versions of its stub, item by item: an item that the learner has not
/// changed is replaced, and one that the stub has not changed is kept. Where both have changed, `texts` merges the two.
///
/// # Errors
///
/// If `texts` fails.
pub fn merge([base, mine, theirs]: [&Module; 3], texts: &mut MergeTexts<'_>) -> Result<Merged> {
    let line_ends = |text: &str| line_ends_of(b"", text).into_owned();
    let mut merged = Merged {
        text: mine.text.to_owned(),
        kept: Vec::new(),
    };
    if mine.text == base.text {
        merged.text = theirs.text.to_owned();
        return Ok(merged);
    }
    for name in names([base, theirs]) {
        let of = |module: &Module| line_ends(&module.text_of(&name));
        let [was, own, new] = [base, mine, theirs].map(of);
        if new == was || new == own {
            continue;
        }
        let by_both = if own == was {
            None
        } else {
            match texts(&was, &own, &new)? {
                Some(text) if items(&text).is_ok() => Some(text),
                _ => {
                    merged.kept.push(name);
                    continue;
                }
            }
        };
        let present = items(&merged.text).unwrap_or_default();
        let present = Module {
            text: &merged.text,
            items: &present,
        };
        merged.text = match by_both {
            None => present.with(&name, theirs),
            Some(text) => {
                let items = items(&text).unwrap_or_default();
                let text = Module {
                    text: &text,
                    items: &items,
                };
                present.with(&name, &text)
            }
        };
    }
    let is_added = |item: &Item| {
        let is_in = |module: &Module| module.items.iter().any(|other| other.key == item.key);
        item.name.is_empty() && !is_in(base) && !is_in(mine)
    };
    let present = items(&merged.text).unwrap_or_default();
    let present = Module {
        text: &merged.text,
        items: &present,
    };
    merged.text = present.with_added(theirs, is_added);
    Ok(merged)
}

/// The names of all items, each once.
fn names(modules: [&Module; 2]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in modules.iter().flat_map(|module| module.items) {
        if !item.name.is_empty() && !names.contains(&item.name) {
            names.push(item.name.clone());
        }
    }
    names
}
