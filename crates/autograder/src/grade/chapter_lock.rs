//! Keeps two processes from building the same chapter at the same time.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::process;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use sandbox::Cancel;

use crate::cancelled::Cancelled;
use crate::step::Step;

/// How often the lock of another process is checked.
const POLL: Duration = Duration::from_millis(20);

/// After how many checks the learner is told. Most waits are shorter.
const UNTIL_TOLD: u32 = 50;

/// A lock file, which contains the ID of the process that has locked it.
pub(super) struct ChapterLock {
    file: File,
}

impl ChapterLock {
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(folder.join("lock"))?;
        Ok(Self { file })
    }

    /// Waits for the lock, which is released when the result is dropped.
    #[expect(
        clippy::disallowed_methods,
        reason = "another process does not run on tokio's clock"
    )]
    pub fn acquire(mut self, cancel: &Cancel, on_step: &mut dyn FnMut(Step)) -> Result<Self> {
        for checked in 1.. {
            match self.file.try_lock() {
                Ok(()) => {
                    // Only a name for others who wait.
                    let _ = self.write_process();
                    break;
                }
                Err(TryLockError::WouldBlock) if cancel.is_cancelled() => bail!(Cancelled),
                Err(TryLockError::WouldBlock) => {
                    if checked % UNTIL_TOLD == 0 {
                        let process = self.read_process();
                        let is_suspended = process.is_some_and(is_suspended);
                        on_step(Step::Waiting {
                            process,
                            is_suspended,
                        });
                    }
                    thread::sleep(POLL);
                }
                // Some network drives have no locks. They are more common than two processes at once.
                Err(TryLockError::Error(_)) => break,
            }
        }
        Ok(self)
    }

    fn write_process(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        write!(self.file, "{}", process::id())
    }

    /// The process that has the lock. Windows does not let others read the file.
    fn read_process(&mut self) -> Option<u32> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        self.file.read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }
}

/// Whether a process has been stopped, with Ctrl+Z for example. Only Linux tells.
fn is_suspended(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before the state is in parentheses, and may contain some itself.
    let state = status.rsplit_once(") ").map(|(_, rest)| rest);
    state.is_some_and(|state| state.starts_with('T'))
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use sandbox::Cancel;

    use super::{ChapterLock, Step, is_suspended, process};
    use crate::cancelled::Cancelled;

    #[test]
    fn a_process_that_waits_says_for_which() {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let cancel = Cancel::default();
        let open = || ChapterLock::open(folder.path()).expect("writable");
        let lock = open().acquire(&cancel, &mut |_| ()).expect("it is free");
        let mut steps = Vec::new();
        let waited = open().acquire(&cancel, &mut |step| {
            steps.push(step);
            cancel.cancel();
        });
        assert!(waited.is_err_and(|error| error.is::<Cancelled>()));
        let waiting = Step::Waiting {
            process: Some(process::id()),
            is_suspended: false,
        };
        assert_eq!(steps, [waiting]);
        drop(lock);
        open()
            .acquire(&Cancel::default(), &mut |step| panic!("{step:?}"))
            .expect("it is free again");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_suspended_process_is_recognised() {
        let mut cat = Command::new("cat")
            .stdin(Stdio::piped())
            .spawn()
            .expect("it is there");
        assert!(!is_suspended(cat.id()));
        let id = cat.id().to_string();
        let stopped = Command::new("kill").args(["-STOP", &id]).status();
        assert!(stopped.is_ok_and(|status| status.success()));
        while !is_suspended(cat.id()) {
            std::thread::yield_now();
        }
        cat.kill().expect("it is there");
        cat.wait().expect("it ends");
    }
}
