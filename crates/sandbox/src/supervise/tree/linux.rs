//! On Linux everything is known of a process: `/proc` has it.

use std::collections::BTreeMap;
use std::io;
use std::process::Child;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use procfs::process::{Process, Stat};
use procfs::{Current, LoadAverage, ProcResult};
use rustix::io::Errno;
use rustix::process::{
    DumpableBehavior, Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, getpid, kill_process,
    kill_process_group, prlimit, set_child_subreaper, set_dumpable_behavior, waitid,
};

use super::super::{Event, Orphans, TICK};
use super::{End, Usage, root};
use crate::Limits;
use crate::pause::pause;

mod processes;

use processes::{descendants, is_alive, of_job, resident, runs, with_descendants};

/// How large a file may become that a job writes, in bytes: a disk is not filled by one mistake.
const FILE_SIZE: u64 = 256 << 20;

/// How many threads may be there beside those that were there at the job's start.
const THREADS: u64 = 4096;

/// How long killing is tried before it is given up. A process that waits for a broken disk cannot be
/// killed, but one with much memory on a busy machine needs some seconds to end, too.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait for processes that have been killed to be gone, before the first look. Each later
/// one waits twice as long, up to [`TICK`]: who has much to tear down needs the processor for it.
const BREATH: Duration = Duration::from_micros(200);

/// Processes, each with the time of its start: a number alone may soon be another's.
type Found = BTreeMap<i32, u64>;

/// Makes this process one whose descendants stay its descendants.
pub(crate) fn become_guardian() {
    // Jobs inherit this. It cannot be set for them: as long as they are not quite started they are as
    // closed to others as this process is about to be.
    give_way(Process::myself());
    // Neither call fails on a kernel that is younger than 2012. Without the first, orphans are still
    // found by their group and their mark.
    let _ = set_child_subreaper(Some(getpid()));
    // Nobody but the administrator may look into the guard's open files, and write its answer.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Makes a process, and those that it starts from now on, the first that the system ends when memory runs
/// out; among equals it takes the largest.
fn give_way(process: ProcResult<Process>) {
    // Fails if it has ended already.
    let _ = process.and_then(|process| process.set_oom_score_adj(1000));
}

/// The processes of one job.
pub(crate) struct Tree {
    child: Child,
    root: Pid,
    mark: String,
    orphans: Orphans,
    /// Ticks that earlier children of this process have used.
    before: u64,
}

impl Tree {
    pub(crate) fn new(child: Child, mark: &str, orphans: Orphans) -> Self {
        Self {
            root: Pid::from_child(&child),
            child,
            mark: mark.to_owned(),
            orphans,
            before: ended_children(),
        }
    }

    /// Sets limits of the system's own, for the time between two looks. They are backstops, and wider
    /// than the ones that are looked at: those of the system count each process for itself, and
    /// addresses instead of memory.
    pub(crate) fn restrict(&self, limits: &Limits) {
        let addresses = limits.memory.saturating_mul(4).saturating_add(4 << 30);
        let seconds = limits.cpu.as_secs().saturating_add(2);
        // Counted are all threads of the user, the job's and others.
        let everybody = LoadAverage::current().map_or(0, |load| u64::from(load.max));
        let threads = (everybody + THREADS).saturating_add(limits.processes as u64);
        for (resource, most) in [
            (Resource::Core, 0),
            (Resource::Fsize, FILE_SIZE),
            (Resource::As, addresses),
            (Resource::Nproc, threads),
            (Resource::Cpu, seconds),
        ] {
            let limit = Rlimit {
                current: Some(most),
                maximum: Some(most),
            };
            // Fails if the program has ended already, or has a lower limit than this one.
            let _ = prlimit(Some(self.root), resource, limit);
        }
        if self.orphans == Orphans::Lost {
            give_way(Process::new(raw(self.root)));
        }
    }

    pub(crate) fn announce_end(&self, events: Sender<Event>) {
        root::announce_end(self.root, events);
    }

    /// What the job uses, and has used. Not looked at are processes beyond one more than `most`: they
    /// may come faster than they can be counted.
    pub(crate) fn usage(&self, most: usize) -> Usage {
        // Read before the processes: one that ends in between is missed once, not counted twice.
        let mut ticks = match self.orphans {
            Orphans::Adopted => ended_children().saturating_sub(self.before),
            Orphans::Lost => 0,
        };
        let mut pages = 0;
        let mut processes = 0;
        for stat in self.members() {
            ticks += stat.utime + stat.stime;
            ticks += u64::try_from(stat.cutime + stat.cstime).unwrap_or_default();
            pages += resident(&stat);
            if is_alive(&stat) {
                processes += 1;
            } else {
                self.acknowledge_orphan(&stat);
            }
            if processes > most {
                break;
            }
        }
        Usage {
            cpu: Duration::from_millis(ticks * 1000 / procfs::ticks_per_second()),
            memory: pages * procfs::page_size(),
            processes,
        }
    }

    /// Kills every process of the job, and acknowledges the end of all.
    ///
    /// # Errors
    ///
    /// If some are still alive after [`PATIENCE`].
    pub(crate) fn end(mut self) -> io::Result<End> {
        let others = match self.orphans {
            Orphans::Lost => sweep(&[self.child.id()], &self.mark)?,
            Orphans::Adopted => {
                let mut killed = kill_all(
                    &[raw(self.root)],
                    || descendants(own()),
                    // Whoever has no children left has no descendants: they would be its own.
                    |_| Ok(self.child.try_wait()?.is_some() && acknowledge_all()),
                )?;
                killed.remove(&raw(self.root));
                killed.len()
            }
        };
        Ok(End {
            status: self.child.wait()?,
            others,
        })
    }

    /// Its processes, those included that have ended and not been acknowledged.
    fn members(&self) -> Box<dyn Iterator<Item = Stat>> {
        match self.orphans {
            Orphans::Adopted => Box::new(descendants(own())),
            Orphans::Lost => Box::new(with_descendants(vec![raw(self.root)])),
        }
    }

    /// Acknowledges the end of an adopted process: they would pile up until the job's end.
    fn acknowledge_orphan(&self, ended: &Stat) {
        if ended.ppid == own()
            && ended.pid != raw(self.root)
            && let Some(pid) = Pid::from_raw(ended.pid)
        {
            let _ = waitid(
                WaitId::Pid(pid),
                WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
            );
        }
    }
}

/// Kills what can be found of a job that is not adopted: these processes, those that carry the mark,
/// and all that descend from one of them or are in a group that one of them leads. Returns how many
/// there were beside these. The first of them must have begun before the others of the job, and its end
/// must not have been acknowledged.
///
/// # Errors
///
/// If some are still alive after [`PATIENCE`].
pub(crate) fn sweep(ancestors: &[u32], mark: &str) -> io::Result<usize> {
    // The system's numbers are never larger than the signed type.
    let ancestors: Vec<_> = ancestors.iter().map(|&pid| pid.cast_signed()).collect();
    let mut killed = kill_all(&ancestors, || of_job(&ancestors, mark), Ok)?;
    killed.retain(|pid, _| !ancestors.contains(pid));
    Ok(killed.len())
}

/// Kills the groups that `leaders` lead, and what `find` finds until `done` with it, which is told
/// whether nothing was found and all that was killed is gone.
fn kill_all<Stats: Iterator<Item = Stat>>(
    leaders: &[i32],
    find: impl Fn() -> Stats,
    mut done: impl FnMut(bool) -> io::Result<bool>,
) -> io::Result<Found> {
    // A group gets its signal in one go, however fast its processes multiply. Stopped first, they
    // leave the processor to this search for the rest.
    signal_groups(leaders, Signal::STOP);
    let mut found = stop_all(&find);
    signal_groups(leaders, Signal::KILL);

    let deadline = Instant::now() + PATIENCE;
    let mut breath = BREATH;
    let mut killed = Found::new();
    loop {
        for &pid in found.keys() {
            signal(pid, Signal::KILL);
        }
        let none_found = found.is_empty();
        killed.append(&mut found);
        // A process ends only when it has a turn, and who has led to it may be gone by then.
        let all_gone = none_found && !killed.iter().any(|(&pid, &since)| runs(pid, since));
        if done(all_gone)? {
            return Ok(killed);
        }
        if Instant::now() > deadline {
            let message = format!("after {PATIENCE:?} of killing some were still alive");
            return Err(io::Error::new(io::ErrorKind::TimedOut, message));
        }
        pause(breath);
        breath = TICK.min(2 * breath);
        found = stop_all(&find);
    }
}

/// Stops what `find` finds until it finds nothing new: who is stopped starts no more processes, and
/// stays the parent by which its children are found.
fn stop_all<Stats: Iterator<Item = Stat>>(find: impl Fn() -> Stats) -> Found {
    let mut stopped = Found::new();
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
        // Fails for a process that has ended meanwhile.
        let _ = kill_process(pid, signal);
    }
}

/// Acknowledges the end of all children that have ended, and says whether none is left.
fn acknowledge_all() -> bool {
    loop {
        match waitid(WaitId::All, WaitIdOptions::EXITED | WaitIdOptions::NOHANG) {
            Ok(Some(_)) | Err(Errno::INTR) => {}
            Ok(None) => return false,
            Err(_) => return true,
        }
    }
}

/// Ticks used by the children of this process whose end has been acknowledged, and by theirs.
fn ended_children() -> u64 {
    let stat = Process::myself().and_then(|myself| myself.stat());
    stat.map_or(0, |stat| {
        u64::try_from(stat.cutime + stat.cstime).unwrap_or_default()
    })
}

fn own() -> i32 {
    raw(getpid())
}

fn raw(pid: Pid) -> i32 {
    pid.as_raw_nonzero().get()
}
