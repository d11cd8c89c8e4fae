//! `grade --pack`: everything with which another system grades submissions on its own machines, in one zip file.

use std::ffi::OsStr;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use autograder::{Project, files, rustc};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The systems for which there is a pack, as they are typed.
pub const SYSTEMS: [&str; 1] = ["gradescope"];

/// The name of the zip file.
pub const FILE: &str = "autograder.zip";

/// The scripts and the Dockerfile.
const SCRIPTS: &[(&str, &str)] = &[
    ("Dockerfile", include_str!("pack/Dockerfile")),
    ("grade", include_str!("pack/grade")),
    ("run_autograder", include_str!("pack/run_autograder")),
    ("setup.sh", include_str!("pack/setup.sh")),
];

/// The parts of a checkout with which the tool is built and grades. Whatever else is there, such as submissions, stays where
/// it is.
const PARTS: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "book.toml",
    "ci",
    "clippy.toml",
    "crates",
    "exercises",
    "projects",
    "solutions",
    "src",
    "theme",
];

/// Folders that tools make.
const IGNORED: &[&str] = &["target", "node_modules", "__pycache__", ".git"];

/// What goes into a pack.
pub struct Pack<'a> {
    /// The teacher's checkout.
    pub project: &'a Project,
    /// The file that says what counts.
    pub class: Option<&'a Path>,
    /// The folder of tests that students do not have.
    pub graders: Option<&'a Path>,
}

impl Pack<'_> {
    /// Writes the zip file to a folder, and returns its path.
    ///
    /// # Errors
    ///
    /// If something cannot be read or written, or rustc does not tell its version.
    pub fn write(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(FILE);
        files::write_atomically(&path, self.to_zip()?)?;
        Ok(path)
    }

    /// The zip file. Its bytes depend only on the files and on the version of Rust.
    fn to_zip(&self) -> Result<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let mut add = |name: &str, bytes: &[u8], mode: u32| -> Result<()> {
            zip.start_file(name, options.unix_permissions(mode))?;
            Ok(zip.write_all(bytes)?)
        };
        for (name, text) in SCRIPTS {
            add(name, text.as_bytes(), 0o755)?;
        }
        add("rust-version", toolchain()?.as_bytes(), 0o644)?;
        if let Some(class) = self.class {
            add("class.toml", &bytes(class)?, 0o644)?;
        }
        if let Some(graders) = self.graders {
            for file in files::below(graders, "rs")? {
                add(&below("hidden", graders, &file)?, &bytes(&file)?, 0o644)?;
            }
        }
        let root = self.project.root();
        for part in PARTS {
            let part = root.join(part);
            let found = if part.is_dir() {
                files::all_below(&part)?
            } else {
                Vec::from_iter(part.is_file().then_some(part))
            };
            for file in found.iter().filter(|file| !is_ignored(root, file)) {
                add(&below("workbook", root, file)?, &bytes(file)?, 0o644)?;
            }
        }
        Ok(zip.finish()?.into_inner())
    }
}

/// The version of Rust to install: this one, so that the compiler's messages are those that the teacher has seen.
fn toolchain() -> Result<String> {
    let version = rustc::version()?;
    let release = rustc::release(&version);
    // `1.97.0-nightly` does not say of which day.
    let is_stable = !release.contains('-');
    Ok(if is_stable { release } else { "stable" }.to_owned())
}

fn is_ignored(root: &Path, file: &Path) -> bool {
    let path = file.strip_prefix(root).unwrap_or(file);
    path.iter()
        .any(|part| IGNORED.iter().any(|ignored| part == OsStr::new(ignored)))
}

/// The name in the zip file of a file below `folder`.
fn below(top: &str, folder: &Path, file: &Path) -> Result<String> {
    let path = file.strip_prefix(folder)?;
    let parts = path.iter().map(|part| {
        let name = part.to_str();
        name.with_context(|| format!("The name of {} is not UTF-8.", file.display()))
    });
    let parts: Vec<&str> = parts.collect::<Result<_>>()?;
    Ok(format!("{top}/{}", parts.join("/")))
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    files::bytes(file).with_context(|| format!("{} could not be read.", file.display()))
}
