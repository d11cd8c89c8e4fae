//! What a job printed, as text.

use crate::{Cancel, Error, Finished, Job, Output, Runner};

/// What became of a job, and all that it printed. Bytes that are no UTF-8 are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// What became of it.
    pub finished: Finished,
    /// What it printed on standard output, up to its limit.
    pub stdout: String,
    /// What it printed on standard error, up to its limit.
    pub stderr: String,
}

/// Runs a job and keeps what it prints.
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
        .unwrap_or_else(|no_text| String::from_utf8_lossy(no_text.as_bytes()).into_owned())
}
