//! Keeps a program from writing to other files than its own, and from leaving something behind in the kernel.

use std::io;
use std::path::Path;
use std::process::{Child, Command};

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;

/// What this machine keeps a job from that was [confined](crate::Job::confined).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Confinement {
    /// It cannot write, create, remove or rename anything outside of its folder.
    pub files: bool,
    /// It cannot send signals to processes that are not its own.
    pub signals: bool,
    /// It cannot create what counts as no process's memory and stays in the kernel when it has ended: shared memory, queues and
    /// semaphores of System V, message queues of POSIX, and keys.
    pub ipc: bool,
}

/// What this machine can keep a confined job from.
pub fn confinement() -> Confinement {
    // A thread that confines itself stays confined.
    let found = std::thread::spawn(|| confine_thread(None));
    found.join().unwrap_or_default()
}

/// Starts a command that may write only below `folder`, as far as this machine supports that.
///
/// # Errors
///
/// If it cannot be started.
pub(crate) fn spawn(mut command: Command, folder: Option<&Path>) -> io::Result<Child> {
    // What a thread may do is inherited by the processes that it starts. This thread has other things to do later.
    std::thread::scope(|scope| {
        let confined = scope.spawn(|| {
            confine_thread(folder);
            command.spawn()
        });
        confined
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(target_os = "linux")]
fn confine_thread(folder: Option<&Path>) -> Confinement {
    let (files, signals) = files::confine_thread(folder);
    Confinement {
        files,
        signals,
        ipc: calls::confine_thread(),
    }
}

/// No other system has something that needs neither root nor another program.
#[cfg(not(target_os = "linux"))]
fn confine_thread(_folder: Option<&Path>) -> Confinement {
    Confinement::default()
}
