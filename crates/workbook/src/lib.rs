//! The tool behind `cargo workbook`: what a learner does with the book, in a terminal and in a browser.
//!
//! - [`cli`] is what can be typed, [`commands`] what is done then, one module for each,
//! - [`watch`] is the screen that follows what is saved, [`serve`] the same in the browser,
//! - [`terminal`] puts verdicts into words, [`json`] is the same for programs,
//! - [`grades`] is the interface to what compiles and grades.

pub mod answers;
pub mod book;
pub mod cli;
pub mod commands;
pub mod culprits;
pub mod grades;
pub mod interrupt;
pub mod json;
pub mod learner;
pub mod names;
pub mod progress;
mod saved;
pub mod serve;
pub mod terminal;
pub mod tool;
pub mod watch;

use std::env;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use anyhow::{Context, Result};
use autograder::library::target_folder;
use autograder::{Autograder, Cancelled, Project};
use clap::Parser;
use sandbox::Guards;

use cli::Cli;
use commands::Done;
use grades::Grades;
use interrupt::Interrupt;

/// Opens what grades a project.
pub type Open = dyn Fn(Project) -> Result<Arc<dyn Grades>>;

/// The argument with which this program is a guard, and no tool.
const GUARD: &str = "guard";

/// Does what was typed. The exit code is 0 if all that was asked for is solved, 1 if not, 2 if it
/// could not be done, and 130 if it was interrupted.
pub fn main(open: &Open) -> ExitCode {
    // A guard must be one from the first moment on.
    if env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == GUARD)
    {
        return sandbox::guard_main();
    }
    let cli = Cli::parse();
    let done = Interrupt::listen().and_then(|interrupt| commands::run(cli, open, &interrupt));
    match done {
        Ok(Done::Solved) => ExitCode::SUCCESS,
        Ok(Done::NotSolved) => ExitCode::from(1),
        Ok(Done::Lacking) => ExitCode::from(2),
        Ok(Done::Interrupted) => ExitCode::from(130),
        Err(error) if error.is::<Cancelled>() => ExitCode::from(130),
        Err(error) => {
            let said = format!("cargo workbook: {}", terminal::sentences(&error));
            // What shows a place in a file is laid out already.
            let is_laid_out = said.contains('\n');
            let said = if is_laid_out {
                said
            } else {
                terminal::paragraph(&said)
            };
            anstream::eprintln!("{said}");
            ExitCode::from(2)
        }
    }
}

/// The autograder, with guards that are this very program.
///
/// # Errors
///
/// If the manifest has a mistake, or this program lies in no target folder.
pub fn open(project: Project) -> Result<Arc<dyn Grades>> {
    let program = env::current_exe().context("The system does not say where this program is.")?;
    let guards = Guards::of_cores(move || {
        let mut guard = Command::new(&program);
        guard.arg(GUARD);
        guard
    });
    let autograder = Autograder::open(project, target_folder()?, Arc::new(guards))?;
    Ok(Arc::new(autograder))
}
