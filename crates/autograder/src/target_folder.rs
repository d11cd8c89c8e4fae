//! Cargo's target folder.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The target folder in which this process was built. No variable contains `--target-dir`, but the
/// executable is in `<target>/<profile>` or, for a test, in `<target>/<profile>/deps`. Where cargo builds for a target
/// that is named (`build.target`), it is in `<target>/<triple>/<profile>`.
///
/// # Errors
///
/// If the executable is not in such a folder.
pub fn target_folder() -> Result<PathBuf> {
    let executable = env::current_exe().context("The running executable has no path.")?;
    target_folder_of(&executable).with_context(|| {
        format!(
            "{} is not in a target folder of cargo.",
            executable.display()
        )
    })
}

fn target_folder_of(executable: &Path) -> Option<PathBuf> {
    let mut profile = executable.parent()?;
    if profile.ends_with("deps") {
        profile = profile.parent()?;
    }
    let target = profile.parent()?;
    // Cargo tags the whole target folder, and no folder in it.
    let is_tagged = |folder: &&Path| folder.join("CACHEDIR.TAG").is_file();
    let outer = target.parent().filter(is_tagged);
    Some(outer.unwrap_or(target).to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::target_folder_of;

    #[test]
    fn the_target_folder_is_found_with_and_without_a_named_target() {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let target = folder.path().join("target");
        fs::create_dir(&target).expect("writable");
        let of = |executable: &str| target_folder_of(&target.join(executable));
        assert_eq!(of("debug/workbook"), Some(target.clone()));
        fs::write(target.join("CACHEDIR.TAG"), "").expect("writable");
        for executable in [
            "debug/workbook",
            "debug/deps/browser-5cf0241db8152dc2",
            "x86_64-unknown-linux-gnu/debug/workbook",
            "x86_64-unknown-linux-gnu/debug/deps/browser-5cf0241db8152dc2",
        ] {
            assert_eq!(of(executable), Some(target.clone()), "{executable}");
        }
    }
}
