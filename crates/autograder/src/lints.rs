//! The lints of the workspace.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::project::Project;

/// The compiler flags for the lints in the workspace's `Cargo.toml`, as cargo passes them.
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
        toml::from_str(&project.read("Cargo.toml")?).context("Cargo.toml is invalid.")?;
    let lints = root.workspace.lints.rust.into_iter();
    Ok(lints
        .map(|(lint, level)| format!("--{level}={lint}"))
        .collect())
}
