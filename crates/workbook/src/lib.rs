//! The tool behind `cargo workbook`: what a learner does with the book, in a terminal and in a browser.
//!
//! - [`cli`] defines what can be typed, [`dispatch`] runs it, [`commands`] has a module for each command,
//! - [`watch`] follows saved files in a terminal, [`serve`] does the same in the browser,
//! - [`handout`] prints chapters of the book on paper,
//! - [`room`] tells the class of the learner how it goes, if the learner has joined one,
//! - [`terminal`] formats verdicts for people, [`json`] for programs,
//! - [`grader`] is the interface to what compiles and grades.

pub mod address;
pub mod answers;
pub mod auth;
pub mod book;
mod changed_exercise;
pub mod cli;
pub mod commands;
pub mod compile_errors;
mod contract;
pub mod dispatch;
mod file_watcher;
pub mod git;
pub mod grader;
pub mod handout;
pub mod interrupt;
pub mod json;
pub mod learner;
pub mod names;
pub mod progress;
pub mod progress_store;
pub mod room;
pub mod serve;
pub mod status;
mod storage;
pub mod terminal;
pub mod tool;
mod update;
pub mod watch;

use std::env::{self, ArgsOs};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use anyhow::{Context, Result};
use autograder::target_folder;
use autograder::{Autograder, Cancelled, Project};
use clap::Parser;
use sandbox::Guards;

use cli::Cli;
use grader::{Grader, OpenGrader};
use interrupt::Interrupt;
use status::Status;

/// The argument that makes this program a guard.
const GUARD: &str = "guard";

/// Runs the command that was typed.
pub fn main(open: &OpenGrader) -> ExitCode {
    if let Some(guard) = guard(env::args_os()) {
        return guard;
    }
    let cli = Cli::parse();
    exit_code(Interrupt::listen().and_then(|interrupt| dispatch::dispatch(cli, open, &interrupt)))
}

/// Acts as a guard if these arguments ask for one. A program whose autograder comes from [`autograder()`] has to call this
/// before it does anything else.
pub fn guard(mut arguments: ArgsOs) -> Option<ExitCode> {
    let is_guard = arguments.nth(1).is_some_and(|argument| argument == GUARD);
    is_guard.then(sandbox::guard_main)
}

/// The exit code of a command: 0 if everything that was asked for is solved, 1 if not, 2 if the command failed, and 130 if
/// it was interrupted. An error is printed.
pub fn exit_code(status: Result<Status>) -> ExitCode {
    match status {
        Ok(Status::Solved) => ExitCode::SUCCESS,
        Ok(Status::NotSolved) => ExitCode::from(1),
        Ok(Status::MissingRequirement) => ExitCode::from(2),
        Ok(Status::Interrupted) => ExitCode::from(130),
        Err(error) if error.is::<Cancelled>() => ExitCode::from(130),
        Err(error) => {
            let message = format!("cargo workbook: {}", terminal::sentences(&error));
            // A message that shows a place in a file has its own line breaks.
            let has_layout = message.contains('\n');
            let message = if has_layout {
                message
            } else {
                terminal::paragraph(&message)
            };
            terminal::print_error(&message);
            ExitCode::from(2)
        }
    }
}

/// The autograder as the interface to it.
///
/// # Errors
///
/// As [`autograder()`].
pub fn open(project: Project) -> Result<Arc<dyn Grader>> {
    Ok(Arc::new(autograder(project)?))
}

/// The autograder, with guards that run this program.
///
/// # Errors
///
/// If the manifest is invalid, or this program is not in a target folder.
pub fn autograder(project: Project) -> Result<Autograder> {
    let program = env::current_exe().context("The system does not know where this program is.")?;
    let guards = Guards::of_cores(move || {
        let mut guard = Command::new(&program);
        guard.arg(GUARD);
        guard
    });
    Autograder::open(project, target_folder()?, Arc::new(guards))
}
