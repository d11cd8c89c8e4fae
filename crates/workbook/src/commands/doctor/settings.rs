//! The user's own settings of cargo that change what it builds.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use autograder::Project;

use super::finding;
use crate::json::Finding;

/// Variables that change what cargo builds, or where.
const VARIABLES: &[&str] = &[
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_TARGET_DIR",
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTFLAGS",
];

/// The beginnings of further ones.
const PREFIXES: &[&str] = &["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_UNSTABLE_"];

/// The tables of cargo's configuration that change what it builds.
const TABLES: &[&str] = &[
    "build", "env", "patch", "profile", "source", "target", "unstable",
];

/// Names the settings. They are rarely a problem, but good to know of if something does not build.
pub fn of_cargo(project: &Project) -> Finding {
    let mut settings: Vec<String> = env::vars_os()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .filter(|name| {
            VARIABLES.contains(&&**name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        })
        .collect();
    settings.sort();
    for file in files(project.root()) {
        let tables = tables(&fs::read_to_string(&file).unwrap_or_default());
        if !tables.is_empty() {
            settings.push(format!("{} ({})", file.display(), tables.join(", ")));
        }
    }
    let ok = settings.is_empty();
    let found = if ok {
        "no settings that change the build".to_owned()
    } else {
        settings.join(", ")
    };
    let advice = "These settings of yours change what cargo builds. If something does not build, try without them.";
    Finding {
        required: false,
        ..finding("cargo settings", ok, found, advice)
    }
}

/// The configuration files that cargo reads besides the workbook's own.
fn files(root: &Path) -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let above = root.ancestors().skip(1).map(|folder| folder.join(".cargo"));
    let mut folders: Vec<PathBuf> = above.collect();
    folders.extend(home.filter(|home| !folders.contains(home)));
    let names = ["config.toml", "config"];
    let files = folders
        .iter()
        .flat_map(|folder| names.map(|name| folder.join(name)));
    files.filter(|file| file.is_file()).collect()
}

/// The tables of a configuration that change what is built.
fn tables(text: &str) -> Vec<&'static str> {
    let has = |table: &&str| {
        text.lines().any(|line| {
            let key = line.trim_start().trim_start_matches('[');
            let rest = key.strip_prefix(table);
            let is_table = line.trim_start().starts_with('[');
            rest.is_some_and(|rest| rest.starts_with('.') || is_table && rest.starts_with(']'))
        })
    };
    TABLES.iter().copied().filter(has).collect()
}

#[cfg(test)]
mod tests {
    use super::tables;

    #[test]
    fn finds_the_tables_that_change_the_build() {
        let text = "# [env]\n[build]\ntarget = \"x\"\n[ target . x ]\n[target.'cfg(unix)']\nlinker = \"ld\"\n[net]\n";
        assert_eq!(tables(text), ["build", "target"]);
        assert_eq!(
            tables("build.rustflags = []\n[alias]\nbuild = \"b\"\n"),
            ["build"]
        );
        assert_eq!(tables("[term]\ncolor = \"never\"\n"), [""; 0]);
    }
}
