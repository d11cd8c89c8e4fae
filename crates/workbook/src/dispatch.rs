//! Runs the command that was typed.

use anyhow::Result;

use crate::cli::{Cli, Command, Serve};
use crate::commands::{
    build, bundle, check, class, completions, doctor, grade, handout, hint, list, reset, run,
    solution, submit, update,
};
use crate::grader::OpenGrader;
use crate::interrupt::Interrupt;
use crate::status::Status;
use crate::tool::{self, Tool};
use crate::{json, serve, watch};

/// Runs the command that was typed.
///
/// # Errors
///
/// If it fails; the message says why, and what to do.
pub fn dispatch(cli: Cli, open: &OpenGrader, interrupt: &Interrupt) -> Result<Status> {
    let tool = || Tool::open(open, interrupt);
    let command = cli
        .command
        .unwrap_or_else(|| Command::Serve(Serve::default()));
    match command {
        Command::Serve(arguments) => serve::run(tool()?, &arguments),
        Command::Check(arguments) => check::run(&tool()?, &arguments),
        Command::Watch(arguments) => watch::run(&tool()?, &arguments, None),
        Command::List(arguments) => list::run(&tool()?, &arguments),
        Command::Hint(arguments) => hint::run(&tool()?, &arguments),
        Command::Reset(arguments) => reset::run(&tool()?, &arguments),
        Command::Solution(arguments) => solution::run(&tool()?, &arguments),
        Command::Run(arguments) => run::run(&tool()?, &arguments),
        Command::Submit(arguments) => submit::run(&tool()?, &arguments),
        Command::Handout(arguments) => handout::run(&tool()?, &arguments),
        Command::Grade(arguments) => grade::run(&arguments),
        Command::Class(arguments) => class::run(&arguments.command, &tool),
        Command::Bundle(arguments) => bundle::run(&arguments),
        Command::Update => update::run(&tool::project()?),
        Command::Build => build::run(&tool::project()?),
        Command::Doctor(json) => doctor::run(open, json),
        Command::Completions(arguments) => completions::run(arguments.shell),
        Command::Schema => json::print_schema().map(|()| Status::Solved),
    }
}
