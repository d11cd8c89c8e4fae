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

use super::{Answers, Graders};
use crate::files;
use crate::manifest::Chapter;
use crate::program::{Compiler, hash};
use crate::{Finding, Project};

/// One wrong answer.
#[derive(Debug)]
pub struct WrongAnswer {
    /// Its file, relative to the project's root.
    pub file: String,
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
        let Some((test, phrase)) = promise(first) else {
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
        // An inner doc comment may only stand at the start of a module.
        module.push_str(&self.text.replacen("//!", "//", 1));
        Ok(Ok((module, line)))
    }
}

/// Test and phrase in ``… Caught by `test`, which says "phrase".``
fn promise(line: &str) -> Option<(&str, &str)> {
    let (misconception, rest) = line.strip_prefix("//! ")?.split_once(" Caught by `")?;
    let (test, rest) = rest.split_once("`, which says \"")?;
    let phrase = rest.strip_suffix("\".")?;
    let whole = !misconception.is_empty() && test.contains("::") && !phrase.is_empty();
    whole.then_some((test, phrase))
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

/// The wrong answers of one exercise, compiled, and its grader.
pub struct Tried {
    /// Each answer, and its library.
    pub answers: Vec<(WrongAnswer, Answers)>,
    /// The grader of this exercise, on all of them; `None` if it does not compile.
    pub graders: Option<Graders>,
    /// What did not compile, or has no first line to go by.
    pub findings: Vec<Finding>,
}

/// Compiles the wrong answers of one exercise and its grader.
///
/// # Errors
///
/// If a file cannot be read or rustc cannot be started.
pub fn try_all(
    project: &Project,
    compiler: &Compiler,
    chapter: &Chapter,
    exercise: &str,
) -> Result<Tried> {
    let folder = format!("ci/wrong/{}/{exercise}", chapter.module());
    let (mut answers, mut findings) = (Vec::new(), Vec::new());
    for file in project.files(&folder, "rs")? {
        match WrongAnswer::read(project, &file)? {
            Ok(wrong) => match compile(project, compiler, chapter, exercise, &wrong)? {
                Ok(library) => answers.push((wrong, library)),
                Err(errors) => findings.extend(errors),
            },
            Err(finding) => findings.push(finding),
        }
    }
    let libraries: Vec<_> = answers.iter().map(|(_, library)| library).collect();
    let built = Graders::build(project, compiler, chapter, Some(exercise), &libraries)?;
    let graders = built.map_err(|errors| findings.extend(errors)).ok();
    Ok(Tried {
        answers,
        graders,
        findings,
    })
}

/// Checks the wrong answers of one exercise.
pub(super) fn of_exercise(
    project: &Project,
    compiler: &Compiler,
    chapter: &Chapter,
    exercise: &str,
) -> Result<Vec<Finding>> {
    let mut tried = try_all(project, compiler, chapter, exercise)?;
    if let Some(graders) = &tried.graders {
        for (wrong, answers) in &tried.answers {
            tried.findings.extend(is_rejected(graders, wrong, answers)?);
        }
    }
    Ok(tried.findings)
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
        let said: Vec<_> = verdict.printed.split_whitespace().collect();
        if verdict.passed {
            format!("`{test}` passes this wrong answer.")
        } else if !said.join(" ").contains(phrase.as_str()) {
            format!(
                "`{test}` rejects this answer, but does not say \"{phrase}\". It says:\n{}",
                verdict.printed
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
    let module = format!("solutions/src/{}.rs", chapter.module());
    let (text, offset) = match wrong.in_place_of(&project.read(&module)?, exercise)? {
        Ok(replaced) => replaced,
        Err(finding) => return Ok(Err(vec![finding])),
    };
    let name = format!("wrong_{}", hash(&[&wrong.file]));
    let root = compiler
        .libraries()
        .target
        .join("book/wrong")
        .join(hash(&[&project.root().to_string_lossy(), &wrong.file]));
    for source in project.files("solutions/src", "rs")? {
        let text = if source == module {
            text.clone()
        } else {
            project.read(&source)?
        };
        files::write(&root.join(&source), text)?;
    }
    let place = |file: &str, line: usize| {
        if file == module && line > offset {
            (wrong.file.clone(), line - offset)
        } else {
            (file.to_owned(), line)
        }
    };
    Answers::compile(compiler, &root, "solutions/src", &name, place)
}
