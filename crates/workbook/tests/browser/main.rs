//! The book in a real browser, served by the tool from a clone of the repository.

#![cfg(target_os = "linux")]

mod accessibility;
mod answers;
mod axe;
mod blocks;
mod cards;
mod class;
#[path = "../support/clone.rs"]
mod clone;
mod compiler;
mod driver;
mod exercises;
mod guesses;
mod handout;
mod keyboard;
mod outputs;
mod paper;
mod phone;
mod pictures;
mod policy;
mod present;
mod present_notes;
mod programs;
mod progress;
mod ranking;
mod search;
mod served;
mod sidebar;
mod static_host;
mod tabs;
mod timelines;
mod visit;
