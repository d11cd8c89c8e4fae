//! Compiles programs against the workspace's libraries and runs them under limits.
//!
//! rustc is called directly: cargo would add a tenth of a second to each program, and would
//! wait for its lock. Compiled programs are cached under the hash of everything they were made
//! from, so that an unchanged program is run again without being compiled.

mod not_at_fault;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::{Cancel, Ended, Job, Limit, Limits, Output, Runner};

use crate::cache::Cache;
use crate::cancelled::Cancelled;
use crate::diagnostic::{Diagnostic, diagnostics};
use crate::figure::FILE;
use crate::files;
use crate::library::Libraries;
use crate::rustc::{self, FLAGS};
use not_at_fault::{FREE_SPACE, NO_SPACE, not_the_programs_fault};

/// What a compilation may use: ten times what the largest one needs.
const RUSTC_LIMITS: Limits = Limits {
    // The processor's time is the same on a busy machine; this is for a compiler that never ends.
    wall: Duration::from_secs(600),
    cpu: Duration::from_secs(120),
    memory: 2 << 30,
    output: 8 << 20,
    processes: 64,
    // An incremental compilation reads what earlier ones have left.
    files: u64::MAX,
};

/// The source file of a program, relative to its folder in the cache.
pub const MAIN: &str = "src/main.rs";

/// The file in a cache entry that holds the compiler's messages.
const MESSAGES: &str = "messages.json";

/// Compiles programs, and caches the executables.
#[derive(Clone)]
pub struct Compiler {
    libraries: Arc<Libraries>,
    runner: Arc<dyn Runner>,
    cache: Cache,
    /// The output of `rustc -vV`, part of the cache key.
    version: String,
    /// What a program may use.
    limits: Limits,
}

/// The result of a compilation.
#[derive(Debug, Clone)]
pub enum Compiled {
    /// The executable, and the compiler's warnings.
    Program(PathBuf, Vec<Diagnostic>),
    /// The program does not compile. Errors and warnings are in rustc's order.
    Errors(Vec<Diagnostic>),
}

impl Compiler {
    /// A compiler that uses these libraries, and runs programs under these limits. `version` is the result of
    /// [`rustc::version`].
    pub fn new(
        libraries: Arc<Libraries>,
        runner: Arc<dyn Runner>,
        cache: Cache,
        limits: Limits,
        version: String,
    ) -> Self {
        Self {
            libraries,
            runner,
            cache,
            version,
            limits,
        }
    }

    /// The same compiler with other limits for the programs.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same compiler with other libraries.
    pub fn with_libraries(self, libraries: Arc<Libraries>) -> Self {
        Self { libraries, ..self }
    }

    /// What a program may use.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The compiler's release, as in `1.95.0`.
    pub fn release(&self) -> &str {
        rustc::release(&self.version)
    }

    /// The libraries it compiles against.
    pub fn libraries(&self) -> &Libraries {
        &self.libraries
    }

    /// What runs its programs.
    pub fn runner(&self) -> &dyn Runner {
        &*self.runner
    }

    /// Compiles a program that may use these libraries, or takes it from the cache. `name` is the file name
    /// that the compiler's messages and the program's panics mention.
    ///
    /// # Errors
    ///
    /// If rustc cannot be started, the disk is not writable, or the compilation was cancelled. A program that
    /// does not compile is not an error: it is [`Compiled::Errors`].
    pub fn compile(
        &self,
        name: &str,
        program: &str,
        libraries: &[&str],
        cancel: &Cancel,
    ) -> Result<Compiled> {
        let entry = self.entry(&["program", name, program, &self.stamp(libraries)?]);
        let messages = self.compile_once(&entry, cancel, |folder| {
            files::write(&folder.join(MAIN), program)?;
            let rustc = self.rustc(folder, libraries)?;
            // A program may say that it is something else, which could not be run.
            let rustc = rustc.args([MAIN, "--crate-type=bin", "-o", &executable("program")]);
            Ok(if name == MAIN {
                rustc
            } else {
                rustc.arg(format!("--remap-path-prefix={MAIN}={name}"))
            })
        })?;
        Ok(if messages.iter().any(Diagnostic::is_error) {
            Compiled::Errors(messages)
        } else {
            Compiled::Program(entry.join(executable("program")), messages)
        })
    }

    /// The folder in the cache for what is made from all these parts.
    pub fn entry(&self, parts: &[&str]) -> PathBuf {
        self.cache.entry(parts)
    }

    /// Compiles into the folder `entry`, unless that has been done. `rustc` prepares the compiler's job for
    /// the folder that it is given. The compiler's messages are cached as they are, and parsed each time. Nothing is
    /// cached of a compiler that was stopped or crashed.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn compile_once(
        &self,
        entry: &Path,
        cancel: &Cancel,
        rustc: impl FnOnce(&Path) -> Result<Job>,
    ) -> Result<Vec<Diagnostic>> {
        let mut interrupted = None;
        let made = self.cache.make_once(entry, |folder| {
            let job = rustc(folder)?;
            let printed = compile(&*self.runner, &job, &self.libraries, cancel)?;
            if !printed.complete {
                interrupted = Some(printed.json);
                bail!("the compiler did not come to its end");
            }
            files::write(&folder.join(MESSAGES), printed.json)
        });
        if let Some(json) = interrupted {
            return Ok(diagnostics(&json, &self.libraries));
        }
        made?;
        let messages = std::fs::read(entry.join(MESSAGES)).with_context(|| {
            format!(
                "The cache entry {} is incomplete. Delete it and try again.",
                entry.display()
            )
        })?;
        Ok(diagnostics(&messages, &self.libraries))
    }

    /// rustc with the arguments that all programs share. It runs in `folder`, so that the paths
    /// in its messages are short and the same on every machine.
    ///
    /// # Errors
    ///
    /// If one of the libraries named is missing.
    pub fn rustc(&self, folder: &Path, libraries: &[&str]) -> Result<Job> {
        rustc_job(&self.libraries, folder, libraries.iter().copied())
    }

    /// The job that runs a compiled program. `figure` is the file for the timeline that it records.
    ///
    /// # Errors
    ///
    /// If the executable has no parent folder.
    pub fn job(&self, executable: &Path, figure: Option<&Path>) -> Result<Job> {
        let folder = executable.parent().context("a program lies in a folder")?;
        let job = Job::new(executable, self.limits.clone())
            .folder(folder)
            // A backtrace on stderr would be noise in the report.
            .env("RUST_BACKTRACE", "0");
        Ok(match figure {
            Some(file) => job.env(FILE, file),
            None => job.env_remove(FILE),
        })
    }

    /// A cache key for the compiler, its flags and these libraries.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub fn stamp(&self, libraries: &[&str]) -> Result<String> {
        let libraries = self.libraries.stamp(libraries.iter().copied())?;
        Ok(format!("{}{FLAGS:?}{libraries}", self.version))
    }
}

/// The job that runs rustc with these libraries in this folder.
pub(crate) fn rustc_job<'a>(
    libraries: &Libraries,
    folder: &Path,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<Job> {
    let mut rustc = Job::new(rustc::program(), RUSTC_LIMITS)
        .folder(folder)
        // Otherwise the compiler would recommend to change a Cargo.toml, which has no effect here.
        .env_remove("CARGO")
        .args(FLAGS);
    for folder in libraries.folders() {
        let mut dependencies = std::ffi::OsString::from("dependency=");
        dependencies.push(folder);
        rustc = rustc.arg("-L").arg(dependencies);
    }
    for library in libraries.externs(names)? {
        rustc = rustc.arg("--extern").arg(library);
    }
    Ok(rustc)
}

/// What rustc printed.
pub(crate) struct Printed {
    /// Its messages in JSON. If rustc was stopped or crashed, the last one says so.
    pub json: Vec<u8>,
    /// Whether rustc came to its own end. Otherwise the next attempt may end differently, and nothing about this one
    /// may be cached.
    pub complete: bool,
}

/// Runs rustc to its end and returns its messages.
pub(crate) fn compile(
    runner: &dyn Runner,
    rustc: &Job,
    libraries: &Libraries,
    cancel: &Cancel,
) -> Result<Printed> {
    let mut stderr = Vec::new();
    let complete = |json| Printed {
        json,
        complete: true,
    };
    let finished = runner
        .run(rustc, cancel, &mut |output| {
            if let Output::Stderr(bytes) = output {
                stderr.extend(bytes);
            }
        })
        .context(
            "rustc could not be started. Install Rust from https://rustup.rs, or add rustc to PATH.",
        )?;
    let why = match finished.ended {
        Ended::Exit(0) => return Ok(complete(stderr)),
        Ended::Cancelled => bail!(Cancelled),
        Ended::Exit(1) if has_error(&stderr) => match not_the_programs_fault(&stderr, libraries) {
            Some(advice) => bail!(advice),
            None => return Ok(complete(stderr)),
        },
        Ended::LimitExceeded(limit) => {
            format!("the compiler was stopped: {}", limit_reason(limit))
        }
        ended @ (Ended::Exit(_) | Ended::Signal(_) | Ended::Lost) => {
            let text = outside_json(&stderr);
            if text.contains(NO_SPACE) {
                bail!("{FREE_SPACE}\n{text}");
            }
            format!("the compiler crashed ({ended}). Your last change is the likely cause.\n{text}")
        }
    };
    let message = serde_json::json!({
        "level": "error", "code": null, "message": why, "rendered": format!("error: {why}\n"),
    });
    // The compiler's last line may have been cut off, so the message starts on a new one.
    stderr.push(b'\n');
    stderr.extend(serde_json::to_vec(&message)?);
    Ok(Printed {
        json: stderr,
        complete: false,
    })
}

fn has_error(stderr: &[u8]) -> bool {
    let text = String::from_utf8_lossy(stderr);
    text.lines().any(|line| line.contains("\"level\":\"error"))
}

/// What was printed besides the JSON, such as a panic of the compiler or a missing linker.
fn outside_json(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines = text.lines().filter(|line| !line.starts_with('{'));
    lines.take(10).map(|line| format!("{line}\n")).collect()
}

fn limit_reason(limit: Limit) -> &'static str {
    match limit {
        Limit::Wall => "it had not finished after ten minutes.",
        Limit::Cpu => "it used more than two minutes of CPU time.",
        Limit::Memory => "it used more than 2 GiB of memory.",
        Limit::Output => "it printed more than 8 MiB.",
        Limit::Processes => "it ran more than 64 processes at a time.",
        Limit::Files => "it wrote a file of more than 256 MiB.",
    }
}

/// The file name of an executable, with the extension that Windows needs.
pub fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
