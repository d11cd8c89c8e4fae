//! What the autograder is doing.

use crate::cargo::Progress;
use crate::library::LibrarySet;

/// What the autograder is doing, for a progress display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Cargo builds the libraries that answers or programs use.
    Libraries {
        /// Which ones.
        set: LibrarySet,
        /// How far it is.
        progress: Progress,
    },
    /// Another process is grading the same chapter.
    Waiting {
        /// Its ID, if it is known.
        process: Option<u32>,
        /// Whether it has been suspended, so that it will not finish by itself.
        is_suspended: bool,
    },
    /// The compiler builds an answer or a program.
    Compiling,
    /// A program runs.
    Running,
    /// Tests run.
    Testing {
        /// How many are done.
        done: usize,
        /// How many there are.
        total: usize,
    },
}
