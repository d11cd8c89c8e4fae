//! Finding processes in `/proc`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::LazyLock;

use procfs::process::{Process, Stat, all_processes};

use crate::order::MARK;

/// Whether the kernel lists a process's children. Most are built so; WSL's was not always.
static CHILDREN_ARE_LISTED: LazyLock<bool> =
    LazyLock::new(|| Path::new("/proc/thread-self/children").exists());

/// All processes that descend from this one, parents first. One that starts or ends meanwhile may be
/// missing, and what descends from it.
pub(super) fn descendants(ancestor: i32) -> Vec<Stat> {
    if *CHILDREN_ARE_LISTED {
        closure(ancestor, children)
    } else {
        let all = all();
        closure(ancestor, |parent| {
            let children = all.iter().filter(|stat| stat.ppid == parent);
            children.map(|stat| stat.pid).collect()
        })
    }
}

/// This process and all that descend from it.
pub(super) fn with_descendants(ancestor: i32) -> Vec<Stat> {
    let mut found: Vec<_> = stat(ancestor).into_iter().collect();
    found.extend(descendants(ancestor));
    found
}

/// These processes, all that descend from them or are in a group that one of them leads, and all that
/// carry a job's mark.
pub(super) fn of_job(ancestors: &[i32], mark: &str) -> Vec<Stat> {
    let mut found: Vec<_> = ancestors
        .iter()
        .copied()
        .flat_map(with_descendants)
        .collect();
    let others = all()
        .into_iter()
        .filter(|stat| ancestors.contains(&stat.pgrp) || is_marked(stat.pid, mark));
    found.extend(others);
    found
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

fn closure(ancestor: i32, children: impl Fn(i32) -> Vec<i32>) -> Vec<Stat> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        for child in children(parent) {
            if seen.insert(child)
                && let Some(stat) = stat(child)
            {
                found.push(stat);
                parents.push(child);
            }
        }
    }
    found
}

/// The children of each of its threads; none if it has ended.
fn children(parent: i32) -> Vec<i32> {
    let tasks = Process::new(parent).and_then(|process| process.tasks());
    let children = tasks.into_iter().flatten().flatten();
    children
        .filter_map(|task| task.children().ok())
        .flatten()
        .filter_map(|child| i32::try_from(child).ok())
        .collect()
}

fn all() -> Vec<Stat> {
    let processes = all_processes().into_iter().flatten().flatten();
    processes
        .filter_map(|process| process.stat().ok())
        .collect()
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
