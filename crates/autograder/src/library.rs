//! The libraries that programs are compiled against: those that cargo has built for this workspace.
//!
//! Cargo reports where they are (`--message-format=json`), and under which names a crate uses them
//! (`cargo metadata`).

use std::collections::{BTreeMap, BTreeSet};
use std::env::{self, consts::DLL_EXTENSION};
use std::ffi::{OsStr, OsString};
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
    /// Every library that cargo has built, those that the others depend on and procedural macros included.
    built: BTreeSet<PathBuf>,
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
            built: files_of(&built.stdout),
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
            built: files_of(&built.stdout),
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

    /// The folders that contain the libraries and their own dependencies. There are two where cargo builds for a target
    /// that is named (`build.target`): procedural macros are in one of their own.
    pub fn folders(&self) -> BTreeSet<&Path> {
        self.built.iter().filter_map(|file| file.parent()).collect()
    }

    /// Libraries of these names, for tests that compile nothing.
    #[cfg(test)]
    pub(crate) fn named(names: &[&str]) -> Self {
        let found = names.iter().map(|name| ((*name).to_owned(), Vec::new()));
        Self {
            root: PathBuf::new(),
            target: PathBuf::new(),
            found: found.collect(),
            built: BTreeSet::new(),
        }
    }

    fn files(&self) -> impl Iterator<Item = &Path> {
        self.built.iter().map(PathBuf::as_path)
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
        let files: Vec<_> = names
            .into_iter()
            .map(|name| self.path(name))
            .collect::<Result<_>>()?;
        stamp_of_files(files)
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
        let stamp = stamp_of_files(cached.libraries.files()).ok()?;
        (cached.inputs == inputs && cached.stamp == stamp).then_some(cached.libraries)
    }

    fn write(file: &Path, inputs: String, libraries: &Libraries) -> Result<()> {
        let cached = Self {
            inputs,
            stamp: stamp_of_files(libraries.files())?,
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
    for variable in ["CARGO_BUILD_TARGET", "CARGO_HOME"] {
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

/// The sizes and modification times of files, which must exist.
fn stamp_of_files<'a>(files: impl IntoIterator<Item = &'a Path>) -> Result<String> {
    let mut stamp = String::new();
    for file in files {
        let of_file =
            stamp_of(file).with_context(|| format!("{} has been deleted.", file.display()))?;
        stamp += &format!("{} {of_file}\n", file.display());
    }
    Ok(stamp)
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

/// The files of all libraries and procedural macros in what cargo prints with `--message-format=json`.
fn files_of(stdout: &str) -> BTreeSet<PathBuf> {
    let messages = stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let artifacts = messages.filter(|message| message.reason == "compiler-artifact");
    let is_library = |file: &PathBuf| {
        let extension = file.extension().and_then(OsStr::to_str);
        extension.is_some_and(|extension| ["rlib", DLL_EXTENSION].contains(&extension))
    };
    let files = artifacts.flat_map(|artifact| artifact.filenames);
    files.filter(is_library).collect()
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

    use super::{files_of, target_folder_of};

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

    #[test]
    fn libraries_and_macros_of_all_packages_are_files_of_the_build() {
        let line = |files: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","package_id":"a","target":{{"name":"a","kind":["lib"]}},"profile":{{"test":false}},"filenames":[{files}]}}"#
            )
        };
        let library = line(r#""/t/triple/debug/deps/liba.rlib","/t/triple/debug/deps/liba.rmeta""#);
        let dll = std::env::consts::DLL_EXTENSION;
        let of_macro = line(&format!(r#""/t/debug/deps/libm.{dll}""#));
        let files = files_of(&format!("{library}\n{of_macro}\nnot JSON\n"));
        let files: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
        let of_macro = format!("/t/debug/deps/libm.{dll}");
        assert_eq!(files, [&*of_macro, "/t/triple/debug/deps/liba.rlib"]);
    }
}
