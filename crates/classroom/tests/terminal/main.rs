//! `cargo workbook grade` as a teacher meets it: what it prints and which files it writes.

#![cfg(target_os = "linux")]

#[path = "../support/small_class.rs"]
mod class;
mod files;
mod progress;
