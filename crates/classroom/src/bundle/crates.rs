//! Collects the crates with `cargo vendor`.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use autograder::Cancelled;
use sandbox::Cancel;

/// How often it is checked whether the work was cancelled.
const TICK: Duration = Duration::from_millis(100);

/// How cargo begins the line about a crate that it has copied.
const COPIED: &str = "Vendoring ";

/// How many lines of cargo's messages are shown.
const SHOWN: usize = 12;

/// How many crates a `Cargo.lock` has that do not lie in the repository.
pub fn count(lock: &str) -> usize {
    lock.lines()
        .filter(|line| line.starts_with("source = "))
        .count()
}

/// Copies all crates that the workbook in `root` uses to its folder `name`, and downloads those that are not here yet.
///
/// # Errors
///
/// If cargo cannot be started, a crate cannot be downloaded or written, or the work was cancelled.
pub fn collect(
    root: &Path,
    name: &str,
    cancel: &Cancel,
    progress: &mut dyn FnMut(usize),
) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // With the source of crates that is configured on this machine, which may be a mirror.
    command.args(["vendor", "--locked", "--respect-source-config", name]);
    command.current_dir(root).env("CARGO_TERM_COLOR", "never");
    // Neither is about the checkout in `root`.
    command
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("CARGO_TERM_QUIET");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut cargo = Running(command.stderr(Stdio::piped()).spawn().context(
        "cargo could not be started. Install Rust from https://rustup.rs, or add cargo to PATH.",
    )?);
    let lines = lines(&mut cargo.0);
    let (mut copied, mut messages) = (0, Vec::new());
    loop {
        if cancel.is_cancelled() {
            bail!(Cancelled);
        }
        match lines.recv_timeout(TICK) {
            Ok(line) if line.trim_start().starts_with(COPIED) => {
                copied += 1;
                progress(copied);
            }
            Ok(line) => messages.push(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let ended = cargo.0.wait().context("The end of cargo is not known.")?;
    // An interrupt in a terminal also ends cargo.
    if cancel.is_cancelled() {
        bail!(Cancelled);
    }
    if !ended.success() {
        bail!("{}", failure(&messages));
    }
    Ok(())
}

/// A process that ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if it has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The lines that a process writes to standard error.
fn lines(process: &mut Child) -> Receiver<String> {
    let (tx, lines) = mpsc::channel();
    let stderr = process.stderr.take();
    thread::spawn(move || {
        let lines = stderr
            .into_iter()
            .flat_map(|pipe| BufReader::new(pipe).lines());
        for line in lines.map_while(Result::ok) {
            // Fails if the work was cancelled.
            let _ = tx.send(line);
        }
    });
    lines
}

/// What cargo says in each case, and what to do then.
const ADVICE: &[(&[&str], &str)] = &[
    (
        &["No space left on device", "not enough space on the disk"],
        "The disk of the target folder is full. The crates take about 600 MB there until the bundle is written.",
    ),
    (
        &["lock file", "--locked"],
        "The last commit has a `Cargo.lock` that does not fit its `Cargo.toml`. Run `cargo check`, commit both, and try again.",
    ),
    (
        &["download", "network", "resolve host", "offline", "index"],
        "A bundle has all crates, also those that only other systems use. Connect to the internet and try again; what was \
         downloaded once is used again.",
    ),
];

/// Why there are no crates, with the last messages of cargo.
fn failure(messages: &[String]) -> String {
    let shown = messages.len().saturating_sub(SHOWN);
    let said = messages[shown..].join("\n");
    let fits = |(words, _): &&(&[&str], &str)| words.iter().any(|word| said.contains(word));
    let advice = ADVICE.iter().find(fits).map_or("", |(_, advice)| advice);
    format!("The crates could not be collected. {advice}\n{said}")
}

#[cfg(test)]
mod tests {
    use super::{count, failure};

    #[test]
    fn only_crates_from_elsewhere_count() {
        let lock =
            "[[package]]\nname = \"a\"\n\n[[package]]\nname = \"b\"\nsource = \"registry+x\"\n";
        assert_eq!(count(lock), 1);
    }

    #[test]
    fn the_advice_fits_the_cause() {
        let of = |said: &str| failure(&[said.to_owned()]);
        assert!(of("error: failed to download `a v1`").contains("Connect to the internet"));
        let stale = "error: cannot update the lock file a/Cargo.lock because --locked was passed";
        assert!(of(stale).contains("commit both"));
        let full = of("No space left on device (os error 28)");
        assert!(
            full.contains("is full") && !full.contains("internet"),
            "{full}"
        );
    }
}
