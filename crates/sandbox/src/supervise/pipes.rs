//! The three streams of a job, each with a thread that nobody waits for.

use std::io::{ErrorKind, Read, Write};
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use super::Event;
use crate::{Job, Output};

/// Tells the threads when nobody is left who could print. Clones are the same switch.
#[derive(Clone, Default)]
pub(crate) struct Printing(Arc<AtomicBool>);

impl Printing {
    /// The threads report what is still in the pipes, and end, even if somebody whom the kill did not
    /// reach holds a pipe open. Where a pipe cannot be asked what is in it, they end when it is closed.
    pub(crate) fn end(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Writes what the job is to read, and reports what it prints up to its limit.
pub(crate) fn connect(child: &mut Child, job: &Job, events: &Sender<Event>) -> Printing {
    let limit = job.limits.output;
    let printing = Printing::default();
    if let Some(stdout) = child.stdout.take() {
        let (printing, events) = (printing.clone(), events.clone());
        thread::spawn(move || report(stdout, has_news, &printing, limit, Output::Stdout, &events));
    }
    if let Some(stderr) = child.stderr.take() {
        let (printing, events) = (printing.clone(), events.clone());
        thread::spawn(move || report(stderr, has_news, &printing, limit, Output::Stderr, &events));
    }
    if let Some(mut stdin) = child.stdin.take()
        && !job.stdin.is_empty()
    {
        let bytes = job.stdin.clone();
        // A program need not read what it is given: then the pipe breaks.
        thread::spawn(move || stdin.write_all(&bytes));
    }
    printing
}

/// Reports up to `limit` bytes, and [`Event::TooMuch`] instead of the next one.
fn report<P: Read>(
    mut pipe: P,
    has_news: fn(&P) -> bool,
    printing: &Printing,
    limit: u64,
    output: fn(Vec<u8>) -> Output,
    events: &Sender<Event>,
) {
    let mut buffer = vec![0; 64 << 10];
    let mut left = limit;
    loop {
        // Asked before the pipe is: what was printed before the end is in it by then.
        let is_over = printing.0.load(Ordering::Acquire);
        if !has_news(&pipe) {
            if is_over {
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
        // Nobody listens any more if the job was given up.
        if kept > 0
            && events
                .send(Event::Printed(output(buffer[..kept].to_vec())))
                .is_err()
        {
            return;
        }
        if kept < read {
            // Said before the pipe is dropped, so that it is known before the program can end of
            // writing into a broken pipe.
            let _ = events.send(Event::TooMuch);
            return;
        }
    }
}

/// Whether there is something to read, or nobody left who could write. Waits for it for a short time.
#[cfg(unix)]
fn has_news<P: std::os::fd::AsFd>(pipe: &P) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let at_most = Timespec {
        tv_sec: 0,
        tv_nsec: 50_000_000,
    };
    let mut pipes = [PollFd::new(pipe, PollFlags::IN)];
    // An error is an interruption, and the pipe is asked again.
    poll(&mut pipes, Some(&at_most)).is_ok_and(|ready| ready > 0)
}

/// These systems do not say: reading waits.
#[cfg(not(unix))]
fn has_news<P>(_pipe: &P) -> bool {
    true
}
