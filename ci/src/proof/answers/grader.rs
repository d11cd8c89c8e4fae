//! The graders of a chapter, compiled against one or several sets of answers.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use syn::Item;
use syn::spanned::Spanned;

use super::library::{Answers, FOR_ANSWERS, sources};
use crate::program::{Compiler, Run, limits};
use crate::{Finding, Project};
use autograder::compiler::executable;
use autograder::files;
use autograder::manifest::Chapter;
use autograder::verdict::{ENVIRONMENT, TestOutput};
use sandbox::Job;

/// One executable with a copy of the graders for each set of answers.
#[derive(Debug)]
pub struct Graders {
    executable: PathBuf,
    /// Whether it holds one copy only, as the crate that `cargo test` makes: what a report says of
    /// the chapter comes from the crate's name.
    alone: bool,
    time_limit: Duration,
}

/// What one test said of one set of answers.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Whether it passed.
    pub passed: bool,
    /// What it printed as errors: its report, without the words of libtest.
    pub report: String,
}

type Place = Arc<Mutex<Option<Verdict>>>;

/// The verdicts so far, by executable and test.
static VERDICTS: LazyLock<Mutex<HashMap<(PathBuf, String), Place>>> = LazyLock::new(Mutex::default);

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
        let module = chapter.module();
        let parts = sources(project, &format!("exercises/tests/{module}"))?;
        let stamp = compiler.stamp(FOR_ANSWERS)?;
        let mut made_of = vec!["graders", &file, &root, &stamp];
        made_of.extend(parts.iter().flat_map(|(part, text)| [&**part, &**text]));
        let rlibs: Vec<_> = answers.iter().map(|a| a.rlib.to_string_lossy()).collect();
        made_of.extend(rlibs.iter().map(|rlib| &**rlib));
        let entry = compiler.entry(&made_of);
        let messages = compiler.once(&entry, |own| {
            let mut main = String::new();
            for Answers { name, .. } in answers {
                let copy = |file: &str, text: &str| {
                    files::write(&own.join(name).join(file), renamed(text, name))
                };
                copy(&file, &root)?;
                for (part, text) in &parts {
                    copy(part, text)?;
                }
                main += &format!("#[path = \"{name}/{file}\"]\nmod {name};\n");
            }
            files::write(&own.join("main.rs"), main)?;
            let mut rustc = compiler.rustc(own, FOR_ANSWERS)?;
            for answers in answers {
                let rlib = format!("{}={}", answers.name, answers.rlib.display());
                rustc = rustc.arg("--extern").arg(rlib);
            }
            let main = match answers {
                [one] => format!("{}/{file}", one.name),
                _ => "main.rs".to_owned(),
            };
            Ok(rustc
                .args([&*main, "--test", "--crate-name", &module])
                .args(["--cap-lints=allow", "-o", &executable("graders")]))
        })?;
        let mut findings = Vec::new();
        for error in messages.iter().filter(|message| message.is_error()) {
            // The compiler names a copy; what has to be mended is the original.
            let found = error.file.as_deref();
            let original = found.and_then(|found| found.split_once('/'));
            let original = original.map_or(&*file, |(_copy, original)| original);
            let message = format!("The grader does not compile.\n{}", error.rendered);
            findings.push(Finding::new(original, error.line.unwrap_or(1), message));
        }
        if !findings.is_empty() {
            return Ok(Err(findings));
        }
        Ok(Ok(Self {
            executable: entry.join(executable("graders")),
            alone: answers.len() == 1,
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
        let prefix = self.name(answers, "");
        let tests = run
            .stdout
            .lines()
            .filter_map(|line| line.strip_suffix(": test"));
        Ok(tests
            .filter_map(|test| test.strip_prefix(&prefix))
            .map(str::to_owned)
            .collect())
    }

    /// The verdict of one test, which runs in a process of its own. Several proofs ask for it, so it is remembered:
    /// where the executable is depends on all that it is made of.
    ///
    /// # Errors
    ///
    /// If the graders cannot be started.
    pub fn run(&self, answers: &Answers, test: &str) -> Result<Verdict> {
        let name = self.name(answers, test);
        let place = {
            let mut verdicts = VERDICTS
                .lock()
                .expect("no thread panics while it holds the lock");
            let place = verdicts.entry((self.executable.clone(), name.clone()));
            Arc::clone(place.or_default())
        };
        let mut verdict = place
            .lock()
            .expect("no thread panics while it holds the lock");
        if verdict.is_none() {
            *verdict = Some(self.run_now(answers, test, &name)?);
        }
        Ok(verdict.clone().expect("it was put there"))
    }

    fn run_now(&self, answers: &Answers, test: &str, name: &str) -> Result<Verdict> {
        let run = self.start(&[name, "--exact", "--nocapture", "--test-threads=1"])?;
        ensure!(
            !run.stdout.contains("running 0 tests"),
            "the graders have no test `{test}`"
        );
        Ok(Verdict {
            passed: run.succeeded(),
            // Which of several copies it was is nothing that a learner reads.
            report: TestOutput::parse(&run.stderr)
                .report()
                .replace(&self.name(answers, ""), ""),
        })
    }

    /// What one test reports, as the learner reads it under the test's name.
    ///
    /// # Errors
    ///
    /// If the graders cannot be started, or the test reports nothing.
    pub fn report(&self, answers: &Answers, test: &str) -> Result<String> {
        let name = self.name(answers, test);
        let run = self.start(&[&name, "--exact"])?;
        let report = run.stdout.split_once(&format!("---- {name} stdout ----\n"));
        let report = report.and_then(|(_, rest)| rest.split_once("\n\nfailures:\n"));
        let (report, _) = report.with_context(|| format!("`{test}` reports nothing"))?;
        Ok(TestOutput::parse(report).report() + "\n")
    }

    /// What a test is called in the executable.
    fn name(&self, answers: &Answers, test: &str) -> String {
        if self.alone {
            test.to_owned()
        } else {
            format!("{}::{test}", answers.name)
        }
    }

    fn start(&self, arguments: &[&str]) -> Result<Run> {
        let job = Job::new(&self.executable, limits(self.time_limit)).args(arguments);
        let in_its_environment = ENVIRONMENT
            .iter()
            .fold(job, |job, (name, value)| job.env(name, value));
        Run::of(&in_its_environment)
    }
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
