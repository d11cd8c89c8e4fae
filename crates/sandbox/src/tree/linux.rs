//! Linux: `/proc` tells everything about a process.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::process::Child;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};
use std::{fs, io};

use procfs::process::{Process, Stat};
use procfs::{Current, LoadAverage, ProcResult};
use rustix::io::Errno;
use rustix::process::{
    DumpableBehavior, Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, getpid, kill_process,
    kill_process_group, prlimit, set_child_subreaper, set_dumpable_behavior, waitid,
};

use super::model::{Orphans, TreeExit, Usage};
use super::root;
use crate::disk::content;
use crate::event::Event;
use crate::job::Limits;
use crate::pause::{TICK, pause};

mod processes;

use processes::{descendants, is_alive, is_running, of_job, resident_pages, with_descendants};

/// The maximal size of a file that a job writes, in bytes, so that one mistake does not fill the disk.
const FILE_SIZE: u64 = 256 << 20;

/// How many threads a job may add to those that its user runs already.
const THREADS: u64 = 4096;

/// How long killing is tried before it is given up. A process that waits for a broken disk cannot be
/// killed at all; one with a lot of memory on a busy machine needs some seconds to exit.
const KILL_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait before the first check whether killed processes are gone. The wait doubles each time, up to
/// [`TICK`], because a process with a lot of memory needs the processor to free it.
const FIRST_WAIT: Duration = Duration::from_micros(200);

/// Process IDs, each with the start time of the process, because process IDs are reused.
type Pids = BTreeMap<i32, u64>;

/// Makes this process adopt all orphans among its descendants.
pub(crate) fn become_subreaper() {
    // Jobs inherit this. It cannot be set for each of them: until its `exec`, a new process is as closed to
    // others as this process is about to be.
    raise_oom_score(Process::myself());
    // Neither call fails on a kernel from 2012 or later. Without the first, orphans are still
    // found by their group and their mark.
    let _ = set_child_subreaper(Some(getpid()));
    // Only root may open the guard's file descriptors, and so forge its messages.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// When memory runs out, the system kills this process and those that it starts from now on before all others,
/// the largest first.
fn raise_oom_score(process: ProcResult<Process>) {
    // Fails if it has exited already.
    let _ = process.and_then(|process| process.set_oom_score_adj(1000));
}

/// The processes of one job.
pub(crate) struct Tree {
    child: Child,
    root: Pid,
    mark: String,
    orphans: Orphans,
    /// The CPU time, in ticks, of children that were reaped before this job.
    ticks_before: u64,
}

impl Tree {
    pub(crate) fn new(child: Child, mark: &str, orphans: Orphans) -> Self {
        Self {
            root: Pid::from_child(&child),
            child,
            mark: mark.to_owned(),
            orphans,
            ticks_before: ticks_of_reaped_children(),
        }
    }

    /// Sets the system's own limits as a backstop between two checks. They are wider than the limits that are
    /// checked: the system counts each process by itself, and address space in place of memory.
    pub(crate) fn set_rlimits(&self, limits: &Limits) {
        let addresses = limits.memory.saturating_mul(4).saturating_add(4 << 30);
        let seconds = limits.cpu.as_secs().saturating_add(2);
        // The system counts all threads of the user, not only those of the job.
        let existing = LoadAverage::current().map_or(0, |load| u64::from(load.max));
        let threads = (existing + THREADS).saturating_add(limits.processes as u64);
        for (resource, most) in [
            (Resource::Core, 0),
            (Resource::Fsize, limits.files.min(FILE_SIZE)),
            (Resource::As, addresses),
            (Resource::Nproc, threads),
            (Resource::Cpu, seconds),
        ] {
            let limit = Rlimit {
                current: Some(most),
                maximum: Some(most),
            };
            // Fails if the program has exited already, or has a lower limit than this one.
            let _ = prlimit(Some(self.root), resource, limit);
        }
        if self.orphans == Orphans::Lost {
            raise_oom_score(Process::new(raw_pid(self.root)));
        }
    }

    pub(crate) fn report_exit(&self, events: Sender<Event>) {
        root::report_exit(self.root, events);
    }

    /// What the job uses and has used. It stops counting after `most` + 1 processes: processes may be started
    /// faster than they can be counted.
    pub(crate) fn usage(&self, most: usize) -> Usage {
        // Read before the processes: one that is reaped in between is missed once, not counted twice.
        let mut ticks = match self.orphans {
            Orphans::Adopted => ticks_of_reaped_children().saturating_sub(self.ticks_before),
            Orphans::Lost => 0,
        };
        let mut pages = 0;
        let mut processes = 0;
        for stat in self.members() {
            ticks += stat.utime + stat.stime;
            ticks += u64::try_from(stat.cutime + stat.cstime).unwrap_or_default();
            pages += resident_pages(&stat);
            if is_alive(&stat) {
                processes += 1;
            } else {
                self.reap_orphan(&stat);
            }
            if processes > most {
                break;
            }
        }
        Usage {
            cpu: Duration::from_millis(ticks * 1000 / procfs::ticks_per_second()),
            memory: pages * procfs::page_size(),
            processes,
            files: 0,
        }
    }

    /// How many bytes are in files that the job has open and that are in no folder: deleted ones, and memory that is
    /// used like a file.
    pub(crate) fn deleted_files(&self) -> u64 {
        let mut files = BTreeMap::new();
        for stat in self.members() {
            let open = fs::read_dir(format!("/proc/{}/fd", stat.pid));
            // A file may be closed, and a process may exit, in the meantime.
            for file in open.into_iter().flatten().flatten() {
                if let Ok(metadata) = fs::metadata(file.path())
                    && metadata.is_file()
                    && metadata.nlink() == 0
                {
                    files.insert((metadata.dev(), metadata.ino()), content(&metadata));
                }
            }
        }
        files.values().sum()
    }

    /// Kills every process of the job, and reaps them all.
    ///
    /// # Errors
    ///
    /// If some are still alive after [`KILL_TIMEOUT`].
    pub(crate) fn kill(mut self) -> io::Result<TreeExit> {
        let others = match self.orphans {
            Orphans::Lost => kill_job(&[self.child.id()], &self.mark)?,
            Orphans::Adopted => {
                let mut killed = kill_all(
                    &[raw_pid(self.root)],
                    || descendants(own_pid()),
                    // A subreaper without children has no descendants: orphans would become its children.
                    |_| Ok(self.child.try_wait()?.is_some() && reap_all()),
                )?;
                killed.remove(&raw_pid(self.root));
                killed.len()
            }
        };
        Ok(TreeExit {
            status: self.child.wait()?,
            others,
        })
    }

    /// Its processes, including zombies.
    fn members(&self) -> Box<dyn Iterator<Item = Stat>> {
        match self.orphans {
            Orphans::Adopted => Box::new(descendants(own_pid())),
            Orphans::Lost => Box::new(with_descendants(vec![raw_pid(self.root)])),
        }
    }

    /// Reaps an adopted process, so that zombies do not accumulate until the job's end.
    fn reap_orphan(&self, zombie: &Stat) {
        if zombie.ppid == own_pid()
            && zombie.pid != raw_pid(self.root)
            && let Some(pid) = Pid::from_raw(zombie.pid)
        {
            let _ = waitid(
                WaitId::Pid(pid),
                WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
            );
        }
    }
}

/// Kills what can be found of a job whose orphans are not adopted: the `ancestors`, the processes that carry the
/// mark, and all that descend from one of them or are in a group led by one of them. Returns how many
/// there were besides the `ancestors`. The first ancestor must be older than all other processes of the job, and
/// must not have been reaped.
///
/// # Errors
///
/// If some are still alive after [`KILL_TIMEOUT`].
pub(crate) fn kill_job(ancestors: &[u32], mark: &str) -> io::Result<usize> {
    // Process IDs always fit into the signed type.
    let ancestors: Vec<_> = ancestors.iter().map(|&pid| pid.cast_signed()).collect();
    let mut killed = kill_all(&ancestors, || of_job(&ancestors, mark), Ok)?;
    killed.retain(|pid, _| !ancestors.contains(pid));
    Ok(killed.len())
}

/// Kills the groups led by `leaders`, and what `find` finds, until `done` returns true. `done` is passed
/// whether nothing more was found and all killed processes are gone.
fn kill_all<Stats: Iterator<Item = Stat>>(
    leaders: &[i32],
    find: impl Fn() -> Stats,
    mut done: impl FnMut(bool) -> io::Result<bool>,
) -> io::Result<Pids> {
    // A whole group is signalled at once, however fast its processes multiply. They are stopped first, to leave
    // the processor to the search for the rest.
    signal_groups(leaders, Signal::STOP);
    let mut found = stop_all(&find);
    signal_groups(leaders, Signal::KILL);

    let deadline = Instant::now() + KILL_TIMEOUT;
    let mut wait = FIRST_WAIT;
    let mut killed = Pids::new();
    loop {
        for &pid in found.keys() {
            signal(pid, Signal::KILL);
        }
        let none_found = found.is_empty();
        killed.append(&mut found);
        // A killed process exits only when it is scheduled. The processes through which it was found may be gone
        // by then.
        let all_gone = none_found && !killed.iter().any(|(&pid, &since)| is_running(pid, since));
        if done(all_gone)? {
            return Ok(killed);
        }
        if Instant::now() > deadline {
            let message = format!("some were still alive {KILL_TIMEOUT:?} after they were killed");
            return Err(io::Error::new(io::ErrorKind::TimedOut, message));
        }
        pause(wait);
        wait = TICK.min(2 * wait);
        found = stop_all(&find);
    }
}

/// Stops what `find` finds until it finds nothing new. A stopped process starts no more processes, and
/// stays the parent through which its children are found.
fn stop_all<Stats: Iterator<Item = Stat>>(find: impl Fn() -> Stats) -> Pids {
    let mut stopped = Pids::new();
    loop {
        let before = stopped.len();
        for stat in find().filter(is_alive) {
            if stopped.insert(stat.pid, stat.starttime).is_none() {
                signal(stat.pid, Signal::STOP);
            }
        }
        if stopped.len() == before {
            return stopped;
        }
    }
}

fn signal_groups(leaders: &[i32], signal: Signal) {
    for group in leaders.iter().copied().filter_map(Pid::from_raw) {
        // Fails if the group is empty.
        let _ = kill_process_group(group, signal);
    }
}

fn signal(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        // Fails for a process that has exited in the meantime.
        let _ = kill_process(pid, signal);
    }
}

/// Reaps all children that have exited, and returns whether none is left.
fn reap_all() -> bool {
    loop {
        match waitid(WaitId::All, WaitIdOptions::EXITED | WaitIdOptions::NOHANG) {
            Ok(Some(_)) | Err(Errno::INTR) => {}
            Ok(None) => return false,
            Err(_) => return true,
        }
    }
}

/// The CPU time, in ticks, of the children that this process has reaped, and of those that they had reaped.
fn ticks_of_reaped_children() -> u64 {
    let stat = Process::myself().and_then(|myself| myself.stat());
    stat.map_or(0, |stat| {
        u64::try_from(stat.cutime + stat.cstime).unwrap_or_default()
    })
}

fn own_pid() -> i32 {
    raw_pid(getpid())
}

fn raw_pid(pid: Pid) -> i32 {
    pid.as_raw_nonzero().get()
}
