//! The compiler: which one, and how it is started.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The edition of everything in the workbook.
pub const EDITION: &str = "2024";

/// What rustc is told of everything that it compiles here.
pub(crate) const FLAGS: &[&str] = &[
    "--edition",
    EDITION,
    "--error-format=json",
    "--diagnostic-width=100",
    // The libraries are built with it, too: graders also try every interleaving.
    "--cfg=feature=\"loom\"",
    // Symbols make a program five times as large and say nothing here.
    "-Cdebuginfo=0",
    "-Cstrip=symbols",
];

/// rustc as cargo would start it. The one beside the cargo that runs this process is asked for
/// directly: the `rustc` in PATH may be rustup's, which needs a moment to find the same one.
pub fn program() -> OsString {
    if let Some(rustc) = env::var_os("RUSTC") {
        return rustc;
    }
    let beside_cargo = env::var_os("CARGO")
        .map(|cargo| Path::new(&cargo).with_file_name(format!("rustc{}", env::consts::EXE_SUFFIX)));
    match beside_cargo {
        Some(rustc) if rustc.is_file() => rustc.into_os_string(),
        _ => "rustc".into(),
    }
}

/// Everything that rustc says of itself, `rustc -vV`: other text, other compiler.
///
/// # Errors
///
/// If it cannot be started.
pub fn version() -> Result<String> {
    let output = Command::new(program()).arg("-vV").output().context(
        "rustc could not be started. Install Rust from rustup.rs, or put rustc in PATH.",
    )?;
    ensure!(
        output.status.success(),
        "rustc does not say its version:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// The release in what [`version`] gives, as in `1.95.0`.
pub fn release(version: &str) -> &str {
    let release = version
        .lines()
        .find_map(|line| line.strip_prefix("release: "));
    release.unwrap_or("unknown")
}
