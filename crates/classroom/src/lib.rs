//! What a class needs: submissions in, marks and an overview out.
//!
//! Everything in a submission comes from a student. It is bounded, only the files of the answers are taken out of it, and
//! what is wrong with one submission keeps no other from being graded.

pub mod bundle;
pub mod class_file;
pub mod class_grader;
pub mod cli;
pub mod command;
pub mod export;
pub mod grading;
pub mod intake;
pub mod marks;
pub mod pack;
pub mod partial_results;
pub mod report;
pub mod result;
pub mod room;
pub mod roster;
pub mod run;
pub mod shard;
pub mod shared;
pub mod store;

pub use submission;
