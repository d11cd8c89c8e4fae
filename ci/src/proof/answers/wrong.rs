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

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::Item;
use syn::spanned::Spanned;

use super::{Answers, Graders, library};
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

/// Checks the wrong answers of one exercise.
pub(super) fn of_exercise(
    project: &Project,
    compiler: &Compiler,
    manifest: &Manifest,
    chapter: &Chapter,
    exercise: &Exercise,
) -> Result<Vec<Finding>> {
    let name = exercise.name();
    let folder = folder_of(chapter, exercise);
    let (mut tried, mut findings) = (Vec::new(), Vec::new());
    for file in project.files(&folder, "rs")? {
        match WrongAnswer::read(project, &file)? {
            Ok(wrong) => match compile(project, compiler, chapter, name, &wrong)? {
                Ok(answers) => tried.push((wrong, answers)),
                Err(errors) => findings.extend(errors),
            },
            Err(finding) => findings.push(finding),
        }
    }
    let libraries: Vec<_> = tried.iter().map(|(_, answers)| answers).collect();
    match Graders::build(project, compiler, chapter, Some(name), &libraries)? {
        Ok(graders) => {
            for (wrong, answers) in &tried {
                findings.extend(is_rejected(&graders, wrong, answers)?);
            }
            let line = manifest.line_of(&exercise.name);
            let idle = idle(&graders, name, &tried)?.into_iter().map(|test| {
                let message = format!(
                    "`{test}` passes every wrong answer in {folder}: nothing shows that it checks \
                     anything."
                );
                Finding::new(Manifest::FILE, line, message)
            });
            findings.extend(idle);
        }
        Err(errors) => findings.extend(errors),
    }
    Ok(findings)
}

/// What each wrong answer of an exercise fails, so that a learner who makes the same mistake can be told. Those that do not
/// compile are left out: [`of_exercise`] reports them.
pub(super) fn known(
    project: &Project,
    compiler: &Compiler,
    chapter: &Chapter,
    exercise: &Exercise,
) -> Result<Vec<Known>> {
    let name = exercise.name();
    let mut tried = Vec::new();
    for file in project.files(&folder_of(chapter, exercise), "rs")? {
        if let Ok(wrong) = WrongAnswer::read(project, &file)?
            && let Ok(answers) = compile(project, compiler, chapter, name, &wrong)?
        {
            tried.push((wrong, answers));
        }
    }
    let libraries: Vec<_> = tried.iter().map(|(_, answers)| answers).collect();
    let Ok(graders) = Graders::build(project, compiler, chapter, Some(name), &libraries)? else {
        return Ok(Vec::new());
    };
    let mut known = Vec::new();
    for (wrong, answers) in &tried {
        let mut fails = BTreeMap::new();
        for test in graders.tests(answers)? {
            let verdict = graders.run(answers, &test)?;
            if !verdict.passed {
                fails.insert(test, fingerprint_of(&verdict.report));
            }
        }
        known.push(Known {
            exercise: format!("{}/{name}", chapter.slug()),
            description: wrong.misconception.clone(),
            file: wrong.file.clone(),
            fails,
        });
    }
    Ok(known)
}

fn folder_of(chapter: &Chapter, exercise: &Exercise) -> String {
    format!("ci/wrong/{}/{}", chapter.module(), exercise.name())
}

/// The tests of an exercise that none of its wrong answers fails.
fn idle(
    graders: &Graders,
    exercise: &str,
    tried: &[(WrongAnswer, Answers)],
) -> Result<Vec<String>> {
    let Some((_, first)) = tried.first() else {
        return Ok(Vec::new());
    };
    let mut idle = Vec::new();
    for test in graders.tests(first)? {
        if !test.starts_with(&format!("{exercise}::")) {
            continue;
        }
        let mut passes = true;
        for (_, answers) in tried {
            passes = passes && graders.run(answers, &test)?.passed;
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
    let Ok(answers) = compile(project, compiler, chapter, exercise, &wrong)? else {
        return Ok(None);
    };
    let Ok(graders) = Graders::build(project, compiler, chapter, Some(exercise), &[&answers])?
    else {
        return Ok(None);
    };
    graders.report(&answers, &wrong.test).map(Some)
}

fn is_rejected(
    graders: &Graders,
    wrong: &WrongAnswer,
    answers: &Answers,
) -> Result<Option<Finding>> {
    let WrongAnswer { test, phrase, .. } = wrong;
    let message = if !graders.tests(answers)?.contains(test) {
        format!("The grader has no test `{test}`.")
    } else {
        let verdict = graders.run(answers, test)?;
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
    Ok(Some(Finding::new(&wrong.file, 1, message)))
}

/// Compiles the solutions with one item replaced.
fn compile(
    project: &Project,
    compiler: &Compiler,
    chapter: &Chapter,
    exercise: &str,
    wrong: &WrongAnswer,
) -> Result<Result<Answers, Vec<Finding>>> {
    let folder = "solutions/src";
    let module = format!("{folder}/{}.rs", chapter.module());
    let (text, offset) = match wrong.in_place_of(&project.read(&module)?, exercise)? {
        Ok(replaced) => replaced,
        Err(finding) => return Ok(Err(vec![finding])),
    };
    let name = format!("wrong_{}", hash(&[&wrong.file]));
    let mut sources = library::sources_of(project, folder, chapter)?;
    for (file, old) in &mut sources {
        if *file == module {
            old.clone_from(&text);
        }
    }
    let place = |file: &str, line: usize| {
        if file == module && line > offset {
            (wrong.file.clone(), line - offset)
        } else {
            (file.to_owned(), line)
        }
    };
    Answers::compile(compiler, folder, &name, &sources, place)
}
