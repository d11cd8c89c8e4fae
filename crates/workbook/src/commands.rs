//! What each command does.

pub mod build;
pub mod check;
pub mod completions;
pub mod doctor;
pub mod hint;
pub mod list;
pub mod reset;
pub mod run;
pub mod solution;

use std::io::{ErrorKind, Write};

use anyhow::Result;

use crate::cli::{Cli, Command, Serve};
use crate::interrupt::Interrupt;
use crate::tool::Tool;
use crate::{Open, json, serve, watch};

/// How a command ended that could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// All that was asked for is solved, or was done.
    Solved,
    /// Something is not solved yet.
    NotSolved,
    /// The machine lacks something that is needed.
    Lacking,
    /// The learner interrupted it.
    Interrupted,
}

/// Does what was typed.
///
/// # Errors
///
/// If it cannot be done; the message says why, and what to do.
pub fn run(cli: Cli, open: &Open, interrupt: &Interrupt) -> Result<Done> {
    let tool = || Tool::open(open, interrupt);
    let command = cli
        .command
        .unwrap_or_else(|| Command::Serve(Serve::default()));
    match command {
        Command::Serve(arguments) => serve::run(tool()?, &arguments),
        Command::Check(arguments) => check::run(&tool()?, &arguments),
        Command::Watch(arguments) => watch::run(&tool()?, &arguments, None),
        Command::List(json) => list::run(&tool()?, json),
        Command::Hint(arguments) => hint::run(&tool()?, &arguments),
        Command::Reset(arguments) => reset::run(&tool()?, &arguments),
        Command::Solution(arguments) => solution::run(&tool()?, &arguments),
        Command::Run(arguments) => run::run(&tool()?, &arguments),
        Command::Build => build::run(&crate::tool::project()?),
        Command::Doctor(json) => doctor::run(open, json),
        Command::Completions(arguments) => completions::run(arguments.shell),
        Command::Schema => json::print_schema().map(|()| Done::Solved),
    }
}

/// Prints text on standard output, with colours where they can be seen. A reader that has gone away has
/// read enough.
///
/// # Errors
///
/// If it cannot be written for another reason.
pub fn show(text: &str) -> Result<()> {
    let mut stdout = anstream::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
