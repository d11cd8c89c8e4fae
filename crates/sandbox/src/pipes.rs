//! The three standard streams of a job, each with a detached thread.

use std::io::{ErrorKind, Read, Write};
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use crate::event::Event;
use crate::job::{Job, Output};

/// Tells the reading threads that every process of the job has been killed. Clones share one flag.
#[derive(Clone, Default)]
pub(crate) struct JobEnded(Arc<AtomicBool>);

impl JobEnded {
    /// The threads report what is still in the pipes and exit, even if a process that survived the kill
    /// holds a pipe open. Where a pipe cannot be checked without blocking, they exit when it is closed.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Writes the job's standard input, and reports what it prints up to its limit.
pub(crate) fn connect(child: &mut Child, job: &Job, events: &Sender<Event>) -> JobEnded {
    let limit = job.limits.output;
    let ended = JobEnded::default();
    if let Some(stdout) = child.stdout.take() {
        let (ended, events) = (ended.clone(), events.clone());
        thread::spawn(move || {
            report(
                stdout,
                wait_readable,
                &ended,
                limit,
                Output::Stdout,
                &events,
            )
        });
    }
    if let Some(stderr) = child.stderr.take() {
        let (ended, events) = (ended.clone(), events.clone());
        thread::spawn(move || {
            report(
                stderr,
                wait_readable,
                &ended,
                limit,
                Output::Stderr,
                &events,
            )
        });
    }
    if let Some(mut stdin) = child.stdin.take()
        && !job.stdin.is_empty()
    {
        let bytes = job.stdin.clone();
        // Fails with a broken pipe if the program does not read all of its input.
        thread::spawn(move || stdin.write_all(&bytes));
    }
    ended
}

/// Reports up to `limit` bytes, and [`Event::OutputLimitExceeded`] in place of the next one.
fn report<P: Read>(
    mut pipe: P,
    wait_readable: fn(&P) -> bool,
    job_ended: &JobEnded,
    limit: u64,
    output: fn(Vec<u8>) -> Output,
    events: &Sender<Event>,
) {
    let mut buffer = vec![0; 64 << 10];
    let mut left = limit;
    loop {
        // Read before the pipe is checked: all that was printed before the end is in the pipe by then.
        let has_ended = job_ended.is_set();
        if !wait_readable(&pipe) {
            if has_ended {
                return;
            }
            continue;
        }
        let read = match pipe.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Ok(0) | Err(_) => return,
            Ok(read) => read,
        };
        let kept = usize::try_from(left).unwrap_or(usize::MAX).min(read);
        left -= kept as u64;
        // The receiver is gone if the job was given up.
        if kept > 0
            && events
                .send(Event::Printed(output(buffer[..kept].to_vec())))
                .is_err()
        {
            return;
        }
        if kept < read {
            // Sent before the pipe is dropped, so that it arrives before the program can die from writing
            // to a broken pipe.
            let _ = events.send(Event::OutputLimitExceeded);
            return;
        }
    }
}

/// Waits a short time for something to read, or for the last writer to close the pipe. Returns whether that happened.
#[cfg(unix)]
fn wait_readable<P: std::os::fd::AsFd>(pipe: &P) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let at_most = Timespec {
        tv_sec: 0,
        tv_nsec: 50_000_000,
    };
    let mut pipes = [PollFd::new(pipe, PollFlags::IN)];
    // An error means an interruption; the pipe is checked again.
    poll(&mut pipes, Some(&at_most)).is_ok_and(|ready| ready > 0)
}

/// On these systems a pipe cannot be checked: reading it blocks.
#[cfg(not(unix))]
fn wait_readable<P>(_pipe: &P) -> bool {
    true
}
