//! Starting a job, watching over it, and ending all of it.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::order::Order;
use crate::{Cancel, Ended, Error, Finished, Limit, Limits, Output};

mod pipes;
pub(crate) mod tree;

use tree::{Tree, Usage};

/// How often memory, processor time and processes are looked at.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// How long a pipe may say nothing after the job's end before it is given up. Where it can be asked what
/// is in it, only the thread that reads it is waited for; elsewhere somebody whom the kill did not reach
/// may hold it open.
const SILENCE: Duration = Duration::from_secs(if cfg!(unix) { 300 } else { 1 });

/// What the threads around a job report.
pub(crate) enum Event {
    Printed(Output),
    /// It printed more than it may.
    TooMuch,
    /// Its first process has ended.
    Ended,
}

/// What is known before the end.
pub(crate) enum Progress {
    /// The number of the first process.
    Started(u32),
    Printed(Output),
}

/// What happens to processes whose parent has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Orphans {
    /// They become children of this process, which has no children but those of the job.
    Adopted,
    /// They become children of the system, and have to be looked for.
    Lost,
}

/// Runs a job to its end.
///
/// # Errors
///
/// If it cannot be started, or what is left of it cannot be killed.
pub(crate) fn supervise(
    order: &Order,
    orphans: Orphans,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Progress),
) -> Result<Finished, Error> {
    let limits = &order.job.limits;
    // Before the job can begin: it may be well on its way before this thread runs again.
    let started = Instant::now();
    let mut child = order
        .command()
        .spawn()
        .map_err(|source| Error::NotStarted {
            program: order.job.program().to_owned(),
            source,
        })?;
    progress(Progress::Started(child.id()));

    let (sender, events) = mpsc::channel();
    let printing = pipes::connect(&mut child, &order.job, &sender);
    let tree = Tree::new(child, &order.mark, orphans);
    tree.restrict(limits);
    tree.announce_end(sender);

    let mut usage = Usage::default();
    let mut next_look = started + TICK;
    let stopped = loop {
        if cancel.is_cancelled() {
            break Some(Ended::Cancelled);
        }
        let left = limits.wall.saturating_sub(started.elapsed());
        if left.is_zero() {
            break Some(Ended::Over(Limit::Wall));
        }
        if Instant::now() >= next_look {
            usage.grow(tree.usage(limits.processes));
            if let Some(limit) = usage.over(limits) {
                break Some(Ended::Over(limit));
            }
            next_look = Instant::now() + TICK;
        }
        let next_look_in = next_look.saturating_duration_since(Instant::now());
        match events.recv_timeout(next_look_in.min(left)) {
            Ok(Event::Printed(output)) => progress(Progress::Printed(output)),
            Ok(Event::TooMuch) => break Some(Ended::Over(Limit::Output)),
            Ok(Event::Ended) | Err(RecvTimeoutError::Disconnected) => break None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    let took = started.elapsed();
    if stopped.is_none() {
        // What has ended can be asked for its processor time until its end is acknowledged.
        usage.grow(tree.usage(limits.processes));
    }
    let end = tree.end();
    printing.end();
    let end = end.map_err(Error::NotEnded)?;

    let mut ended = match stopped {
        Some(stopped) => stopped,
        // The system's own limit was faster, or it ended before the next look.
        None if usage.cpu > limits.cpu => Ended::Over(Limit::Cpu),
        None => end.status.into(),
    };
    while let Ok(event) = events.recv_timeout(SILENCE) {
        match event {
            Event::Printed(output) => progress(Progress::Printed(output)),
            Event::TooMuch if stopped.is_none() => ended = Ended::Over(Limit::Output),
            Event::TooMuch | Event::Ended => {}
        }
    }
    Ok(Finished {
        ended,
        left_behind: if stopped.is_none() { end.others } else { 0 },
        took,
        cpu: usage.cpu,
        peak_memory: usage.memory,
    })
}

impl Usage {
    /// Takes over what is more than was known.
    fn grow(&mut self, seen: Self) {
        self.cpu = self.cpu.max(seen.cpu);
        self.memory = self.memory.max(seen.memory);
        self.processes = self.processes.max(seen.processes);
    }

    fn over(&self, limits: &Limits) -> Option<Limit> {
        if self.processes > limits.processes {
            Some(Limit::Processes)
        } else if self.memory > limits.memory {
            Some(Limit::Memory)
        } else if self.cpu > limits.cpu {
            Some(Limit::Cpu)
        } else {
            None
        }
    }
}
