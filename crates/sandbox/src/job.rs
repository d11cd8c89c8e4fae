//! Jobs, their limits, and how they ended.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a job may use before it is killed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How long it may run, in real time.
    pub wall: Duration,
    /// CPU time of all its processes and threads together.
    pub cpu: Duration,
    /// Bytes of resident memory of all its processes together. Memory shared by two processes counts
    /// twice.
    pub memory: u64,
    /// How many bytes it may print to standard output, and as many to standard error.
    pub output: u64,
    /// How many processes may be alive at once, including the first. Threads do not count.
    pub processes: usize,
    /// Bytes of the files in its folder, and of deleted files that it has open. With [`u64::MAX`], they are not counted.
    pub files: u64,
}

/// Which limit a job exceeded.
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
    /// [`Limits::files`]
    Files,
}

/// A program to run, with its arguments, environment, input and limits, like a [`Command`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    program: OsString,
    args: Vec<OsString>,
    folder: Option<OsString>,
    confined: bool,
    env: Vec<(OsString, Option<OsString>)>,
    /// Not part of the JSON: it is sent as raw bytes.
    #[serde(skip)]
    pub(crate) stdin: Vec<u8>,
    pub(crate) limits: Limits,
}

impl Job {
    /// A job without arguments and with empty standard input. It inherits the folder and the environment of
    /// this process.
    pub fn new(program: impl AsRef<OsStr>, limits: Limits) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            folder: None,
            confined: false,
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

    /// Sets the folder to run in. Give the program as an absolute path then: what a relative one refers to
    /// depends on the system.
    pub fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().as_os_str().to_owned());
        self
    }

    /// Lets it write only to the folder that it runs in, as far as the machine supports that; see
    /// [`confinement`](crate::confinement). Temporary files go to that folder as well.
    pub fn confined(mut self) -> Self {
        self.confined = true;
        let Some(folder) = self.folder.clone() else {
            return self;
        };
        self.env("TMPDIR", folder)
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let value = Some(value.as_ref().to_owned());
        self.env.push((name.as_ref().to_owned(), value));
        self
    }

    /// Removes an environment variable.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), None));
        self
    }

    /// Sets what the program reads from standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// The program, as it was given.
    pub(crate) fn program(&self) -> &OsStr {
        &self.program
    }

    /// The folder to run in, if it was set.
    pub(crate) fn own_folder(&self) -> Option<&Path> {
        self.folder.as_deref().map(Path::new)
    }

    /// Whether it may write only to its folder.
    pub(crate) fn is_confined(&self) -> bool {
        self.confined
    }

    /// The command to start, with a pipe for each of its standard streams.
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
    /// It exited with this exit code.
    Exit(i32),
    /// It was killed by this signal, which was not sent by the runner.
    Signal(i32),
    /// It exceeded a limit and was killed.
    LimitExceeded(Limit),
    /// It was cancelled, before it started or while it ran.
    Cancelled,
    /// Its guard was killed or stopped, most likely by the program itself. The rest of the job has been
    /// killed.
    Lost,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::LimitExceeded(limit) => f.write_str(match limit {
                Limit::Wall => "stopped: it ran too long",
                Limit::Cpu => "stopped: it used too much CPU time",
                Limit::Memory => "stopped: it used too much memory",
                Limit::Output => "stopped: it printed too much",
                Limit::Processes => "stopped: it started too many processes",
                Limit::Files => "stopped: it wrote too much to files",
            }),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Lost => f.write_str("it killed the process that supervises it"),
        }
    }
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            // The system's own limit for one file.
            if signal == rustix::process::Signal::XFSZ.as_raw() {
                return Self::LimitExceeded(Limit::Files);
            }
            return Self::Signal(signal);
        }
        // A program that exited without a signal has an exit code.
        Self::Exit(status.code().unwrap_or_default())
    }
}

/// The result of a job. On systems other than Linux, `cpu` and `peak_memory` are zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// How its first process ended.
    pub ended: Ended,
    /// How many other processes were still alive when its first process exited, or when its guard was lost.
    /// They were killed. On systems other than Linux, this is at most 1, which means "some".
    pub left_behind: usize,
    /// Real time from the start of its first process to the end of it.
    pub took: Duration,
    /// CPU time of all its processes together, in steps of 10 ms.
    pub cpu: Duration,
    /// The highest resident memory that was measured, in bytes. It is measured every 10 ms, so a shorter job
    /// may report 0.
    pub peak_memory: u64,
}

impl Finished {
    /// The result of a job whose usage is not known.
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

/// A piece of what a job printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// To standard output.
    Stdout(Vec<u8>),
    /// To standard error.
    Stderr(Vec<u8>),
}
