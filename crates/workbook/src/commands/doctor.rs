//! `doctor`: what this machine has and lacks.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use anyhow::Result;
use autograder::Project;
use autograder::library::target_folder;

use super::{Done, show};
use crate::Open;
use crate::cli::Json;
use crate::json::{self, Examined, Finding, Output};
use crate::terminal::{paint, sentences};
use crate::tool;

/// The oldest Rust that will do, as in the workspace's `rust-version`.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Looks at the machine. The exit code says whether the workbook can be worked with.
///
/// # Errors
///
/// If there is no workbook here.
pub fn run(open: &Open, json: Json) -> Result<Done> {
    let project = tool::project()?;
    let findings = vec![
        rust("rustc"),
        rust("cargo"),
        manifest(open, &project),
        folder("the workbook's folder", &project.path(".workbook")),
        target(),
        python(),
    ];
    let ready = findings
        .iter()
        .all(|finding| finding.well || !finding.needed);
    if json.json {
        json::print(&Output::Doctor(Examined { ready, findings }))?;
    } else {
        show(&text(&findings, ready))?;
    }
    Ok(if ready { Done::Solved } else { Done::Lacking })
}

fn text(findings: &[Finding], ready: bool) -> String {
    let mut text = String::new();
    let width = findings
        .iter()
        .map(|finding| finding.what.len())
        .max()
        .unwrap_or(0);
    for finding in findings {
        let mark = match (finding.well, finding.needed) {
            (true, _) => paint::good("✓"),
            (false, true) => paint::bad("✗"),
            (false, false) => paint::dim("·"),
        };
        let _ = writeln!(text, "{mark} {:width$}  {}", finding.what, finding.found);
        if !finding.advice.is_empty() {
            let _ = writeln!(
                text,
                "  {:width$}  {}",
                "",
                paint::with_code(&finding.advice)
            );
        }
    }
    text += if ready {
        "\nAll that is needed is here.\n"
    } else {
        "\nSomething that is needed is missing.\n"
    };
    text
}

fn rust(program: &str) -> Finding {
    let advice =
        format!("Install Rust {OLDEST} or later from https://rustup.rs, and open a new terminal.");
    let variable = std::env::var_os(program.to_uppercase());
    let said = version(Command::new(variable.unwrap_or_else(|| program.into())).arg("--version"));
    let new_enough = said.as_deref().and_then(numbers) >= numbers(OLDEST);
    let found = said.unwrap_or_else(|| format!("`{program}` could not be started."));
    finding(program, new_enough, found, &advice)
}

fn manifest(open: &Open, project: &Project) -> Finding {
    let what = "the exercises";
    match open(project.clone()) {
        Ok(grades) => {
            let exercises = grades
                .manifest()
                .chapters
                .iter()
                .map(|chapter| chapter.exercises.len());
            let found = crate::terminal::count(exercises.sum(), "exercise");
            finding(what, true, found, "")
        }
        Err(error) => finding(
            what,
            false,
            sentences(&error),
            "`git checkout -- exercises/exercises.toml` brings it back.",
        ),
    }
}

fn target() -> Finding {
    let what = "the target folder";
    match target_folder() {
        Ok(path) => folder(what, &path.join("workbook")),
        Err(error) => finding(what, false, sentences(&error), ""),
    }
}

/// Whether a folder can be written, tried out.
fn folder(what: &str, path: &std::path::Path) -> Finding {
    let advice = "Copy the workbook to a folder of your own on a disk with room, and work there.";
    let file = path.join(".doctor");
    let tried = fs::create_dir_all(path).and_then(|()| fs::write(&file, [0; 4096]));
    // Left over if it could not be written whole.
    let _ = fs::remove_file(&file);
    match tried {
        Ok(()) => finding(what, true, format!("{} can be written", path.display()), ""),
        Err(error) => finding(
            what,
            false,
            format!("{} cannot be written: {error}.", path.display()),
            advice,
        ),
    }
}

fn python() -> Finding {
    let said = version(Command::new("python3").arg("--version"));
    let well = said.as_deref().and_then(numbers) >= Some((3, 11));
    let found = said.unwrap_or_else(|| "`python3` could not be started.".to_owned());
    let advice = "Only to run the book's Python programs yourself: Python 3.11 or later.";
    Finding {
        needed: false,
        ..finding("python3", well, found, advice)
    }
}

/// What a program says of itself.
fn version(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let said = String::from_utf8_lossy(&output.stdout);
    Some(said.lines().next()?.to_owned())
}

/// The first two numbers of a version: `rustc 1.95.0 (..)` gives 1 and 95.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let number = version
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut parts = number.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

fn finding(what: &str, well: bool, found: String, advice: &str) -> Finding {
    Finding {
        what: what.to_owned(),
        well,
        needed: true,
        found,
        advice: if well {
            String::new()
        } else {
            advice.to_owned()
        },
    }
}
