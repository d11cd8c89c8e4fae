//! The wire format between a host and its guards: lines of JSON, each followed by as many raw bytes as the line
//! announces, so that what a program prints is sent unchanged.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::job::{Finished, Job};
use crate::spec::JobSpec;

/// A message from the host. The bytes after `Run` are the job's standard input.
#[derive(Debug, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one message at a time, and nearly all of them are jobs"
)]
pub(crate) enum ToGuard<'a> {
    Run(Cow<'a, JobSpec>),
    /// Cancels the job that was sent last.
    Cancel,
}

/// A message from a guard.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum FromGuard {
    /// Sent once, first.
    Ready,
    /// The process ID of the job's first process.
    Started(u32),
    /// The bytes are the output.
    Stdout,
    /// The bytes are the output.
    Stderr,
    Ended(JobResult),
}

/// The result of a job in a form that can be sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum JobResult {
    Finished(Finished),
    NotStarted(SystemError),
    NotEnded(SystemError),
}

/// An error of the system in a form that can be sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SystemError {
    code: Option<i32>,
    message: String,
}

impl From<io::Error> for SystemError {
    fn from(error: io::Error) -> Self {
        Self {
            code: error.raw_os_error(),
            message: error.to_string(),
        }
    }
}

impl From<SystemError> for io::Error {
    fn from(error: SystemError) -> Self {
        match error.code {
            Some(code) => Self::from_raw_os_error(code),
            None => Self::other(error.message),
        }
    }
}

impl From<Result<Finished, Error>> for JobResult {
    fn from(ran: Result<Finished, Error>) -> Self {
        match ran {
            Ok(finished) => Self::Finished(finished),
            Err(Error::NotStarted { source, .. }) => Self::NotStarted(source.into()),
            Err(Error::NoGuard(error) | Error::NotEnded(error)) => Self::NotEnded(error.into()),
        }
    }
}

impl JobResult {
    /// The result as the runner returns it.
    pub(crate) fn into_result(self, job: &Job) -> Result<Finished, Error> {
        match self {
            Self::Finished(finished) => Ok(finished),
            Self::NotStarted(error) => Err(Error::NotStarted {
                program: job.program().to_owned(),
                source: error.into(),
            }),
            Self::NotEnded(error) => Err(Error::NotEnded(error.into())),
        }
    }
}

/// Sends a message.
///
/// # Errors
///
/// If the other side no longer reads.
pub(crate) fn send(to: &mut impl Write, message: &impl Serialize, bytes: &[u8]) -> io::Result<()> {
    let line = serde_json::to_string(&(bytes.len(), message))?;
    to.write_all(line.as_bytes())?;
    to.write_all(b"\n")?;
    to.write_all(bytes)?;
    to.flush()
}

/// Receives the next message, or `None` at the end of the stream.
///
/// # Errors
///
/// If the stream ends within a message, or contains something else.
pub(crate) fn receive<M: DeserializeOwned>(
    from: &mut impl BufRead,
) -> io::Result<Option<(M, Vec<u8>)>> {
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let (length, message) = serde_json::from_str(&line)?;
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(Some((message, bytes)))
}
