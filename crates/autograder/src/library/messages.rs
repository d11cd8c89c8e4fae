//! Parses what cargo reports about the libraries that it builds.

use std::collections::BTreeSet;
use std::env::consts::DLL_EXTENSION;
use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

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
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// The IDs of packages and their libraries, in what cargo prints with `--message-format=json`.
pub fn rlibs(stdout: &str) -> impl Iterator<Item = (String, PathBuf)> {
    built(stdout).filter_map(|message| {
        let (target, profile) = (message.target?, message.profile?);
        let is_library = target
            .kind
            .iter()
            .any(|kind| kind == "lib" || kind == "rlib");
        if profile.test || !is_library {
            return None;
        }
        let is_rlib = |file: &PathBuf| file.extension().is_some_and(|e| e == "rlib");
        Some((
            message.package_id?,
            message.filenames.into_iter().find(is_rlib)?,
        ))
    })
}

/// The files of all libraries and procedural macros in what cargo prints with `--message-format=json`.
pub fn files_of(stdout: &str) -> BTreeSet<PathBuf> {
    let is_library = |file: &PathBuf| {
        let extension = file.extension().and_then(OsStr::to_str);
        extension.is_some_and(|extension| ["rlib", DLL_EXTENSION].contains(&extension))
    };
    let files = built(stdout).flat_map(|artifact| artifact.filenames);
    files.filter(is_library).collect()
}

/// The packages of which cargo has built something.
pub fn packages(stdout: &str) -> BTreeSet<String> {
    built(stdout)
        .filter_map(|artifact| artifact.package_id)
        .collect()
}

fn built(stdout: &str) -> impl Iterator<Item = Message> {
    let messages = stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok());
    messages.filter(|message| message.reason == "compiler-artifact")
}

/// A direct dependency of a crate.
pub struct Dependency {
    /// Its name in Rust code.
    pub name: String,
    /// The ID of its package.
    pub package: String,
    /// The features that are turned on.
    pub features: Vec<String>,
}

/// The direct dependencies of a crate of the workspace, from the output of `cargo metadata`.
pub fn dependencies(metadata: &str, dependent: &str) -> Result<Vec<Dependency>> {
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
        deps: Vec<Resolved>,
        #[serde(default)]
        features: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Resolved {
        name: String,
        pkg: String,
    }
    let metadata: Metadata =
        serde_json::from_str(metadata).context("The output of `cargo metadata` is not valid.")?;
    let mut packages = metadata.packages.into_iter();
    let dependent = packages
        .find(|package| package.name == dependent && package.source.is_none())
        .with_context(|| format!("The workspace has no crate `{dependent}`."))?;
    let nodes = metadata.resolve.nodes;
    let mut all = nodes.iter();
    let node = all.find(|node| node.id == dependent.id).with_context(|| {
        format!(
            "`cargo metadata` does not resolve the crate `{}`.",
            dependent.name
        )
    })?;
    let dependency = |resolved: &Resolved| {
        let own = nodes.iter().find(|node| node.id == resolved.pkg);
        Dependency {
            name: resolved.name.clone(),
            package: resolved.pkg.clone(),
            features: own.map_or_else(Vec::new, |own| own.features.clone()),
        }
    };
    Ok(node.deps.iter().map(dependency).collect())
}

#[cfg(test)]
mod tests {
    use super::files_of;

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
