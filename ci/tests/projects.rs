//! The tests of the real programs in `projects`. They are a run of cargo of their own, because in the same run their
//! libraries would turn on features of those that the tool is made of: see `Cargo.toml`.

use std::env;
use std::process::Command;

use ci::project::here;

/// The real programs, and what their pages use, so that cargo builds the libraries for both at once.
const PACKAGES: &[&str] = &[
    "chat",
    "orders",
    "project-libraries",
    "resilience",
    "scraper",
    "service",
];

#[test_cache::test]
fn the_tests_of_the_real_programs_pass() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--no-fail-fast", "-p", "workspace-hack"]);
    for package in PACKAGES {
        cargo.args(["-p", package]);
    }
    for (name, _) in env::vars_os() {
        // What cargo says about the package `ci` must not reach the build scripts of others.
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    let output = cargo
        .current_dir(here().root())
        .output()
        .expect("cargo starts");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(output.status.success(), "{text}");
    for package in PACKAGES {
        let has_run = text.contains(&format!(
            "(target/debug/deps/{}-",
            package.replace('-', "_")
        ));
        assert!(has_run, "no tests of `{package}` were run:\n{text}");
    }
}

#[test]
fn every_project_is_tested() {
    let manifests = here()
        .files("projects", "toml")
        .expect("the folder is there");
    assert_eq!(manifests.len(), PACKAGES.len(), "{manifests:?}");
}
