//! Grades the wrong answers: what a learner who misunderstands one thing writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;

use super::wrong_answer::{FOLDER, WrongAnswer, module};
use super::{Answers, Graders, Verdict, cores, in_parallel};
use crate::program::Compiler;
use crate::report_beginnings::Beginning;
use crate::{Finding, Project};
use autograder::manifest::{Chapter, Exercise, Manifest};
use autograder::misconception::{Known, fingerprint_of};

/// How many answers the graders are compiled for at once. What they share is compiled once, but the
/// compiler needs time and memory for each: with all of an exercise in one executable it met its limits.
const BATCH: usize = 8;

/// How many tests run at the same time for each core. A test that hangs waits five seconds for its watchdog, and needs no core.
const TESTS_PER_CORE: usize = 2;

/// A wrong answer that compiles, with graders that grade it among others.
struct Graded {
    wrong: WrongAnswer,
    /// What the graders call it.
    name: String,
    graders: Arc<Graders>,
}

impl Graded {
    fn tests(&self) -> Result<Vec<String>> {
        self.graders.tests(&self.name)
    }

    fn run(&self, test: &str) -> Result<Verdict> {
        self.graders.run(&self.name, test)
    }
}

/// Reads, compiles and runs the wrong answers of one exercise, and finds what is wrong with those that do not compile.
fn graded(
    project: &Project,
    compiler: &Compiler,
    chapter: &Chapter,
    exercise: &Exercise,
) -> Result<(Vec<Graded>, Vec<Finding>)> {
    let (mut read, mut findings) = (Vec::new(), Vec::new());
    for file in project.files(&folder_of(chapter, exercise), "rs")? {
        match WrongAnswer::read(project, &file)? {
            Ok(wrong) => match module(project, chapter, exercise.name(), &wrong)? {
                Ok(module) => read.push((wrong, module)),
                Err(finding) => findings.push(finding),
            },
            Err(finding) => findings.push(finding),
        }
    }
    let mut graded = Vec::new();
    let modules: Vec<_> = read.iter().map(|(_, module)| module).collect();
    if let Some((graders, names)) =
        Graders::of_selection(project, compiler, chapter, exercise.name(), &modules)?
    {
        let graders = Arc::new(graders);
        let selected = read.extract_if(.., |(_, module)| names.contains(&module.sources.name));
        graded.extend(selected.map(|(wrong, module)| Graded {
            wrong,
            name: module.sources.name,
            graders: Arc::clone(&graders),
        }));
    }
    let size = read.len().div_ceil(read.len().div_ceil(BATCH).max(1));
    while !read.is_empty() {
        let batch: Vec<_> = read.drain(..size.min(read.len())).collect();
        let sources: Vec<_> = batch.iter().map(|(_, module)| &module.sources).collect();
        let place = |name: &str, file: &str, line: usize| {
            let mut batch = batch.iter();
            let (wrong, module) = batch
                .find(|(_, module)| module.sources.name == name)
                .expect("it is compiled under this name");
            module.place(wrong, file, line)
        };
        let name = exercise.name();
        match Graders::of_sources(project, compiler, chapter, name, &sources, place)? {
            Ok(graders) => {
                let graders = Arc::new(graders);
                graded.extend(batch.into_iter().map(|(wrong, module)| Graded {
                    wrong,
                    name: module.sources.name,
                    graders: Arc::clone(&graders),
                }));
            }
            Err(errors) => findings.extend(errors),
        }
    }
    graded.sort_by(|one, other| one.wrong.file.cmp(&other.wrong.file));
    run_all(&graded)?;
    Ok((graded, findings))
}

/// Runs every test, after which each verdict is remembered.
fn run_all(graded: &[Graded]) -> Result<()> {
    let mut runs = Vec::new();
    for answer in graded {
        runs.extend(answer.tests()?.into_iter().map(|test| (answer, test)));
    }
    in_parallel(cores() * TESTS_PER_CORE, &runs, |(answer, test)| {
        answer.run(test).map(|_| Vec::<()>::new())
    })?;
    Ok(())
}

/// The solutions of a chapter, each with another wrong answer to one exercise in its place.
///
/// # Errors
///
/// If a file cannot be read.
pub fn wrong_solutions(
    project: &Project,
    chapter: &Chapter,
    exercise: &str,
) -> Result<Vec<String>> {
    let mut solutions = Vec::new();
    for file in project.files(&format!("ci/wrong/{}/{exercise}", chapter.module()), "rs")? {
        if let Ok(wrong) = WrongAnswer::read(project, &file)?
            && let Ok(module) = module(project, chapter, exercise, &wrong)?
        {
            solutions.push(module.text().to_owned());
        }
    }
    Ok(solutions)
}

/// Checks the wrong answers of one exercise.
pub(super) fn of_exercise(
    project: &Project,
    compiler: &Compiler,
    manifest: &Manifest,
    chapter: &Chapter,
    exercise: &Exercise,
    quoted: &[Beginning],
) -> Result<Vec<Finding>> {
    let (graded, mut findings) = graded(project, compiler, chapter, exercise)?;
    for answer in &graded {
        findings.extend(is_rejected(answer)?);
        for beginning in quoted
            .iter()
            .filter(|quoted| quoted.wrong_answer == answer.wrong.file)
        {
            findings.extend(beginning.compare(&answer.run(&answer.wrong.test)?.report));
        }
    }
    let (folder, line) = (
        folder_of(chapter, exercise),
        manifest.line_of(&exercise.name),
    );
    let idle = idle(exercise.name(), &graded)?.into_iter().map(|test| {
        let message = format!(
            "`{test}` passes every wrong answer in {folder}: nothing shows that it checks \
             anything."
        );
        Finding::new(Manifest::FILE, line, message)
    });
    findings.extend(idle);
    Ok(findings)
}

/// What each wrong answer of an exercise fails, so that a learner who makes the same mistake can be told. Those that do not
/// compile are left out: [`of_exercise`] reports them. So are those with a report that depends on threads: the next one may
/// say something else, and no mistake can be recognised by that.
pub(super) fn known(
    project: &Project,
    compiler: &Compiler,
    chapter: &Chapter,
    exercise: &Exercise,
) -> Result<Vec<Known>> {
    let mut known = Vec::new();
    let (graded, _) = graded(project, compiler, chapter, exercise)?;
    for answer in graded {
        let mut fails = BTreeMap::new();
        let mut depends_on_threads = false;
        for test in answer.tests()? {
            let verdict = answer.run(&test)?;
            if !verdict.passed {
                depends_on_threads |= verdict.depends_on_threads;
                fails.insert(test, fingerprint_of(&verdict.report));
            }
        }
        if depends_on_threads {
            continue;
        }
        known.push(Known {
            exercise: format!("{}/{}", chapter.slug(), exercise.name()),
            description: answer.wrong.misconception,
            file: answer.wrong.file,
            fails,
        });
    }
    Ok(known)
}

fn folder_of(chapter: &Chapter, exercise: &Exercise) -> String {
    format!("ci/wrong/{}/{}", chapter.module(), exercise.name())
}

/// The tests of an exercise that none of its wrong answers fails.
fn idle(exercise: &str, graded: &[Graded]) -> Result<Vec<String>> {
    let Some(first) = graded.first() else {
        return Ok(Vec::new());
    };
    let mut idle = Vec::new();
    for test in first.tests()? {
        if !test.starts_with(&format!("{exercise}::")) {
            continue;
        }
        let mut passes = true;
        for answer in graded {
            passes = passes && answer.run(&test)?.passed;
        }
        if passes {
            idle.push(test);
        }
    }
    Ok(idle)
}

/// What the grader says to a wrong answer, as the learner reads it. `None` if there is no such
/// answer, or it does not compile.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn report(
    project: &Project,
    compiler: &Compiler,
    chapter: &Chapter,
    exercise: &str,
    file: &str,
) -> Result<Option<String>> {
    if !project.path(file).is_file() {
        return Ok(None);
    }
    let Ok(wrong) = WrongAnswer::read(project, file)? else {
        return Ok(None);
    };
    let Ok(module) = module(project, chapter, exercise, &wrong)? else {
        return Ok(None);
    };
    let place = |file: &str, line| module.place(&wrong, file, line);
    let Ok(answers) = Answers::compile(compiler, FOLDER, &module.sources, place)? else {
        return Ok(None);
    };
    let Ok(graders) = Graders::of_library(project, compiler, chapter, Some(exercise), &answers)?
    else {
        return Ok(None);
    };
    graders.report(&answers.name, &wrong.test).map(Some)
}

fn is_rejected(answer: &Graded) -> Result<Option<Finding>> {
    let WrongAnswer {
        test, phrase, file, ..
    } = &answer.wrong;
    let message = if !answer.tests()?.contains(test) {
        format!("The grader has no test `{test}`.")
    } else {
        let verdict = answer.run(test)?;
        let said: Vec<_> = verdict.report.split_whitespace().collect();
        if verdict.passed {
            format!("`{test}` passes this wrong answer.")
        } else if !said.join(" ").contains(phrase.as_str()) {
            format!(
                "`{test}` rejects this answer, but does not say \"{phrase}\". It says:\n{}",
                verdict.report
            )
        } else {
            return Ok(None);
        }
    };
    Ok(Some(Finding::new(file, 1, message)))
}
