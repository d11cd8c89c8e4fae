//! What the tool compares a learner's folder with is current: the stubs, the hashes of the graders, and
//! what the wrong answers fail.

use anyhow::Result;
use autograder::misconception::Misconceptions;
use autograder::originals::Originals;
use autograder::{file_of, stub_of};

use super::answers;
use crate::program::Compiler;
use crate::{Finding, Project};

/// What follows from other files: the path, and what should be there.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn expected(project: &Project, compiler: &Compiler) -> Result<Vec<(&'static str, String)>> {
    texts(project, &answers::misconceptions(project, compiler)?)
}

/// The same after a change to one chapter.
///
/// # Errors
///
/// As [`expected`].
pub fn expected_after(
    project: &Project,
    compiler: &Compiler,
    slug: &str,
) -> Result<Vec<(&'static str, String)>> {
    let misconceptions = answers::misconceptions_after(project, compiler, slug)?;
    texts(project, &misconceptions)
}

fn texts(
    project: &Project,
    misconceptions: &Misconceptions,
) -> Result<Vec<(&'static str, String)>> {
    let known = format!(
        "# What the wrong answers in ci/wrong fail. `cargo refresh` writes this file.\n\n{}",
        toml::to_string(misconceptions)?
    );
    Ok(vec![
        (Originals::FILE, Originals::of(project)?.text()),
        (Misconceptions::FILE, known),
    ])
}

/// Checks that these files are what they should be, and that each chapter starts from its stub.
///
/// # Errors
///
/// As [`expected`].
pub fn check(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (file, text) in expected(project, compiler)? {
        findings.extend(stale(project, file, &text));
    }
    for chapter in &project.manifest()?.chapters {
        let (stub, file) = (stub_of(chapter), file_of(chapter));
        if project.read(&stub).ok() != project.read(&file).ok() {
            let message = format!("This is not what the learner starts with in {file}.");
            findings.push(Finding::new(stub, 1, message));
        }
    }
    Ok(findings)
}

/// Whether a generated file is not what it should be.
pub(super) fn stale(project: &Project, file: &str, text: &str) -> Option<Finding> {
    let actual = project.read(file).unwrap_or_default();
    if actual == text {
        return None;
    }
    let different = actual.lines().zip(text.lines()).position(|(a, b)| a != b);
    let line = different.unwrap_or_else(|| actual.lines().count().min(text.lines().count()));
    let [is, should] = [&actual, text].map(|text| text.lines().nth(line).unwrap_or("nothing"));
    let message = format!(
        "This is stale. `cargo refresh` rewrites it. The line is\n{is}\nand should be\n{should}"
    );
    Some(Finding::new(file, line + 1, message))
}
