//! The identity of the running executable.

use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

/// Identifies this build of the tool. What another build has cached may not hold for this one.
///
/// # Errors
///
/// If the executable has been deleted.
pub fn id() -> Result<String> {
    let executable = std::env::current_exe().context("The running executable has no path.")?;
    let metadata = executable
        .metadata()
        .context(
            "The tool has been deleted while it runs, perhaps by `cargo clean`. Stop it, and start it again with `cargo \
             workbook`, which compiles it again.",
        )?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
    let modified = modified.unwrap_or_default().as_nanos();
    Ok(format!("{} {modified}", metadata.len()))
}
