//! Notices when the learner saves a file.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use autograder::files;
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};

/// How long to wait for further changes: to save a file, editors write and rename more than once.
const DEBOUNCE: Duration = Duration::from_millis(30);

/// How often the files are polled if the system reports changes. It silently misses changes that another machine
/// makes on a network drive, or Windows on a drive seen from WSL.
const FALLBACK_POLL: Duration = Duration::from_secs(2);

/// How often the files are polled if the system does not report changes.
const POLL: Duration = Duration::from_millis(300);

/// Calls `on_change` after each change of a Rust file's content below a folder, until it returns `false` or
/// the returned watcher is dropped. With `poll`, the system is not asked to report changes.
///
/// # Errors
///
/// If the folder cannot be read.
pub fn watch(
    folder: &Path,
    poll: bool,
    on_change: impl Fn() -> bool + Send + 'static,
) -> Result<Option<RecommendedWatcher>> {
    let (tx, reports) = mpsc::channel();
    let mut before = contents(folder)?;
    let watcher = if poll {
        None
    } else {
        system_watcher(folder, tx.clone())
    };
    let interval = if watcher.is_some() {
        FALLBACK_POLL
    } else {
        POLL
    };
    let folder = folder.to_owned();
    thread::spawn(move || {
        // Without a watcher, this sender keeps the channel open.
        let _tx = tx;
        loop {
            match reports.recv_timeout(interval) {
                Ok(()) => while reports.recv_timeout(DEBOUNCE).is_ok() {},
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            // A folder that is being replaced will be back in a moment.
            let Ok(now) = contents(&folder) else { continue };
            if now != before {
                before = now;
                if !on_change() {
                    return;
                }
            }
        }
    });
    Ok(watcher)
}

/// A watcher that uses the system's reports, if the system supports that.
fn system_watcher(folder: &Path, tx: mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let report = move |event: notify::Result<notify::Event>| {
        // Reading a file is reported, too.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = tx.send(());
        }
    };
    // What is behind a symbolic link is polled: it may be a large folder, or lead in a circle.
    let config = Config::default().with_follow_symlinks(false);
    let mut watcher = RecommendedWatcher::new(report, config).ok()?;
    watcher.watch(folder, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}

/// The content of every Rust file, or `None` if a file cannot be read.
fn contents(folder: &Path) -> Result<Vec<(PathBuf, Option<Vec<u8>>)>> {
    let files = files::below(folder, "rs").context("The answers cannot be watched.")?;
    let content = |file: PathBuf| {
        let bytes = files::bytes(&file).ok();
        (file, bytes)
    };
    Ok(files.into_iter().map(content).collect())
}
