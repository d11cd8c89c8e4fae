//! The three streams of a job, each with a thread that nobody waits for.

use std::io::{ErrorKind, Read, Write};
use std::process::Child;
use std::sync::mpsc::Sender;
use std::thread;

use super::Event;
use crate::{Job, Output};

/// Writes what the job is to read, and reports what it prints up to its limit.
pub(crate) fn connect(child: &mut Child, job: &Job, events: &Sender<Event>) {
    let limit = job.limits.output;
    if let Some(stdout) = child.stdout.take() {
        report(stdout, limit, Output::Stdout, events.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        report(stderr, limit, Output::Stderr, events.clone());
    }
    if let Some(mut stdin) = child.stdin.take()
        && !job.stdin.is_empty()
    {
        let bytes = job.stdin.clone();
        // A program need not read what it is given: then the pipe breaks.
        thread::spawn(move || stdin.write_all(&bytes));
    }
}

/// Reports up to `limit` bytes, and [`Event::TooMuch`] instead of the next one.
fn report(
    mut pipe: impl Read + Send + 'static,
    limit: u64,
    output: fn(Vec<u8>) -> Output,
    events: Sender<Event>,
) {
    thread::spawn(move || {
        let mut buffer = vec![0; 64 << 10];
        let mut left = limit;
        loop {
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
                // Said before the pipe is dropped, so that it is known before the program can end
                // of writing into a broken pipe.
                let _ = events.send(Event::TooMuch);
                return;
            }
        }
    });
}
