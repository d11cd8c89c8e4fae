//! `doctor`: checks whether this machine meets the requirements.

mod settings;

use std::fmt::Write;
use std::fs;
use std::process::Command;

use anyhow::Result;
use autograder::Project;
use autograder::target_folder;
use sandbox::Confinement;

use crate::cli::Json;
use crate::grader::OpenGrader;
use crate::json::{self, DoctorOutput, Finding, Output};
use crate::status::Status;
use crate::terminal::{count, print, sentences, style};
use crate::{answers, tool, update};

/// The minimal version of Rust, as in the workspace's `rust-version`.
const MIN_RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Checks the machine. The exit code says whether all requirements are met.
///
/// # Errors
///
/// If there is no workbook here.
pub fn run(open: &OpenGrader, json: Json) -> Result<Status> {
    let project = tool::project()?;
    let findings = vec![
        rust("rustc"),
        rust("cargo"),
        manifest(open, &project),
        folder("workbook folder", &project.path(".workbook")),
        target(),
        answers(open, &project),
        settings::of_cargo(&project),
        git(&project),
        python(),
        confinement(),
    ];
    let ready = findings
        .iter()
        .all(|finding| finding.ok || !finding.required);
    if json.json {
        json::print(&Output::Doctor(DoctorOutput { ready, findings }))?;
    } else {
        print(&text(&findings, ready))?;
    }
    Ok(if ready {
        Status::Solved
    } else {
        Status::MissingRequirement
    })
}

fn text(findings: &[Finding], ready: bool) -> String {
    let mut text = String::new();
    let width = findings
        .iter()
        .map(|finding| finding.name.len())
        .max()
        .unwrap_or(0);
    for finding in findings {
        let mark = match (finding.ok, finding.required) {
            (true, _) => style::success("✓"),
            (false, true) => style::error("✗"),
            (false, false) => style::dim("·"),
        };
        let _ = writeln!(text, "{mark} {:width$}  {}", finding.name, finding.found);
        if !finding.advice.is_empty() {
            let _ = writeln!(
                text,
                "  {:width$}  {}",
                "",
                style::highlight_code(&finding.advice)
            );
        }
    }
    text += if ready {
        "\nThis machine meets all requirements.\n"
    } else {
        "\nThis machine does not meet all requirements.\n"
    };
    text
}

fn rust(program: &str) -> Finding {
    let advice = format!(
        "Install Rust {MIN_RUST} or later from https://rustup.rs, and open a new terminal."
    );
    let variable = std::env::var_os(program.to_uppercase());
    let version =
        version(Command::new(variable.unwrap_or_else(|| program.into())).arg("--version"));
    let is_recent = version.as_deref().and_then(numbers) >= numbers(MIN_RUST);
    let found = version.unwrap_or_else(|| format!("`{program}` could not be started."));
    finding(program, is_recent, found, &advice)
}

fn manifest(open: &OpenGrader, project: &Project) -> Finding {
    let name = "exercises";
    match open(project.clone()) {
        Ok(grades) => {
            let exercises = grades
                .manifest()
                .chapters
                .iter()
                .map(|chapter| chapter.exercises.len());
            let found = count(exercises.sum(), "exercise");
            finding(name, true, found, "")
        }
        Err(error) => finding(
            name,
            false,
            sentences(&error),
            "To restore the file, run `git checkout -- exercises/exercises.toml`.",
        ),
    }
}

/// Whether git has left conflict markers in the answers.
fn answers(open: &OpenGrader, project: &Project) -> Finding {
    let name = "answers";
    let manifest = open(project.clone());
    let chapters = manifest
        .iter()
        .flat_map(|grader| &grader.manifest().chapters);
    let files = chapters.map(autograder::file_of);
    let mut places = files.filter_map(|file| {
        let line = answers::conflict_marker(&project.read(&file).ok()?)?;
        Some(format!("{file}:{line} is a conflict marker of git."))
    });
    let advice = "Keep one version of each place, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`.";
    let found = places.next();
    let ok = found.is_none();
    let found = found.unwrap_or_else(|| "no conflict markers".to_owned());
    Finding {
        required: false,
        ..finding(name, ok, found, advice)
    }
}

/// What updates the workbook.
fn git(project: &Project) -> Finding {
    let version = version(Command::new("git").arg("--version"));
    let is_finished = !update::is_unfinished(project.root());
    let advice = if is_finished {
        "Optional: git from https://git-scm.com, to update with `cargo workbook update`, which keeps your answers."
    } else {
        "An update was interrupted. Run `cargo workbook update` to finish it."
    };
    let ok = version.is_some() && is_finished;
    let found = version.unwrap_or_else(|| "`git` could not be started.".to_owned());
    Finding {
        required: false,
        ..finding("git", ok, found, advice)
    }
}

fn target() -> Finding {
    let name = "target folder";
    match target_folder() {
        Ok(path) => folder(name, &path.join("workbook")),
        Err(error) => finding(name, false, sentences(&error), ""),
    }
}

/// Checks whether a folder is writable by writing a file.
fn folder(name: &str, path: &std::path::Path) -> Finding {
    let advice =
        "Copy the workbook to a folder of your own on a disk with free space, and work there.";
    let file = path.join(".doctor");
    let written = fs::create_dir_all(path).and_then(|()| fs::write(&file, [0; 4096]));
    // An incomplete file may remain even if writing failed.
    let _ = fs::remove_file(&file);
    match written {
        Ok(()) => finding(name, true, format!("{} is writable", path.display()), ""),
        Err(error) => finding(
            name,
            false,
            format!("{} is not writable: {error}.", path.display()),
            advice,
        ),
    }
}

fn python() -> Finding {
    let version = version(Command::new("python3").arg("--version"));
    let is_recent = version.as_deref().and_then(numbers) >= Some((3, 11));
    let found = version.unwrap_or_else(|| "`python3` could not be started.".to_owned());
    let advice = "Optional: Python 3.11 or later, to run the book's Python programs yourself.";
    Finding {
        required: false,
        ..finding("python3", is_recent, found, advice)
    }
}

/// What programs and answers are kept from here.
fn confinement() -> Finding {
    let Confinement {
        files,
        signals,
        ipc,
    } = sandbox::confinement();
    let found = match (files, signals, ipc) {
        (true, true, true) => "programs and answers can write only to their own folder",
        (true, true, false) => {
            "programs and answers can write only to their own folder, but can leave shared memory behind"
        }
        (true, false, _) => {
            "programs and answers can write only to their own folder, but can stop other programs of yours"
        }
        (false, _, _) => "programs and answers can write to all files that you can write to",
    };
    let advice = "Optional: Linux 6.12 or later, to confine what programs and answers can do. Elsewhere, run only programs \
                  and answers that you trust, or use a virtual machine.";
    Finding {
        required: false,
        ..finding(
            "confinement",
            files && signals && ipc,
            found.to_owned(),
            advice,
        )
    }
}

/// The version that a program reports.
fn version(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    Some(stdout.lines().next()?.to_owned())
}

/// The first two numbers of a version: `rustc 1.95.0 (..)` gives 1 and 95.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let number = version
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut parts = number.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

fn finding(name: &str, ok: bool, found: String, advice: &str) -> Finding {
    Finding {
        name: name.to_owned(),
        ok,
        required: true,
        found,
        advice: if ok { String::new() } else { advice.to_owned() },
    }
}
