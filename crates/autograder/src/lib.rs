//! Compiles answers and programs, runs them under limits, and returns typed verdicts. It prints nothing:
//! the terminal, the page and the proofs show what it finds.
//!
//! - [`Autograder`] grades a chapter's answers ([`verdict`]) and runs programs ([`snippet`]),
//! - [`manifest`] reads `exercises/exercises.toml`, [`project`] locates the parts of a workbook,
//! - [`library`] finds the libraries that cargo has built, [`compiler`] compiles against them.

mod answers;
pub mod cache;
mod cancelled;
mod cargo;
pub mod compiler;
pub mod diagnostic;
pub mod figure;
pub mod files;
mod grade;
mod grader;
pub mod hash;
pub mod items;
pub mod library;
mod lints;
pub mod manifest;
pub mod misconception;
pub mod originals;
pub mod project;
pub mod rustc;
pub mod snippet;
mod source;
mod step;
mod target_folder;
pub mod tool_build;
pub mod verdict;
pub mod visible;

pub use answers::{file_of, stub_of};
pub use cancelled::Cancelled;
pub use cargo::Progress;
pub use grade::{Autograder, TEST_LIMITS};
pub use project::Project;
pub use step::Step;
pub use target_folder::target_folder;
