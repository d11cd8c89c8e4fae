//! The graders of a chapter, compiled against one or several sets of answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use syn::Item;
use syn::spanned::Spanned;

use super::library::{Answers, FOR_ANSWERS};
use crate::files;
use crate::manifest::Chapter;
use crate::program::{Compiler, Run, diagnostics, executable, hash};
use crate::{Finding, Project};

/// One executable with a copy of the graders for each set of answers.
#[derive(Debug)]
pub struct Graders {
    executable: PathBuf,
    time_limit: Duration,
}

/// What one test said of one set of answers.
#[derive(Debug)]
pub struct Verdict {
    /// Whether it passed.
    pub passed: bool,
    /// What it printed, to either stream.
    pub printed: String,
}

impl Graders {
    /// Compiles a chapter's grader, or only one exercise's part of it, once for each set of
    /// answers. The inner error is what the compiler finds.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or rustc cannot be started.
    pub fn build(
        project: &Project,
        compiler: &Compiler,
        chapter: &Chapter,
        exercise: Option<&str>,
        answers: &[&Answers],
    ) -> Result<Result<Self, Vec<Finding>>> {
        let file = format!("exercises/tests/{}.rs", chapter.module());
        let root = project.read(&file)?;
        let root = match exercise {
            Some(exercise) => {
                only(&root, chapter, exercise).with_context(|| format!("{file} is not Rust"))?
            }
            None => root,
        };
        let parts = files::below(
            &project.path("exercises/tests").join(chapter.module()),
            "rs",
        )?;
        let mut texts = vec![root.clone()];
        for part in &parts {
            texts.push(files::read(part)?);
        }
        let mut names = String::new();
        for answers in answers {
            names += &format!("{} {}\n", answers.name, answers.rlib.display());
        }
        let stamp = compiler.stamp(FOR_ANSWERS)?;
        let hash = hash(&["graders", &names, &texts.join("\0"), &stamp]);
        let folder = compiler.libraries().target.join("book/graders").join(hash);
        let executable = folder.join(executable("graders"));
        if !executable.is_file() {
            // Copies of the same names as the originals, so that a message leads to the original.
            let mut main = String::new();
            for answers in answers {
                let own = folder.join(&answers.name);
                let path = own.join(format!("{}.rs", chapter.module()));
                main += &format!("#[path = {path:?}]\nmod {};\n", answers.name);
                files::write(&path, renamed(&root, &answers.name))?;
                for (part, text) in parts.iter().zip(&texts[1..]) {
                    let name = part.file_name().context("a file has a name")?;
                    let path = own.join(chapter.module()).join(name);
                    files::write(&path, renamed(text, &answers.name))?;
                }
            }
            files::write(&folder.join("main.rs"), main)?;
            if let Err(findings) = compile(compiler, &folder, answers, &file)? {
                return Ok(Err(findings));
            }
        }
        Ok(Ok(Self {
            executable,
            time_limit: compiler.time_limit(),
        }))
    }

    /// The names of the tests, `fetch_all::downloads_overlap`, for one of the sets of answers.
    ///
    /// # Errors
    ///
    /// If the graders cannot be started.
    pub fn tests(&self, answers: &Answers) -> Result<Vec<String>> {
        let run = self.start(&["--list", "--format=terse"])?;
        let prefix = format!("{}::", answers.name);
        let tests = run
            .stdout
            .lines()
            .filter_map(|line| line.strip_suffix(": test"));
        Ok(tests
            .filter_map(|test| test.strip_prefix(&prefix))
            .map(str::to_owned)
            .collect())
    }

    /// Runs one test in a process of its own.
    ///
    /// # Errors
    ///
    /// If the graders cannot be started.
    pub fn run(&self, answers: &Answers, test: &str) -> Result<Verdict> {
        let name = format!("{}::{test}", answers.name);
        let run = self.start(&[&name, "--exact", "--nocapture", "--test-threads=1"])?;
        ensure!(
            !run.stdout.contains("running 0 tests"),
            "the graders have no test `{test}`"
        );
        Ok(Verdict {
            passed: run.status.is_some_and(|status| status.success()),
            printed: format!("{}{}", run.stdout, run.stderr),
        })
    }

    /// What one test reports, as the learner reads it under the test's name.
    ///
    /// # Errors
    ///
    /// If the graders cannot be started, or the test reports nothing.
    pub fn report(&self, answers: &Answers, test: &str) -> Result<String> {
        let name = format!("{}::{test}", answers.name);
        let run = self.start(&[&name, "--exact"])?;
        let report = run.stdout.split_once(&format!("---- {name} stdout ----\n"));
        let report = report.and_then(|(_, rest)| rest.split_once("\n\nfailures:\n"));
        let (report, _) = report.with_context(|| format!("`{test}` reports nothing"))?;
        Ok(format!("{}\n", report.trim_end()))
    }

    fn start(&self, arguments: &[&str]) -> Result<Run> {
        {
            let mut command = Command::new(&self.executable);
            command.args(arguments).env("RUST_BACKTRACE", "0");
            Run::of(&mut command, self.time_limit)
        }
    }
}

fn compile(
    compiler: &Compiler,
    folder: &Path,
    answers: &[&Answers],
    file: &str,
) -> Result<Result<(), Vec<Finding>>> {
    let mut rustc = compiler.rustc(folder, FOR_ANSWERS)?;
    for answers in answers {
        rustc
            .arg("--extern")
            .arg(format!("{}={}", answers.name, answers.rlib.display()));
    }
    let output = rustc
        .args([
            "main.rs",
            "--test",
            "-o",
            &executable("finished"),
            "--cap-lints=allow",
        ])
        .output()
        .context("rustc could not be started")?;
    if !output.status.success() {
        let diagnostics = diagnostics(&output.stderr, compiler.libraries());
        let errors = diagnostics
            .into_iter()
            .filter(|d| d.level == "error" && d.line.is_some());
        let findings = errors.map(|error| {
            let message = format!("The grader does not compile.\n{}", error.rendered);
            Finding::new(file, error.line.unwrap_or(1), message)
        });
        return Ok(Err(findings.collect()));
    }
    fs::rename(
        folder.join(executable("finished")),
        folder.join(executable("graders")),
    )?;
    Ok(Ok(()))
}

/// A grader that grades the answers in the crate `name`.
fn renamed(grader: &str, name: &str) -> String {
    grader.replace("exercises::", &format!("{name}::"))
}

/// The grader without the modules of the other exercises; lines keep their numbers.
fn only(grader: &str, chapter: &Chapter, exercise: &str) -> syn::Result<String> {
    let mut kept = grader.to_owned();
    for item in syn::parse_file(grader)?.items {
        let Item::Mod(module) = &item else {
            continue;
        };
        let is_exercise = chapter.exercises.iter().any(|e| module.ident == e.name());
        if is_exercise && module.ident != exercise {
            let range = item.span().byte_range();
            let blank: String = grader[range.clone()]
                .chars()
                .filter(|&c| c == '\n')
                .collect();
            let blank = format!("{}{blank}", " ".repeat(range.len() - blank.len()));
            kept.replace_range(range, &blank);
        }
    }
    Ok(kept)
}
