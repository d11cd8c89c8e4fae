//! What a host and its guards say to each other: lines of JSON, each followed by as many bytes as it
//! says, so that what a program prints is sent as it is.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::order::Order;
use crate::{Error, Finished, Job};

/// What a host says. A job's bytes are its standard input.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ToGuard<'a> {
    Run(Cow<'a, Order>),
    /// Ends the job that was sent last.
    Cancel,
}

/// What a guard says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum FromGuard {
    /// Said once, first.
    Ready,
    /// The number of the job's first process.
    Started(u32),
    /// The bytes are the output.
    Stdout,
    /// The bytes are the output.
    Stderr,
    Ended(Ran),
}

/// What became of a job: a result that can be sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Ran {
    Finished(Finished),
    NotStarted(Trouble),
    NotEnded(Trouble),
}

/// An error of the system that can be sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Trouble {
    code: Option<i32>,
    message: String,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self {
            code: error.raw_os_error(),
            message: error.to_string(),
        }
    }
}

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        match trouble.code {
            Some(code) => Self::from_raw_os_error(code),
            None => Self::other(trouble.message),
        }
    }
}

impl From<Result<Finished, Error>> for Ran {
    fn from(ran: Result<Finished, Error>) -> Self {
        match ran {
            Ok(finished) => Self::Finished(finished),
            Err(Error::NotStarted { source, .. }) => Self::NotStarted(source.into()),
            Err(Error::NoGuard(error) | Error::NotEnded(error)) => Self::NotEnded(error.into()),
        }
    }
}

impl Ran {
    /// The result again.
    pub(crate) fn received(self, job: &Job) -> Result<Finished, Error> {
        match self {
            Self::Finished(finished) => Ok(finished),
            Self::NotStarted(trouble) => Err(Error::NotStarted {
                program: job.program().to_owned(),
                source: trouble.into(),
            }),
            Self::NotEnded(trouble) => Err(Error::NotEnded(trouble.into())),
        }
    }
}

/// Says something.
///
/// # Errors
///
/// If nobody listens.
pub(crate) fn say(to: &mut impl Write, message: &impl Serialize, bytes: &[u8]) -> io::Result<()> {
    let line = serde_json::to_string(&(bytes.len(), message))?;
    to.write_all(line.as_bytes())?;
    to.write_all(b"\n")?;
    to.write_all(bytes)?;
    to.flush()
}

/// Hears the next thing that is said, `None` at the end.
///
/// # Errors
///
/// If the other side breaks off or says something else.
pub(crate) fn hear<M: DeserializeOwned>(
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
