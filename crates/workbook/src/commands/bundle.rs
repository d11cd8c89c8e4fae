//! `bundle`: starts the program that packs the workbook.

use anyhow::Result;

use super::classroom;
use crate::cli::PassedOn;
use crate::status::Status;

/// Packs the workbook, with the same arguments.
///
/// # Errors
///
/// If cargo cannot be started.
pub fn run(arguments: &PassedOn) -> Result<Status> {
    classroom::run(&["bundle"], arguments)
}
