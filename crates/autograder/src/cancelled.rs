//! The error of work that was cancelled.

/// The work was cancelled by its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("It was cancelled.")
    }
}

impl std::error::Error for Cancelled {}
