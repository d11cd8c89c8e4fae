//! `cargo workbook bundle`: what is in a bundle, what is not, and that it needs no network.

#![cfg(target_os = "linux")]

mod contents;
#[path = "../../../workbook/tests/support/executable.rs"]
mod executable;
mod refusals;
mod repository;
mod small;
mod start;
