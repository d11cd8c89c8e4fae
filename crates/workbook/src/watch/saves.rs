//! Notices that the learner has saved.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use autograder::files;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

/// An editor that saves writes more than once, and renames: the last of it counts.
const QUIET: Duration = Duration::from_millis(30);

/// How often the files are looked at where the system reports changes. It does not report those that
/// another machine makes on a network drive, or Windows on a drive seen from WSL, and does not say so.
const SELDOM: Duration = Duration::from_secs(2);

/// How often the files are looked at where the system reports nothing.
const OFTEN: Duration = Duration::from_millis(300);

/// Calls `tell` after each change of a Rust file's content below a folder, until it returns `false` or
/// what this gives is dropped. With `poll`, the system is not asked to report changes.
///
/// # Errors
///
/// If the folder cannot be read.
pub fn watch(
    folder: &Path,
    poll: bool,
    tell: impl Fn() -> bool + Send + 'static,
) -> Result<Option<RecommendedWatcher>> {
    let (reports, reported) = mpsc::channel();
    let mut before = contents(folder)?;
    let watcher = if poll {
        None
    } else {
        native(folder, reports.clone())
    };
    let pause = if watcher.is_some() { SELDOM } else { OFTEN };
    let folder = folder.to_owned();
    thread::spawn(move || {
        // Without a watcher this is all that keeps the channel open.
        let _reports = reports;
        loop {
            match reported.recv_timeout(pause) {
                Ok(()) => while reported.recv_timeout(QUIET).is_ok() {},
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            // A folder that is being replaced is there again in a moment.
            let Ok(now) = contents(&folder) else { continue };
            if now != before {
                before = now;
                if !tell() {
                    return;
                }
            }
        }
    });
    Ok(watcher)
}

/// The system's own reports; none where it has none to give.
fn native(folder: &Path, reports: mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let report = move |event: notify::Result<notify::Event>| {
        // Reading the files is reported, too.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = reports.send(());
        }
    };
    let mut watcher = notify::recommended_watcher(report).ok()?;
    watcher.watch(folder, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}

/// What every Rust file says. One that cannot be read says nothing.
fn contents(folder: &Path) -> Result<Vec<(PathBuf, Option<Vec<u8>>)>> {
    let files = files::below(folder, "rs").context("The answers cannot be watched.")?;
    let content = |file: PathBuf| {
        // A pipe or a device would be read for ever.
        let is_file = file.metadata().is_ok_and(|about| about.is_file());
        let bytes = is_file.then(|| fs::read(&file).ok()).flatten();
        (file, bytes)
    };
    Ok(files.into_iter().map(content).collect())
}
