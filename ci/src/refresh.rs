//! Rewrites what has gone stale: outputs, figures, times, and what the tool compares with.

use anyhow::{Result, ensure};

use crate::markdown::Page;
use crate::program::Compiler;
use crate::project::Pages;
use crate::proof::exercises::belongs_to;
use crate::proof::outputs::{self, Stale};
use crate::proof::python::{self, Python};
use crate::proof::{answers, code_blocks, figures, minutes, originals, reports};
use crate::{Finding, Project};
use autograder::files;

/// What was rewritten, and what could not be.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// The files that were written, relative to the project's root.
    pub written: Vec<String>,
    /// Programs that failed and so have no output to take over.
    pub failed: Vec<Finding>,
}

/// Runs every program and every wrong answer of the book, and writes what follows from them where it
/// has changed.
///
/// # Errors
///
/// If a page cannot be read or written, or rustc cannot be started.
pub fn refresh(project: &Project, compiler: &Compiler) -> Result<Refreshed> {
    let pages = project.pages()?.into_iter().chain(project.readme()?);
    let mut refreshed = refresh_pages(project, compiler, pages)?;
    refresh_plots(project, &mut refreshed)?;
    for (file, text) in originals::expected(project, compiler)? {
        write_if_changed(project, file, &text, &mut refreshed)?;
    }
    refresh_times(project, &mut refreshed)?;
    Ok(refreshed)
}

fn refresh_plots(project: &Project, refreshed: &mut Refreshed) -> Result<()> {
    for plot in figures::measured(project)? {
        write_if_changed(project, &plot.path(), &plot.svg, refreshed)?;
    }
    Ok(())
}

/// Writes what follows from the minutes in the manifest.
fn refresh_times(project: &Project, refreshed: &mut Refreshed) -> Result<()> {
    for (file, text) in minutes::expected(project)? {
        write_if_changed(project, file, &text, refreshed)?;
    }
    Ok(())
}

fn write_if_changed(
    project: &Project,
    file: &str,
    text: &str,
    refreshed: &mut Refreshed,
) -> Result<()> {
    if project.read(file).ok().as_deref() != Some(text) {
        files::write(&project.path(file), text)?;
        refreshed.written.push(file.to_owned());
    }
    Ok(())
}

/// Refreshes the pages of one chapter, and grades its solutions, stubs and wrong answers; or the pages of an
/// appendix, which has none of these. Of the files that depend on the answers to all chapters, the part of this one is rewritten.
///
/// # Errors
///
/// If there is no such chapter or appendix, a page cannot be read or written, or rustc cannot be started.
pub fn refresh_chapter(project: &Project, compiler: &Compiler, slug: &str) -> Result<Refreshed> {
    let mut pages = project.pages()?;
    pages.retain(|page| belongs_to(&page.file, slug));
    ensure!(
        !pages.is_empty(),
        "No page of `src` belongs to a chapter or appendix `{slug}`."
    );
    let mut refreshed = refresh_pages(project, compiler, pages)?;
    refresh_plots(project, &mut refreshed)?;
    refreshed
        .failed
        .extend(answers::of_chapter(project, compiler, slug)?);
    for (file, text) in originals::expected_after(project, compiler, slug)? {
        write_if_changed(project, file, &text, &mut refreshed)?;
    }
    refresh_times(project, &mut refreshed)?;
    Ok(refreshed)
}

fn refresh_pages(
    project: &Project,
    compiler: &Compiler,
    pages: impl IntoIterator<Item = Page>,
) -> Result<Refreshed> {
    let python = Python::find();
    let mut refreshed = Refreshed::default();
    for page in pages {
        for figure in figures::record(&page, compiler)? {
            let path = figure.path();
            write_if_changed(project, &path, &figure.svg, &mut refreshed)?;
        }
        for block in page.rust_blocks() {
            refreshed
                .failed
                .extend(code_blocks::check_block(compiler, block)?);
        }
        let mut stale = outputs::stale(&page, compiler)?;
        let (failed, reports) = reports::examine(project, compiler, &page)?;
        refreshed.failed.extend(failed);
        stale.extend(reports);
        if let Some(python) = &python {
            let (failed, outputs) = python::examine(&page, python)?;
            refreshed.failed.extend(failed);
            stale.extend(outputs);
        }
        if !stale.is_empty() {
            files::write(&project.path(&page.file), rewritten(&page.text, stale))?;
            refreshed.written.push(page.file.clone());
        }
    }
    Ok(refreshed)
}

/// A page with its outputs replaced.
fn rewritten(page: &str, mut stale: Vec<Stale<'_>>) -> String {
    let mut text = page.to_owned();
    // From the last to the first, so that what is replaced moves nothing that is still to be replaced.
    stale.sort_by_key(|stale| std::cmp::Reverse(stale.output.range.start));
    for Stale { output, actual } in stale {
        text.replace_range(output.range.clone(), &actual);
    }
    text
}
