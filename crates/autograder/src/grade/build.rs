//! Builds a chapter: the learner's crate, and the grader against it.
//!
//! Both are built in a folder that stays, so that the compiler finds what it did the last time. The
//! sources are copied there under their own names: what the compiler says names the learner's file.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Error, Result, bail};
use sandbox::{Cancel, Job};
use serde::{Deserialize, Serialize};

use super::{Autograder, Step};
use crate::answers::{Answers, ROOT};
use crate::compiler::{compile, executable, rustc_job};
use crate::diagnostic::{Diagnostic, diagnostics};
use crate::grader::{Grader, MAIN, Prepared};
use crate::hash::hash;
use crate::library::{Libraries, lints};
use crate::manifest::Chapter;
use crate::misconception::Misconceptions;
use crate::{Cancelled, files, running};

/// How often one that waits for another tool's build looks again.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) struct Build<'a> {
    autograder: &'a Autograder,
    grader: &'a Grader,
    answers: &'a Answers,
    libraries: &'a Libraries,
    lints: Vec<String>,
    module: String,
    folder: PathBuf,
}

/// What was built.
pub(super) struct Built {
    /// The grader, if the answers compile.
    pub program: Option<PathBuf>,
    /// What the compiler says of the answers.
    pub said: Vec<Diagnostic>,
}

impl<'a> Build<'a> {
    pub fn new(
        autograder: &'a Autograder,
        chapter: &Chapter,
        grader: &'a Grader,
        answers: &'a Answers,
        libraries: &'a Libraries,
    ) -> Result<Self> {
        let module = chapter.module();
        Ok(Self {
            lints: lints(autograder.project())?,
            folder: autograder.target().join("workbook/chapters").join(&module),
            autograder,
            grader,
            answers,
            libraries,
            module,
        })
    }

    /// A name for everything that the verdict depends on.
    pub fn key(&self) -> Result<String> {
        let version = self.autograder.version()?;
        let stamp = self.libraries.stamp(self.libraries.names())?;
        let known = Misconceptions::text(self.autograder.project());
        // Another build of the tool may judge in another way.
        let tool = running::build()?;
        let limit = std::env::var("GRADING_POLL_LIMIT").unwrap_or_default();
        let limits = format!("{:?}", self.autograder.limits());
        let mut parts: Vec<&[u8]> = [version, &stamp, &known, &limit, &limits, &tool]
            .map(str::as_bytes)
            .to_vec();
        parts.extend(self.lints.iter().map(String::as_bytes));
        parts.push(MAIN.as_bytes());
        for source in self.answers.sources.iter().chain(&self.grader.sources) {
            parts.extend([source.file.as_bytes(), &source.text]);
        }
        Ok(hash(&parts))
    }

    /// Waits until no other tool builds this chapter. Whoever holds the file may build and run.
    #[expect(
        clippy::disallowed_methods,
        reason = "another process has no clock of tokio's"
    )]
    pub fn lock(&self, cancel: &Cancel) -> Result<File> {
        let not_built = |error: io::Error| self.not_built(error);
        fs::create_dir_all(&self.folder).map_err(not_built)?;
        let file = File::create(self.folder.join("lock")).map_err(not_built)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if cancel.is_cancelled() => bail!(Cancelled),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                // Some network drives have no locks; two tools at once are rarer than those.
                Err(TryLockError::Error(_)) => return Ok(file),
            }
        }
    }

    /// Compiles the answers, and the grader against them, if that was not what was done last. `key` names
    /// everything that goes into it.
    pub fn run(
        &self,
        grader: &Prepared,
        key: &str,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Result<Built> {
        let last = Last::at(self.folder.join("built.json"));
        let program = self.folder.join(executable("grader"));
        if let Some(said) = last.of(key).filter(|_| program.is_file()) {
            let program = Some(program);
            return Ok(Built { program, said });
        }
        on(Step::Compiling);
        last.forget().map_err(|error| self.not_built(error))?;
        let built = self.compile(grader, cancel)?;
        if built.program.is_some() {
            let noted = last.note(key, &built.said);
            noted.map_err(|error| self.not_built(error))?;
        }
        Ok(built)
    }

    fn compile(&self, grader: &Prepared, cancel: &Cancel) -> Result<Built> {
        self.write_sources(grader)
            .map_err(|error| self.not_built(error))?;
        let said = self.rustc(cancel, ROOT, |rustc| {
            rustc
                .args(&self.lints)
                .args(["--crate-type=lib", "--crate-name=exercises"])
                .args(["-Cmetadata=exercises", "-o", "libexercises.rlib"])
        })?;
        if said.iter().any(Diagnostic::is_error) {
            return Ok(Built {
                program: None,
                said,
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
            // The grader is right, so an error in it comes from a signature that was changed.
            said: errors.into_iter().chain(said).collect(),
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
                self.autograder.project().path("exercises"),
            );
        let said = compile(&**self.autograder.runner(), &with(rustc), cancel)?;
        Ok(diagnostics(&said, self.libraries)
            .into_iter()
            // The compiler's last words count the warnings, and stand nowhere.
            .filter(|message| message.is_error() || message.line.is_some())
            .collect())
    }

    /// The folder holds these sources and no others.
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

/// What was built last in a folder: an exercise that is graded after another one of its chapter needs no
/// second build.
struct Last {
    file: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Note {
    key: String,
    said: Vec<Diagnostic>,
}

impl Last {
    fn at(file: PathBuf) -> Self {
        Self { file }
    }

    /// What the compiler said, if it was this.
    fn of(&self, key: &str) -> Option<Vec<Diagnostic>> {
        let note: Note = serde_json::from_slice(&fs::read(&self.file).ok()?).ok()?;
        (note.key == key).then_some(note.said)
    }

    /// What is built from here on is something else, also if it is broken off.
    fn forget(&self) -> io::Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn note(&self, key: &str, said: &[Diagnostic]) -> io::Result<()> {
        let note = Note {
            key: key.to_owned(),
            said: said.to_vec(),
        };
        fs::write(&self.file, serde_json::to_vec(&note)?)
    }
}

/// An error that the compiler cannot say, because it is not asked.
pub(super) fn complaint(file: &str, why: &str) -> Diagnostic {
    Diagnostic {
        level: "error".to_owned(),
        code: None,
        file: Some(file.to_owned()),
        line: None,
        message: why.to_owned(),
        rendered: format!("error: {why}\n --> {file}\n"),
        about: None,
    }
}
