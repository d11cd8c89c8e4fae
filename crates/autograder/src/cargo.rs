//! Runs cargo as a child process, and reports its progress.

use std::env;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::Cancel;

use crate::cancelled::Cancelled;
use crate::project::Project;

/// How often a running cargo is checked for cancellation.
const CANCEL_POLL: Duration = Duration::from_millis(50);

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

/// Cargo for one workspace.
pub(crate) struct Cargo {
    root: PathBuf,
    target: PathBuf,
}

/// The result of a cargo command.
pub(crate) struct CargoOutput {
    pub success: bool,
    pub stdout: String,
    stderr: String,
}

impl Cargo {
    pub fn new(project: &Project, target: &Path) -> Self {
        Self {
            root: project.root().to_owned(),
            target: target.to_owned(),
        }
    }

    /// Runs cargo to its end.
    pub fn run(
        &self,
        arguments: &[&str],
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<CargoOutput> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            // Cargo reports how many crates it has built in its progress bar only.
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "120")
            .env("CARGO_TERM_COLOR", "never")
            // Answers are compiled without cargo, and graders need panics that unwind: flags of the user's, such as
            // `-C panic=abort`, would make libraries that fit neither.
            .env("CARGO_ENCODED_RUSTFLAGS", "")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in package_variables() {
            command.env_remove(name);
        }
        let mut child = command.spawn().context(
            "cargo could not be started. Install Rust from https://rustup.rs, or add cargo to PATH.",
        )?;
        let stdout = child
            .stdout
            .take()
            .map(|pipe| thread::spawn(move || read_all(pipe)));
        let (tx, lines) = mpsc::channel();
        let stderr = child
            .stderr
            .take()
            .map(|pipe| thread::spawn(move || read_lines(pipe, &tx)));
        loop {
            match lines.recv_timeout(CANCEL_POLL) {
                Ok(line) => parse_progress(&line).into_iter().for_each(&mut *progress),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) if cancel.is_cancelled() => {
                    kill(&mut child);
                    bail!(Cancelled);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
        }
        let status = child.wait();
        let success = status
            .context("The system does not report the exit status of cargo.")?
            .success();
        let text = |thread: Option<thread::JoinHandle<String>>| {
            thread
                .and_then(|thread| thread.join().ok())
                .unwrap_or_default()
        };
        Ok(CargoOutput {
            success,
            stdout: text(stdout),
            stderr: text(stderr),
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
        let lines = self
            .stderr
            .lines()
            .filter(|line| parse_progress(line).is_none());
        let mut messages: String = lines.map(|line| format!("{line}\n")).collect();
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

fn kill(child: &mut Child) {
    // It may have exited in the meantime.
    let _ = child.kill();
    let _ = child.wait();
}

fn read_all(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // If reading fails, what was read so far counts.
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads to the end, and sends each line as it arrives. A progress bar ends its lines with a carriage return.
fn read_lines(mut pipe: impl Read, tx: &mpsc::Sender<String>) -> String {
    let (mut all, mut line, mut bytes) = (String::new(), Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = pipe.read(&mut bytes) {
        for &byte in &bytes[..count] {
            if byte != b'\n' && byte != b'\r' {
                line.push(byte);
                continue;
            }
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if !text.is_empty() {
                all += &text;
                all.push('\n');
                // The receiver is gone once cargo was cancelled.
                let _ = tx.send(text);
            }
        }
    }
    all
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
