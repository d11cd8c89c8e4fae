//! Wrong answers: what a learner who misunderstands one thing writes.
//!
//! A file `ci/wrong/<chapter>/<exercise>/<what-is-wrong>.rs` starts with the line
//!
//! ```text
//! //! Awaits one page after the other. Caught by `fetch_all::downloads_overlap`, which says "one after the other".
//! ```
//!
//! and holds the items that replace those of the same name in the solution.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::Item;
use syn::spanned::Spanned;

use super::library::{self, Sources};
use super::{Answers, Graders, Verdict};
use crate::program::Compiler;
use crate::{Finding, Project};
use autograder::hash::hash;
use autograder::manifest::{Chapter, Exercise, Manifest};
use autograder::misconception::{Known, fingerprint_of};

/// One wrong answer.
#[derive(Debug)]
pub struct WrongAnswer {
    /// Its file, relative to the project's root.
    pub file: String,
    /// The mistake in a sentence.
    pub misconception: String,
    /// The test that must reject it.
    pub test: String,
    /// What that test's report must say.
    pub phrase: String,
    text: String,
}

impl WrongAnswer {
    /// Reads a wrong answer. The inner error is what is wrong with its first line.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(project: &Project, file: &str) -> Result<Result<Self, Finding>> {
        let text = project.read(file)?;
        let first = text.lines().next().unwrap_or_default();
        let Some([misconception, test, phrase]) = promise(first) else {
            return Ok(Err(Finding::new(
                file,
                1,
                "The first line says the misconception and what catches it: \
                 //! Awaits one page after the other. Caught by `fetch_all::downloads_overlap`, \
                 which says \"one after the other\".",
            )));
        };
        Ok(Ok(Self {
            file: file.to_owned(),
            misconception: misconception.to_owned(),
            test: test.to_owned(),
            phrase: phrase.to_owned(),
            text,
        }))
    }

    /// The solution's module with this answer's items in place of its own, and the line on which
    /// this answer begins.
    fn in_place_of(
        &self,
        solution: &str,
        exercise: &str,
    ) -> Result<Result<(String, usize), Finding>> {
        let items = match syn::parse_file(&self.text) {
            Ok(file) => file.items,
            Err(error) => {
                let message = format!("This is not Rust: {error}.");
                return Ok(Err(Finding::new(
                    &self.file,
                    error.span().start().line,
                    message,
                )));
            }
        };
        let mut module = solution.to_owned();
        let replaced: Vec<_> = items.iter().filter_map(key).collect();
        if !replaced.iter().any(|key| key == exercise) {
            let message = format!("The answer has no `{exercise}`.");
            return Ok(Err(Finding::new(&self.file, 1, message)));
        }
        let mut ranges: BTreeMap<usize, usize> = BTreeMap::new();
        for item in syn::parse_file(solution)
            .context("the solution is not Rust")?
            .items
        {
            if key(&item).is_some_and(|key| replaced.contains(&key)) {
                let range = item.span().byte_range();
                ranges.insert(range.start, range.end);
            }
        }
        for (start, end) in ranges.into_iter().rev() {
            module.replace_range(start..end, "");
        }
        module.push('\n');
        let line = module.lines().count();
        // An inner doc comment is allowed only at the start of a module.
        module.push_str(&self.text.replacen("//!", "//", 1));
        Ok(Ok((module, line)))
    }
}

/// Misconception, test and phrase in ``… Caught by `test`, which says "phrase".``
fn promise(line: &str) -> Option<[&str; 3]> {
    let (misconception, rest) = line.strip_prefix("//! ")?.split_once(" Caught by `")?;
    let (test, rest) = rest.split_once("`, which says \"")?;
    let phrase = rest.strip_suffix("\".")?;
    let whole = !misconception.is_empty() && test.contains("::") && !phrase.is_empty();
    whole.then_some([misconception, test, phrase])
}

/// What an item replaces: the item with the same key.
fn key(item: &Item) -> Option<String> {
    match item {
        Item::Fn(item) => Some(item.sig.ident.to_string()),
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        Item::Const(item) => Some(item.ident.to_string()),
        Item::Trait(item) => Some(item.ident.to_string()),
        Item::Impl(item) => {
            let of = item
                .trait_
                .as_ref()
                .map(|(_, path, _)| path.to_token_stream().to_string());
            Some(format!(
                "impl {of:?} for {}",
                item.self_ty.to_token_stream()
            ))
        }
        _ => None,
    }
}

/// How many answers the graders are compiled for at once. What they share is compiled once, but the
/// compiler needs time and memory for each: with all of an exercise in one executable it met its limits.
const BATCH: usize = 8;

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

/// Reads and compiles the wrong answers of one exercise, and finds what is wrong with those that do not compile.
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
    Ok((graded, findings))
}

/// Checks the wrong answers of one exercise.
pub(super) fn of_exercise(
    project: &Project,
    compiler: &Compiler,
    manifest: &Manifest,
    chapter: &Chapter,
    exercise: &Exercise,
) -> Result<Vec<Finding>> {
    let (graded, mut findings) = graded(project, compiler, chapter, exercise)?;
    for answer in &graded {
        findings.extend(is_rejected(answer)?);
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

/// Where the solutions are, relative to the project's root.
const FOLDER: &str = "solutions/src";

/// A chapter's solutions with one item replaced by a wrong answer.
struct Module {
    sources: Sources,
    /// The file with the wrong answer, and the line after which it begins.
    file: String,
    offset: usize,
}

impl Module {
    /// Where in the project a line of these sources is.
    fn place(&self, wrong: &WrongAnswer, file: &str, line: usize) -> (String, usize) {
        if file == self.file && line > self.offset {
            (wrong.file.clone(), line - self.offset)
        } else {
            (file.to_owned(), line)
        }
    }
}

/// The solutions with one item replaced.
fn module(
    project: &Project,
    chapter: &Chapter,
    exercise: &str,
    wrong: &WrongAnswer,
) -> Result<Result<Module, Finding>> {
    let file = format!("{FOLDER}/{}.rs", chapter.module());
    let (text, offset) = match wrong.in_place_of(&project.read(&file)?, exercise)? {
        Ok(replaced) => replaced,
        Err(finding) => return Ok(Err(finding)),
    };
    let mut files = library::sources_of(project, FOLDER, chapter)?;
    for (other, old) in &mut files {
        if *other == file {
            old.clone_from(&text);
        }
    }
    let sources = Sources {
        name: format!("wrong_{}", hash(&[&wrong.file])),
        root: format!("{FOLDER}/lib.rs"),
        files,
    };
    Ok(Ok(Module {
        sources,
        file,
        offset,
    }))
}
