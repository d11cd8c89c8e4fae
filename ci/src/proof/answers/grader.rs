//! The graders of a chapter, compiled against one or several sets of answers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use syn::{Item, ItemMod};

use super::library::{Answers, FOR_ANSWERS, Sources, sources};
use super::reachable::{Words, path_of, reachable, words};
use crate::program::{Compiler, Run, limits};
use crate::{Finding, Project};
use autograder::compiler::executable;
use autograder::diagnostic::Diagnostic;
use autograder::files;
use autograder::manifest::{Chapter, Exercise};
use autograder::verdict::{ENVIRONMENT, TestOutput};
use sandbox::{Ended, Job, Limit};

/// The graders of a chapter in one executable: compiled against a library of answers, or a copy for each of several sets
/// of answers that are compiled with it.
#[derive(Debug)]
pub struct Graders {
    executable: PathBuf,
    /// Whether there is one copy for each set of answers. Otherwise the executable is like the one that `cargo test`
    /// makes: what a report says of the chapter comes from the crate's name.
    copies: bool,
    time_limit: Duration,
}

/// What the graders of a chapter are compiled from.
struct Source {
    file: String,
    root: String,
    /// The files of its modules.
    parts: Vec<super::library::Source>,
}

impl Source {
    /// A chapter's grader, or only one exercise's part of it.
    fn read(project: &Project, chapter: &Chapter, exercise: Option<&str>) -> Result<Self> {
        let folder = format!("exercises/tests/{}", chapter.module());
        let (file, parts) = (format!("{folder}.rs"), sources(project, &folder)?);
        let mut root = project.read(&file)?;
        if let Some(exercise) = exercise {
            let others = chapter.exercises.iter().map(Exercise::name);
            let others: Vec<_> = others.filter(|name| *name != exercise).collect();
            let used = Words::from([exercise.to_owned()]);
            let words_of = |module: &ItemMod| words_of(module, &file, &parts);
            root = reachable(&root, &used, &others, words_of)
                .with_context(|| format!("{file} is not Rust"))?;
        }
        Ok(Self { file, root, parts })
    }

    /// All words of it: the names of all that it uses are among them.
    fn words(&self) -> Result<Words> {
        let mut all = words(&self.root);
        for item in syn::parse_file(&self.root)?.items {
            if let Item::Mod(module) = item {
                all.extend(words_of(&module, &self.file, &self.parts));
            }
        }
        Ok(all)
    }

    /// Writes a copy that grades the answers in the crate or module `answers` to this folder.
    fn write(&self, folder: &Path, answers: &str) -> Result<()> {
        let files = self.parts.iter().map(|(file, text)| (file, text));
        for (file, text) in files.chain([(&self.file, &self.root)]) {
            let text = text.replace("exercises::", &format!("{answers}::"));
            files::write(&folder.join(file), text)?;
        }
        Ok(())
    }

    /// What it is made of, for the name of its entry in the cache.
    fn made_of(&self) -> Vec<&str> {
        let parts = self.parts.iter();
        let parts = parts.flat_map(|(file, text)| [&**file, &**text]);
        ["graders", &self.file, &self.root]
            .into_iter()
            .chain(parts)
            .collect()
    }
}

/// What one test said of one set of answers.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Whether it passed.
    pub passed: bool,
    /// What it printed as errors: its report, without the words of libtest.
    pub report: String,
    /// Whether the report depends on how threads were scheduled.
    pub depends_on_threads: bool,
}

type Place = Arc<Mutex<Option<Verdict>>>;

/// The verdicts so far, by executable and test.
static VERDICTS: LazyLock<Mutex<HashMap<(PathBuf, String), Place>>> = LazyLock::new(Mutex::default);

impl Graders {
    /// Compiles a chapter's grader, or only one exercise's part of it, against a library of answers. The inner error is
    /// what the compiler finds.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or rustc cannot be started.
    pub fn of_library(
        project: &Project,
        compiler: &Compiler,
        chapter: &Chapter,
        exercise: Option<&str>,
        answers: &Answers,
    ) -> Result<Result<Self, Vec<Finding>>> {
        let source = Source::read(project, chapter, exercise)?;
        let (name, rlib) = (&answers.name, answers.rlib.display().to_string());
        let stamp = compiler.stamp(FOR_ANSWERS)?;
        let mut made_of = source.made_of();
        made_of.extend([&*stamp, &rlib]);
        let entry = compiler.entry(&made_of);
        let messages = compiler.once(&entry, |own| {
            source.write(&own.join(name), name)?;
            let rustc = compiler.rustc(own, FOR_ANSWERS)?;
            Ok(rustc
                .args(["--extern", &format!("{name}={rlib}")])
                .arg(format!("{name}/{}", source.file))
                .args(FLAGS)
                .args(["-o", &executable("graders")])
                .args(["--crate-name", &chapter.module()]))
        })?;
        let errors = messages.iter().filter(|message| message.is_error());
        let errors: Vec<_> = errors.map(|error| in_grader(&source, error)).collect();
        Ok(Self::built(compiler, &entry, false, errors))
    }

    /// Compiles one exercise's part of a chapter's grader together with each of several sets of answers. The inner error
    /// is what the compiler finds; `place` says where in the project a line of the answers with this name is.
    ///
    /// # Errors
    ///
    /// As [`Graders::of_library`].
    pub fn of_sources(
        project: &Project,
        compiler: &Compiler,
        chapter: &Chapter,
        exercise: &str,
        answers: &[&Sources],
        place: impl Fn(&str, &str, usize) -> (String, usize),
    ) -> Result<Result<Self, Vec<Finding>>> {
        let source = Source::read(project, chapter, Some(exercise))?;
        let stamp = compiler.stamp(FOR_ANSWERS)?;
        let mut made_of = source.made_of();
        made_of.push(&stamp);
        for Sources { name, files, .. } in answers {
            made_of.push(name);
            made_of.extend(files.iter().flat_map(|(file, text)| [&**file, &**text]));
        }
        let entry = compiler.entry(&made_of);
        let messages = compiler.once(&entry, |own| {
            let mut used = source.words()?;
            used.insert(exercise.to_owned());
            let mut main = String::new();
            for Sources { name, root, files } in answers {
                let (folder, module) = (own.join(name), format!("crate::answers_{name}"));
                source.write(&folder, &module)?;
                for (file, text) in files {
                    let text = match file == root {
                        true => text.clone(),
                        false => reachable(text, &used, &[], |_| Words::new())?,
                    };
                    let text = text.replace("crate::", &format!("{module}::"));
                    files::write(&folder.join(file), text)?;
                }
                main += &format!(
                    "#[path = \"{name}/{root}\"]\nmod answers_{name};\n\
                     #[path = \"{name}/{}\"]\nmod {name};\n",
                    source.file
                );
            }
            files::write(&own.join("main.rs"), main)?;
            let rustc = compiler.rustc(own, FOR_ANSWERS)?;
            Ok(rustc
                .arg("main.rs")
                .args(FLAGS)
                .args(["-o", &executable("graders")])
                .args(["--crate-name", &chapter.module()]))
        })?;
        let errors = messages.iter().filter(|message| message.is_error());
        let errors = errors.map(|error| {
            let found = error.file.as_deref().and_then(|file| file.split_once('/'));
            match (found, error.line) {
                (Some((name, file)), Some(line)) if !file.starts_with("exercises/tests") => {
                    let (file, line) = place(name, file, line);
                    let said = format!("The compiler says:\n{}", error.rendered);
                    Finding::new(file, line, said)
                }
                _ => in_grader(&source, error),
            }
        });
        let errors = errors.collect();
        Ok(Self::built(compiler, &entry, true, errors))
    }

    fn built(
        compiler: &Compiler,
        entry: &Path,
        copies: bool,
        errors: Vec<Finding>,
    ) -> Result<Self, Vec<Finding>> {
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            executable: entry.join(executable("graders")),
            copies,
            time_limit: compiler.time_limit(),
        })
    }

    /// The names of the tests, `fetch_all::downloads_overlap`, for the answers of this name.
    ///
    /// # Errors
    ///
    /// If the graders cannot be started.
    pub fn tests(&self, answers: &str) -> Result<Vec<String>> {
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
    pub fn run(&self, answers: &str, test: &str) -> Result<Verdict> {
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

    fn run_now(&self, answers: &str, test: &str, name: &str) -> Result<Verdict> {
        let run = self.start(&[name, "--exact", "--nocapture", "--test-threads=1"])?;
        ensure!(
            !run.stdout.contains("running 0 tests"),
            "the graders have no test `{test}`"
        );
        // A test that hangs ends by itself and reports it, so this one says nothing about the answers.
        ensure!(
            run.ended != Ended::LimitExceeded(Limit::Wall),
            "`{name}` was stopped after {:?}",
            self.time_limit
        );
        let output = TestOutput::parse(&run.stderr);
        Ok(Verdict {
            passed: run.succeeded(),
            // Which of several copies it was is nothing that a learner reads.
            report: output.report().replace(&self.name(answers, ""), ""),
            depends_on_threads: output.depends_on_threads,
        })
    }

    /// What one test reports, as the learner reads it under the test's name.
    ///
    /// # Errors
    ///
    /// If the graders cannot be started, or the test reports nothing.
    pub fn report(&self, answers: &str, test: &str) -> Result<String> {
        let name = self.name(answers, test);
        let run = self.start(&[&name, "--exact"])?;
        let report = run.stdout.split_once(&format!("---- {name} stdout ----\n"));
        let report = report.and_then(|(_, rest)| rest.split_once("\n\nfailures:\n"));
        let (report, _) = report.with_context(|| format!("`{test}` reports nothing"))?;
        Ok(TestOutput::parse(report).report() + "\n")
    }

    /// What a test is called in the executable.
    fn name(&self, answers: &str, test: &str) -> String {
        if self.copies {
            format!("{answers}::{test}")
        } else {
            test.to_owned()
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

/// The flags that all graders are compiled with, beside those of every program.
const FLAGS: &[&str] = &["--test", "--cap-lints=allow"];

/// An error in a copy of the grader. What has to be mended is the original.
fn in_grader(source: &Source, error: &Diagnostic) -> Finding {
    let found = error.file.as_deref();
    let original = found.and_then(|found| found.split_once('/'));
    let original = original.map_or(&*source.file, |(_copy, original)| original);
    let message = format!("The grader does not compile.\n{}", error.rendered);
    Finding::new(original, error.line.unwrap_or(1), message)
}

/// The words of a module that the grader in `file` declares, and of the modules in it, whose files have longer names.
fn words_of(module: &ItemMod, file: &str, parts: &[super::library::Source]) -> Words {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = path_of(module).unwrap_or_else(|| format!("{}.rs", module.ident));
    let path = format!("{folder}/{}", path.trim_end_matches(".rs"));
    let parts = parts.iter().filter(|(part, _)| part.starts_with(&path));
    parts.flat_map(|(_, text)| words(text)).collect()
}
