//! Grades a chapter: builds its grader once, then runs its tests.

mod build;
mod chapter_lock;
mod inputs;
mod last_build;
mod outcome;
mod partial;
mod test_runs;
mod verdict_cache;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::{Cancel, Limits, Runner};

use crate::answers::{Answers, stub_of};
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::grader::Grader;
use crate::library::{Libraries, LibrarySet};
use crate::manifest::{Chapter, Manifest};
use crate::misconception::Misconceptions;
use crate::project::Project;
use crate::rustc;
use crate::step::Step;
use crate::tool_build;
use crate::verdict::{ChapterVerdict, ExerciseVerdict, State};
use build::{Build, Environment};
use partial::{nothing_run, only};
use test_runs::{SCRATCH, TestRuns};
use verdict_cache::CachedVerdict;

/// What one test may use. Tests wait in virtual time and take milliseconds. These limits stop
/// answers that loop; usually the grader's own watchdog is faster. It knows for how long a test has waited for a
/// processor, and the limit for real time does not: it has to be long enough for a busy machine.
pub const TEST_LIMITS: Limits = Limits {
    wall: Duration::from_secs(60),
    cpu: Duration::from_secs(10),
    memory: 512 << 20,
    output: 1 << 20,
    processes: 8,
    files: 64 << 20,
};

/// Grades answers.
#[derive(Clone)]
pub struct Autograder {
    project: Project,
    manifest: Arc<Manifest>,
    target: PathBuf,
    runner: Arc<dyn Runner>,
    version: OnceLock<String>,
    libraries: Option<Libraries>,
    hidden: Option<PathBuf>,
    limits: Limits,
}

impl Autograder {
    /// An autograder for this project. It builds in cargo's target folder and runs answers with
    /// `runner`.
    ///
    /// # Errors
    ///
    /// If the manifest cannot be read or is invalid; the message shows the line.
    pub fn open(project: Project, target: PathBuf, runner: Arc<dyn Runner>) -> Result<Self> {
        Ok(Self {
            manifest: Arc::new(project.manifest()?),
            project,
            target,
            runner,
            version: OnceLock::new(),
            libraries: None,
            hidden: None,
            limits: TEST_LIMITS,
        })
    }

    /// The same autograder with libraries that have been built already, to grade many folders with
    /// the same libraries.
    pub fn with_libraries(self, libraries: Libraries) -> Self {
        Self {
            libraries: Some(libraries),
            ..self
        }
    }

    /// The same autograder with libraries that are built now, if they have to be: to grade many folders.
    ///
    /// # Errors
    ///
    /// If cargo is missing or a library does not build.
    pub fn with_built_libraries(
        self,
        cancel: &Cancel,
        on_step: &mut dyn FnMut(Step),
    ) -> Result<Self> {
        let libraries = self.libraries(LibrarySet::Exercises, cancel, on_step)?;
        Ok(self.with_libraries(libraries))
    }

    /// The same autograder for the answers in `exercises/src` of another folder. Graders and libraries stay those of the
    /// project.
    pub fn with_answers(&self, folder: impl Into<PathBuf>) -> Self {
        Self {
            project: self.project.with_answers(folder),
            ..self.clone()
        }
    }

    /// The same autograder with more tests, which are not among the project's: for an exercise `gather/fetch_all` those in
    /// the file `gather/fetch_all.rs` of this folder, written like the graders of the project.
    pub fn with_hidden_graders(self, folder: impl Into<PathBuf>) -> Self {
        Self {
            hidden: Some(folder.into()),
            ..self
        }
    }

    /// The same autograder with other limits for each test.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The project.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The chapters and exercises.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The text that a chapter's file starts from.
    ///
    /// # Errors
    ///
    /// If there is no such chapter, or its stub cannot be read.
    pub fn stub(&self, chapter: &str) -> Result<String> {
        self.project.read(&stub_of(self.chapter(chapter)?))
    }

    /// Grades one chapter, or one exercise of it. A verdict that is cached is not computed again.
    ///
    /// # Errors
    ///
    /// If there is no such chapter or exercise, a tool is missing, the libraries do not build, or the
    /// disk is not writable; [`Cancelled`](crate::Cancelled) if it was cancelled. What an answer does is never an error.
    pub fn grade(
        &self,
        chapter: &str,
        exercise: Option<&str>,
        cancel: &Cancel,
        on_step: &mut dyn FnMut(Step),
    ) -> Result<ChapterVerdict> {
        tool_build::id()?;
        let chapter = self.chapter(chapter)?;
        let wanted: Vec<&str> = chapter
            .exercises
            .iter()
            .map(|other| other.name())
            .filter(|name| exercise.is_none_or(|wanted| wanted == *name))
            .collect();
        if wanted.is_empty() {
            bail!("The chapter `{}` has no such exercise.", chapter.slug());
        }
        let grader = Grader::read(&self.project, chapter, self.hidden.as_deref())?;
        if !grader.changed.is_empty() {
            let mut verdict = nothing_run(chapter, &wanted, State::GraderChanged);
            verdict.changed = grader.changed;
            return Ok(verdict);
        }
        let answers = Answers::read(&self.project, &self.manifest, chapter)?;
        if let Some((file, why)) = answers.unreadable {
            let mut verdict = nothing_run(chapter, &wanted, State::DoesNotCompile);
            verdict.errors.push(build::file_error(&file, &why));
            return Ok(verdict);
        }
        let libraries = self.libraries(LibrarySet::Exercises, cancel, on_step)?;
        let build = self.build(chapter, &grader, &answers, &libraries)?;
        let key = build.key()?;
        let cache = CachedVerdict::at(self.target.join("workbook/verdicts"), &key);
        let known = cache.read();
        if let Some(verdict) = only(known.as_ref(), &wanted) {
            return Ok(verdict);
        }
        let _lock = build.lock(cancel, on_step)?;
        // Another process may have graded it in the meantime.
        let known = cache.read();
        if let Some(verdict) = only(known.as_ref(), &wanted) {
            return Ok(verdict);
        }
        let grader = grader.prepare()?;
        files::remove_left_behind(&self.target.join("workbook"), SCRATCH);
        let built = build.run(&grader, &key, cancel, on_step)?;
        let Some(program) = built.program else {
            let names: Vec<&str> = chapter
                .exercises
                .iter()
                .map(|exercise| exercise.name())
                .collect();
            let mut verdict = nothing_run(chapter, &names, State::DoesNotCompile);
            (verdict.errors, verdict.warnings) =
                built.messages.into_iter().partition(Diagnostic::is_error);
            cache.write(&verdict, built.inputs);
            return only(Some(&verdict), &wanted).context("every exercise has a verdict");
        };
        let mut verdict = known.unwrap_or_else(|| nothing_run(chapter, &[], State::NotStarted));
        verdict.warnings = built.messages;
        let is_new = |name: &&&str| verdict.exercises.iter().all(|old| old.exercise != ***name);
        let new: Vec<&str> = wanted.iter().filter(is_new).copied().collect();
        let tests: Vec<&str> = new.iter().flat_map(|name| grader.tests_of(name)).collect();
        let runs = TestRuns {
            program: &program,
            folder: &self.target.join("workbook"),
            runner: &*self.runner,
            limits: &self.limits,
            cancel,
        };
        let mut ended = runs.all(&tests, on_step)?;
        let misconceptions = Misconceptions::read(&self.project)?;
        let text = answers.text_of(chapter);
        for name in new {
            let own = format!("{name}::");
            let tests: Vec<_> = ended
                .extract_if(.., |test| test.name.starts_with(&own))
                .collect();
            verdict.exercises.push(ExerciseVerdict {
                exercise: name.to_owned(),
                state: ExerciseVerdict::state_of(&tests),
                misconceptions: misconceptions.matching(
                    &self.project,
                    chapter,
                    name,
                    &tests,
                    &text,
                )?,
                tests,
            });
        }
        cache.write(&verdict, built.inputs);
        only(Some(&verdict), &wanted).context("every exercise has a verdict")
    }

    /// A hash of everything that the verdict on a chapter depends on, except for the answers.
    ///
    /// # Errors
    ///
    /// As [`grade`](Self::grade), and if the libraries have not been built.
    pub fn key_of_grader(&self, chapter: &str) -> Result<String> {
        let chapter = self.chapter(chapter)?;
        let libraries = self.libraries.as_ref();
        let libraries = libraries.context("The libraries have not been built.")?;
        let grader = Grader::read(&self.project, chapter, self.hidden.as_deref())?;
        let answers = Answers::read(&self.project, &self.manifest, chapter)?;
        self.build(chapter, &grader, &answers, libraries)?
            .key_of_grader()
    }

    /// A hash of the answers that the verdict on a chapter depends on, except for files that they include.
    ///
    /// # Errors
    ///
    /// If there is no such chapter, or a stub cannot be read.
    pub fn key_of_answers(&self, chapter: &str) -> Result<String> {
        let chapter = self.chapter(chapter)?;
        Ok(Answers::read(&self.project, &self.manifest, chapter)?.hash())
    }

    /// The libraries of a set, which are built now if they have to be.
    pub(crate) fn libraries(
        &self,
        set: LibrarySet,
        cancel: &Cancel,
        on_step: &mut dyn FnMut(Step),
    ) -> Result<Libraries> {
        if let (LibrarySet::Exercises, Some(libraries)) = (set, &self.libraries) {
            return Ok(libraries.clone());
        }
        let mut progress = |progress| on_step(Step::Libraries { set, progress });
        Libraries::build(
            set,
            &self.project,
            &self.target,
            self.version()?,
            &*self.runner,
            cancel,
            &mut progress,
        )
    }

    /// Cargo's target folder, in which everything is built.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// What runs answers and programs.
    pub(crate) fn runner(&self) -> &Arc<dyn Runner> {
        &self.runner
    }

    /// The result of [`rustc::version`], which is called once.
    pub(crate) fn version(&self) -> Result<&str> {
        if let Some(version) = self.version.get() {
            return Ok(version);
        }
        let version = rustc::version()?;
        Ok(self.version.get_or_init(|| version))
    }

    fn build<'a>(
        &'a self,
        chapter: &'a Chapter,
        grader: &'a Grader,
        answers: &'a Answers,
        libraries: &'a Libraries,
    ) -> Result<Build<'a>> {
        let environment = Environment {
            project: &self.project,
            target: &self.target,
            runner: &*self.runner,
            version: self.version()?,
            limits: &self.limits,
        };
        Build::new(environment, chapter, grader, answers, libraries)
    }

    fn chapter(&self, slug: &str) -> Result<&Chapter> {
        let mut chapters = self.manifest.chapters.iter();
        chapters
            .find(|chapter| chapter.slug() == slug)
            .with_context(|| format!("There is no chapter `{slug}`."))
    }
}
