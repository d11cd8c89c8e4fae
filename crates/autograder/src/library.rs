//! The libraries that programs are compiled against: those that cargo has built for this workspace.
//!
//! Cargo reports where they are (`--message-format=json`), and under which names a crate uses them
//! (`cargo metadata`).

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail};
use sandbox::Cancel;
use serde::{Deserialize, Serialize};

use crate::cargo::{Cargo, Progress};
use crate::files;
use crate::hash::hash;
use crate::project::Project;

/// Compiled libraries by their names in Rust code.
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
    /// The libraries that cargo builds for the tests of the workspace's default members, under their crate
    /// names.
    ///
    /// # Errors
    ///
    /// If cargo is missing or the workspace does not build; the message contains cargo's output.
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

    /// The libraries that an answer may use: the dependencies and dev-dependencies of the crate `exercises`.
    /// Cargo is started only if something has changed since the last time.
    ///
    /// # Errors
    ///
    /// If cargo is missing or a dependency does not build. (An answer that does not compile is not an
    /// error here.)
    pub fn of_exercises(
        project: &Project,
        target: &Path,
        version: &str,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self> {
        let inputs = inputs(project, version)?;
        let cache = target.join("workbook/libraries.json");
        if let Some(libraries) = CachedLibraries::read(&cache, &inputs) {
            return Ok(libraries);
        }
        let cargo = Cargo::new(project, target);
        // The library's own test is built because cargo then builds all dev-dependencies, too. `workspace-hack` gives
        // them the features that they have in the tool, so that what cargo has compiled for the tool is not compiled again.
        let built = cargo.run(
            &[
                "test",
                "--no-run",
                "--message-format=json",
                "-p",
                "exercises",
                "-p",
                "workspace-hack",
                "--features",
                "exercises/loom",
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
                // A procedural macro has no rlib; the libraries that use it find it.
                None if built.success => continue,
                None => bail!(
                    "cargo could not build `{name}`, which the exercises need:\n{}",
                    built.messages()
                ),
            };
        }
        let libraries = Self {
            root: project.root().to_owned(),
            target: target.to_owned(),
            found,
        };
        CachedLibraries::write(&cache, inputs, &libraries)?;
        Ok(libraries)
    }

    /// The path of a library.
    ///
    /// # Errors
    ///
    /// If cargo built no library of this name, or more than one.
    pub fn path(&self, name: &str) -> Result<&Path> {
        match self.found.get(name).map(Vec::as_slice) {
            Some([path]) => Ok(path),
            Some([_, _, ..]) => bail!(
                "cargo built more than one library `{name}`: {:?}",
                self.found[name]
            ),
            _ => bail!("cargo built no library `{name}`"),
        }
    }

    /// Only the libraries of these names.
    ///
    /// # Errors
    ///
    /// As [`Libraries::path`].
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

    /// The folder that contains the libraries' own dependencies.
    ///
    /// # Errors
    ///
    /// If cargo built no tokio.
    pub fn folder(&self) -> Result<&Path> {
        let path = self.path("tokio")?;
        path.parent()
            .context("The path of a library has no parent folder.")
    }

    /// `name=path` for each of these names, as rustc's `--extern` expects it.
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

    /// A text that changes whenever one of these libraries is built again.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub fn stamp<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<String> {
        let mut stamp = String::new();
        for name in names {
            let path = self.path(name)?;
            let of_file =
                stamp_of(path).with_context(|| format!("{} has been deleted.", path.display()))?;
            stamp += &format!("{} {of_file}\n", path.display());
        }
        Ok(stamp)
    }
}

/// The result of the last run of cargo, and what it depends on.
#[derive(Serialize, Deserialize)]
struct CachedLibraries {
    inputs: String,
    stamp: String,
    libraries: Libraries,
}

impl CachedLibraries {
    /// The libraries, if nothing that they depend on has changed and they still exist.
    fn read(file: &Path, inputs: &str) -> Option<Libraries> {
        let cached: Self = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        let stamp = cached.libraries.stamp(cached.libraries.names()).ok()?;
        (cached.inputs == inputs && cached.stamp == stamp).then_some(cached.libraries)
    }

    fn write(file: &Path, inputs: String, libraries: &Libraries) -> Result<()> {
        let cached = Self {
            inputs,
            stamp: libraries.stamp(libraries.names())?,
            libraries: libraries.clone(),
        };
        files::write_atomically(file, serde_json::to_vec(&cached)?).map_err(|error| {
            files::advise("The list of compiled libraries was not saved", file, error)
        })
    }
}

/// A hash of everything that determines what cargo builds for the exercises. As in cargo itself, a file counts
/// as changed if its size or its modification time has changed.
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
        // A missing file is an input, too.
        parts.push(stamp_of(&file).unwrap_or_default());
    }
    Ok(hash(&parts))
}

/// A file's size and modification time.
fn stamp_of(file: &Path) -> Option<String> {
    let metadata = file.metadata().ok()?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH);
    Some(format!(
        "{} {}",
        metadata.len(),
        modified.unwrap_or_default().as_nanos()
    ))
}

/// The libraries in what cargo prints with `--message-format=json`.
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

/// Name and package of each direct dependency of `exercises`, from the output of `cargo metadata`.
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
        serde_json::from_str(metadata).context("The output of `cargo metadata` is not valid.")?;
    let mut packages = metadata.packages.into_iter();
    let exercises = packages
        .find(|package| package.name == "exercises" && package.source.is_none())
        .context("The workspace has no crate `exercises`.")?;
    let mut nodes = metadata.resolve.nodes.into_iter();
    let node = nodes
        .find(|node| node.id == exercises.id)
        .context("`cargo metadata` does not resolve the crate `exercises`.")?;
    let pair = |dependency: Dependency| (dependency.name, dependency.pkg);
    Ok(node.deps.into_iter().map(pair).collect())
}

/// The target folder in which this process was built. No variable contains `--target-dir`, but the
/// executable is in `<target>/<profile>` or, for a test, in `<target>/<profile>/deps`.
///
/// # Errors
///
/// If the executable is not in such a folder.
pub fn target_folder() -> Result<PathBuf> {
    let executable = env::current_exe().context("The running executable has no path.")?;
    let mut ancestors = executable.ancestors().skip(1).peekable();
    if ancestors
        .peek()
        .is_some_and(|folder| folder.ends_with("deps"))
    {
        ancestors.next();
    }
    let target = ancestors.nth(1).with_context(|| {
        format!(
            "{} is not in a target folder of cargo.",
            executable.display()
        )
    })?;
    Ok(target.to_owned())
}
