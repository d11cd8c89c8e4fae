//! How a command ended.

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Everything that was asked for is solved, or done.
    Solved,
    /// Something is not solved yet.
    NotSolved,
    /// The machine lacks a requirement.
    MissingRequirement,
    /// The learner interrupted it.
    Interrupted,
}
