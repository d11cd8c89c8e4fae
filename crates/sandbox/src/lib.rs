//! Runs programs under limits, and kills their whole process trees.
//!
//! A [`Job`] is a program with [`Limits`]; a [`Runner`] runs it. [`Guards`] is the runner to use: each
//! guard is the host program, started once more with a hidden subcommand, and supervises one job at a
//! time.
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
//!     files: 256 << 20,
//! };
//! let ran = run_to_text(&guards, &Job::new("/bin/date", limits), &Cancel::default())?;
//! assert_eq!(ran.finished.ended, Ended::Exit(0));
//! # Ok(())
//! # }
//! ```
//!
//! # Guarantees by platform
//!
//! | | Linux, guards | Linux, in process | other Unix | Windows |
//! |---|---|---|---|---|
//! | limits on wall-clock time and output | yes | yes | yes | yes |
//! | limits on CPU time, memory and processes | yes | except for orphans | no | no |
//! | limits on files | yes | except for deleted files of orphans | those in its folder | those in its folder |
//! | what is killed | everything | what can be found | the process group | the first process |
//! | when the host is killed | the job ends | the job goes on | with guards, the job ends | the same |
//!
//! *What can be found* are processes that have the job's mark in their environment, that descend from the
//! job's first process or from one with the mark, or that are still in a process group led by one of these.
//! The same search is made when a job kills its own guard.
//!
//! On Linux, memory, CPU time and the number of processes are checked every 10 ms, and a job that exceeds a
//! limit is killed; it can exceed the limit by as much as it manages in 10 ms. The system's own limits are a
//! backstop: no core files, no file above the limit for files or 256 MiB, four times the memory plus 4 GiB of address space, two
//! seconds more CPU time, and, unless the user is root, at most 4096 new threads. When the machine runs out
//! of memory, the job is killed first.
//!
//! # What a job may do
//!
//! A job may do whatever its user may: read and write files, use the network, and kill everything that its user runs with
//! `kill -9 -1`. A job that is [confined](Job::confined) writes only to its own folder, and signals only its own processes,
//! as far as the machine supports that: on Linux with Landlock, files since 6.2 and signals since 6.12. With seccomp it also
//! creates no shared memory of System V, message queues or keys, which would count nowhere and outlive it. [`confinement`]
//! says what holds here. It may still read files and use the network. Where signals are not confined, a job may kill its guard,
//! and a process without the job's mark, group and parent then survives.
//!
//! Memory counts when it is resident. The content of files in the job's folder, of deleted files and of `memfd`s counts as
//! files, and is checked every 100 ms. A job that is not confined can write files elsewhere, which do not count.
//!
//! Control groups are not used. An unprivileged process has one of its own only where systemd or a container delegates it, so
//! everything above has to hold without one.

mod cancel;
mod confine;
mod disk;
mod error;
mod event;
mod guard_main;
mod guards;
mod in_process;
mod job;
mod pause;
mod pipes;
mod protocol;
mod runner;
mod spec;
mod supervise;
mod text;
mod tree;
mod written;

pub use cancel::Cancel;
pub use confine::{Confinement, confinement};
pub use error::Error;
pub use guard_main::guard_main;
pub use guards::Guards;
pub use in_process::InProcess;
pub use job::{Ended, Finished, Job, Limit, Limits, Output};
pub use runner::Runner;
pub use text::{Printed, run_to_text};
pub use written::read_written;
