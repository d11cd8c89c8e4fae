//! Starts a job, enforces its limits, and kills all of it.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::cancel::Cancel;
use crate::disk::bytes_below;
use crate::error::Error;
use crate::event::Event;
use crate::job::{Ended, Finished, Limit, Output};
use crate::pause::TICK;
use crate::pipes;
use crate::spec::JobSpec;
use crate::tree::{Orphans, Tree, Usage};

/// How long a pipe may stay silent after the job's end before it is given up. On Unix a pipe can be checked
/// without blocking, so only the thread that reads it is waited for. Elsewhere a process that survived the kill
/// may hold it open.
const PIPE_TIMEOUT: Duration = Duration::from_secs(if cfg!(unix) { 300 } else { 1 });

/// How often the files of a job are counted, which takes longer than everything else that is checked.
const FILES_TICK: Duration = Duration::from_millis(100);

/// What is reported while the job runs.
pub(crate) enum Progress {
    /// The process ID of the first process.
    Started(u32),
    Printed(Output),
}

/// Runs a job to its end.
///
/// # Errors
///
/// If it cannot be started, or one of its processes cannot be killed.
pub(crate) fn supervise(
    spec: &JobSpec,
    orphans: Orphans,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Progress),
) -> Result<Finished, Error> {
    let limits = &spec.job.limits;
    // Taken before the spawn: the job may run for some time before this thread runs again.
    let started = Instant::now();
    let mut child = spec.spawn().map_err(|source| Error::NotStarted {
        program: spec.job.program().to_owned(),
        source,
    })?;
    progress(Progress::Started(child.id()));

    let (tx, events) = mpsc::channel();
    let job_ended = pipes::connect(&mut child, &spec.job, &tx);
    let tree = Tree::new(child, &spec.mark, orphans);
    tree.set_rlimits(limits);
    tree.report_exit(tx);

    let mut usage = Usage::default();
    let mut next_check = started + TICK;
    let mut next_files = started + FILES_TICK;
    let stopped = loop {
        if cancel.is_cancelled() {
            break Some(Ended::Cancelled);
        }
        let left = limits.wall.saturating_sub(started.elapsed());
        if left.is_zero() {
            break Some(Ended::LimitExceeded(Limit::Wall));
        }
        if Instant::now() >= next_check {
            usage.raise_to(tree.usage(limits.processes));
            if limits.files < u64::MAX && Instant::now() >= next_files {
                let folder = spec.job.own_folder();
                let in_folder = folder.map_or(0, |folder| bytes_below(folder, limits.files));
                usage.files = usage.files.max(in_folder + tree.deleted_files());
                next_files = Instant::now() + FILES_TICK;
            }
            if let Some(limit) = usage.exceeds(limits) {
                break Some(Ended::LimitExceeded(limit));
            }
            next_check = Instant::now() + TICK;
        }
        let next_check_in = next_check.saturating_duration_since(Instant::now());
        match events.recv_timeout(next_check_in.min(left)) {
            Ok(Event::Printed(output)) => progress(Progress::Printed(output)),
            Ok(Event::OutputLimitExceeded) => break Some(Ended::LimitExceeded(Limit::Output)),
            Ok(Event::Exited) | Err(RecvTimeoutError::Disconnected) => break None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    let took = started.elapsed();
    if stopped.is_none() {
        // Until an exited process is reaped, the system still knows its CPU time.
        usage.raise_to(tree.usage(limits.processes));
    }
    let exit = tree.kill();
    job_ended.set();
    let exit = exit.map_err(Error::NotEnded)?;

    let mut ended = match stopped {
        Some(stopped) => stopped,
        // The system's own limit was faster, or the job ended before the next check.
        None if usage.cpu > limits.cpu => Ended::LimitExceeded(Limit::Cpu),
        None => exit.status.into(),
    };
    while let Ok(event) = events.recv_timeout(PIPE_TIMEOUT) {
        match event {
            Event::Printed(output) => progress(Progress::Printed(output)),
            Event::OutputLimitExceeded if stopped.is_none() => {
                ended = Ended::LimitExceeded(Limit::Output);
            }
            Event::OutputLimitExceeded | Event::Exited => {}
        }
    }
    Ok(Finished {
        ended,
        left_behind: if stopped.is_none() { exit.others } else { 0 },
        took,
        cpu: usage.cpu,
        peak_memory: usage.memory,
    })
}
