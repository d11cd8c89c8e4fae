//! Compiles and runs the programs of the book: `autograder`'s compiler with what a block may use.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use anyhow::{Result, anyhow};
use autograder::cache::Cache;
use autograder::compiler::{Compiled, Compiler as Inner, MAIN};
use autograder::diagnostic::Diagnostic;
use autograder::library::{Libraries, LibrarySet};
use autograder::{rustc, target_folder};
use sandbox::{Cancel, Ended, InProcess, Job, Limits, run_to_text};

use crate::project::here;

/// What a program in the book may use.
pub const FOR_BLOCKS: &[&str] = &[
    "futures",
    "grading",
    "timeline",
    "tokio",
    "tokio_stream",
    "tokio_test",
    "tokio_util",
    "tracing",
];

/// How long a program may run, in real time, unless a test says otherwise. Programs wait on a paused
/// clock and are done in milliseconds; this is for the ones that hang, and long enough for a busy machine.
pub const TIME_LIMIT: Duration = Duration::from_secs(60);

/// How many bytes the cache may have: everything that the proofs compile has about 1.3 GB, and what was removed would be
/// compiled again in each run.
const CACHE_CAPACITY: u64 = 4 << 30;

/// What a program of the book may use.
pub fn limits(time: Duration) -> Limits {
    Limits {
        wall: time,
        cpu: time,
        memory: 1 << 30,
        output: 1 << 20,
        processes: 16,
        files: 256 << 20,
    }
}

/// Compiles programs, and remembers what it has compiled.
#[derive(Clone)]
pub struct Compiler {
    inner: Inner,
}

/// What a program did.
#[derive(Debug)]
pub struct Run {
    /// How it ended.
    pub ended: Ended,
    /// What it printed, up to a mebibyte.
    pub stdout: String,
    /// What it printed as errors, up to a mebibyte.
    pub stderr: String,
}

impl Compiler {
    /// A compiler for this workspace's libraries.
    ///
    /// # Errors
    ///
    /// If the workspace does not build, or rustc is missing.
    pub fn new() -> Result<Self> {
        let cache = libraries(LibrarySet::Exercises)?
            .target
            .join("book/compiled");
        Self::with_cache(cache)
    }

    /// A compiler that keeps what it has compiled in this folder.
    ///
    /// # Errors
    ///
    /// As [`Compiler::new`].
    pub fn with_cache(cache: PathBuf) -> Result<Self> {
        let libraries = libraries(LibrarySet::Exercises)?;
        let version = rustc::version()?;
        let (cache, limits) = (Cache::at(cache, CACHE_CAPACITY)?, limits(TIME_LIMIT));
        let inner = Inner::new(libraries, Arc::new(InProcess), cache, limits, version);
        Ok(Self { inner })
    }

    /// The same compiler with another limit for the programs it runs.
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        let inner = self.inner.with_limits(limits(time_limit));
        Self { inner }
    }

    /// How long a program may run.
    pub fn time_limit(&self) -> Duration {
        self.inner.limits().wall
    }

    /// The compiler's release, as in `1.95.0`.
    pub fn release(&self) -> &str {
        self.inner.release()
    }

    /// The libraries it compiles against.
    pub fn libraries(&self) -> &Libraries {
        self.inner.libraries()
    }

    /// Compiles a program of the book, or takes it from the cache. The first one that needs the libraries of the real
    /// programs waits until they are built.
    ///
    /// # Errors
    ///
    /// If rustc cannot be started or the disk cannot be written. A program that does not compile
    /// is no error: it is [`Compiled::Errors`].
    pub fn compile(&self, program: &str) -> Result<Compiled> {
        let (inner, cancel) = (&self.inner, Cancel::default());
        match LibrarySet::needed_by(program) {
            LibrarySet::Exercises => inner.compile(MAIN, program, FOR_BLOCKS, &cancel),
            set @ LibrarySet::Projects => {
                let libraries = libraries(set)?;
                let names: Vec<_> = libraries.names().collect();
                let inner = inner.clone().with_libraries(Arc::clone(&libraries));
                inner.compile(MAIN, program, &names, &cancel)
            }
        }
    }

    /// Runs a compiled program in an empty folder, which is removed afterwards; `figure` is the file for the timeline it
    /// records.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn run(&self, executable: &Path, figure: Option<&Path>) -> Result<Run> {
        let folder = tempfile::tempdir()?;
        Run::of(&self.inner.job(executable, figure)?.folder(folder.path()))
    }

    /// The folder in the cache for what is made of all these parts.
    pub(crate) fn entry(&self, parts: &[&str]) -> PathBuf {
        self.inner.entry(parts)
    }

    /// Compiles into the folder `entry`, unless that has been done.
    pub(crate) fn once(
        &self,
        entry: &Path,
        rustc: impl FnOnce(&Path) -> Result<Job>,
    ) -> Result<Vec<Diagnostic>> {
        self.inner.compile_once(entry, &Cancel::default(), rustc)
    }

    /// rustc with everything that is the same for each program.
    pub(crate) fn rustc(&self, folder: &Path, libraries: &[&str]) -> Result<Job> {
        self.inner.rustc(folder, libraries)
    }

    /// What changes whenever what is compiled with these libraries has to be compiled again.
    pub(crate) fn stamp(&self, libraries: &[&str]) -> Result<String> {
        self.inner.stamp(libraries)
    }
}

impl Run {
    /// Runs a program until it ends or has used too much.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn of(job: &Job) -> Result<Self> {
        let ran = run_to_text(&InProcess, job, &Cancel::default())?;
        Ok(Self {
            ended: ran.finished.ended,
            stdout: ran.stdout,
            stderr: ran.stderr,
        })
    }

    /// Whether it came to its end without an error.
    pub fn succeeded(&self) -> bool {
        self.ended == Ended::Exit(0)
    }
}

/// The libraries of this workspace, looked up once a process.
fn libraries(set: LibrarySet) -> Result<Arc<Libraries>> {
    static OF_EXERCISES: LazyLock<Found> = LazyLock::new(|| find(LibrarySet::Exercises));
    static OF_PROJECTS: LazyLock<Found> = LazyLock::new(|| find(LibrarySet::Projects));
    let found = match set {
        LibrarySet::Exercises => &OF_EXERCISES,
        LibrarySet::Projects => &OF_PROJECTS,
    };
    (**found).clone().map_err(|error| anyhow!(error))
}

type Found = Result<Arc<Libraries>, String>;

/// The same libraries as in `cargo workbook`, so a change in one of them does not build the tests of the workspace first.
fn find(set: LibrarySet) -> Found {
    let find = || {
        let (target, version) = (target_folder()?, rustc::version()?);
        let cancel = Cancel::default();
        Libraries::build(
            set,
            &here(),
            &target,
            &version,
            &InProcess,
            &cancel,
            &mut |_| {},
        )
    };
    find().map(Arc::new).map_err(|error| format!("{error:#}"))
}
