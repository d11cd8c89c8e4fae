//! Every figure is what its block records, and is shown on the page with a caption.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::markdown::{Block, Page};
use crate::program::Compiler;
use crate::project::Pages;
use crate::{Finding, Project};
use autograder::compiler::Compiled;
use autograder::files::{self, line_of};

/// Where the committed figures are, relative to the project's root.
const FOLDER: &str = "src/figures";

/// What a figure says about a poll that blocked the thread.
const BLOCKED: &str = "blocked the thread for";

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
}

/// Compares every figure with the committed one, and looks for it on its page.
///
/// # Errors
///
/// If a page cannot be read or rustc cannot be started.
pub fn check(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut recorded = BTreeMap::new();
    for page in project.pages()? {
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
                "No block of the book records this figure.",
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
        let drawn = drawn(compiler, &executable)?;
        figures.extend(drawn.into_iter().map(|(name, svg)| Recorded {
            name,
            svg,
            file: block.file.clone(),
            line: block.line,
        }));
    }
    Ok(figures)
}

/// The figures that a program draws, by name. Where real time counts, because a poll blocks the thread, a
/// machine that is busy elsewhere can only make it longer: of several runs the shortest is the true one.
fn drawn(compiler: &Compiler, executable: &Path) -> Result<BTreeMap<String, String>> {
    let mut figures: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..RUNS_IN_REAL_TIME {
        let folder = tempfile::tempdir()?;
        compiler.run(executable, Some(folder.path()))?;
        for path in files::below(folder.path(), "svg")? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let svg = files::read(&path)?;
            let known = figures.entry(name.into_owned()).or_insert(svg.clone());
            if end_of(&svg) < end_of(known) {
                *known = svg;
            }
        }
        if !figures.values().any(|svg| svg.contains(BLOCKED)) {
            break;
        }
    }
    Ok(figures)
}

/// How long a timeline is, in microseconds, as its data says.
fn end_of(svg: &str) -> Option<u64> {
    let (_, data) = svg.split_once("data-timeline='{\"end\":")?;
    data.split_once(',')?.0.parse().ok()
}

fn names_a_figure(block: &Block) -> bool {
    block.body.contains("timeline::figure(")
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
            "`{path}` is stale: running this block draws another picture. `cargo refresh` \
             rewrites it; look at it before you commit it."
        ),
        Err(_) => format!("`{path}` is missing: `cargo refresh` writes it."),
    };
    Some(Finding::new(&figure.file, figure.line, message))
}

fn on_the_page(page: &Page, figure: &Recorded) -> Option<Finding> {
    let include = format!("{{{{#include figures/{}.svg}}}}", figure.name);
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
