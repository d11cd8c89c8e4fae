//! The guard's side of the protocol.

use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::cancel::Cancel;
use crate::job::Output;
use crate::protocol::{FromGuard, ToGuard, receive, send};
use crate::spec::JobSpec;
use crate::supervise::{Progress, supervise};
use crate::tree::{Orphans, become_subreaper};

/// The cancellation flag of the job that was received last.
type Current = Arc<Mutex<Cancel>>;

type Message = (FromGuard, Vec<u8>);

/// The body of the host program's hidden subcommand: receives jobs on standard input and runs them one
/// at a time until standard input is closed, which also ends the running job.
///
/// Call it first thing in `main`: the process must have no children, and nothing else may use its
/// standard input and output.
pub fn guard_main() -> ExitCode {
    become_subreaper();
    // Sent before there can be a job, because a job may kill this process before another thread gets a
    // turn. Sending fails, here and below, once the host is gone. Then standard input is closed, too.
    let _ = send(&mut io::stdout(), &FromGuard::Ready, &[]);
    let current = Current::default();
    // A stopped host does not read. With a thread each for reading and writing, the job's limits are
    // enforced all the same.
    let messages = spawn_writer(Arc::clone(&current));
    let jobs = spawn_reader(current);

    for (spec, cancel) in jobs {
        let ran = supervise(&spec, Orphans::Adopted, &cancel, &mut |progress| {
            let _ = messages.send(match progress {
                Progress::Started(root) => (FromGuard::Started(root), Vec::new()),
                Progress::Printed(Output::Stdout(bytes)) => (FromGuard::Stdout, bytes),
                Progress::Printed(Output::Stderr(bytes)) => (FromGuard::Stderr, bytes),
            });
        });
        if messages
            .send((FromGuard::Ended(ran.into()), Vec::new()))
            .is_err()
        {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Receives jobs and cancellations. Cancels the current job when the host is gone.
fn spawn_reader(current: Current) -> Receiver<(JobSpec, Cancel)> {
    let (tx, jobs) = mpsc::channel();
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Ok(Some((message, bytes))) = receive(&mut stdin) {
            match message {
                ToGuard::Run(spec) => {
                    let mut spec: JobSpec = spec.into_owned();
                    spec.job.stdin = bytes;
                    // Each job has its own flag: a cancellation that arrives too late for one job must
                    // not cancel the next.
                    let cancel = Cancel::default();
                    *lock(&current) = cancel.clone();
                    if tx.send((spec, cancel)).is_err() {
                        break;
                    }
                }
                ToGuard::Cancel => lock(&current).cancel(),
            }
        }
        lock(&current).cancel();
    });
    jobs
}

/// Sends messages to the host. Cancels the current job when the host no longer reads.
fn spawn_writer(current: Current) -> Sender<Message> {
    let (tx, messages) = mpsc::channel::<Message>();
    thread::spawn(move || {
        let mut stdout = io::stdout().lock();
        for (message, bytes) in messages {
            if send(&mut stdout, &message, &bytes).is_err() {
                break;
            }
        }
        lock(&current).cancel();
    });
    tx
}

fn lock(current: &Mutex<Cancel>) -> std::sync::MutexGuard<'_, Cancel> {
    current.lock().unwrap_or_else(PoisonError::into_inner)
}
