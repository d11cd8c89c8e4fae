//! `completions`: prints completions for a shell.

use anyhow::{Result, bail};
use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::status::Status;
use crate::terminal::print;

/// The shell function that is completed. Shells do not complete cargo's aliases.
const NAME: &str = "workbook";

/// Prints a shell function `workbook` and its completions.
///
/// # Errors
///
/// If the shell is not supported, or the output cannot be written.
pub fn run(shell: Shell) -> Result<Status> {
    let function = match shell {
        Shell::Bash | Shell::Zsh => "workbook() { cargo workbook \"$@\"; }",
        Shell::Fish => "function workbook; cargo workbook $argv; end",
        Shell::PowerShell => "function workbook { cargo workbook @args }",
        Shell::Elvish => "fn workbook {|@args| cargo workbook $@args }",
        other => bail!("There are no completions for {other}."),
    };
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), NAME, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    // These lines must come first.
    let on_top = script.starts_with("using ") || script.starts_with("#compdef");
    let place = if on_top {
        script.rfind("\n").map_or(0, |end| end + 1)
    } else {
        0
    };
    script.insert_str(place, &format!("{function}\n\n"));
    print(&script)?;
    Ok(Status::Solved)
}
