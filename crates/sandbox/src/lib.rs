//! Runs programs under limits, and ends whole trees of processes.
//!
//! A [`Job`] is a program with [`Limits`]; a [`Runner`] runs it. [`Guards`] is the one to use: each of
//! its guards is the host program, started once more with a hidden subcommand, and guards one job after
//! the other.
//!
//! ```no_run
//! use std::process::Command;
//! use std::time::Duration;
//!
//! use sandbox::{Cancel, Ended, Guards, Job, Limits, guard_main, run_to_text};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! if std::env::args().nth(1).as_deref() == Some("guard") {
//!     guard_main();
//!     return Ok(());
//! }
//! let this = std::env::current_exe()?;
//! let guards = Guards::of_cores(move || {
//!     let mut guard = Command::new(&this);
//!     guard.arg("guard");
//!     guard
//! });
//! let limits = Limits {
//!     wall: Duration::from_secs(10),
//!     cpu: Duration::from_secs(10),
//!     memory: 512 << 20,
//!     output: 1 << 20,
//!     processes: 16,
//! };
//! let ran = run_to_text(&guards, &Job::new("/bin/date", limits), &Cancel::default())?;
//! assert_eq!(ran.finished.ended, Ended::Exit(0));
//! # Ok(())
//! # }
//! ```
//!
//! # What holds where
//!
//! | | Linux, guards | Linux, in process | other Unix | Windows |
//! |---|---|---|---|---|
//! | limits on real time and output | yes | yes | yes | yes |
//! | limits on processor time, memory and processes | yes | but for orphans | no | no |
//! | what is ended | everything | what can be found | the process group | the first process |
//! | the host is killed | the job ends | the job goes on | with guards the job ends | the same |
//!
//! *What can be found* has the job's mark in its environment, descends from the job's first process or
//! from one with the mark, or is still in a group that one of these leads. The same is looked for when
//! a job kills its own guard.
//!
//! On Linux, memory, processor time and processes are looked at every 10 ms, and a job that is over a
//! limit is killed then; how far it gets in 10 ms is how far it can be over. The system's own limits
//! stand behind that: no core files, no file above 256 MiB, four times the memory and 4 GiB in
//! addresses, two seconds more on a processor, and, unless the user is the administrator, no more than
//! 4096 new threads. When the machine is out of memory, the job goes first.
//!
//! This keeps mistakes from doing harm. It is no jail: a program may read and write what its user may,
//! and `kill -9 -1` ends everything that its user runs.

mod cancel;
mod error;
mod guard_main;
mod guards;
mod in_process;
mod job;
mod order;
mod pause;
mod protocol;
mod supervise;
mod text;

pub use cancel::Cancel;
pub use error::Error;
pub use guard_main::guard_main;
pub use guards::Guards;
pub use in_process::InProcess;
pub use job::{Ended, Finished, Job, Limit, Limits, Output};
pub use text::{Printed, run_to_text};

/// Something that runs jobs.
pub trait Runner: Send + Sync {
    /// Runs a job to its end and gives what it prints to `output`, as it comes. When this returns,
    /// no process of the job is alive, as far as the system lets know.
    ///
    /// # Errors
    ///
    /// If the job cannot be started or ended. How it ends is no error.
    fn run(
        &self,
        job: &Job,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Result<Finished, Error>;
}
