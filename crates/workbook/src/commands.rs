//! What each command does.

pub mod build;
pub mod check;
pub mod completions;
pub mod doctor;
pub mod grade;
pub mod hint;
pub mod list;
pub mod reset;
pub mod run;
pub mod solution;
pub mod submit;
pub mod update;
