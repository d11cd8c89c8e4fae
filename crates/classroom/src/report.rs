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
use evidence::Evidence;

pub use columns::Columns;
pub use known_mistakes::exercise;
pub use page::{Section, scrolled, style};
pub use text::{Book, block, count, line};
pub use who::name;

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
    /// The stubs of the chapters, by slug. Their words identify no student.
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
            heat_map::section(self.graded, &columns, book, &heat_map::SUBMITTED),
            known_mistakes::section(self, &columns, &evidence, book),
            other_reports::section(self.graded, &columns, &evidence, book),
            compile_errors::section(self.graded, &columns, &evidence, book),
            time::section(self.graded, &columns, book),
            stuck::section(self.graded, &columns, &evidence, book, true),
        ];
        let sections: Vec<_> = sections.into_iter().flatten().collect();
        let title = text::line(&self.graded.class.title, LONGEST_TITLE);
        Ok(page::page(&title, self.date, &sections))
    }
}

/// What the overview says about a class at work: no answers and no reports, only what learners' workbooks report.
pub fn live_sections(graded: &Graded, columns: &Columns<'_>, book: text::Book<'_>) -> Vec<Section> {
    let none = Evidence::default();
    let sections = [
        known_mistakes::live_section(graded, columns, book),
        stuck::section(graded, columns, &none, book, false),
        heat_map::section(graded, columns, book, &heat_map::LIVE),
        time::live_section(graded, columns, book),
    ];
    sections.into_iter().flatten().collect()
}

/// Writes the overview into a folder, and replaces an earlier one.
///
/// # Errors
///
/// If a verdict cannot be read, or the file cannot be written.
pub fn write(folder: &Path, overview: &Overview<'_>) -> Result<()> {
    files::write_atomically(&folder.join(FILE), overview.page()?)
}
