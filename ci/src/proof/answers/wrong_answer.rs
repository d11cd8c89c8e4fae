//! Reads a wrong answer, and puts it into the solution's place.
//!
//! A file `ci/wrong/<chapter>/<exercise>/<what-is-wrong>.rs` starts with the line
//!
//! ```text
//! //! Awaits one page after the other. Caught by `fetch_all::downloads_overlap`, which says "one after the other".
//! ```
//!
//! and holds the items that replace those of the same name in the solution.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::Item;
use syn::spanned::Spanned;

use super::library::{self, Sources};
use crate::{Finding, Project};
use autograder::hash::hash;
use autograder::manifest::Chapter;

/// A wrong answer, and what its first line says.
#[derive(Debug)]
pub struct WrongAnswer {
    /// Its file, relative to the project's root.
    pub file: String,
    /// The mistake in a sentence.
    pub misconception: String,
    /// The test that must reject it.
    pub test: String,
    /// What that test's report must say.
    pub phrase: String,
    text: String,
}

impl WrongAnswer {
    /// Reads a wrong answer. The inner error is what is wrong with its first line.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(project: &Project, file: &str) -> Result<Result<Self, Finding>> {
        let text = project.read(file)?;
        let first = text.lines().next().unwrap_or_default();
        let Some([misconception, test, phrase]) = promise(first) else {
            return Ok(Err(Finding::new(
                file,
                1,
                "The first line says the misconception and what catches it: \
                 //! Awaits one page after the other. Caught by `fetch_all::downloads_overlap`, \
                 which says \"one after the other\".",
            )));
        };
        if let Some(line) = unbiased_select(&text) {
            let message = "`select!` starts with a branch at random, so the reports on this answer differ from run to \
                           run. Begin it with `biased;`.";
            return Ok(Err(Finding::new(file, line, message)));
        }
        Ok(Ok(Self {
            file: file.to_owned(),
            misconception: misconception.to_owned(),
            test: test.to_owned(),
            phrase: phrase.to_owned(),
            text,
        }))
    }

    /// The solution's module with this answer's items in place of its own, and the line on which
    /// this answer begins.
    fn in_place_of(
        &self,
        solution: &str,
        exercise: &str,
    ) -> Result<Result<(String, usize), Finding>> {
        let items = match syn::parse_file(&self.text) {
            Ok(file) => file.items,
            Err(error) => {
                let message = format!("This is not Rust: {error}.");
                return Ok(Err(Finding::new(
                    &self.file,
                    error.span().start().line,
                    message,
                )));
            }
        };
        let mut module = solution.to_owned();
        let replaced: Vec<_> = items.iter().filter_map(key).collect();
        let mut ranges: BTreeMap<usize, usize> = BTreeMap::new();
        for item in syn::parse_file(solution)
            .context("the solution is not Rust")?
            .items
        {
            if key(&item).is_some_and(|key| replaced.contains(&key)) {
                let range = item.span().byte_range();
                ranges.insert(range.start, range.end);
            }
        }
        if ranges.is_empty() {
            let message =
                format!("No item of the answer replaces one of the solution of `{exercise}`.");
            return Ok(Err(Finding::new(&self.file, 1, message)));
        }
        for (start, end) in ranges.into_iter().rev() {
            module.replace_range(start..end, "");
        }
        module.push('\n');
        let line = module.lines().count();
        // An inner doc comment is allowed only at the start of a module.
        module.push_str(&self.text.replacen("//!", "//", 1));
        Ok(Ok((module, line)))
    }
}

/// Misconception, test and phrase in ``… Caught by `test`, which says "phrase".``
fn promise(line: &str) -> Option<[&str; 3]> {
    let (misconception, rest) = line.strip_prefix("//! ")?.split_once(" Caught by `")?;
    let (test, rest) = rest.split_once("`, which says \"")?;
    let phrase = rest.strip_suffix("\".")?;
    let whole = !misconception.is_empty() && test.contains("::") && !phrase.is_empty();
    whole.then_some([misconception, test, phrase])
}

/// The line of the first `select!` that polls its branches in a random order.
fn unbiased_select(text: &str) -> Option<usize> {
    let mut starts = text.match_indices("select! {");
    let (start, found) = starts.find(|(start, found)| {
        let branches = text[start + found.len()..].lines().map(str::trim);
        let first = branches
            .into_iter()
            .find(|line| !line.is_empty() && !line.starts_with("//"));
        !first.is_some_and(|line| line.starts_with("biased;"))
    })?;
    Some(text[..start + found.len()].lines().count())
}

/// What an item replaces: the item with the same key.
fn key(item: &Item) -> Option<String> {
    match item {
        Item::Fn(item) => Some(item.sig.ident.to_string()),
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        Item::Const(item) => Some(item.ident.to_string()),
        Item::Trait(item) => Some(item.ident.to_string()),
        Item::Impl(item) => {
            let of = item
                .trait_
                .as_ref()
                .map(|(_, path, _)| path.to_token_stream().to_string());
            Some(format!(
                "impl {of:?} for {}",
                item.self_ty.to_token_stream()
            ))
        }
        _ => None,
    }
}

/// Where the solutions are, relative to the project's root.
pub(super) const FOLDER: &str = "solutions/src";

/// A chapter's solutions with one item replaced by a wrong answer.
#[derive(Debug)]
pub struct Module {
    pub(super) sources: Sources,
    /// The file with the wrong answer, and the line after which it begins.
    pub(super) file: String,
    offset: usize,
}

impl Module {
    /// The text of the file with the wrong answer.
    pub(super) fn text(&self) -> &str {
        let mut files = self.sources.files.iter();
        files
            .find(|(file, _)| *file == self.file)
            .map_or("", |(_, text)| text)
    }

    /// Where in the text the wrong answer begins, in bytes.
    pub(super) fn start(&self) -> usize {
        let lines = self.text().split_inclusive('\n').take(self.offset);
        lines.map(str::len).sum()
    }

    /// Where in the project a line of these sources is.
    pub(super) fn place(&self, wrong: &WrongAnswer, file: &str, line: usize) -> (String, usize) {
        if file == self.file && line > self.offset {
            (wrong.file.clone(), line - self.offset)
        } else {
            (file.to_owned(), line)
        }
    }
}

/// The solutions with one item replaced.
pub(super) fn module(
    project: &Project,
    chapter: &Chapter,
    exercise: &str,
    wrong: &WrongAnswer,
) -> Result<Result<Module, Finding>> {
    let file = format!("{FOLDER}/{}.rs", chapter.module());
    let (text, offset) = match wrong.in_place_of(&project.read(&file)?, exercise)? {
        Ok(replaced) => replaced,
        Err(finding) => return Ok(Err(finding)),
    };
    let mut files = library::sources_of(project, FOLDER, chapter)?;
    for (other, old) in &mut files {
        if *other == file {
            old.clone_from(&text);
        }
    }
    let sources = Sources {
        name: format!("wrong_{}", hash(&[&wrong.file])),
        root: format!("{FOLDER}/lib.rs"),
        files,
    };
    Ok(Ok(Module {
        sources,
        file,
        offset,
    }))
}
