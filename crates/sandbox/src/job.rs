//! What is to be run, what it may use, and how it ended.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a job may use before it is ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How long it may run, in real time.
    pub wall: Duration,
    /// Time on processors, of all its processes and threads together.
    pub cpu: Duration,
    /// Bytes of resident memory, of all its processes together. What two processes share counts
    /// twice.
    pub memory: u64,
    /// Bytes that it may print, on standard output and on standard error each.
    pub output: u64,
    /// Processes alive at once, the first one included. Threads do not count.
    pub processes: usize,
}

/// Which limit a job went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Limit {
    /// [`Limits::wall`]
    Wall,
    /// [`Limits::cpu`]
    Cpu,
    /// [`Limits::memory`]
    Memory,
    /// [`Limits::output`]
    Output,
    /// [`Limits::processes`]
    Processes,
}

/// A program to run: what [`Command`] is to the standard library.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    program: OsString,
    args: Vec<OsString>,
    folder: Option<OsString>,
    env: Vec<(OsString, Option<OsString>)>,
    /// Left out of the JSON: bytes are sent as they are.
    #[serde(skip)]
    pub(crate) stdin: Vec<u8>,
    pub(crate) limits: Limits,
}

impl Job {
    /// A job without arguments and with nothing on standard input, in the folder and the environment
    /// of this process.
    pub fn new(program: impl AsRef<OsStr>, limits: Limits) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            folder: None,
            env: Vec::new(),
            stdin: Vec::new(),
            limits,
        }
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// The folder to run in. A relative path for the program then means different files on different
    /// systems: give a whole one.
    pub fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().as_os_str().to_owned());
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let value = Some(value.as_ref().to_owned());
        self.env.push((name.as_ref().to_owned(), value));
        self
    }

    /// Removes a variable from the environment.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), None));
        self
    }

    /// What the program reads on standard input before that ends.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// The program, as it was given.
    pub(crate) fn program(&self) -> &OsStr {
        &self.program
    }

    /// The command to start, with a pipe for each of its streams.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args);
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    /// By itself, with this exit code.
    Exit(i32),
    /// By this signal, which did not come from here.
    Signal(i32),
    /// It went over a limit and was killed.
    Over(Limit),
    /// It was cancelled, before its start or while it ran.
    Cancelled,
    /// The guard that ran it was ended or stopped, most likely by the program itself. What was left
    /// of the job has been killed.
    Lost,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::Over(Limit::Wall) => f.write_str("stopped: it ran too long"),
            Self::Over(Limit::Cpu) => f.write_str("stopped: it used too much processor time"),
            Self::Over(Limit::Memory) => f.write_str("stopped: it used too much memory"),
            Self::Over(Limit::Output) => f.write_str("stopped: it printed too much"),
            Self::Over(Limit::Processes) => f.write_str("stopped: it started too many processes"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Lost => f.write_str("it ended the process that guards it"),
        }
    }
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return Self::Signal(signal);
        }
        // A program that has ended and was not ended by a signal has a code.
        Self::Exit(status.code().unwrap_or_default())
    }
}

/// What became of a job. On systems other than Linux `cpu` and `peak_memory` are zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// How its first process ended.
    pub ended: Ended,
    /// How many of its processes beside the first were still alive when that one had ended by itself, or
    /// when the guard was lost. They were killed. Systems other than Linux know at most that there were
    /// some.
    pub left_behind: usize,
    /// Real time from the start of its first process to that one's end.
    pub took: Duration,
    /// Time on processors, of all its processes together, in steps of 10 ms.
    pub cpu: Duration,
    /// The most resident memory, in bytes, that was seen. It is looked at every 10 ms: a job that
    /// was shorter may say 0.
    pub peak_memory: u64,
}

impl Finished {
    /// Of a job that used nothing that is known.
    pub(crate) fn after(ended: Ended, took: Duration) -> Self {
        Self {
            ended,
            left_behind: 0,
            took,
            cpu: Duration::ZERO,
            peak_memory: 0,
        }
    }
}

/// What a job printed, as it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// On standard output.
    Stdout(Vec<u8>),
    /// On standard error.
    Stderr(Vec<u8>),
}
