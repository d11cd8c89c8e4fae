//! Keeps a program from writing to other files than its own.

use std::io;
use std::path::Path;
use std::process::{Child, Command};

/// What this machine keeps a job from that was [confined](crate::Job::confined).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Confinement {
    /// It cannot write, create, remove or rename anything outside of its folder.
    pub files: bool,
    /// It cannot send signals to processes that are not its own.
    pub signals: bool,
}

/// What this machine can keep a confined job from.
pub fn confinement() -> Confinement {
    // A thread that confines itself stays confined.
    let found = std::thread::spawn(|| system::confine_thread(None));
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
            system::confine_thread(folder);
            command.spawn()
        });
        confined
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(target_os = "linux")]
mod system {
    //! Linux: Landlock. An older kernel enforces what it knows, and one without Landlock nothing.

    use std::path::Path;

    use landlock::{
        ABI, Access, AccessFs, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr,
        RulesetCreatedAttr, RulesetError, Scope, path_beneath_rules,
    };

    use super::Confinement;

    /// The rights that are known here.
    const KNOWN: ABI = ABI::V6;

    /// From this version on, a file cannot be emptied either.
    const FILES: ABI = ABI::V3;

    /// From this version on, signals are restricted.
    const SIGNALS: ABI = ABI::V6;

    /// Programs write to it what they do not need.
    const NULL: &str = "/dev/null";

    pub(super) fn confine_thread(folder: Option<&Path>) -> Confinement {
        let abi = match restrict(folder).map(|status| status.landlock) {
            Ok(LandlockStatus::Available { effective_abi, .. }) => effective_abi,
            Ok(_) | Err(_) => return Confinement::default(),
        };
        Confinement {
            files: abi >= FILES,
            signals: abi >= SIGNALS,
        }
    }

    fn restrict(folder: Option<&Path>) -> Result<RestrictionStatus, RulesetError> {
        let write = AccessFs::from_write(KNOWN);
        Ruleset::default()
            .handle_access(write)?
            .scope(Scope::from_all(KNOWN))?
            .create()?
            .add_rules(path_beneath_rules(folder, write))?
            .add_rules(path_beneath_rules([NULL], AccessFs::WriteFile))?
            .restrict_self()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::path::Path;

    use super::Confinement;

    /// No other system has something that needs neither root nor another program.
    pub(super) fn confine_thread(_folder: Option<&Path>) -> Confinement {
        Confinement::default()
    }
}
