//! A grader's report that a page quotes is what the grader says: the comment
//! `<!-- report: ci/wrong/gather/fetch_all/for-loop.rs -->` is followed by a `text` block with the report of the
//! test that this wrong answer names.

use anyhow::Result;

use crate::markdown::{Block, Page};
use crate::program::Compiler;
use crate::project::Pages;
use crate::proof::answers;
use crate::proof::outputs::Stale;
use crate::{Finding, Project};
use autograder::files::line_of;

/// Compares every report that a page or the README quotes.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn check(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for page in project.pages()?.into_iter().chain(project.readme()?) {
        let (faults, stale) = examine(project, compiler, &page)?;
        findings.extend(faults);
        findings.extend(stale.iter().map(Stale::finding));
    }
    Ok(findings)
}

/// The quotations of a page that lead nowhere, and those that are no longer what the grader says.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn examine<'a>(
    project: &Project,
    compiler: &Compiler,
    page: &'a Page,
) -> Result<(Vec<Finding>, Vec<Stale<'a>>)> {
    let (mut faults, mut stale) = (Vec::new(), Vec::new());
    for Quoted { place, file, block } in quoted(page) {
        match (block, report_on(project, compiler, file)?) {
            (Some(output), Some(actual)) if actual == output.body => {}
            (Some(output), Some(actual)) => stale.push(Stale { output, actual }),
            (output, _) => {
                let message = match output {
                    None => "A text block should follow this comment.".to_owned(),
                    Some(_) => {
                        format!("There is no wrong answer {file}, or nothing reports on it.")
                    }
                };
                faults.push(Finding::new(
                    &page.file,
                    line_of(&page.text, place),
                    message,
                ));
            }
        }
    }
    Ok((faults, stale))
}

/// A comment that says whose report follows.
pub(super) struct Quoted<'a> {
    /// Where the comment is in the page's text.
    place: usize,
    /// The wrong answer.
    file: &'a str,
    /// The `text` block right after it.
    pub(super) block: Option<&'a Block>,
}

/// The reports that a page quotes.
pub(super) fn quoted(page: &Page) -> impl Iterator<Item = Quoted<'_>> {
    const COMMENT: &str = "<!-- report: ";
    page.text.match_indices(COMMENT).map(|(place, _)| {
        let rest = &page.text[place + COMMENT.len()..];
        let file = rest.split(" -->").next().unwrap_or_default();
        let next = page.blocks.iter().find(|block| block.range.start > place);
        let block = next.filter(|block| {
            let between = page.text[place..block.range.start].split_once("-->");
            block.info == "text" && between.is_some_and(|(_, between)| between.trim() == "```text")
        });
        Quoted { place, file, block }
    })
}

/// What the grader says to a wrong answer.
fn report_on(project: &Project, compiler: &Compiler, file: &str) -> Result<Option<String>> {
    let manifest = project.manifest()?;
    for chapter in &manifest.chapters {
        for exercise in &chapter.exercises {
            if !file.starts_with(&format!(
                "ci/wrong/{}/{}/",
                chapter.module(),
                exercise.name()
            )) {
                continue;
            }
            return answers::report(project, compiler, chapter, exercise.name(), file);
        }
    }
    Ok(None)
}
