//! The program that is running.

use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

/// Which build of it this is. What another build has made or said may not hold for this one.
///
/// # Errors
///
/// If its file is gone.
pub fn build() -> Result<String> {
    let executable = std::env::current_exe().context("the running executable has no path")?;
    let about = executable
        .metadata()
        .context("the running executable is gone")?;
    let modified = about.modified()?.duration_since(UNIX_EPOCH);
    let modified = modified.unwrap_or_default().as_nanos();
    Ok(format!("{} {modified}", about.len()))
}
