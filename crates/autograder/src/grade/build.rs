//! Builds a chapter: the learner's crate, and the grader against it.
//!
//! Both are built in a permanent folder, so that the compiler can build incrementally. The
//! sources are copied there under their own paths, so that the compiler's messages name the learner's file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result};
use sandbox::{Cancel, Job, Limits, Runner};

use super::chapter_lock::ChapterLock;
use super::inputs::{Inputs, not_read};
use super::last_build::LastBuild;
use crate::answers::{Answers, ROOT};
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

/// The compiler's list of what it has read.
const INPUTS: &str = "inputs.d";

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
    /// What the answers take in. `None` if that is not known or the compiler was stopped: then the verdict is not
    /// cached.
    pub inputs: Option<Inputs>,
}

/// What the compiler said of the answers or the grader.
struct Compilation {
    messages: Vec<Diagnostic>,
    /// Whether it came to its own end.
    complete: bool,
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
        Ok(hash(&[self.key_of_grader()?, self.answers.hash()]))
    }

    /// A hash of everything that the verdict depends on, except for the answers.
    pub fn key_of_grader(&self) -> Result<String> {
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
        for source in &self.grader.sources {
            parts.extend([source.file.as_bytes(), &source.text]);
        }
        for (file, text) in &wrong {
            parts.extend([file.as_bytes(), text.as_bytes()]);
        }
        Ok(hash(&parts))
    }

    /// Waits until no other process builds or runs this chapter.
    pub fn lock(&self, cancel: &Cancel, on_step: &mut dyn FnMut(Step)) -> Result<ChapterLock> {
        let lock = ChapterLock::open(&self.folder).map_err(|error| self.not_built(error))?;
        lock.acquire(cancel, on_step)
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
        let record = last.read();
        if let Some(record) = &record
            && record.is_of(key)
            && program.is_file()
        {
            return Ok(Built {
                program: Some(program),
                messages: record.messages.clone(),
                inputs: Some(record.inputs.clone()),
            });
        }
        on_step(Step::Compiling);
        last.clear().map_err(|error| self.not_built(error))?;
        let not_built = |error| self.not_built(error);
        self.write_sources(grader).map_err(not_built)?;
        if let Some(record) = &record {
            let files = record.inputs.files(self.environment.project);
            self.copy_included(files).map_err(not_built)?;
        }
        let built = self.compile(grader, cancel)?;
        if let (Some(_), Some(inputs)) = (&built.program, &built.inputs) {
            // If it cannot be recorded, the next exercise of the chapter is built again.
            let _ = last.record(key, &built.messages, inputs);
        }
        Ok(built)
    }

    fn compile(&self, grader: &Prepared, cancel: &Cancel) -> Result<Built> {
        let (Compilation { messages, complete }, missing) = loop {
            let compilation = self.compile_answers(cancel)?;
            // Where a file is included from is known only now.
            let missing: Vec<_> = not_read(&compilation.messages).collect();
            let copied = self.copy_included(
                missing
                    .iter()
                    .map(|file| file.to_string_lossy().into_owned()),
            );
            if !copied.map_err(|error| self.not_built(error))? {
                break (compilation, missing);
            }
        };
        let sources = &self.answers.sources;
        let inputs = match fs::read_to_string(self.folder.join(INPUTS)) {
            _ if !complete => None,
            Ok(list) => {
                let project = self.environment.project;
                let mut inputs = Inputs::parse(&list, sources, &self.folder, project);
                inputs.add_missing(missing, project);
                Some(inputs)
            }
            Err(_) => Inputs::without_list(sources),
        };
        if messages.iter().any(Diagnostic::is_error) {
            return Ok(Built {
                program: None,
                messages,
                inputs,
            });
        }
        let program = executable("grader");
        let of_grader = self.rustc(cancel, &grader.root, |rustc| {
            rustc
                .args(["--extern", "exercises=libexercises.rlib"])
                .args(["--crate-type=bin", "--crate-name", &self.module])
                .args(["--cap-lints=allow", "-o", &program])
        })?;
        let inputs = inputs.filter(|_| of_grader.complete);
        let errors = of_grader.messages.into_iter();
        let errors: Vec<_> = errors.filter(Diagnostic::is_error).collect();
        let compiles = errors.is_empty();
        Ok(Built {
            program: compiles.then(|| self.folder.join(program)),
            // The grader itself compiles, so an error in it comes from a changed signature.
            messages: errors.into_iter().chain(messages).collect(),
            inputs,
        })
    }

    fn compile_answers(&self, cancel: &Cancel) -> Result<Compilation> {
        // The list of an earlier build, if there is one. It is not written if a macro cannot be expanded.
        let _ = fs::remove_file(self.folder.join(INPUTS));
        self.rustc(cancel, ROOT, |rustc| {
            rustc
                .args(&self.lints)
                .args(["--crate-type=lib", "--crate-name=exercises"])
                .arg("-Cmetadata=exercises")
                .arg(format!("--emit=link=libexercises.rlib,dep-info={INPUTS}"))
        })
    }

    /// Copies files of the crate `exercises` that the answers include, and returns whether there was one to copy.
    fn copy_included(&self, included: impl Iterator<Item = String>) -> Result<bool> {
        let mut any = false;
        for file in included.filter(|file| Path::new(file).starts_with("exercises")) {
            let copy = self.folder.join(&file);
            let Ok(bytes) = files::bytes(&self.environment.project.path(&file)) else {
                continue;
            };
            if !copy.exists() {
                files::write(&copy, bytes)?;
                any = true;
            }
        }
        Ok(any)
    }

    fn not_built(&self, error: impl Into<Error>) -> Error {
        files::advise("The answers were not built", &self.folder, error)
    }

    fn rustc(
        &self,
        cancel: &Cancel,
        root: &str,
        with: impl FnOnce(Job) -> Job,
    ) -> Result<Compilation> {
        let rustc = rustc_job(self.libraries, &self.folder, self.libraries.names())?
            .arg(root)
            .arg("-Cincremental=incremental")
            .env(
                "CARGO_MANIFEST_DIR",
                self.environment.project.path("exercises"),
            );
        let rustc = with(rustc);
        let printed = compile(self.environment.runner, &rustc, self.libraries, cancel)?;
        let messages = diagnostics(&printed.json, self.libraries)
            .into_iter()
            // The compiler's last message counts the warnings, and has no line.
            .filter(|message| message.is_error() || message.line.is_some())
            // A warning is shown as the likely cause of what is wrong.
            .filter(|message| !message.is_about_style())
            .collect();
        Ok(Compilation {
            messages,
            complete: printed.complete,
        })
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
        for path in files::all_below(&self.folder.join("exercises"))? {
            if !wanted.contains(&path) {
                fs::remove_file(&path)
                    .with_context(|| format!("{} cannot be removed.", path.display()))?;
            }
        }
        Ok(())
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
        read_on: None,
    }
}
