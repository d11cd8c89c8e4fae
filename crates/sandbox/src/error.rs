//! Why a job could not be run.

use std::ffi::OsString;
use std::io;

/// Why a job could not be run. How a program ends is no error, see [`Ended`](crate::Ended).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is missing, is no program, or its folder is missing.
    #[error("{program:?} could not be started.")]
    NotStarted {
        /// The program, as it was given.
        program: OsString,
        /// What the system says.
        source: io::Error,
    },
    /// No guard could be started.
    #[error("The process that guards programs could not be started.")]
    NoGuard(#[source] io::Error),
    /// Some process of the job withstands being killed.
    #[error("Some process of a program could not be ended.")]
    NotEnded(#[source] io::Error),
}
