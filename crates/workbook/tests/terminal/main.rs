//! The tool as a learner, or a program, meets it: started in a small workbook, in a real terminal where
//! that matters.

mod check;
mod class;
#[cfg(target_os = "linux")]
mod clones;
mod commands;
mod doctor;
#[cfg(target_os = "linux")]
#[path = "../support/executable.rs"]
mod executable;
mod handout;
mod json;
mod ran;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
mod submit;
mod update;
#[cfg(target_os = "linux")]
mod watch;
#[path = "../support/workbook.rs"]
mod workbook;
