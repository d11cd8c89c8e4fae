//! Locates and starts the compiler.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The edition of everything in the workbook.
pub const EDITION: &str = "2024";

/// The flags for everything that is compiled here.
pub(crate) const FLAGS: &[&str] = &[
    "--edition",
    EDITION,
    "--error-format=json",
    "--diagnostic-width=100",
    // The libraries are built with this feature, so that graders also explore interleavings.
    "--cfg=feature=\"loom\"",
    // Symbols would make a program five times as large for no benefit.
    "-Cdebuginfo=0",
    "-Cstrip=symbols",
];

/// rustc, as cargo would start it. If cargo runs this process, the rustc next to that cargo is preferred:
/// the `rustc` in PATH may be rustup's proxy, which takes a moment to find the same one.
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

/// The output of `rustc -vV`, which identifies the compiler.
///
/// # Errors
///
/// If it cannot be started.
pub fn version() -> Result<String> {
    let output = Command::new(program()).arg("-vV").output().context(
        "rustc could not be started. Install Rust from https://rustup.rs, or add rustc to PATH.",
    )?;
    ensure!(
        output.status.success(),
        "rustc does not report its version:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// The release in the result of [`version`], such as `1.95.0`.
pub fn release(version: &str) -> &str {
    let release = version
        .lines()
        .find_map(|line| line.strip_prefix("release: "));
    release.unwrap_or("unknown")
}
