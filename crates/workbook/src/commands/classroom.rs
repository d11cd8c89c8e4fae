//! Starts the program for teachers. Learners do not need it, so it is compiled when a teacher does.

use std::env;
use std::process::Command;

use anyhow::{Context, Result};

use crate::cli::PassedOn;
use crate::status::Status;
use crate::tool;

/// Compiles and runs the program with a command of it, and with the arguments of that.
///
/// # Errors
///
/// If cargo cannot be started.
pub fn run(command_of_it: &[&str], arguments: &PassedOn) -> Result<Status> {
    let manifest = tool::project()?.path("Cargo.toml");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([
        "run",
        "--quiet",
        "--package",
        "classroom",
        "--manifest-path",
    ]);
    command.arg(manifest).arg("--").args(command_of_it);
    let status = command.args(&arguments.arguments).status();
    let status = status.context(
        "cargo could not be started. Install Rust from https://rustup.rs, or add cargo to PATH.",
    )?;
    Ok(match status.code() {
        Some(0) => Status::Solved,
        Some(1) => Status::NotSolved,
        Some(130) | None => Status::Interrupted,
        // It has said why.
        Some(_) => Status::MissingRequirement,
    })
}
