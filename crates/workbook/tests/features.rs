//! The commands of `.cargo/config.toml`, and the libraries that the tool builds for the exercises, reuse what
//! `cargo test` has compiled.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What `cargo test` selects.
const DEFAULT: &[&str] = &["--edges", "normal,build,dev"];

/// What the aliases and the tool select.
const SELECTED: [&[&str]; 3] = [
    &["--edges", "normal,build", "--package", "workbook"],
    &["--edges", "normal,build", "--package", "ci"],
    &[
        "--edges",
        "normal,build,dev",
        "--package",
        "exercises",
        "--features",
        "exercises/loom",
        "--package",
        "workspace-hack",
    ],
];

/// What the test `projects` of the crate `ci` selects.
const PROJECTS: &[&str] = &[
    "--edges",
    "normal,build,dev",
    "--package",
    "chat",
    "--package",
    "orders",
    "--package",
    "project-libraries",
    "--package",
    "resilience",
    "--package",
    "scraper",
    "--package",
    "service",
    "--package",
    "workspace-hack",
];

/// What the tool selects for the programs on the pages about the real programs.
const LIBRARIES_OF_PROJECTS: &[&str] = &[
    "--edges",
    "normal,build",
    "--package",
    "project-libraries",
    "--package",
    "workspace-hack",
];

#[test]
fn one_set_of_features_serves_all_builds() {
    for selection in SELECTED {
        assert_reuses(selection, "cargo test", DEFAULT);
    }
}

#[test]
fn the_programs_of_the_projects_use_what_the_tests_of_the_projects_are_built_with() {
    assert_reuses(LIBRARIES_OF_PROJECTS, "the test `projects`", PROJECTS);
}

/// Whether every package of `selection` is also in `other`, with the same features.
#[track_caller]
fn assert_reuses(selection: &[&str], name: &str, other: &[&str]) {
    let (used, built) = (dependencies(selection), dependencies(other));
    let differing: Vec<_> = used.difference(&built).collect();
    let in_tests: Vec<_> = differing
        .iter()
        .flat_map(|used| {
            let name = used.split_whitespace().next();
            let is_same = move |built: &&String| built.split_whitespace().next() == name;
            built.iter().filter(is_same)
        })
        .collect();
    assert!(
        differing.is_empty(),
        "With {selection:?}, cargo compiles these again after {name}:\n{differing:#?}\n\
         In {name} they have these features:\n{in_tests:#?}\n\
         Turn those on in crates/workspace_hack/Cargo.toml."
    );
}

/// Why, `Cargo.toml` says.
#[test]
fn no_optimised_package_of_the_workspace_is_compiled_incrementally() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("it is there");
    let sections = manifest.split("\n[").filter_map(|section| {
        let package = section.strip_prefix("profile.dev.package.")?;
        package.split_once("]\n")
    });
    let mut optimised = 0;
    for (package, settings) in sections {
        let is_member = root.join("crates").join(package).is_dir();
        if is_member && settings.contains("opt-level = ") {
            optimised += 1;
            assert!(settings.contains("incremental = false"), "{package}");
        }
    }
    assert!(optimised > 0, "no such package was found");
}

/// The packages from a registry that a selection needs, each with its version and its features.
fn dependencies(selection: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--frozen", "--prefix", "none"])
        .args(["--format", "{p} {f}"])
        .args(selection)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .expect("cargo starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let tree = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
    let lines = tree.lines().filter(|line| !line.is_empty());
    // A package of the workspace shows its folder.
    let external = lines.filter(|line| !line.contains("(/"));
    external
        .map(|line| {
            let line = line.trim_end_matches(" (*)").trim_end();
            line.replacen(" (proc-macro)", "", 1)
        })
        .collect()
}
