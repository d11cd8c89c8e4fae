//! What a submission says about itself.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use autograder::verdict::State;
use serde::{Deserialize, Serialize};

use super::Student;

/// The version of the format of `submission.json`.
pub const FORMAT: u32 = 1;

/// What `cargo workbook submit` writes about a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The version of this format.
    pub format: u32,
    /// The student who submitted.
    pub student: Student,
    /// The version of the workbook.
    pub edition: String,
    /// The hash of the original graders and stubs.
    pub graders: String,
    /// The hash of the list of the libraries' versions.
    pub libraries: String,
    /// The chapters that were submitted.
    pub chapters: Vec<String>,
    /// How each exercise of these chapters went, by its full name: `gather/fetch_all`.
    pub exercises: BTreeMap<String, Worked>,
}

/// How one exercise went, as the student's machine has recorded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worked {
    /// The verdict.
    pub state: State,
    /// How many hints were shown.
    pub hints: usize,
    /// Whether the solution was shown.
    pub solution_shown: bool,
    /// How long it took, in minutes, rounded up.
    pub minutes: u64,
}

impl About {
    /// Parses a `submission.json`.
    ///
    /// # Errors
    ///
    /// If it does not have this format, or the format of a newer workbook.
    pub fn parse(text: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let Version { format } =
            serde_json::from_slice(text).context("submission.json has no version.")?;
        if format != FORMAT {
            bail!(
                "`submission.json` has the format {format} of another version of the workbook. This one reads {FORMAT}."
            );
        }
        serde_json::from_slice(text).context("submission.json is invalid.")
    }

    /// Its text.
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.expect("strings and numbers can be written as JSON") + "\n"
    }
}
