//! Every figure is what its block records, and is shown on the page with a caption.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use crate::markdown::{Block, Page};
use crate::program::Compiler;
use crate::project::Pages;
use crate::{Finding, Project};
use autograder::compiler::Compiled;
use autograder::figure::{self, Figure};
use autograder::files::line_of;
use plot::Plot;
use timeline::RecordedFigure;

/// Where the committed figures are, relative to the project's root.
const FOLDER: &str = "src/figures";

const RUNS_IN_REAL_TIME: usize = 3;

/// The shortest caption that can tell a story to someone who does not see the figure.
const SHORTEST_CAPTION: usize = 60;

/// A figure as its block records it now.
#[derive(Debug)]
pub struct Recorded {
    /// Its name: `gather-in-turn` for `src/figures/gather-in-turn.svg`.
    pub name: String,
    /// The SVG.
    pub svg: String,
    file: String,
    line: usize,
}

impl Recorded {
    /// The committed file, relative to the project's root.
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}.svg", self.name)
    }

    fn include(&self) -> String {
        format!("{{{{#include figures/{}.svg}}}}", self.name)
    }
}

/// Compares every figure with the committed one, and looks for it on its page.
///
/// # Errors
///
/// If a page cannot be read or rustc cannot be started.
pub fn check(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut recorded = BTreeMap::new();
    let pages = project.pages()?;
    for figure in measured(project)? {
        findings.extend(compare(project, &figure));
        findings.extend(on_a_page(&pages, &figure));
        recorded.insert(figure.path(), (figure.file, figure.line));
    }
    for page in pages {
        for figure in record(&page, compiler)? {
            findings.extend(compare(project, &figure));
            findings.extend(on_the_page(&page, &figure));
            let (file, line) = (figure.file.clone(), figure.line);
            if let Some((other, _)) = recorded.insert(figure.path(), (file.clone(), line)) {
                let message = format!(
                    "`{}` is recorded by a block of {other} as well.",
                    figure.name
                );
                findings.push(Finding::new(file, line, message));
            }
        }
        findings.extend(announced_but_missing(&page, &recorded));
    }
    for file in project.files(FOLDER, "svg")? {
        if !recorded.contains_key(&file) {
            findings.push(Finding::new(
                file,
                1,
                "No block of the book, and no benchmark, records this figure.",
            ));
        }
    }
    Ok(findings)
}

/// What the blocks of a page record when they run.
///
/// # Errors
///
/// If rustc cannot be started.
pub fn record(page: &Page, compiler: &Compiler) -> Result<Vec<Recorded>> {
    let mut figures = Vec::new();
    for block in page.rust_blocks().filter(|block| names_a_figure(block)) {
        let Compiled::Program(executable, _) = compiler.compile(&block.program())? else {
            continue;
        };
        let recorded = recorded(compiler, &executable)?;
        figures.extend(recorded.map(|figure| Recorded {
            svg: figure.to_svg(),
            name: figure.name().to_owned(),
            file: block.file.clone(),
            line: block.line,
        }));
    }
    Ok(figures)
}

/// The plots of what benchmarks of the projects have measured. A benchmark is not repeated: its plot is a file beside it.
///
/// # Errors
///
/// If a file cannot be read, or is none that [`Plot::to_record`] has written.
pub fn measured(project: &Project) -> Result<Vec<Recorded>> {
    let files = project.files("projects", "plot")?;
    let plots = files.into_iter().map(|file| {
        let plot = Plot::from_record(&project.read(&file)?);
        let plot = plot.with_context(|| format!("{file} is not the record of a plot"))?;
        Ok(Recorded {
            svg: plot.to_svg(),
            name: plot.name,
            file,
            line: 1,
        })
    });
    plots.collect()
}

/// The figure that a program records. Where real time counts, because a poll blocks the thread, a machine that is busy
/// elsewhere can only make it longer: of several runs the shortest is the true one.
fn recorded(compiler: &Compiler, executable: &Path) -> Result<Option<Figure>> {
    let mut shortest: Option<RecordedFigure> = None;
    for _ in 0..RUNS_IN_REAL_TIME {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("figure");
        compiler.run(executable, Some(&file))?;
        let figure = match figure::read(&file)? {
            Some(Figure::Timeline(figure)) => figure,
            other => return Ok(other),
        };
        if shortest
            .as_ref()
            .is_none_or(|known| figure.timeline.end < known.timeline.end)
        {
            shortest = Some(figure);
        }
        if !shortest.as_ref().is_some_and(blocks) {
            break;
        }
    }
    Ok(shortest.map(Figure::Timeline))
}

/// Whether a poll blocks the thread.
fn blocks(figure: &RecordedFigure) -> bool {
    let lanes = figure.timeline.lanes.iter();
    let mut polls = lanes.flat_map(|lane| &lane.polls);
    polls.any(|poll| !poll.busy.is_zero())
}

fn names_a_figure(block: &Block) -> bool {
    let calls = ["timeline::figure(", "Plot::new("];
    calls.iter().any(|call| block.body.contains(call))
}

/// Blocks that ask for a figure and left none: they panicked, or ended before the guard was dropped.
fn announced_but_missing(
    page: &Page,
    recorded: &BTreeMap<String, (String, usize)>,
) -> Vec<Finding> {
    let announced = page.rust_blocks().filter(|block| names_a_figure(block));
    let silent = announced.filter(|block| {
        !recorded
            .values()
            .any(|(file, line)| (file, *line) == (&block.file, block.line))
    });
    silent
        .map(|block| {
            let message = "The block asks for a figure, but running it left none.";
            Finding::new(&block.file, block.line, message)
        })
        .collect()
}

fn compare(project: &Project, figure: &Recorded) -> Option<Finding> {
    let path = figure.path();
    let message = match project.read(&path) {
        Ok(committed) if committed == figure.svg => return None,
        Ok(_) => format!(
            "`{path}` is stale: what is recorded now draws another picture. `cargo refresh` \
             rewrites it; look at it before you commit it."
        ),
        Err(_) => format!("`{path}` is missing: `cargo refresh` writes it."),
    };
    Some(Finding::new(&figure.file, figure.line, message))
}

/// Looks for a figure that no block records.
fn on_a_page(pages: &[Page], figure: &Recorded) -> Option<Finding> {
    let include = figure.include();
    match pages.iter().find(|page| page.text.contains(&include)) {
        Some(page) => on_the_page(page, figure),
        None => {
            let message = format!("No page shows this plot: {include}");
            Some(Finding::new(&figure.file, figure.line, message))
        }
    }
}

fn on_the_page(page: &Page, figure: &Recorded) -> Option<Finding> {
    let include = figure.include();
    let Some(offset) = page.text.find(&include) else {
        let message = format!("The page does not show the figure of this block: {include}");
        return Some(Finding::new(&figure.file, figure.line, message));
    };
    let rest = &page.text[offset..];
    let rest = rest.split("</figure>").next().unwrap_or_default();
    let caption = rest.split_once("<figcaption>").and_then(|(_, rest)| {
        let (caption, _) = rest.split_once("</figcaption>")?;
        Some(caption.trim().len())
    });
    let message = match caption {
        Some(length) if length >= SHORTEST_CAPTION => return None,
        Some(_) => "The figure's caption is too short to tell what happened, in order.",
        None => "The figure has no <figcaption> that tells what happened, in order.",
    };
    Some(Finding::new(
        &page.file,
        line_of(&page.text, offset),
        message,
    ))
}
