//! The side of the guard.

use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::order::Order;
use crate::protocol::{FromGuard, ToGuard, hear, say};
use crate::supervise::tree::become_guardian;
use crate::supervise::{Orphans, Progress, supervise};
use crate::{Cancel, Output};

/// The switch of the job that was sent last.
type Current = Arc<Mutex<Cancel>>;

type Said = (FromGuard, Vec<u8>);

/// What the hidden subcommand of the host program calls: takes jobs on standard input and runs one
/// after the other until that ends, which also ends the job that runs.
///
/// It is to be called first thing in `main`: the process must have no children, and nobody else may
/// use its standard input and output.
pub fn guard_main() -> ExitCode {
    become_guardian();
    // Said before there can be a job, which may end this process before another thread has had a turn.
    // Fails, as the answers below, once the host is gone. Then the orders end, too.
    let _ = say(&mut io::stdout(), &FromGuard::Ready, &[]);
    let current = Current::default();
    // A host that is stopped does not read. Neither thread keeps the job's limits from being kept.
    let answers = answer(Arc::clone(&current));
    let orders = listen(current);

    for (order, cancel) in orders {
        let ran = supervise(&order, Orphans::Adopted, &cancel, &mut |progress| {
            let _ = answers.send(match progress {
                Progress::Started(root) => (FromGuard::Started(root), Vec::new()),
                Progress::Printed(Output::Stdout(bytes)) => (FromGuard::Stdout, bytes),
                Progress::Printed(Output::Stderr(bytes)) => (FromGuard::Stderr, bytes),
            });
        });
        if answers
            .send((FromGuard::Ended(ran.into()), Vec::new()))
            .is_err()
        {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Takes the jobs as they come. When the host is gone the current one is cancelled.
fn listen(current: Current) -> Receiver<(Order, Cancel)> {
    let (sender, orders) = mpsc::channel();
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Ok(Some((message, bytes))) = hear(&mut stdin) {
            match message {
                ToGuard::Run(order) => {
                    let mut order: Order = order.into_owned();
                    order.job.stdin = bytes;
                    // Each has its own switch: a cancellation that comes too late for one job must
                    // not meet the next.
                    let cancel = Cancel::default();
                    *lock(&current) = cancel.clone();
                    if sender.send((order, cancel)).is_err() {
                        break;
                    }
                }
                ToGuard::Cancel => lock(&current).cancel(),
            }
        }
        lock(&current).cancel();
    });
    orders
}

/// Says what is sent. When nobody hears it the current job is cancelled.
fn answer(current: Current) -> Sender<Said> {
    let (sender, answers) = mpsc::channel::<Said>();
    thread::spawn(move || {
        let mut stdout = io::stdout().lock();
        for (message, bytes) in answers {
            if say(&mut stdout, &message, &bytes).is_err() {
                break;
            }
        }
        lock(&current).cancel();
    });
    sender
}

fn lock(current: &Mutex<Cancel>) -> std::sync::MutexGuard<'_, Cancel> {
    current.lock().unwrap_or_else(PoisonError::into_inner)
}
