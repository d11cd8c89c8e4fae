//! `SUMMARY.md` lists every page of the book, once.

use std::collections::BTreeMap;

use anyhow::Result;
use pulldown_cmark::{Event, Parser, Tag};

use crate::project::Pages;
use crate::{Finding, Project};
use autograder::files::line_of;

const SUMMARY: &str = "src/SUMMARY.md";

/// Compares `SUMMARY.md` with the files in `src`.
///
/// # Errors
///
/// If a file cannot be read.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let text = project.read(SUMMARY)?;
    let mut listed: BTreeMap<String, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for (event, range) in Parser::new(&text).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. }) = event else {
            continue;
        };
        let line = line_of(&text, range.start);
        let file = format!("src/{}", dest_url.trim_start_matches("./"));
        if !project.path(&file).is_file() {
            let message = format!("SUMMARY.md lists `{dest_url}`, but there is no such page.");
            findings.push(Finding::new(SUMMARY, line, message));
        }
        if let Some(first) = listed.insert(file, line) {
            let message = format!("`{dest_url}` is listed a second time (first in line {first}).");
            findings.push(Finding::new(SUMMARY, line, message));
        }
    }
    for page in project.pages()? {
        if !listed.contains_key(&page.file) {
            let message = "SUMMARY.md does not list this page, so no reader can reach it.";
            findings.push(Finding::new(page.file, 1, message));
        }
    }
    Ok(findings)
}
