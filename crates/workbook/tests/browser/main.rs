//! The book in a real browser, served by the tool from a clone of the repository.

#![cfg(target_os = "linux")]

mod accessibility;
mod answers;
mod cards;
#[path = "../support/clone.rs"]
mod clone;
mod compiler;
mod driver;
mod exercises;
mod guesses;
mod keyboard;
mod outputs;
mod paper;
mod pictures;
mod policy;
mod programs;
mod search;
mod served;
mod static_host;
mod tabs;
mod timelines;
mod visit;
