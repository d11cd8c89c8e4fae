//! The graders of a chapter, compiled against one or several sets of answers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::grader_source::Source;
use super::library::{Answers, FOR_ANSWERS, Sources};
use super::reachable::{Words, reachable, words};
use super::selected;
use super::wrong_answer::Module;
use crate::program::{Compiler, Run, limits};
use crate::{Finding, Project};
use autograder::compiler::executable;
use autograder::diagnostic::Diagnostic;
use autograder::files;
use autograder::manifest::Chapter;
use autograder::verdict::{ENVIRONMENT, TestOutput};
use sandbox::{Ended, Job, Limit};

/// The graders of a chapter in one executable.
#[derive(Debug)]
pub struct Graders {
    executable: PathBuf,
    layout: Layout,
    time_limit: Duration,
}

/// What is in the executable.
#[derive(Debug)]
enum Layout {
    /// Graders that are compiled against a library of answers. The executable is like the one that `cargo test` makes: what
    /// a report says of the chapter comes from the crate's name.
    Library,
    /// A copy of the graders for each of several sets of answers.
    Copies,
    /// One copy, for the answers with these names: [`selected::VARIABLE`] says which is graded.
    Selection(Vec<String>),
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
        let errors: Vec<_> = errors.map(|error| source.finding(error)).collect();
        Ok(Self::built(compiler, &entry, Layout::Library, errors))
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
                _ => source.finding(error),
            }
        });
        let errors = errors.collect();
        Ok(Self::built(compiler, &entry, Layout::Copies, errors))
    }

    /// Compiles one exercise's part of a chapter's grader once for several answers to an exercise that is a function, with the
    /// names of those that are in it. `None` if there are none: the other answers need [`Graders::of_sources`], which also
    /// says why an answer does not compile.
    ///
    /// # Errors
    ///
    /// As [`Graders::of_library`].
    pub fn of_selection(
        project: &Project,
        compiler: &Compiler,
        chapter: &Chapter,
        exercise: &str,
        answers: &[&Module],
    ) -> Result<Option<(Self, Vec<String>)>> {
        let source = Source::read(project, chapter, Some(exercise))?;
        let mut used = source.words()?;
        let mut modules = Vec::new();
        for answer in answers {
            let name = &answer.sources.name;
            if let Some(text) = selected::module(answer.text(), answer.start(), exercise, &used)? {
                modules.push((name.clone(), format!("{name}/{}", answer.file), text));
            }
        }
        let Some(first) = answers.first().filter(|_| !modules.is_empty()) else {
            return Ok(None);
        };
        used.extend(modules.iter().flat_map(|(_, _, text)| words(text)));
        let declared: Vec<_> = modules
            .iter()
            .map(|(name, file, _)| (name.clone(), file.clone()))
            .collect();
        let solutions = project.read(&first.file)?;
        let Some(solutions) = selected::with_selection(&solutions, exercise, &declared, &used)?
        else {
            return Ok(None);
        };
        let stamp = compiler.stamp(FOR_ANSWERS)?;
        let mut made_of = source.made_of();
        made_of.extend(["selection", &stamp, &solutions]);
        made_of.extend(modules.iter().map(|(_, _, text)| &**text));
        let entry = compiler.entry(&made_of);
        let messages = compiler.once(&entry, |own| {
            source.write(&own.join("grader"), "crate::solutions")?;
            let crate_path = |text: &str| text.replace("crate::", "crate::solutions::");
            for (file, text) in &first.sources.files {
                let text = if *file == first.file {
                    crate_path(&solutions)
                } else {
                    crate_path(text)
                };
                files::write(&own.join(file), text)?;
            }
            for (_, file, text) in &modules {
                let beside = own.join(&first.file).with_file_name(file);
                files::write(&beside, crate_path(text))?;
            }
            let main = format!(
                "#[path = \"{}\"]\nmod solutions;\n#[path = \"grader/{}\"]\nmod grader;\n{}",
                first.sources.root,
                source.file,
                selected::root()
            );
            files::write(&own.join("main.rs"), main)?;
            let rustc = compiler.rustc(own, FOR_ANSWERS)?;
            Ok(rustc
                .arg("main.rs")
                .args(FLAGS)
                .args(["-o", &executable("graders")])
                .args(["--crate-name", &chapter.module()]))
        })?;
        if messages.iter().any(Diagnostic::is_error) {
            return Ok(None);
        }
        let names: Vec<_> = modules.into_iter().map(|(name, _, _)| name).collect();
        let layout = Layout::Selection(names.clone());
        let built = Self::built(compiler, &entry, layout, Vec::new());
        Ok(built.ok().map(|graders| (graders, names)))
    }

    fn built(
        compiler: &Compiler,
        entry: &Path,
        layout: Layout,
        errors: Vec<Finding>,
    ) -> Result<Self, Vec<Finding>> {
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            executable: entry.join(executable("graders")),
            layout,
            time_limit: compiler.time_limit(),
        })
    }

    /// The names of the tests, `fetch_all::downloads_overlap`, for the answers of this name.
    ///
    /// # Errors
    ///
    /// If the graders cannot be started.
    pub fn tests(&self, answers: &str) -> Result<Vec<String>> {
        let run = self.start(answers, &["--list", "--format=terse"])?;
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
            let of_answers = format!("{answers}::{test}");
            let place = verdicts.entry((self.executable.clone(), of_answers));
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
        let run = self.start(
            answers,
            &[name, "--exact", "--nocapture", "--test-threads=1"],
        )?;
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
        let run = self.start(answers, &[&name, "--exact"])?;
        let report = run.stdout.split_once(&format!("---- {name} stdout ----\n"));
        let report = report.and_then(|(_, rest)| rest.split_once("\n\nfailures:\n"));
        let (report, _) = report.with_context(|| format!("`{test}` reports nothing"))?;
        Ok(TestOutput::parse(report).report() + "\n")
    }

    /// What a test is called in the executable.
    fn name(&self, answers: &str, test: &str) -> String {
        match self.layout {
            Layout::Library => test.to_owned(),
            Layout::Copies => format!("{answers}::{test}"),
            Layout::Selection(_) => format!("grader::{test}"),
        }
    }

    fn start(&self, answers: &str, arguments: &[&str]) -> Result<Run> {
        let mut job = Job::new(&self.executable, limits(self.time_limit)).args(arguments);
        if let Layout::Selection(names) = &self.layout {
            let number = names.iter().position(|name| name == answers);
            let number = number.context("the graders are not compiled for these answers")?;
            job = job.env(selected::VARIABLE, number.to_string());
        }
        let in_its_environment = ENVIRONMENT
            .iter()
            .fold(job, |job, (name, value)| job.env(name, value));
        Run::of(&in_its_environment)
    }
}

/// The flags that all graders are compiled with, beside those of every program.
const FLAGS: &[&str] = &["--test", "--cap-lints=allow"];
