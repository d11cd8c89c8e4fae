//! A submission: the answers of one student, and the file in which `cargo workbook submit` writes them.
//!
//! [`room`] is what a learner's workbook tells a class before there is a submission.

mod about;
mod archive;
pub mod room;

use std::collections::BTreeMap;

pub use about::{About, FORMAT, Worked};
pub use archive::{to_zip, write};
use serde::{Deserialize, Serialize};

/// Where a checkout of the workbook has the answers.
pub const ANSWERS: &str = "exercises/src";

/// The file in which `cargo workbook submit` describes a submission.
pub const ABOUT: &str = "submission.json";

/// The files of the answers by their paths below `exercises/src`: `gather.rs`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A student.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Student {
    /// What the school calls the student: a number, or the name of an account.
    pub id: String,
    /// The name, as people write it.
    pub name: String,
}

/// The maximal size of one file of the answers, in bytes. A larger one is not graded.
pub const MAX_FILE: u64 = 1 << 20;

/// The answers of one student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The student who submitted.
    pub student: Student,
    /// The answers.
    pub files: Files,
    /// What `cargo workbook submit` said about it. It was written on the student's machine and proves nothing.
    pub about: Option<About>,
}
