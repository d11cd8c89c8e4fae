//! Why a job could not be run.

use std::ffi::OsString;
use std::io;

/// Why a job could not be run. How a program ends is not an error, see [`Ended`](crate::Ended).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program does not exist or cannot be executed, or its folder does not exist.
    #[error("{program:?} could not be started.")]
    NotStarted {
        /// The program, as it was given.
        program: OsString,
        /// The system's error.
        source: io::Error,
    },
    /// No guard could be started.
    #[error("The process that supervises programs could not be started.")]
    NoGuard(#[source] io::Error),
    /// A process of the job could not be killed.
    #[error("A process of the program could not be killed.")]
    NotEnded(#[source] io::Error),
}
