//! `report.html`: the overview of a class, one page that loads nothing and works without scripts.
//!
//! Names, answers, reports and file names come from students. They are shortened, their control characters are made visible
//! (`text`), and `maud` escapes whatever is not markup. A policy in the page forbids every script and style but its own,
//! so that even a mistake in that would run nothing.

mod answer_sample;
mod columns;
mod compile_errors;
mod evidence;
mod heat_map;
mod known_mistakes;
mod other_reports;
mod page;
mod stuck;
mod submissions;
mod text;
mod time;
mod who;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use autograder::files;
use autograder::manifest::Manifest;

use crate::export::Graded;
use crate::store::Store;
use columns::Columns;
use evidence::Evidence;

/// No title is shown in more characters.
const LONGEST_TITLE: usize = 200;

/// The name of the file.
pub const FILE: &str = "report.html";

/// What the overview is made from.
pub struct Overview<'a> {
    /// The results of the class.
    pub graded: &'a Graded,
    /// The chapters and exercises.
    pub manifest: &'a Manifest,
    /// The stubs of the chapters, by slug. Their words identify nobody.
    pub stubs: BTreeMap<String, String>,
    /// The verdicts and the answers.
    pub store: &'a Store,
    /// The date to show.
    pub date: &'a str,
    /// The address of the book, to which links lead: `book/`.
    pub book: &'a str,
}

impl Overview<'_> {
    /// The page.
    ///
    /// # Errors
    ///
    /// If a verdict cannot be read.
    pub fn page(&self) -> Result<String> {
        let columns = Columns::of(&self.graded.class, self.manifest);
        let evidence = Evidence::read(self.graded, self.store)?;
        let book = text::Book(self.book);
        let sections = [
            submissions::section(self.graded),
            heat_map::section(self.graded, &columns, book),
            known_mistakes::section(self, &columns, &evidence, book),
            other_reports::section(self.graded, &columns, &evidence, book),
            compile_errors::section(self.graded, &columns, &evidence, book),
            time::section(self.graded, &columns, book),
            stuck::section(self.graded, &columns, &evidence, book),
        ];
        let sections: Vec<_> = sections.into_iter().flatten().collect();
        let title = text::line(&self.graded.class.title, LONGEST_TITLE);
        Ok(page::page(&title, self.date, &sections))
    }
}

/// Writes the overview into a folder, and replaces an earlier one.
///
/// # Errors
///
/// If a verdict cannot be read, or the file cannot be written.
pub fn write(folder: &Path, overview: &Overview<'_>) -> Result<()> {
    files::write_atomically(&folder.join(FILE), overview.page()?)
}
