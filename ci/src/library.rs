//! The libraries that programs are compiled against: those that cargo has built for this workspace.
//!
//! Cargo says where they are (`--message-format=json`). The command is the one the reader types, so
//! that everything it names has been built already and the answer comes in a fraction of a second.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::Project;

/// What a program in the book may use.
pub const FOR_BLOCKS: &[&str] = &[
    "futures",
    "timeline",
    "tokio",
    "tokio_stream",
    "tokio_test",
    "tokio_util",
    "tracing",
];

/// Compiled libraries by the name that Rust code calls them.
#[derive(Debug, Clone)]
pub struct Libraries {
    /// Cargo's target folder; what the proofs build goes below it.
    pub target: PathBuf,
    found: BTreeMap<String, Vec<PathBuf>>,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    profile: Option<Profile>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

impl Libraries {
    /// The libraries of this workspace, looked up once a process.
    ///
    /// # Errors
    ///
    /// If cargo is missing or the workspace does not build; cargo's own words are in the message.
    pub fn of_workspace() -> Result<&'static Self> {
        static FOUND: OnceLock<std::result::Result<Libraries, String>> = OnceLock::new();
        match FOUND.get_or_init(|| Self::ask_cargo().map_err(|error| format!("{error:#}"))) {
            Ok(libraries) => Ok(libraries),
            Err(error) => bail!("{error}"),
        }
    }

    fn ask_cargo() -> Result<Self> {
        let target = target_folder()?;
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["test", "--no-run", "--quiet", "--message-format=json"])
            .arg("--target-dir")
            .arg(&target)
            .current_dir(Project::here().root())
            .stdin(Stdio::null());
        for name in of_this_package() {
            command.env_remove(name);
        }
        let output = command
            .output()
            .context("cargo could not be started: is it in PATH?")?;
        ensure!(
            output.status.success(),
            "cargo could not build the workspace:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for line in output.stdout.split(|&byte| byte == b'\n') {
            let Ok(message) = serde_json::from_slice::<Message>(line) else {
                continue;
            };
            let (Some(artifact), Some(profile)) = (message.target, message.profile) else {
                continue;
            };
            let is_library = artifact
                .kind
                .iter()
                .any(|kind| kind == "lib" || kind == "rlib");
            if message.reason != "compiler-artifact" || profile.test || !is_library {
                continue;
            }
            let rlibs = message.filenames.into_iter();
            let rlibs = rlibs.filter(|file| file.extension().is_some_and(|e| e == "rlib"));
            found
                .entry(artifact.name.replace('-', "_"))
                .or_default()
                .extend(rlibs);
        }
        Ok(Self { target, found })
    }

    /// Where a library is.
    ///
    /// # Errors
    ///
    /// If cargo built none of this name, or several (which one would be a guess).
    pub fn path(&self, name: &str) -> Result<&Path> {
        match self.found.get(name).map(Vec::as_slice) {
            Some([path]) => Ok(path),
            Some([_, _, ..]) => bail!("cargo built more than one `{name}`: {:?}", self.found[name]),
            _ => bail!("cargo built no library called `{name}`"),
        }
    }

    /// The folder that holds the libraries of the libraries.
    ///
    /// # Errors
    ///
    /// If cargo built no tokio.
    pub fn folder(&self) -> Result<&Path> {
        let path = self.path("tokio")?;
        path.parent().context("a library lies in a folder")
    }

    /// `name=path` for each of these names, as rustc's `--extern` takes it.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub fn externs(&self, names: &[&str]) -> Result<Vec<OsString>> {
        let extern_of = |name: &&str| {
            let mut argument = OsString::from(format!("{name}="));
            argument.push(self.path(name)?);
            Ok(argument)
        };
        names.iter().map(extern_of).collect()
    }

    /// A text that changes whenever one of these libraries is built anew.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub fn stamp(&self, names: &[&str]) -> Result<String> {
        let mut stamp = String::new();
        for name in names {
            let path = self.path(name)?;
            let about = path.metadata()?;
            let modified = about.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
            stamp += &format!("{} {} {modified}\n", path.display(), about.len());
        }
        Ok(stamp)
    }
}

/// The target folder this process was built in: `--target-dir` is in no variable, but the
/// executable lies in `<target>/<profile>` or, a test, in `<target>/<profile>/deps`.
fn target_folder() -> Result<PathBuf> {
    let executable = env::current_exe().context("the running executable has no path")?;
    let mut folder = executable
        .parent()
        .context("an executable lies in a folder")?;
    if folder.ends_with("deps") {
        folder = folder.parent().context("deps lies in a profile's folder")?;
    }
    let target = folder
        .parent()
        .context("a profile lies in a target folder")?;
    Ok(target.to_owned())
}

/// What cargo tells a running test about its own package. The packages built next must not take it
/// for theirs.
fn of_this_package() -> impl Iterator<Item = OsString> {
    env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
            "CARGO_PRIMARY_",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
    })
}
