//! Cargo, started from outside: what it builds, and how far it is.

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

use crate::{Cancelled, Project};

/// How often a running cargo looks whether it was cancelled.
const PAUSE: Duration = Duration::from_millis(50);

/// How far cargo is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How many crates are built.
    pub done: usize,
    /// How many there are; 0 if that is not known.
    pub total: usize,
    /// What cargo is doing: the names of the crates it compiles, or that it waits.
    pub what: String,
}

/// Cargo for one workspace.
pub(crate) struct Cargo {
    root: PathBuf,
    target: PathBuf,
}

/// What a cargo that has ended printed.
pub(crate) struct Built {
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
    ) -> Result<Built> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            // Cargo counts its crates in its progress bar and nowhere else.
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "120")
            .env("CARGO_TERM_COLOR", "never")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in of_this_package() {
            command.env_remove(name);
        }
        let mut child = command.spawn().context(
            "cargo could not be started. Install Rust from rustup.rs, or put cargo in PATH.",
        )?;
        let stdout = child
            .stdout
            .take()
            .map(|pipe| thread::spawn(move || all_of(pipe)));
        let (says, said) = mpsc::channel();
        let stderr = child
            .stderr
            .take()
            .map(|pipe| thread::spawn(move || lines_of(pipe, &says)));
        loop {
            match said.recv_timeout(PAUSE) {
                Ok(line) => progress_in(&line).into_iter().for_each(&mut *progress),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) if cancel.is_cancelled() => {
                    end(&mut child);
                    bail!(Cancelled);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
        }
        let success = child.wait().context("cargo was lost")?.success();
        let text = |thread: Option<thread::JoinHandle<String>>| {
            thread
                .and_then(|thread| thread.join().ok())
                .unwrap_or_default()
        };
        Ok(Built {
            success,
            stdout: text(stdout),
            stderr: text(stderr),
        })
    }
}

impl Built {
    pub fn must_succeed(&self, otherwise: &str) -> Result<()> {
        if !self.success {
            bail!("{otherwise}:\n{}", self.said());
        }
        Ok(())
    }

    /// Cargo's own words without its progress bar, and what to do where that is known.
    pub fn said(&self) -> String {
        let lines = self
            .stderr
            .lines()
            .filter(|line| progress_in(line).is_none());
        let mut said: String = lines.map(|line| format!("{line}\n")).collect();
        let no_network = ["failed to download", "Could not resolve host", "--offline"];
        if no_network.iter().any(|words| said.contains(words)) {
            said += "The crates that the exercises need are not on this machine yet. Connect to the \
                     internet and run `cargo fetch` once; after that no network is needed.\n";
        }
        if said.contains("Read-only file system") || said.contains("Permission denied") {
            said += "The target folder cannot be written. Copy the workbook to a folder of your own, or \
                     set CARGO_TARGET_DIR to one.\n";
        }
        said
    }
}

fn end(child: &mut Child) {
    // It may have ended by itself meanwhile.
    let _ = child.kill();
    let _ = child.wait();
}

fn all_of(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // A pipe that breaks has been read as far as it goes.
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads to the end and tells each line as it comes. A progress bar ends its lines with a return.
fn lines_of(mut pipe: impl Read, says: &mpsc::Sender<String>) -> String {
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
                // Nobody listens any more once cargo was cancelled.
                let _ = says.send(text);
            }
        }
    }
    all
}

/// What a line of cargo's says of how far it is, as in `Building [==>   ] 6/36: futures-core, tokio`.
fn progress_in(line: &str) -> Option<Progress> {
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

/// What cargo tells a running process about its own package. The packages built next must not take
/// it for theirs.
fn of_this_package() -> impl Iterator<Item = OsString> {
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
