//! Finds processes in `/proc`.

use std::collections::BTreeSet;
use std::fs;
use std::iter;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use procfs::process::{Process, Stat, StatFlags, Task, all_processes};

use crate::pause::pause;
use crate::spec::MARK;

/// Whether the kernel lists a process's children. Most kernels are built with this option; WSL's was not always.
static CHILDREN_ARE_LISTED: LazyLock<bool> =
    LazyLock::new(|| Path::new("/proc/thread-self/children").exists());

/// How long an `exec` may take: on a busy machine the process may wait some seconds until it is scheduled.
const EXEC_TIMEOUT: Duration = Duration::from_secs(10);

/// How often to check whether an `exec` is done.
const EXEC_POLL: Duration = Duration::from_micros(100);

/// All processes that descend from this one, parents first. Each is looked up lazily: a caller that
/// stops a process before it asks for the next one finds all its children. A process that starts or exits
/// during the search may be missing, together with its descendants.
pub(super) fn descendants(ancestor: i32) -> impl Iterator<Item = Stat> {
    let children = children();
    transitive(children(ancestor), children)
}

/// These processes and all that descend from them.
pub(super) fn with_descendants(ancestors: Vec<i32>) -> impl Iterator<Item = Stat> {
    transitive(ancestors, children())
}

/// What can be found of a job: the `ancestors`, the processes that carry its mark, and all that descend from
/// one of them or are in a group led by one of them. The first ancestor must be older than all other processes of
/// the job, and must not have been reaped.
pub(super) fn of_job(ancestors: &[i32], mark: &str) -> impl Iterator<Item = Stat> {
    // Older processes do not belong to the job, so their environments need not be read.
    let first = ancestors.first().and_then(|&first| stat(first));
    let since = first.map_or(0, |stat| stat.starttime);
    let all: Vec<_> = all().filter(|stat| stat.starttime >= since).collect();
    let marked = all
        .iter()
        .filter(|stat| is_marked(stat, mark))
        .map(|stat| stat.pid);
    let known: BTreeSet<_> = marked.chain(ancestors.iter().copied()).collect();
    // Only a group's leader tells whose group it is: other members may have joined a group of another program.
    let members = all
        .iter()
        .filter(|stat| known.contains(&stat.pgrp))
        .map(|stat| stat.pid);
    // All are looked up once more: some may have exited during the search.
    with_descendants(members.chain(known.iter().copied()).collect())
}

/// Whether any of its threads runs: other threads may go on after the main thread has exited.
pub(super) fn is_alive(stat: &Stat) -> bool {
    !matches!(stat.state, 'Z' | 'X') || stat.num_threads > 1
}

/// Whether the process with this ID and start time is alive.
pub(super) fn is_running(pid: i32, since: u64) -> bool {
    stat(pid).is_some_and(|stat| stat.starttime == since && is_alive(&stat))
}

/// How many of its pages are in memory.
pub(super) fn resident_pages(stat: &Stat) -> u64 {
    if !main_thread_has_exited(stat) {
        return stat.rss;
    }
    let pages = tasks(stat.pid).filter_map(|task| Some(task.stat().ok()?.rss));
    pages.max().unwrap_or_default()
}

/// Whether only its other threads give access to its memory and its environment.
fn main_thread_has_exited(stat: &Stat) -> bool {
    stat.state == 'Z' && stat.num_threads > 1
}

/// These processes, their children, the children of those, and so on, each once.
fn transitive(
    mut siblings: Vec<i32>,
    children: impl Fn(i32) -> Vec<i32>,
) -> impl Iterator<Item = Stat> {
    let mut seen = BTreeSet::new();
    let mut parents = Vec::new();
    iter::from_fn(move || {
        loop {
            let Some(child) = siblings.pop() else {
                siblings = children(parents.pop()?);
                continue;
            };
            if seen.insert(child)
                && let Some(stat) = stat(child)
            {
                parents.push(child);
                return Some(stat);
            }
        }
    })
}

/// Finds the children of a process.
fn children() -> Box<dyn Fn(i32) -> Vec<i32>> {
    if *CHILDREN_ARE_LISTED {
        Box::new(listed_children)
    } else {
        Box::new(children_by_parents())
    }
}

/// Searches all processes for their parents, for kernels that do not list children.
fn children_by_parents() -> impl Fn(i32) -> Vec<i32> {
    let all: Vec<_> = all().collect();
    move |parent| {
        let children = all.iter().filter(|stat| stat.ppid == parent);
        children.map(|stat| stat.pid).collect()
    }
}

/// The children of each of its threads; none if it has exited.
fn listed_children(parent: i32) -> Vec<i32> {
    tasks(parent)
        .filter_map(|task| task.children().ok())
        .flatten()
        .filter_map(|child| i32::try_from(child).ok())
        .collect()
}

fn tasks(pid: i32) -> impl Iterator<Item = Task> {
    let tasks = Process::new(pid).and_then(|process| process.tasks());
    tasks.into_iter().flatten().flatten()
}

fn all() -> impl Iterator<Item = Stat> {
    let processes = all_processes().into_iter().flatten().flatten();
    processes.filter_map(|process| process.stat().ok())
}

fn stat(pid: i32) -> Option<Stat> {
    Process::new(pid).and_then(|process| process.stat()).ok()
}

fn is_marked(stat: &Stat, mark: &str) -> bool {
    let variable = format!("{MARK}={mark}");
    let has_mark = |thread| {
        let environment = environment(stat, thread);
        let mut variables = environment.split(|&byte| byte == 0);
        variables.any(|one| one == variable.as_bytes())
    };
    if main_thread_has_exited(stat) {
        tasks(stat.pid).any(|task| has_mark(task.tid))
    } else {
        has_mark(stat.pid)
    }
}

/// The environment of one thread, or nothing if it may not be read. During an `exec` the environment is missing
/// or incomplete; this waits until it is done.
fn environment(process: &Stat, thread: i32) -> Vec<u8> {
    let deadline = Instant::now() + EXEC_TIMEOUT;
    let mut now = Some(process.clone());
    while let Some(process) = now {
        let Ok(bytes) = fs::read(format!("/proc/{}/task/{thread}/environ", process.pid)) else {
            break;
        };
        if environment_size(&process).is_none_or(|size| size == bytes.len() as u64)
            || Instant::now() > deadline
        {
            return bytes;
        }
        pause(EXEC_POLL);
        now = stat(process.pid);
    }
    Vec::new()
}

/// How many bytes its environment has, if that can be known; `u64::MAX` if it is not in memory yet.
fn environment_size(stat: &Stat) -> Option<u64> {
    let kernel = stat.flags & StatFlags::PF_KTHREAD.bits() != 0;
    if kernel || matches!(stat.state, 'Z' | 'X') {
        return None;
    }
    let (start, end) = (stat.env_start?, stat.env_end?);
    Some(if end == 0 {
        u64::MAX
    } else {
        end.saturating_sub(start)
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A shell with three children, one of which has a child itself.
    fn family() -> Child {
        let text = "sleep 1000 & sleep 1000 & (sleep 1000 & echo ready; wait) & wait";
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", text]).stdout(Stdio::piped());
        let mut shell = shell.spawn().unwrap();
        let mut line = String::new();
        let stdout = shell.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        shell
    }

    fn pids(stats: impl Iterator<Item = Stat>) -> BTreeSet<i32> {
        stats.map(|stat| stat.pid).collect()
    }

    #[test]
    fn children_lists_and_parent_ids_agree() {
        let mut shell = family();
        let root = shell.id().cast_signed();
        let by_lists = pids(transitive(listed_children(root), listed_children));
        let parents = children_by_parents();
        let by_parents = pids(transitive(parents(root), parents));
        for pid in &by_parents {
            let pid = rustix::process::Pid::from_raw(*pid).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        }
        shell.wait().unwrap();
        assert_eq!(by_parents.len(), 4);
        assert_eq!(by_lists, by_parents);
    }
}
