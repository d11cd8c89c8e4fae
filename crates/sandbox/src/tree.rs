//! The process tree of a job: what it uses, and how all of it is killed.

#[cfg(target_os = "linux")]
mod linux;
mod model;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod root;
#[cfg(all(unix, not(target_os = "linux")))]
mod unix;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(unix))]
use other as system;
#[cfg(all(unix, not(target_os = "linux")))]
use unix as system;

pub(crate) use model::{Orphans, Usage};
pub(crate) use system::{Tree, become_subreaper, kill_job};
