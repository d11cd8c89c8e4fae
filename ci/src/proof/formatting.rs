//! Every Rust block is formatted as rustfmt does it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::markdown::Block;
use crate::project::Pages;
use crate::{Finding, Project};
use autograder::files;
use autograder::rustc::EDITION;

/// Formats a copy of every Rust block and compares.
///
/// # Errors
///
/// If a page cannot be read or rustfmt cannot be started.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let folder = tempfile::tempdir()?;
    let pages = project.pages()?;
    let mut copies: BTreeMap<_, (&Block, String)> = BTreeMap::new();
    for block in pages.iter().flat_map(|page| page.rust_blocks()) {
        let copy = folder.path().join(format!("block_{}.rs", copies.len()));
        let program = block.program();
        files::write(&copy, &program)?;
        copies.insert(copy, (block, program));
    }
    if copies.is_empty() {
        return Ok(Vec::new());
    }
    let output = Command::new("rustfmt")
        .args(["--edition", EDITION, "--config", "newline_style=Unix"])
        .args(copies.keys())
        .output()
        .context("rustfmt could not be started: `rustup component add rustfmt` installs it")?;
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut findings = Vec::new();
    for (copy, (block, program)) in copies {
        let formatted = fs::read_to_string(&copy)?;
        if formatted != program {
            findings.push(unformatted(block, &program, &formatted));
        } else if complaints.contains(&*copy.to_string_lossy()) {
            let message = format!("rustfmt cannot read this block:\n{complaints}");
            findings.push(Finding::new(&block.file, block.line, message));
        }
    }
    Ok(findings)
}

fn unformatted(block: &Block, program: &str, formatted: &str) -> Finding {
    let differs = |(ours, theirs): (&str, &str)| ours != theirs;
    let first = program.lines().zip(formatted.lines()).position(differs);
    let line = first.unwrap_or_else(|| program.lines().count().min(formatted.lines().count()));
    let difference = similar::TextDiff::from_lines(program, formatted);
    let message = format!(
        "The block is not formatted as rustfmt does it (- the block, + rustfmt):\n{}",
        difference.unified_diff().context_radius(1)
    );
    Finding::new(&block.file, block.page_line(line + 1), message)
}
