//! The output of a job as text.

use crate::cancel::Cancel;
use crate::error::Error;
use crate::job::{Finished, Job, Output};
use crate::runner::Runner;

/// The result of a job, and all that it printed. Bytes that are not UTF-8 are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The result.
    pub finished: Finished,
    /// What it printed to standard output, up to its limit.
    pub stdout: String,
    /// What it printed to standard error, up to its limit.
    pub stderr: String,
}

/// Runs a job and captures what it prints.
///
/// # Errors
///
/// As [`Runner::run`].
pub fn run_to_text(runner: &dyn Runner, job: &Job, cancel: &Cancel) -> Result<Printed, Error> {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let finished = runner.run(job, cancel, &mut |output| match output {
        Output::Stdout(bytes) => stdout.extend(bytes),
        Output::Stderr(bytes) => stderr.extend(bytes),
    })?;
    Ok(Printed {
        finished,
        stdout: text(stdout),
        stderr: text(stderr),
    })
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
