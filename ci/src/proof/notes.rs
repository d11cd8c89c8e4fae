//! Comments on the pages. Readers don't see them, so a mistake in one would not be noticed: each is a speaker note
//! (`<!-- note: Ask what it prints. -->`) or says which report follows. Each page of the core path of a chapter with a lesson
//! plan has a note.

use anyhow::Result;
use autograder::files::{self, line_of};
use autograder::manifest::Manifest;

use crate::markdown::Page;
use crate::minutes::is_deep_dive;
use crate::project::Pages;
use crate::proof::plans;
use crate::prose::notes::{NOTE, comments};
use crate::{Finding, Project, report_beginnings};
use workbook::book::build_into;

/// The other comments that mean something.
const OTHERS: &[&str] = &["<!-- report: ", report_beginnings::COMMENT];

/// Checks every comment of every page.
///
/// # Errors
///
/// If a page cannot be read.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let pages = project.pages()?;
    let mut findings: Vec<_> = pages.iter().flat_map(malformed).collect();
    findings.extend(without_a_note(project, &project.manifest()?, &pages));
    Ok(findings)
}

/// Builds the book, and checks that every note is in the HTML of its page, where Present mode reads it, and not in the index of
/// the search, where readers would find it.
///
/// # Errors
///
/// If mdBook cannot build the book.
pub fn check_html(project: &Project) -> Result<Vec<Finding>> {
    let folder = tempfile::tempdir()?;
    build_into(project, folder.path())?;
    let mut index = String::new();
    for file in files::below(folder.path(), "js")? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("searchindex") {
            index.push_str(&files::read(&file)?);
        }
    }
    let mut findings = Vec::new();
    for page in project.pages()? {
        let html = page.file.trim_start_matches("src/").replace(".md", ".html");
        let html = files::read(&folder.path().join(html))?;
        for comment in comments(&page).filter(|comment| comment.note().is_some()) {
            let (_, note) = comment.note().unwrap_or_default();
            // What an index writes as it is. A few words may be on the page as well.
            let parts = note.split(['"', '\n', '`', '\\']);
            let words = parts.max_by_key(|part| part.len()).unwrap_or_default();
            let fault = if !html.contains(comment.text) {
                "This note is not in the HTML of the page."
            } else if words.len() > 20 && index.contains(words) {
                "This note is in the index of the search."
            } else {
                continue;
            };
            let line = line_of(&page.text, comment.place);
            findings.push(Finding::new(&page.file, line, fault));
        }
    }
    Ok(findings)
}

fn malformed(page: &Page) -> Vec<Finding> {
    let comments = comments(page);
    let faults = comments.filter_map(|comment| {
        let (text, before) = (comment.text, &page.text[..comment.place]);
        let fault = if !OTHERS
            .iter()
            .chain(&[NOTE])
            .any(|kind| text.starts_with(kind))
        {
            "A comment begins with `<!-- note: `, `<!-- report: ` or `<!-- report begins: `."
        } else if !text.ends_with("-->") {
            "This comment is never closed, or only after an empty line."
        } else if !before.is_empty() && !before.ends_with('\n')
            || !page.text[comment.place + text.len()..].starts_with('\n')
        {
            "A comment needs lines of its own."
        } else if comment
            .note()
            .is_some_and(|(_, note)| note.trim().is_empty())
        {
            "This note says nothing."
        } else {
            return None;
        };
        Some(Finding::new(
            &page.file,
            line_of(&page.text, comment.place),
            fault,
        ))
    });
    faults.collect()
}

/// The pages of the core path on which a teacher with a plan has nothing to say.
fn without_a_note(project: &Project, manifest: &Manifest, pages: &[Page]) -> Vec<Finding> {
    let planned = manifest.chapters.iter();
    let planned = planned.filter(|chapter| project.path(&plans::file_of(chapter)).is_file());
    let on_core_path = planned
        .flat_map(|chapter| &chapter.pages)
        .filter_map(|listed| {
            let path = listed.path();
            pages
                .iter()
                .find(|page| page.file == path && !is_deep_dive(&page.text))
        });
    on_core_path
        .filter(|page| !comments(page).any(|comment| comment.note().is_some()))
        .map(|page| {
            let message =
                "This page is on the core path and has no speaker note, `<!-- note: … -->`.";
            Finding::new(&page.file, 1, message)
        })
        .collect()
}
