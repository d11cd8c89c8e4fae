//! Builds a chapter: the learner's crate, and the grader against it.
//!
//! Both are built in a permanent folder, so that the compiler can build incrementally. The
//! sources are copied there under their own paths, so that the compiler's messages name the learner's file.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Error, Result, bail};
use sandbox::{Cancel, Job, Limits, Runner};
use serde::{Deserialize, Serialize};

use crate::answers::{Answers, ROOT};
use crate::cancelled::Cancelled;
use crate::compiler::{compile, executable, rustc_job};
use crate::diagnostic::{Diagnostic, diagnostics};
use crate::grader::{Grader, MAIN, Prepared};
use crate::hash::hash;
use crate::library::Libraries;
use crate::lints::lints;
use crate::manifest::Chapter;
use crate::misconception::Misconceptions;
use crate::project::Project;
use crate::step::Step;
use crate::{files, tool_build};

/// How often the lock of another process is checked.
const LOCK_POLL: Duration = Duration::from_millis(20);

/// What all builds of an autograder share.
#[derive(Clone, Copy)]
pub(super) struct Environment<'a> {
    pub project: &'a Project,
    /// Cargo's target folder.
    pub target: &'a Path,
    pub runner: &'a dyn Runner,
    /// The result of [`crate::rustc::version`].
    pub version: &'a str,
    /// What one test may use.
    pub limits: &'a Limits,
}

pub(super) struct Build<'a> {
    environment: Environment<'a>,
    chapter: &'a Chapter,
    grader: &'a Grader,
    answers: &'a Answers,
    libraries: &'a Libraries,
    lints: Vec<String>,
    module: String,
    folder: PathBuf,
}

/// The result of a build.
pub(super) struct Built {
    /// The grader's executable, if the answers compile.
    pub program: Option<PathBuf>,
    /// The compiler's messages about the answers.
    pub messages: Vec<Diagnostic>,
}

impl<'a> Build<'a> {
    pub fn new(
        environment: Environment<'a>,
        chapter: &'a Chapter,
        grader: &'a Grader,
        answers: &'a Answers,
        libraries: &'a Libraries,
    ) -> Result<Self> {
        let module = chapter.module();
        Ok(Self {
            lints: lints(environment.project)?,
            folder: environment.target.join("workbook/chapters").join(&module),
            environment,
            chapter,
            grader,
            answers,
            libraries,
            module,
        })
    }

    /// A hash of everything that the verdict depends on.
    pub fn key(&self) -> Result<String> {
        let version = self.environment.version;
        let stamp = self.libraries.stamp(self.libraries.names())?;
        let known = Misconceptions::text(self.environment.project);
        let wrong = Misconceptions::sources(self.environment.project, self.chapter)?;
        // Another build of the tool may reach another verdict.
        let tool = tool_build::id()?;
        let limit = std::env::var("GRADING_POLL_LIMIT").unwrap_or_default();
        let limits = format!("{:?}", self.environment.limits);
        let mut parts: Vec<&[u8]> = [version, &stamp, &known, &limit, &limits, &tool]
            .map(str::as_bytes)
            .to_vec();
        parts.extend(self.lints.iter().map(String::as_bytes));
        parts.push(MAIN.as_bytes());
        for source in self.answers.sources.iter().chain(&self.grader.sources) {
            parts.extend([source.file.as_bytes(), &source.text]);
        }
        for (file, text) in &wrong {
            parts.extend([file.as_bytes(), text.as_bytes()]);
        }
        Ok(hash(&parts))
    }

    /// Waits until no other process builds or runs this chapter. The returned file holds the lock.
    #[expect(
        clippy::disallowed_methods,
        reason = "another process does not run on tokio's clock"
    )]
    pub fn lock(&self, cancel: &Cancel) -> Result<File> {
        let not_built = |error: io::Error| self.not_built(error);
        fs::create_dir_all(&self.folder).map_err(not_built)?;
        let file = File::create(self.folder.join("lock")).map_err(not_built)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if cancel.is_cancelled() => bail!(Cancelled),
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_POLL),
                // Some network drives have no locks. They are more common than two processes at once.
                Err(TryLockError::Error(_)) => return Ok(file),
            }
        }
    }

    /// Compiles the answers, and the grader against them, unless the last build had the same `key`, a hash of
    /// everything that goes into it.
    pub fn run(
        &self,
        grader: &Prepared,
        key: &str,
        cancel: &Cancel,
        on_step: &mut dyn FnMut(Step),
    ) -> Result<Built> {
        let last = LastBuild::at(self.folder.join("built.json"));
        let program = self.folder.join(executable("grader"));
        if let Some(messages) = last.messages(key).filter(|_| program.is_file()) {
            let program = Some(program);
            return Ok(Built { program, messages });
        }
        on_step(Step::Compiling);
        last.clear().map_err(|error| self.not_built(error))?;
        let built = self.compile(grader, cancel)?;
        if built.program.is_some() {
            let recorded = last.record(key, &built.messages);
            recorded.map_err(|error| self.not_built(error))?;
        }
        Ok(built)
    }

    fn compile(&self, grader: &Prepared, cancel: &Cancel) -> Result<Built> {
        self.write_sources(grader)
            .map_err(|error| self.not_built(error))?;
        let messages = self.rustc(cancel, ROOT, |rustc| {
            rustc
                .args(&self.lints)
                .args(["--crate-type=lib", "--crate-name=exercises"])
                .args(["-Cmetadata=exercises", "-o", "libexercises.rlib"])
        })?;
        if messages.iter().any(Diagnostic::is_error) {
            return Ok(Built {
                program: None,
                messages,
            });
        }
        let program = executable("grader");
        let of_grader = self.rustc(cancel, &grader.root, |rustc| {
            rustc
                .args(["--extern", "exercises=libexercises.rlib"])
                .args(["--crate-type=bin", "--crate-name", &self.module])
                .args(["--cap-lints=allow", "-o", &program])
        })?;
        let errors: Vec<_> = of_grader.into_iter().filter(Diagnostic::is_error).collect();
        let compiles = errors.is_empty();
        Ok(Built {
            program: compiles.then(|| self.folder.join(program)),
            // The grader itself compiles, so an error in it comes from a changed signature.
            messages: errors.into_iter().chain(messages).collect(),
        })
    }

    fn not_built(&self, error: impl Into<Error>) -> Error {
        files::advise("The answers were not built", &self.folder, error)
    }

    fn rustc(
        &self,
        cancel: &Cancel,
        root: &str,
        with: impl FnOnce(Job) -> Job,
    ) -> Result<Vec<Diagnostic>> {
        let rustc = rustc_job(self.libraries, &self.folder, self.libraries.names())?
            .arg(root)
            .arg("-Cincremental=incremental")
            .env(
                "CARGO_MANIFEST_DIR",
                self.environment.project.path("exercises"),
            );
        let rustc = with(rustc);
        let json = compile(self.environment.runner, &rustc, self.libraries, cancel)?;
        Ok(diagnostics(&json, self.libraries)
            .into_iter()
            // The compiler's last message counts the warnings, and has no line.
            .filter(|message| message.is_error() || message.line.is_some())
            // A warning is shown as the likely cause of what is wrong.
            .filter(|message| !message.is_about_style())
            .collect())
    }

    /// Writes these sources to the folder, and removes all others.
    fn write_sources(&self, grader: &Prepared) -> Result<()> {
        let mut wanted = BTreeSet::new();
        for source in self.answers.sources.iter().chain(&grader.sources) {
            let path = self.folder.join(&source.file);
            if fs::read(&path).ok().as_deref() != Some(&source.text) {
                files::write(&path, &source.text)?;
            }
            wanted.insert(path);
        }
        for path in files::below(&self.folder.join("exercises"), "rs")? {
            if !wanted.contains(&path) {
                fs::remove_file(&path)
                    .with_context(|| format!("{} cannot be removed.", path.display()))?;
            }
        }
        Ok(())
    }
}

/// The record of the last build in a folder. When two exercises of a chapter are graded one after the other, the
/// second needs no build.
struct LastBuild {
    file: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct BuildRecord {
    key: String,
    messages: Vec<Diagnostic>,
}

impl LastBuild {
    fn at(file: PathBuf) -> Self {
        Self { file }
    }

    /// The compiler's messages, if the last build had this key.
    fn messages(&self, key: &str) -> Option<Vec<Diagnostic>> {
        let record: BuildRecord = serde_json::from_slice(&fs::read(&self.file).ok()?).ok()?;
        (record.key == key).then_some(record.messages)
    }

    /// Removes the record before another build starts, in case that is interrupted.
    fn clear(&self) -> io::Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn record(&self, key: &str, messages: &[Diagnostic]) -> io::Result<()> {
        let record = BuildRecord {
            key: key.to_owned(),
            messages: messages.to_vec(),
        };
        fs::write(&self.file, serde_json::to_vec(&record)?)
    }
}

/// An error in a file that is not passed to the compiler.
pub(super) fn file_error(file: &str, why: &str) -> Diagnostic {
    Diagnostic {
        level: "error".to_owned(),
        code: None,
        file: Some(file.to_owned()),
        line: None,
        message: why.to_owned(),
        rendered: format!("error: {why}\n --> {file}\n"),
        explanation: None,
    }
}
