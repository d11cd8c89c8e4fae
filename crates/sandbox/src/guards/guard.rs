//! A guard, as its host sees it.

use std::borrow::Cow;
use std::io::{self, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::cancel::Cancel;
use crate::error::Error;
use crate::job::{Finished, Output};
use crate::pause::{TICK, pause};
use crate::protocol::{FromGuard, ToGuard, receive, send};
use crate::spec::JobSpec;
use crate::tree;

/// How long after its job's time limit a guard may take to report that the job has ended, or cannot be killed.
const GRACE: Duration = Duration::from_secs(60);

/// How often to check whether a guard has exited.
const EXIT_POLL: Duration = Duration::from_micros(500);

/// A process that runs one job at a time.
pub(super) struct Guard {
    process: Child,
    /// `None` only while it is dropped.
    stdin: Option<ChildStdin>,
    messages: Receiver<(FromGuard, Vec<u8>)>,
    /// Whether it has reported that it is a guard.
    ready: bool,
    /// The first process of its job.
    root: Option<u32>,
}

impl Guard {
    /// Starts a guard.
    ///
    /// # Errors
    ///
    /// If the command cannot be started.
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        // Ctrl-C in the terminal is meant for the host. The guard kills its job once the host is gone,
        // and must not exit earlier.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn()?;
        let stdin = process.stdin.take();
        let stdout = process.stdout.take();
        let (tx, messages) = mpsc::channel();
        thread::spawn(move || {
            let mut stdout = BufReader::with_capacity(64 << 10, stdout?);
            while let Ok(Some(message)) = receive(&mut stdout) {
                tx.send(message).ok()?;
            }
            Some(())
        });
        Ok(Self {
            process,
            stdin,
            messages,
            ready: false,
            root: None,
        })
    }

    /// Sends it a job.
    ///
    /// # Errors
    ///
    /// If it is gone.
    pub(super) fn send_job(&mut self, spec: &JobSpec) -> io::Result<()> {
        self.root = None;
        self.send(&ToGuard::Run(Cow::Borrowed(spec)), &spec.job.stdin)
    }

    /// Waits for the job that was sent. Returns `None` if the guard is gone or does not respond.
    pub(super) fn wait(
        &mut self,
        spec: &JobSpec,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Option<Result<Finished, Error>> {
        let started = Instant::now();
        let mut timeout = spec.job.limits.wall.saturating_add(GRACE);
        let mut cancelled = false;
        loop {
            match self.messages.recv_timeout(TICK) {
                Ok((FromGuard::Ready, _)) => self.ready = true,
                Ok((FromGuard::Started(root), _)) => self.root = Some(root),
                Ok((FromGuard::Stdout, bytes)) => output(Output::Stdout(bytes)),
                Ok((FromGuard::Stderr, bytes)) => output(Output::Stderr(bytes)),
                Ok((FromGuard::Ended(ran), _)) => return Some(ran.into_result(&spec.job)),
                Err(RecvTimeoutError::Timeout) if self.is_running() => {}
                Err(_) => return None,
            }
            if cancel.is_cancelled() && !cancelled {
                cancelled = true;
                timeout = timeout.min(started.elapsed() + GRACE);
                // If the guard is gone, the next iteration notices it.
                let _ = self.send(&ToGuard::Cancel, &[]);
            }
            if started.elapsed() > timeout {
                return None;
            }
        }
    }

    /// Kills the guard and its job. Returns how many processes of the job were alive besides the first.
    ///
    /// # Errors
    ///
    /// If this process is not a guard, or a process of the job cannot be killed.
    pub(super) fn kill(mut self, spec: &JobSpec) -> Result<usize, Error> {
        let mut ancestors = vec![self.process.id()];
        ancestors.extend(self.root);
        let left = tree::kill_job(&ancestors, &spec.mark).map_err(Error::NotEnded)?;
        // Fails if it has exited.
        let _ = self.process.kill();
        let status = self.process.wait().map_err(Error::NoGuard)?;
        if !self.ready {
            let message = format!("it ended with {status} before it was ready");
            return Err(Error::NoGuard(io::Error::other(message)));
        }
        Ok(left)
    }

    /// Whether it is running. A guard that has been stopped by a signal is not.
    pub(super) fn is_running(&mut self) -> bool {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
            let options = WaitIdOptions::EXITED
                | WaitIdOptions::STOPPED
                | WaitIdOptions::NOHANG
                | WaitIdOptions::NOWAIT;
            let guard = WaitId::Pid(Pid::from_child(&self.process));
            matches!(waitid(guard, options), Ok(None))
        }
        #[cfg(not(unix))]
        matches!(self.process.try_wait(), Ok(None))
    }

    fn send(&mut self, message: &ToGuard<'_>, bytes: &[u8]) -> io::Result<()> {
        let stdin = self.stdin.as_mut();
        send(stdin.ok_or(io::ErrorKind::BrokenPipe)?, message, bytes)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // When its standard input is closed, it kills its job, if it has one, and exits.
        self.stdin = None;
        let deadline = Instant::now() + GRACE;
        while self.is_running() && Instant::now() < deadline {
            pause(EXIT_POLL);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
