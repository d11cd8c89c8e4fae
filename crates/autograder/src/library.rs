//! The libraries that programs are compiled against: those that cargo has built for this workspace.
//!
//! Cargo says where they are (`--message-format=json`), and what the crate that uses them calls them
//! (`cargo metadata`).

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail};
use sandbox::Cancel;
use serde::{Deserialize, Serialize};

use crate::Project;
use crate::cargo::{Cargo, Progress};
use crate::files;
use crate::hash::hash;

/// Compiled libraries by the name that Rust code calls them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Libraries {
    /// The project's root.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    found: BTreeMap<String, Vec<PathBuf>>,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
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

/// A library that cargo has built.
struct Artifact {
    package: String,
    name: String,
    rlib: PathBuf,
}

impl Libraries {
    /// What cargo builds for the tests of the workspace's default members, under the names of the
    /// crates themselves.
    ///
    /// # Errors
    ///
    /// If cargo is missing or the workspace does not build; cargo's own words are in the message.
    pub fn of_workspace(project: &Project) -> Result<Self> {
        let target = target_folder()?;
        let cargo = Cargo::new(project, &target);
        let built = cargo.run(
            &["test", "--no-run", "--message-format=json"],
            &Cancel::default(),
            &mut |_| {},
        )?;
        built.must_succeed("cargo could not build the workspace")?;
        let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for artifact in artifacts(&built.stdout) {
            found.entry(artifact.name).or_default().push(artifact.rlib);
        }
        let root = project.root().to_owned();
        Ok(Self {
            root,
            target,
            found,
        })
    }

    /// What an answer may use: the dependencies of the crate `exercises`, its dev-dependencies too.
    /// Cargo is asked only when something has changed since the last time.
    ///
    /// # Errors
    ///
    /// If cargo is missing or a dependency does not build. (That an answer does not compile is no
    /// error here.)
    pub fn of_exercises(
        project: &Project,
        target: &Path,
        version: &str,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self> {
        let inputs = inputs(project, version)?;
        let kept = target.join("workbook/libraries.json");
        if let Some(libraries) = Kept::read(&kept, &inputs) {
            return Ok(libraries);
        }
        let cargo = Cargo::new(project, target);
        // The library's own test is built only because cargo then builds all that tests need.
        let built = cargo.run(
            &[
                "test",
                "--no-run",
                "--message-format=json",
                "-p",
                "exercises",
                "--features",
                "loom",
                "--lib",
            ],
            cancel,
            progress,
        )?;
        let metadata = cargo.run(&["metadata", "--format-version=1"], cancel, &mut |_| {})?;
        metadata.must_succeed("cargo could not read the workspace")?;
        let artifacts: BTreeMap<_, _> = artifacts(&built.stdout)
            .map(|artifact| (artifact.package, artifact.rlib))
            .collect();
        let mut found = BTreeMap::new();
        for (name, package) in dependencies(&metadata.stdout)? {
            match artifacts.get(&package) {
                Some(rlib) => found.insert(name, vec![rlib.clone()]),
                // A macro is no rlib, and is found by the libraries that use it.
                None if built.success => continue,
                None => bail!(
                    "cargo could not build `{name}`, which the exercises need:\n{}",
                    built.said()
                ),
            };
        }
        let libraries = Self {
            root: project.root().to_owned(),
            target: target.to_owned(),
            found,
        };
        Kept::write(&kept, inputs, &libraries)?;
        Ok(libraries)
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

    /// Only the libraries of these names.
    ///
    /// # Errors
    ///
    /// If cargo built none of a name, or several.
    pub fn only(&self, names: &[&str]) -> Result<Self> {
        let of = |name: &&str| Ok(((*name).to_owned(), vec![self.path(name)?.to_owned()]));
        Ok(Self {
            found: names.iter().map(of).collect::<Result<_>>()?,
            ..self.clone()
        })
    }

    /// The names of all libraries that were found.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.found.keys().map(String::as_str)
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
    pub fn externs<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Vec<OsString>> {
        let extern_of = |name: &str| {
            let mut argument = OsString::from(format!("{name}="));
            argument.push(self.path(name)?);
            Ok(argument)
        };
        names.into_iter().map(extern_of).collect()
    }

    /// A text that changes whenever one of these libraries is built anew.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub fn stamp<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<String> {
        let mut stamp = String::new();
        for name in names {
            let path = self.path(name)?;
            let of_file = stamp_of(path).with_context(|| format!("{} is gone.", path.display()))?;
            stamp += &format!("{} {of_file}\n", path.display());
        }
        Ok(stamp)
    }
}

/// What cargo said last time, and what it depends on.
#[derive(Serialize, Deserialize)]
struct Kept {
    inputs: String,
    stamp: String,
    libraries: Libraries,
}

impl Kept {
    /// The libraries, if nothing they depend on has changed and they are still there.
    fn read(file: &Path, inputs: &str) -> Option<Libraries> {
        let kept: Self = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        let stamp = kept.libraries.stamp(kept.libraries.names()).ok()?;
        (kept.inputs == inputs && kept.stamp == stamp).then_some(kept.libraries)
    }

    fn write(file: &Path, inputs: String, libraries: &Libraries) -> Result<()> {
        let kept = Self {
            inputs,
            stamp: libraries.stamp(libraries.names())?,
            libraries: libraries.clone(),
        };
        files::write_whole(file, serde_json::to_vec(&kept)?)
            .map_err(|error| files::advise("What cargo has built was not noted down", file, error))
    }
}

/// Everything that decides what cargo builds for the exercises. Files are known by their size and the
/// time of their last change, as cargo itself knows them.
fn inputs(project: &Project, version: &str) -> Result<String> {
    let mut parts = vec![version.to_owned()];
    for variable in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_RUSTFLAGS",
    ] {
        parts.push(env::var(variable).unwrap_or_default());
    }
    let mut files: Vec<PathBuf> = [
        "Cargo.toml",
        "Cargo.lock",
        ".cargo/config.toml",
        "exercises/Cargo.toml",
        "crates/grading/Cargo.toml",
        "crates/timeline/Cargo.toml",
        "crates/timeline/macros/Cargo.toml",
    ]
    .map(|file| project.path(file))
    .to_vec();
    for folder in [
        "crates/grading/src",
        "crates/timeline/src",
        "crates/timeline/macros/src",
    ] {
        files.extend(files::below(&project.path(folder), "rs")?);
    }
    for file in files {
        parts.push(project.relative(&file));
        // One that is missing is an input too.
        parts.push(stamp_of(&file).unwrap_or_default());
    }
    Ok(hash(&parts))
}

/// A file's size and the time of its last change.
fn stamp_of(file: &Path) -> Option<String> {
    let about = file.metadata().ok()?;
    let modified = about.modified().ok()?.duration_since(UNIX_EPOCH);
    Some(format!(
        "{} {}",
        about.len(),
        modified.unwrap_or_default().as_nanos()
    ))
}

/// The libraries in what cargo prints under `--message-format=json`.
fn artifacts(stdout: &str) -> impl Iterator<Item = Artifact> {
    stdout.lines().filter_map(|line| {
        let message: Message = serde_json::from_str(line).ok()?;
        let (target, profile) = (message.target?, message.profile?);
        let is_library = target
            .kind
            .iter()
            .any(|kind| kind == "lib" || kind == "rlib");
        if message.reason != "compiler-artifact" || profile.test || !is_library {
            return None;
        }
        let is_rlib = |file: &PathBuf| file.extension().is_some_and(|e| e == "rlib");
        Some(Artifact {
            package: message.package_id?,
            name: target.name.replace('-', "_"),
            rlib: message.filenames.into_iter().find(is_rlib)?,
        })
    })
}

/// Name and package of each direct dependency of `exercises`, from what `cargo metadata` prints.
fn dependencies(metadata: &str) -> Result<Vec<(String, String)>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
        resolve: Resolve,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        id: String,
        source: Option<String>,
    }
    #[derive(Deserialize)]
    struct Resolve {
        nodes: Vec<Node>,
    }
    #[derive(Deserialize)]
    struct Node {
        id: String,
        deps: Vec<Dependency>,
    }
    #[derive(Deserialize)]
    struct Dependency {
        name: String,
        pkg: String,
    }
    let metadata: Metadata =
        serde_json::from_str(metadata).context("cargo metadata prints something else than JSON")?;
    let mut packages = metadata.packages.into_iter();
    let exercises = packages
        .find(|package| package.name == "exercises" && package.source.is_none())
        .context("the workspace has no crate `exercises`")?;
    let mut nodes = metadata.resolve.nodes.into_iter();
    let node = nodes
        .find(|node| node.id == exercises.id)
        .context("cargo metadata does not resolve the crate `exercises`")?;
    let pair = |dependency: Dependency| (dependency.name, dependency.pkg);
    Ok(node.deps.into_iter().map(pair).collect())
}

/// The target folder this process was built in: `--target-dir` is in no variable, but the
/// executable lies in `<target>/<profile>` or, a test, in `<target>/<profile>/deps`.
///
/// # Errors
///
/// If the executable lies nowhere such.
pub fn target_folder() -> Result<PathBuf> {
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

/// The compiler's flags that stand for the lints of the workspace's `Cargo.toml`, as cargo passes them.
pub(crate) fn lints(project: &Project) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Root {
        workspace: Workspace,
    }
    #[derive(Deserialize)]
    struct Workspace {
        #[serde(default)]
        lints: Lints,
    }
    #[derive(Deserialize, Default)]
    struct Lints {
        #[serde(default)]
        rust: BTreeMap<String, String>,
    }
    let root: Root =
        toml::from_str(&project.read("Cargo.toml")?).context("Cargo.toml has a mistake.")?;
    let lints = root.workspace.lints.rust.into_iter();
    Ok(lints
        .map(|(lint, level)| format!("--{level}={lint}"))
        .collect())
}
