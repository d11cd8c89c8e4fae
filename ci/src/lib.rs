//! The proofs of the workbook: what makes every program, output, picture, link and exercise in it
//! true.
//!
//! A proof is a function from a [`Project`] to its [`Finding`]s, each with the file and line at
//! fault; no findings, proved. The tests of this crate call each of them twice: on this repository,
//! where nothing may be found, and on small projects with a planted fault, which must be found.
//!
//! - [`markdown`] reads the pages and their blocks,
//! - [`program`] compiles and runs the blocks, with the compiler of `autograder`,
//! - [`proof`] holds the proofs, one file each,
//! - [`minutes`], [`schedules`] and [`report_beginnings`] are what a teacher plans lessons with,
//! - [`refresh`](mod@refresh) rewrites the outputs and figures that have gone stale.

pub mod finding;
pub mod markdown;
pub mod minutes;
pub mod program;
pub mod project;
pub mod proof;
pub mod prose;
pub mod refresh;
pub mod report_beginnings;
pub mod schedules;

pub use finding::Finding;
pub use project::Project;
