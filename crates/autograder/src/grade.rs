//! Grades a chapter: builds its grader once, then runs each test in a process of its own.

mod build;
mod kept;
mod outcome;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::{Cancel, Ended, Job, Limits, Runner, run_to_text};

use crate::answers::{Answers, stub_of};
use crate::cargo::Progress;
use crate::diagnostic::Diagnostic;
use crate::grader::Grader;
use crate::hash::hash;
use crate::library::Libraries;
use crate::manifest::{Chapter, Manifest};
use crate::misconception::Misconceptions;
use crate::verdict::{ChapterVerdict, ENVIRONMENT, ExerciseVerdict, Outcome, State, TestVerdict};
use crate::{Cancelled, Project, files, rustc};
use build::Build;
use kept::Kept;

/// What one test may use. Tests wait in virtual time and are done in milliseconds; this is for
/// answers that loop, and the grader's own watchdog is quicker.
pub const FOR_A_TEST: Limits = Limits {
    wall: Duration::from_secs(10),
    cpu: Duration::from_secs(10),
    memory: 512 << 20,
    output: 1 << 20,
    processes: 8,
};

/// A test that took so long in real time and then hangs is one that the others need not wait for too.
const LONG: Duration = Duration::from_secs(1);

/// Grades answers.
pub struct Autograder {
    project: Project,
    manifest: Manifest,
    target: PathBuf,
    runner: Arc<dyn Runner>,
    version: OnceLock<String>,
    libraries: Option<Libraries>,
    limits: Limits,
}

/// What the autograder is doing, for whoever waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Cargo builds the libraries that answers use.
    Libraries(Progress),
    /// The compiler builds an answer or a program.
    Compiling,
    /// A program runs.
    Running,
    /// So many of so many tests are done.
    Testing {
        /// How many are done.
        done: usize,
        /// How many there are.
        total: usize,
    },
}

impl Autograder {
    /// An autograder for this project. It builds below cargo's target folder and runs answers with
    /// `runner`.
    ///
    /// # Errors
    ///
    /// If the manifest cannot be read or has a mistake, which is shown at its line.
    pub fn open(project: Project, target: PathBuf, runner: Arc<dyn Runner>) -> Result<Self> {
        Ok(Self {
            manifest: project.manifest()?,
            project,
            target,
            runner,
            version: OnceLock::new(),
            libraries: None,
            limits: FOR_A_TEST,
        })
    }

    /// The same autograder with libraries that are there already, for many folders that are graded
    /// with the same ones.
    pub fn with_libraries(self, libraries: Libraries) -> Self {
        Self {
            libraries: Some(libraries),
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

    /// Grades one chapter, or one exercise of it. What was graded before is not graded again.
    ///
    /// # Errors
    ///
    /// If there is no such chapter or exercise, a tool is missing, the libraries do not build, or the
    /// disk cannot be written; [`Cancelled`] if it was cancelled. Whatever an answer does is no error.
    pub fn grade(
        &self,
        chapter: &str,
        exercise: Option<&str>,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Result<ChapterVerdict> {
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
        let grader = Grader::read(&self.project, chapter)?;
        if !grader.changed.is_empty() {
            let mut verdict = nothing_run(chapter, &wanted, State::GraderChanged);
            verdict.changed = grader.changed;
            return Ok(verdict);
        }
        let answers = Answers::read(&self.project, &self.manifest, chapter)?;
        if let Some((file, why)) = answers.unreadable {
            let mut verdict = nothing_run(chapter, &wanted, State::DoesNotCompile);
            verdict.errors.push(build::complaint(&file, &why));
            return Ok(verdict);
        }
        let libraries = self.libraries(cancel, on)?;
        let build = Build::new(self, chapter, &grader, &answers, &libraries)?;
        let key = build.key()?;
        let kept = Kept::at(self.target.join("workbook/verdicts"), &key);
        let known = kept.read();
        if let Some(verdict) = only(known.as_ref(), &wanted) {
            return Ok(verdict);
        }
        let _alone = build.lock(cancel)?;
        // Another tool may have graded it while this one waited.
        let known = kept.read();
        if let Some(verdict) = only(known.as_ref(), &wanted) {
            return Ok(verdict);
        }
        let grader = grader.prepare()?;
        let built = build.run(&grader, &key, cancel, on)?;
        let Some(program) = built.program else {
            let names: Vec<&str> = chapter
                .exercises
                .iter()
                .map(|exercise| exercise.name())
                .collect();
            let mut verdict = nothing_run(chapter, &names, State::DoesNotCompile);
            (verdict.errors, verdict.warnings) =
                built.said.into_iter().partition(Diagnostic::is_error);
            kept.write(&verdict)?;
            return only(Some(&verdict), &wanted).context("every exercise has a verdict");
        };
        let mut verdict = known.unwrap_or_else(|| nothing_run(chapter, &[], State::NotStarted));
        verdict.warnings = built.said;
        let is_new = |name: &&&str| verdict.exercises.iter().all(|old| old.exercise != ***name);
        let new: Vec<&str> = wanted.iter().filter(is_new).copied().collect();
        let tests: Vec<&str> = new.iter().flat_map(|name| grader.tests_of(name)).collect();
        let mut ended = self.run_all(&program, &tests, cancel, on)?;
        let misconceptions = Misconceptions::read(&self.project)?;
        for name in new {
            let own = format!("{name}::");
            let tests: Vec<_> = ended
                .extract_if(.., |test| test.name.starts_with(&own))
                .collect();
            verdict.exercises.push(ExerciseVerdict {
                exercise: name.to_owned(),
                state: ExerciseVerdict::state_of(&tests),
                misconceptions: misconceptions.matching(chapter, name, &tests),
                tests,
            });
        }
        kept.write(&verdict)?;
        only(Some(&verdict), &wanted).context("every exercise has a verdict")
    }

    /// The libraries that answers and programs may use.
    pub(crate) fn libraries(&self, cancel: &Cancel, on: &mut dyn FnMut(Step)) -> Result<Libraries> {
        if let Some(libraries) = &self.libraries {
            return Ok(libraries.clone());
        }
        let version = self.version()?;
        let mut progress = |progress| on(Step::Libraries(progress));
        Libraries::of_exercises(&self.project, &self.target, version, cancel, &mut progress)
    }

    /// What one test may use.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Where everything that is built goes.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// What runs answers and programs.
    pub(crate) fn runner(&self) -> &Arc<dyn Runner> {
        &self.runner
    }

    /// What rustc says of itself, asked once.
    pub(crate) fn version(&self) -> Result<&str> {
        if let Some(version) = self.version.get() {
            return Ok(version);
        }
        let version = rustc::version()?;
        Ok(self.version.get_or_init(|| version))
    }

    fn chapter(&self, slug: &str) -> Result<&Chapter> {
        let mut chapters = self.manifest.chapters.iter();
        chapters
            .find(|chapter| chapter.slug() == slug)
            .with_context(|| format!("There is no chapter `{slug}`."))
    }

    /// Runs each test in a process of its own, as many at once as there are cores; the verdicts in the
    /// order of the tests.
    fn run_all(
        &self,
        program: &Path,
        tests: &[&str],
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Result<Vec<TestVerdict>> {
        let total = tests.len();
        let next = AtomicUsize::new(0);
        let hanging: Mutex<Vec<&str>> = Mutex::default();
        let failed = AtomicBool::new(false);
        let (tells, told) = mpsc::channel();
        let mut verdicts: BTreeMap<usize, TestVerdict> = BTreeMap::new();
        let work = || {
            let tells = tells.clone();
            while let Some((index, test)) = {
                let index = next.fetch_add(1, Ordering::Relaxed);
                tests.get(index).map(|test| (index, *test))
            } {
                let exercise = test.split_once("::").map_or(test, |(exercise, _)| exercise);
                let hangs = || hanging.lock().expect("no test panics here");
                if failed.load(Ordering::Relaxed) {
                    break;
                }
                let verdict = if hangs().contains(&exercise) {
                    Ok(outcome::not_run(test))
                } else {
                    self.run_one(program, test, cancel).map(|(verdict, took)| {
                        if verdict.outcome == Outcome::Hangs && took >= LONG {
                            hangs().push(exercise);
                        }
                        verdict
                    })
                };
                failed.fetch_or(verdict.is_err(), Ordering::Relaxed);
                // The one who listens is there until every worker is done.
                let _ = tells.send((index, verdict));
            }
        };
        let mut first_error = None;
        thread::scope(|scope| {
            let cores = thread::available_parallelism().map_or(1, usize::from);
            for _ in 0..cores.min(total) {
                scope.spawn(work);
            }
            for _ in 0..total {
                on(Step::Testing {
                    done: verdicts.len(),
                    total,
                });
                match told.recv() {
                    Ok((index, Ok(verdict))) => verdicts.insert(index, verdict),
                    Ok((_, Err(error))) => {
                        first_error = Some(error);
                        break;
                    }
                    Err(_) => break,
                };
            }
        });
        match first_error {
            Some(error) => Err(error),
            None => Ok(verdicts.into_values().collect()),
        }
    }

    fn run_one(
        &self,
        program: &Path,
        test: &str,
        cancel: &Cancel,
    ) -> Result<(TestVerdict, Duration)> {
        let folder = self.target.join("workbook");
        let scratch = tempfile::tempdir_in(&folder)
            .map_err(|error| files::advise("The test was not run", &folder, error))?;
        let key = key()?;
        let mut job = Job::new(program, self.limits.clone())
            .folder(scratch.path())
            .stdin(format!("{key} {test}\n"))
            .env_remove("TIMELINE_DIR");
        for (name, value) in ENVIRONMENT {
            // Whoever steps through an answer with a debugger has set a limit of their own.
            if *name != "GRADING_POLL_LIMIT" || std::env::var_os(name).is_none() {
                job = job.env(name, value);
            }
        }
        let ran = run_to_text(&*self.runner, &job, cancel)?;
        if ran.finished.ended == Ended::Cancelled {
            bail!(Cancelled);
        }
        let took = ran.finished.took;
        Ok((outcome::of(test, &key, ran, &self.limits), took))
    }
}

/// A word that nobody can guess.
fn key() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("The system gives no random numbers.")?;
    Ok(hash(&[bytes]))
}

/// The verdict on these exercises, if all of them have one; in their order.
fn only(verdict: Option<&ChapterVerdict>, exercises: &[&str]) -> Option<ChapterVerdict> {
    let verdict = verdict?;
    let of = |name: &&str| {
        verdict
            .exercises
            .iter()
            .find(|known| known.exercise == **name)
    };
    Some(ChapterVerdict {
        exercises: exercises
            .iter()
            .map(|name| of(name).cloned())
            .collect::<Option<_>>()?,
        ..verdict.clone()
    })
}

fn nothing_run(chapter: &Chapter, exercises: &[&str], state: State) -> ChapterVerdict {
    let exercises = exercises.iter().map(|exercise| ExerciseVerdict {
        exercise: (*exercise).to_owned(),
        state,
        tests: Vec::new(),
        misconceptions: Vec::new(),
    });
    ChapterVerdict {
        chapter: chapter.slug().to_owned(),
        exercises: exercises.collect(),
        errors: Vec::new(),
        warnings: Vec::new(),
        changed: Vec::new(),
    }
}
