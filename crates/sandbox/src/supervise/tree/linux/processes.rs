//! Finding processes in `/proc`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::iter;
use std::path::Path;
use std::sync::LazyLock;

use procfs::process::{Process, Stat, all_processes};

use crate::order::MARK;

/// Whether the kernel lists a process's children. Most are built so; WSL's was not always.
static CHILDREN_ARE_LISTED: LazyLock<bool> =
    LazyLock::new(|| Path::new("/proc/thread-self/children").exists());

/// All processes that descend from this one, parents first, each looked up when it is asked for: who
/// stops a process before asking for the next one finds all its children. One that starts or ends
/// meanwhile may be missing, and what descends from it.
pub(super) fn descendants(ancestor: i32) -> Box<dyn Iterator<Item = Stat>> {
    if *CHILDREN_ARE_LISTED {
        Box::new(closure(ancestor, listed_children))
    } else {
        Box::new(descendants_by_parents(ancestor))
    }
}

/// The same from the parents that all processes name, for kernels that list no children.
fn descendants_by_parents(ancestor: i32) -> impl Iterator<Item = Stat> {
    let all: Vec<_> = all().collect();
    closure(ancestor, move |parent| {
        let children = all.iter().filter(|stat| stat.ppid == parent);
        children.map(|stat| stat.pid).collect()
    })
}

/// This process and all that descend from it.
pub(super) fn with_descendants(ancestor: i32) -> impl Iterator<Item = Stat> {
    stat(ancestor).into_iter().chain(descendants(ancestor))
}

/// What can be found of a job: these processes, those that carry its mark, and all that descend from
/// one of them or are in a group that one of them leads. Some are named twice.
pub(super) fn of_job(ancestors: &[i32], mark: &str) -> impl Iterator<Item = Stat> {
    let all: Vec<_> = all().collect();
    let marked = all
        .iter()
        .map(|stat| stat.pid)
        .filter(|&pid| is_marked(pid, mark));
    let known: BTreeSet<_> = marked.chain(ancestors.iter().copied()).collect();
    // Only a leader says whose group it is: any other may have joined a stranger's.
    let leaders = known.clone();
    let members = all
        .into_iter()
        .filter(move |stat| leaders.contains(&stat.pgrp));
    members.chain(known.into_iter().flat_map(with_descendants))
}

/// Whether some thread of it runs. In a process whose first thread has ended others may go on.
pub(super) fn is_alive(stat: &Stat) -> bool {
    !matches!(stat.state, 'Z' | 'X') || stat.num_threads > 1
}

/// Its pages in memory. Once its first thread has ended only the others know.
pub(super) fn resident(stat: &Stat) -> u64 {
    if stat.state != 'Z' || stat.num_threads <= 1 {
        return stat.rss;
    }
    let tasks = Process::new(stat.pid).and_then(|process| process.tasks());
    let pages = tasks.into_iter().flatten().flatten();
    pages
        .filter_map(|task| Some(task.stat().ok()?.rss))
        .max()
        .unwrap_or_default()
}

fn closure(ancestor: i32, children: impl Fn(i32) -> Vec<i32>) -> impl Iterator<Item = Stat> {
    let mut seen = BTreeSet::new();
    let mut parents = vec![ancestor];
    let mut siblings = Vec::new();
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

/// The children of each of its threads; none if it has ended.
fn listed_children(parent: i32) -> Vec<i32> {
    let tasks = Process::new(parent).and_then(|process| process.tasks());
    let children = tasks.into_iter().flatten().flatten();
    children
        .filter_map(|task| task.children().ok())
        .flatten()
        .filter_map(|child| i32::try_from(child).ok())
        .collect()
}

fn all() -> impl Iterator<Item = Stat> {
    let processes = all_processes().into_iter().flatten().flatten();
    processes.filter_map(|process| process.stat().ok())
}

fn stat(pid: i32) -> Option<Stat> {
    Process::new(pid).and_then(|process| process.stat()).ok()
}

fn is_marked(pid: i32, mark: &str) -> bool {
    let environment = Process::new(pid).and_then(|process| process.environ());
    environment.is_ok_and(|environment| {
        environment
            .get(OsStr::new(MARK))
            .is_some_and(|value| value == mark)
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

    fn numbers(stats: impl Iterator<Item = Stat>) -> BTreeSet<i32> {
        stats.map(|stat| stat.pid).collect()
    }

    #[test]
    fn both_ways_find_the_same() {
        let mut shell = family();
        let root = shell.id().cast_signed();
        let by_lists = numbers(closure(root, listed_children));
        let by_parents = numbers(descendants_by_parents(root));
        for pid in &by_parents {
            let pid = rustix::process::Pid::from_raw(*pid).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        }
        shell.wait().unwrap();
        assert_eq!(by_parents.len(), 4);
        assert_eq!(by_lists, by_parents);
    }
}
