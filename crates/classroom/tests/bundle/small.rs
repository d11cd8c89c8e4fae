//! A small workbook in a repository of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::read::GzDecoder;
use tar::Archive;
use tempfile::TempDir;

/// The program behind `cargo workbook bundle`.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// The files that are committed.
const COMMITTED: &[(&str, &str)] = &[
    ("book.toml", "[book]\ntitle = \"Demo\"\n"),
    ("src/SUMMARY.md", "# Summary\n\n- [Demo](demo.md)\n"),
    ("src/demo.md", "# Demo\n"),
    ("exercises/exercises.toml", ""),
    ("exercises/src/lib.rs", "pub mod demo;\n"),
    ("exercises/src/demo.rs", "committed answer\n"),
    ("exercises/stubs/demo.rs", "stub\n"),
    ("tool/src/lib.rs", ""),
    (
        "tool/Cargo.toml",
        "[package]\nname = \"tool\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    ),
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"tool\"]\nresolver = \"3\"\n",
    ),
    (
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"tool\"\nversion = \"0.1.0\"\n",
    ),
    (".cargo/config.toml", "[alias]\nworkbook = \"version\"\n"),
    (".gitignore", "/.workbook/\n/target/\n/book/\n"),
    ("odd \u{fc}\n\"name\" ", "odd\n"),
    ("script", "#!/bin/sh\n"),
];

pub struct Small {
    pub folder: TempDir,
}

/// What is in an archive: the mode and the content of a file, or where a link leads.
pub type Entries = BTreeMap<String, (u32, Vec<u8>)>;

impl Small {
    pub fn new() -> Self {
        let small = Self {
            folder: tempfile::tempdir().expect("a folder can be created"),
        };
        for (file, text) in COMMITTED {
            small.write(&format!("workbook/{file}"), text);
        }
        let script = small.path("workbook/script");
        fs::set_permissions(script, fs::Permissions::from_mode(0o755)).expect("it is there");
        symlink("src/demo.md", small.path("workbook/link")).expect("writable");
        small.git("init --quiet --initial-branch=main");
        small.commit();
        small
    }

    pub fn commit(&self) {
        self.git("add --all");
        self.git("commit --quiet --message=next");
    }

    pub fn git(&self, arguments: &str) {
        self.git_in("workbook", arguments);
    }

    pub fn git_in(&self, folder: &str, arguments: &str) {
        let git = Command::new("git")
            .current_dir(self.path(folder))
            .args(arguments.split(' '))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@b")])
            .envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@b")])
            .output()
            .expect("git is there");
        assert!(git.status.success(), "git {arguments}: {git:?}");
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    /// The program, which is to write `out.tar.gz` if nothing else is said.
    pub fn bundle(&self, arguments: &[&str]) -> Command {
        let mut bundle = Command::new(PROGRAM);
        bundle.current_dir(self.path("workbook")).arg("bundle");
        if arguments.is_empty() {
            bundle.arg("--output").arg(self.path("out.tar.gz"));
        }
        bundle.args(arguments);
        bundle.env("GIT_CEILING_DIRECTORIES", self.folder.path());
        bundle
    }

    /// What is in a folder, by name.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("readable");
        let names = entries.map(|entry| entry.expect("readable").file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

pub fn succeeds(mut bundle: Command) -> Output {
    let output = bundle.output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    output
}

/// The entries of an archive, which has them in this order.
pub fn entries(file: &Path) -> Entries {
    let file = fs::File::open(file).expect("it was written");
    let mut archive = Archive::new(GzDecoder::new(file));
    let mut entries = Entries::new();
    for entry in archive.entries().expect("it is an archive") {
        let mut entry = entry.expect("it is whole");
        let header = entry.header();
        assert_eq!(header.mtime().ok(), Some(1_153_704_088));
        assert_eq!((header.uid().ok(), header.gid().ok()), (Some(0), Some(0)));
        assert!(header.username_bytes().unwrap_or_default().is_empty());
        let mode = header.mode().expect("it has one");
        let name = entry
            .path()
            .expect("it has one")
            .to_str()
            .expect("UTF-8")
            .to_owned();
        let mut bytes = Vec::new();
        match entry.link_name_bytes() {
            Some(target) => bytes.extend_from_slice(&target),
            None => drop(entry.read_to_end(&mut bytes).expect("it is whole")),
        }
        let last = entries.last_key_value().map(|(name, _)| Path::new(name));
        assert!(last < Some(Path::new(&name)), "{name} is not sorted");
        entries.insert(name, (mode, bytes));
    }
    entries
}
