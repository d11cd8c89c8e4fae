//! What each command does.

pub mod build;
pub mod bundle;
pub mod check;
pub mod class;
mod classroom;
pub mod completions;
pub mod doctor;
pub mod grade;
pub mod handout;
pub mod hint;
pub mod list;
pub mod reset;
pub mod run;
pub mod solution;
mod student;
pub mod submit;
pub mod update;
