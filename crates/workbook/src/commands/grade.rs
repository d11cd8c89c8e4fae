//! `grade`: starts the program that grades a class.

use anyhow::Result;

use super::classroom;
use crate::cli::PassedOn;
use crate::status::Status;

/// Grades a class, with the same arguments.
///
/// # Errors
///
/// If cargo cannot be started.
pub fn run(arguments: &PassedOn) -> Result<Status> {
    classroom::run(&["grade"], arguments)
}
