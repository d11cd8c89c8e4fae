//! Comments on the pages. Readers don't see them, so a mistake in one would not be noticed: each is a speaker note
//! (`<!-- note: Ask what it prints. -->`) or says which report follows. Each page of the core path of a chapter with a lesson
//! plan has a note.

use anyhow::Result;
use autograder::files::line_of;
use autograder::manifest::Manifest;

use crate::markdown::Page;
use crate::minutes::is_deep_dive;
use crate::project::Pages;
use crate::proof::plans;
use crate::prose::notes::{NOTE, comments};
use crate::{Finding, Project, report_beginnings};

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
