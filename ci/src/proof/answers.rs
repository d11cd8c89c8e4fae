//! The graders tell right from wrong: every solution passes, every stub is "not started", and every
//! wrong answer is rejected by the test that its first line names, with the words that it names. No
//! test is idle: each one fails a wrong answer.
//!
//! The solutions and the stubs are compiled as libraries (`Answers`), and the graders are compiled against them with only
//! the name `exercises` replaced (`Graders`). Wrong answers are many, so several are compiled in one crate with the graders:
//! one copy of the graders calls the `selected` answer to an exercise that is a function, and each answer that is a type has
//! a copy of its own.
//!
//! `cargo test` also runs the graders on the solutions as tests of this package, so no test of the book asks for [`solutions`].

mod grader;
mod grader_source;
mod library;
mod reachable;
mod selected;
mod wrong;
mod wrong_answer;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Result;

use crate::program::Compiler;
use crate::report_beginnings;
use crate::{Finding, Project};
use autograder::manifest::{Chapter, Exercise, Manifest};
use autograder::misconception::{Known, Misconceptions};
use grader::{Graders, Verdict};
use library::Answers;
pub(super) use wrong::report;
pub use wrong::wrong_solutions;

/// How the report of an unsolved exercise starts.
const NOT_STARTED: &str = "Not started: ";

/// Every solution passes every test of its grader.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn solutions(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    solutions_of(project, compiler, &project.manifest()?)
}

fn solutions_of(
    project: &Project,
    compiler: &Compiler,
    manifest: &Manifest,
) -> Result<Vec<Finding>> {
    each_chapter(manifest, |chapter| {
        let answers = match Answers::of_crate(project, compiler, "solutions")? {
            Ok(answers) => answers,
            Err(findings) => return Ok(findings),
        };
        judge(project, compiler, chapter, &answers, |test, verdict| {
            let failed = !verdict.passed;
            failed.then(|| format!("The solution does not pass `{test}`:\n{}", verdict.report))
        })
    })
}

/// Every stub compiles without a warning and is "not started" for every test of its grader.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn stubs(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    stubs_of(project, compiler, &project.manifest()?)
}

fn stubs_of(project: &Project, compiler: &Compiler, manifest: &Manifest) -> Result<Vec<Finding>> {
    each_chapter(manifest, |chapter| {
        let answers = match Answers::of_crate(project, compiler, "exercises")? {
            Ok(answers) => answers,
            Err(findings) => return Ok(findings),
        };
        let mut findings = answers.warnings.clone();
        findings.extend(judge(project, compiler, chapter, &answers, |test, verdict| {
            if verdict.passed {
                return Some(format!(
                    "`{test}` passes although nothing is solved: it grades nothing, or the stub \
                     has been worked on."
                ));
            }
            let not_started = verdict.report.starts_with(NOT_STARTED);
            (!not_started).then(|| {
                format!("`{test}` should say \"{NOT_STARTED}…\"; it says:\n{}", verdict.report)
            })
        })?);
        Ok(findings)
    })
}

/// Every wrong answer compiles and is rejected as its first line says, with the words that a lesson plan quotes.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn wrong(project: &Project, compiler: &Compiler) -> Result<Vec<Finding>> {
    wrong_of(project, compiler, &project.manifest()?)
}

fn wrong_of(project: &Project, compiler: &Compiler, manifest: &Manifest) -> Result<Vec<Finding>> {
    let quoted = report_beginnings::of_project(project)?;
    in_parallel(cores(), &each_exercise(manifest), |(chapter, exercise)| {
        wrong::of_exercise(project, compiler, manifest, chapter, exercise, &quoted)
    })
}

/// The solutions, stubs and wrong answers of one chapter.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn of_chapter(project: &Project, compiler: &Compiler, slug: &str) -> Result<Vec<Finding>> {
    let mut manifest = project.manifest()?;
    manifest.chapters.retain(|chapter| chapter.slug() == slug);
    let mut findings = solutions_of(project, compiler, &manifest)?;
    findings.extend(stubs_of(project, compiler, &manifest)?);
    findings.extend(wrong_of(project, compiler, &manifest)?);
    Ok(findings)
}

/// What every wrong answer fails: what `exercises/misconceptions.toml` should say.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn misconceptions(project: &Project, compiler: &Compiler) -> Result<Misconceptions> {
    known(project, compiler, &project.manifest()?)
}

/// The same after a change to one chapter: those of the others are taken from the file.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn misconceptions_after(
    project: &Project,
    compiler: &Compiler,
    slug: &str,
) -> Result<Misconceptions> {
    let all = project.manifest()?;
    let mut changed = project.manifest()?;
    changed.chapters.retain(|chapter| chapter.slug() == slug);
    let mut known = known(project, compiler, &changed)?.known;
    let others = Misconceptions::read(project)?.known.into_iter();
    known.extend(others.filter(|known| chapter_of(known) != slug));
    known.sort_by_key(|known| {
        let mut chapters = all.chapters.iter();
        chapters.position(|chapter| chapter.slug() == chapter_of(known))
    });
    Ok(Misconceptions { known })
}

fn chapter_of(known: &Known) -> &str {
    let name = known.exercise.split_once('/');
    name.map_or("", |(chapter, _)| chapter)
}

fn known(project: &Project, compiler: &Compiler, manifest: &Manifest) -> Result<Misconceptions> {
    let known = in_parallel(cores(), &each_exercise(manifest), |(chapter, exercise)| {
        wrong::known(project, compiler, chapter, exercise)
    })?;
    Ok(Misconceptions { known })
}

/// Runs every test of a chapter against a set of answers; a fault is reported at the answers' file.
fn judge(
    project: &Project,
    compiler: &Compiler,
    chapter: &Chapter,
    answers: &Answers,
    fault: impl Fn(&str, &Verdict) -> Option<String> + Sync,
) -> Result<Vec<Finding>> {
    let graders = match Graders::of_library(project, compiler, chapter, None, answers)? {
        Ok(graders) => graders,
        Err(findings) => return Ok(findings),
    };
    let file = format!("{}/{}.rs", answers.folder, chapter.module());
    let source = project.read(&file)?;
    let tests = graders.tests(&answers.name)?;
    if tests.is_empty() {
        let message = format!("The grader of `{}` has no tests.", chapter.slug());
        return Ok(vec![Finding::new(file, 1, message)]);
    }
    in_parallel(cores(), &tests, |test| {
        let verdict = graders.run(&answers.name, test)?;
        let exercise = test.split("::").next().unwrap_or_default();
        let line = source.lines().position(|line| declares(line, exercise));
        let finding = |message| Finding::new(&file, line.map_or(1, |line| line + 1), message);
        Ok(fault(test, &verdict).map(finding).into_iter().collect())
    })
}

/// Whether a line declares the public item of this name.
fn declares(line: &str, name: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    line.starts_with("pub ") && words.any(|word| word == name)
}

fn each_chapter(
    manifest: &Manifest,
    check: impl Fn(&Chapter) -> Result<Vec<Finding>>,
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for chapter in &manifest.chapters {
        findings.extend(check(chapter)?);
    }
    Ok(findings)
}

fn each_exercise(manifest: &Manifest) -> Vec<(&Chapter, &Exercise)> {
    let chapters = manifest.chapters.iter();
    chapters
        .flat_map(|chapter| {
            chapter
                .exercises
                .iter()
                .map(move |exercise| (chapter, exercise))
        })
        .collect()
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Checks each piece of work, at most `workers` at once; what is found in the order of the work.
fn in_parallel<T: Sync, R: Send>(
    workers: usize,
    work: &[T],
    check: impl Fn(&T) -> Result<Vec<R>> + Sync,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..workers.min(work.len()) {
            scope.spawn(|| {
                while let Some((index, piece)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    work.get(index).map(|piece| (index, piece))
                } {
                    let result = check(piece);
                    results
                        .lock()
                        .expect("no check panics")
                        .insert(index, result);
                }
            });
        }
    });
    let mut findings = Vec::new();
    for (_, result) in results.into_inner().expect("no check panics") {
        findings.extend(result?);
    }
    Ok(findings)
}
