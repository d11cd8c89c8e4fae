//! Compiles answers and programs, runs them under limits, and gives typed verdicts. It prints nothing:
//! the terminal, the page and the proofs show what it finds.
//!
//! - [`Autograder`] grades a chapter's answers ([`verdict`]) and runs programs ([`snippet`]),
//! - [`manifest`] reads `exercises/exercises.toml`, [`project`] knows where the parts of a workbook are,
//! - [`library`] finds the libraries that cargo has built, [`compiler`] compiles against them.

mod answers;
mod cache;
mod cargo;
pub mod compiler;
pub mod diagnostic;
pub mod files;
mod grade;
mod grader;
pub mod hash;
pub mod library;
pub mod manifest;
pub mod misconception;
pub mod originals;
pub mod project;
pub mod running;
pub mod rustc;
pub mod snippet;
pub mod verdict;

pub use answers::{file_of, stub_of};
pub use cargo::Progress;
pub use grade::{Autograder, FOR_A_TEST, Step};
pub use project::Project;

/// Whoever asked for this did not want it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("It was stopped.")
    }
}

impl std::error::Error for Cancelled {}

/// A source file, relative to the project's root. An answer may be any bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub file: String,
    pub text: Vec<u8>,
}

impl Source {
    fn new(file: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self {
            file: file.into(),
            text: text.into(),
        }
    }
}
