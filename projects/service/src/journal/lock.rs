//! One process at a time has the journal.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time::sleep;
use tracing::info;

/// A blocking lock could not be given up when a signal arrives, so this one asks again and again.
const PAUSE: Duration = Duration::from_millis(20);

/// Opens the file, and waits until no other process has it. The system releases the lock when a process ends, however it ends.
pub(super) async fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.create(true).read(true).append(true).open(path)?;
    sync_folder_of(path)?;
    let mut waits = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if waits => {}
            Err(TryLockError::WouldBlock) => {
                info!("waits for the process that has the journal");
                waits = true;
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        sleep(PAUSE).await;
    }
}

/// Without this, a loss of power could remove the file that was created a moment ago, with all records in it.
#[cfg(unix)]
fn sync_folder_of(path: &Path) -> io::Result<()> {
    path.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}
