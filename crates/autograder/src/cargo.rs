//! Runs cargo as a child process, and reports its progress.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::{Cancel, Ended, Job, Limits, Output, Runner};

use crate::cancelled::Cancelled;
use crate::project::Project;

/// What cargo may use: the limits are those of a mistake, and no build comes near them.
const LIMITS: Limits = Limits {
    wall: Duration::from_secs(6 * 60 * 60),
    cpu: Duration::from_secs(48 * 60 * 60),
    memory: 1 << 40,
    output: 1 << 30,
    processes: 1 << 16,
    files: u64::MAX,
};

/// The progress of cargo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How many crates are built.
    pub done: usize,
    /// How many there are; 0 if that is not known.
    pub total: usize,
    /// What cargo is doing: the names of the crates that it compiles, or what it waits for.
    pub what: String,
}

/// Cargo for one workspace. It runs as a job, so that cancelling it also ends the compilers that it has started.
pub(crate) struct Cargo<'a> {
    root: PathBuf,
    target: PathBuf,
    runner: &'a dyn Runner,
}

/// The result of a cargo command.
pub(crate) struct CargoOutput {
    pub success: bool,
    pub stdout: String,
    stderr: String,
}

impl<'a> Cargo<'a> {
    pub fn new(project: &Project, target: &Path, runner: &'a dyn Runner) -> Self {
        Self {
            root: project.root().to_owned(),
            target: target.to_owned(),
            runner,
        }
    }

    /// Runs cargo to its end, or until `is_enough` returns `true` for its progress.
    pub fn run(
        &self,
        arguments: &[&str],
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
        is_enough: &dyn Fn(&Progress) -> bool,
    ) -> Result<CargoOutput> {
        let mut job = Job::new(
            env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            LIMITS,
        )
        .args(arguments)
        .folder(&self.root)
        .env("CARGO_TARGET_DIR", &self.target)
        // Cargo reports how many crates it has built in its progress bar only.
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "120")
        .env("CARGO_TERM_COLOR", "never")
        // Answers are compiled without cargo, and graders need panics that unwind: flags of the user's, such as
        // `-C panic=abort`, would make libraries that fit neither.
        .env("CARGO_ENCODED_RUSTFLAGS", "");
        for name in package_variables() {
            job = job.env_remove(name);
        }
        let enough = cancel.child();
        let (mut stdout, mut lines) = (Vec::new(), Lines::default());
        let mut stderr = String::new();
        let finished = self
            .runner
            .run(&job, &enough, &mut |output| match output {
                Output::Stdout(bytes) => stdout.extend(bytes),
                Output::Stderr(bytes) => {
                    for line in lines.split(&bytes) {
                        match parse_progress(&line) {
                            Some(now) => {
                                if is_enough(&now) {
                                    enough.cancel();
                                }
                                progress(now);
                            }
                            None => stderr += &format!("{line}\n"),
                        }
                    }
                }
            })
            .context(
                "cargo could not be started. Install Rust from https://rustup.rs, or add cargo to PATH.",
            )?;
        if cancel.is_cancelled() {
            bail!(Cancelled);
        }
        Ok(CargoOutput {
            success: finished.ended == Ended::Exit(0),
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr,
        })
    }
}

impl CargoOutput {
    pub fn must_succeed(&self, error: &str) -> Result<()> {
        if !self.success {
            bail!("{error}:\n{}", self.messages());
        }
        Ok(())
    }

    /// Cargo's messages without its progress bar, followed by advice if the cause is known.
    pub fn messages(&self) -> String {
        let mut messages = self.stderr.clone();
        let no_network = ["failed to download", "Could not resolve host", "--offline"];
        if no_network.iter().any(|words| messages.contains(words)) {
            messages += "The crates that the exercises need are not on this machine yet. Connect to the \
                         internet and run `cargo fetch` once; after that, no network is needed.\n";
        }
        if messages.contains("Read-only file system") || messages.contains("Permission denied") {
            messages += "The target folder is not writable. Copy the workbook to a folder of your own, or \
                         set CARGO_TARGET_DIR to a writable folder.\n";
        }
        messages
    }
}

/// Splits text that arrives in pieces into lines. A progress bar ends its lines with a carriage return.
#[derive(Default)]
struct Lines {
    begun: Vec<u8>,
}

impl Lines {
    /// The lines that end in these bytes, without the empty ones.
    fn split(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for &byte in bytes {
            if byte != b'\n' && byte != b'\r' {
                self.begun.push(byte);
                continue;
            }
            let line = std::mem::take(&mut self.begun);
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            lines.extend(Some(line).filter(|line| !line.is_empty()));
        }
        lines
    }
}

/// Parses cargo's progress bar, as in `Building [==>   ] 6/36: futures-core, tokio`.
fn parse_progress(line: &str) -> Option<Progress> {
    let bar = line.trim_start().strip_prefix("Building [")?;
    let (_, counts) = bar.split_once("] ")?;
    let (counts, what) = counts.split_once(':').unwrap_or((counts, ""));
    let (done, total) = counts.split_once('/')?;
    Some(Progress {
        done: done.trim().parse().ok()?,
        total: total.trim().parse().ok()?,
        what: what.trim().to_owned(),
    })
}

/// The variables in which cargo tells this process about its own package. They must not reach the packages that
/// are built next.
fn package_variables() -> impl Iterator<Item = OsString> {
    env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
            "CARGO_PRIMARY_",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
    })
}
