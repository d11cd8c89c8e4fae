//! The bundle of this repository: without a network and with an empty home of cargo, cargo finds every crate in it.
//!
//! `ci/offline` compiles it as well.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use autograder::Project;
use classroom::bundle::{Bundle, FOLDER};
use sandbox::Cancel;
use serde_json::Value;
use tempfile::TempDir;

/// How long a path in the bundle may be. Windows allows 260 bytes, with those of the folder in which it is unpacked.
const LONGEST: usize = 190;

/// The bundle, unpacked, and a folder for an empty home of cargo.
struct Unpacked {
    folder: TempDir,
}

impl Unpacked {
    /// `None` if this repository is not a clone, such as in an unpacked bundle.
    fn new() -> Option<Self> {
        let project = Project::around(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        if !project.path(".git").exists() {
            eprintln!("Skipped: this repository is not a clone, and a bundle is made from one.");
            test_cache::skipped();
            return None;
        }
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("writable");
        let bundle = Bundle {
            project: &project,
            handout: None,
            output: folder.path(),
            compression: 1,
        };
        let written = bundle
            .write(&Cancel::default(), &mut |_| ())
            .expect("it is written");
        let unpacked = Command::new("tar")
            .arg("-xzf")
            .arg(written.file)
            .current_dir(&folder)
            .status();
        assert!(unpacked.is_ok_and(|status| status.success()));
        fs::create_dir(folder.path().join("home")).expect("writable");
        Some(Self { folder })
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join(FOLDER)
    }

    /// What cargo knows about all packages, where there is no network.
    fn metadata(&self) -> Output {
        let arguments = ["metadata", "--locked", "--offline", "--format-version", "1"];
        let cargo = |before: &[&str]| {
            let words: Vec<_> = before.iter().chain(&["cargo"]).chain(&arguments).collect();
            let mut command = Command::new(words[0]);
            command.args(&words[1..]).current_dir(self.root());
            for (name, _) in std::env::vars_os() {
                // The variables of this test's package, and settings that might name another source of crates.
                if name.to_string_lossy().starts_with("CARGO") {
                    command.env_remove(name);
                }
            }
            command.env("CARGO_HOME", self.folder.path().join("home"));
            command.output().expect("it starts")
        };
        let alone = ["unshare", "--map-root-user", "--net"];
        let is_possible = Command::new(alone[0])
            .args(&alone[1..])
            .arg("true")
            .output();
        if is_possible.is_ok_and(|output| output.status.success()) {
            return cargo(&alone);
        }
        eprintln!(
            "This machine does not let the test take the network away. Cargo is told not to use it."
        );
        cargo(&[])
    }

    fn files(&self) -> Vec<String> {
        let files = autograder::files::entries_below(&self.root()).expect("readable");
        let names = files.iter().map(|file| {
            let name = file.strip_prefix(self.root()).expect("it is below");
            name.to_str().expect("UTF-8").to_owned()
        });
        names.collect()
    }
}

#[test_cache::test]
fn cargo_finds_every_crate_without_a_network() {
    let Some(unpacked) = Unpacked::new() else {
        return;
    };
    let output = unpacked.metadata();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    let lock = fs::read_to_string(unpacked.root().join("Cargo.lock")).expect("text");
    assert_eq!(packages.len(), lock.matches("[[package]]").count());
    for package in packages {
        let manifest = package["manifest_path"].as_str().expect("a path");
        assert!(
            Path::new(manifest).starts_with(unpacked.root()),
            "{manifest}"
        );
    }

    let files = unpacked.files();
    let committed = Command::new("git")
        .args(["ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("git is there");
    let committed = String::from_utf8(committed.stdout).expect("UTF-8");
    let mut expected: Vec<&str> = committed.split_terminator('\0').collect();
    expected.extend(["README.txt", "start.sh"]);
    expected.sort_unstable();
    let made = ["vendor/", "book/"];
    let mut own: Vec<&str> = files.iter().map(String::as_str).collect();
    own.retain(|file| made.iter().all(|folder| !file.starts_with(folder)));
    own.sort_unstable();
    assert_eq!(own, expected);
    let longest = files.iter().map(String::len).max();
    assert!(
        longest.is_some_and(|longest| FOLDER.len() + 1 + longest <= LONGEST),
        "{longest:?}"
    );
    for page in ["book/index.html", "book/gather.html"] {
        assert!(files.iter().any(|file| file == page), "{page}");
    }

    // That is what the test is for.
    for missing in ["tokio", "windows-sys"] {
        let (there, gone) = (
            unpacked.root().join("vendor").join(missing),
            unpacked.folder.path().join("gone"),
        );
        fs::rename(&there, &gone).expect("there is such a crate");
        let output = unpacked.metadata();
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && message.contains(missing),
            "{message}"
        );
        fs::rename(gone, there).expect("writable");
    }
}
