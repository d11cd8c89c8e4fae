//! A guard, as its host sees it.

use std::borrow::Cow;
use std::io::{self, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::order::Order;
use crate::pause::pause;
use crate::protocol::{FromGuard, ToGuard, hear, say};
use crate::supervise::{TICK, tree};
use crate::{Cancel, Error, Finished, Output};

/// How much longer than its job may run a guard may take to say that it has ended it, or that it cannot.
const GRACE: Duration = Duration::from_secs(60);

/// How long to wait between two looks at a guard that is to end.
const BREATH: Duration = Duration::from_micros(500);

/// A process that runs one job after the other.
pub(super) struct Guard {
    process: Child,
    /// `None` only while it is dropped.
    orders: Option<ChildStdin>,
    answers: Receiver<(FromGuard, Vec<u8>)>,
    /// Whether it has proved to be a guard.
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
        // Ctrl-C in the terminal is for the host. The guard ends what it guards when the host is gone,
        // and must not go before.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn()?;
        let orders = process.stdin.take();
        let stdout = process.stdout.take();
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            let mut stdout = BufReader::with_capacity(64 << 10, stdout?);
            while let Ok(Some(answer)) = hear(&mut stdout) {
                sender.send(answer).ok()?;
            }
            Some(())
        });
        Ok(Self {
            process,
            orders,
            answers,
            ready: false,
            root: None,
        })
    }

    /// Gives it a job.
    ///
    /// # Errors
    ///
    /// If it is gone.
    pub(super) fn give(&mut self, order: &Order) -> io::Result<()> {
        self.root = None;
        self.tell(&ToGuard::Run(Cow::Borrowed(order)), &order.job.stdin)
    }

    /// Follows the job that was given, to its end. `None` if the guard is gone or does not answer.
    pub(super) fn watch(
        &mut self,
        order: &Order,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Option<Result<Finished, Error>> {
        let started = Instant::now();
        let mut longest = order.job.limits.wall.saturating_add(GRACE);
        let mut cancelled = false;
        loop {
            match self.answers.recv_timeout(TICK) {
                Ok((FromGuard::Ready, _)) => self.ready = true,
                Ok((FromGuard::Started(root), _)) => self.root = Some(root),
                Ok((FromGuard::Stdout, bytes)) => output(Output::Stdout(bytes)),
                Ok((FromGuard::Stderr, bytes)) => output(Output::Stderr(bytes)),
                Ok((FromGuard::Ended(ran), _)) => return Some(ran.received(&order.job)),
                Err(RecvTimeoutError::Timeout) if self.is_there() => {}
                Err(_) => return None,
            }
            if cancel.is_cancelled() && !cancelled {
                cancelled = true;
                longest = longest.min(started.elapsed() + GRACE);
                // If it is gone, that will be seen.
                let _ = self.tell(&ToGuard::Cancel, &[]);
            }
            if started.elapsed() > longest {
                return None;
            }
        }
    }

    /// Ends what is left of a guard and its job. Returns how many processes of the job were left beside
    /// the first.
    ///
    /// # Errors
    ///
    /// If this is no guard, or some process of the job cannot be killed.
    pub(super) fn give_up(mut self, order: &Order) -> Result<usize, Error> {
        let mut ancestors = vec![self.process.id()];
        ancestors.extend(self.root);
        let left = tree::sweep(&ancestors, &order.mark).map_err(Error::NotEnded)?;
        // Fails if it has ended.
        let _ = self.process.kill();
        let status = self.process.wait().map_err(Error::NoGuard)?;
        if !self.ready {
            let message = format!("it ended with {status} before it was ready");
            return Err(Error::NoGuard(io::Error::other(message)));
        }
        Ok(left)
    }

    /// Whether it still runs. One that has been stopped does not.
    pub(super) fn is_there(&mut self) -> bool {
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

    fn tell(&mut self, message: &ToGuard<'_>, bytes: &[u8]) -> io::Result<()> {
        let orders = self.orders.as_mut();
        say(orders.ok_or(io::ErrorKind::BrokenPipe)?, message, bytes)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // At the end of its orders it ends its job, if it has one, and itself.
        self.orders = None;
        let deadline = Instant::now() + GRACE;
        while self.is_there() && Instant::now() < deadline {
            pause(BREATH);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
