//! The book in a real browser, served by the tool from a clone of the repository.

#![cfg(target_os = "linux")]

mod cards;
#[path = "../support/clone.rs"]
mod clone;
mod compiler;
mod driver;
mod exercises;
mod guesses;
mod keyboard;
mod looks;
mod outputs;
mod paper;
mod pictures;
mod policy;
mod programs;
mod search;
mod served;
mod static_host;
mod tabs;
mod texts;
mod timelines;
mod visit;
