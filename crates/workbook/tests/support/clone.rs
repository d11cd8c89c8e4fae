//! A clone of the repository with a target folder of its own, which the next run of these tests finds
//! again: the libraries of the exercises take a while to build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Who has the clone. Tests change answers in it.
static ALONE: Mutex<()> = Mutex::new(());

/// What a clone has of the repository.
const PARTS: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "book.toml",
    "ci",
    "crates",
    "exercises",
    "solutions",
    "src",
    "theme",
];

pub const STUB: &str = "exercises/src/gather.rs";

/// The clone, for one test alone.
pub struct Clone {
    pub root: PathBuf,
    _alone: MutexGuard<'static, ()>,
}

impl Clone {
    pub fn new() -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clone");
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for part in PARTS {
            mirror(&repository.join(part), &root.join(part));
        }
        fs::copy(root.join("exercises/stubs/gather.rs"), root.join(STUB)).expect("writable");
        // What earlier tests have left: progress, and verdicts that need no building any more.
        for left in [".workbook", "target/workbook/verdicts"] {
            let _ = fs::remove_dir_all(root.join(left));
        }
        Self {
            root,
            _alone: alone,
        }
    }

    /// The tool as this clone's cargo would have built it.
    pub fn tool(&self) -> PathBuf {
        self.tool_in(&self.root.join("target"))
    }

    /// The tool as it is built into another target folder.
    pub fn tool_in(&self, target: &Path) -> PathBuf {
        let tool = target.join("debug").join("workbook");
        copy_if_new(Path::new(env!("CARGO_BIN_EXE_workbook")), &tool);
        tool
    }

    /// `cargo workbook` with these arguments, ready to run.
    pub fn workbook(&self, arguments: &[&str]) -> Command {
        self.command(&self.tool(), arguments)
    }

    pub fn command(&self, tool: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(tool);
        command.args(arguments).current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            // What cargo tells this test of its own package is not for a cargo below it.
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_") && text != "CARGO_HOME" || text == "RUST_BACKTRACE" {
                command.env_remove(name);
            }
        }
        command
    }

    /// How many exercises the book has by now.
    #[allow(
        dead_code,
        reason = "not every test that includes this file counts them"
    )]
    pub fn exercises(&self) -> usize {
        let manifest = fs::read_to_string(self.root.join("exercises/exercises.toml"));
        let manifest = manifest.expect("the manifest is there");
        manifest
            .lines()
            .filter(|line| *line == "[[chapter.exercise]]")
            .count()
    }

    pub fn write(&self, file: &str, text: &str) {
        let file = self.root.join(file);
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("writable");
        fs::write(file, text).expect("the clone is writable");
    }

    /// Puts `body` in the place of a function's `todo!()`.
    pub fn answer(&self, function: &str, body: &str) {
        let text = fs::read_to_string(self.root.join(STUB)).expect("there");
        let (before, after) = text.split_once(&format!("fn {function}(")).expect("there");
        let answered = after.replacen("todo!()", body, 1);
        self.write(STUB, &format!("{before}fn {function}({answered}"));
    }
}

/// Makes `to` what `from` is. What has not changed keeps its time, so that cargo has nothing to do.
fn mirror(from: &Path, to: &Path) {
    if from.is_file() {
        return copy_if_new(from, to);
    }
    fs::create_dir_all(to).expect("writable");
    let names = |folder: &Path| -> Vec<_> {
        let entries = fs::read_dir(folder).expect("readable");
        entries
            .map(|entry| entry.expect("readable").file_name())
            .collect()
    };
    let wanted = names(from);
    for name in names(to).iter().filter(|name| !wanted.contains(name)) {
        let gone = to.join(name);
        let removed = if gone.is_dir() {
            fs::remove_dir_all(gone)
        } else {
            fs::remove_file(gone)
        };
        removed.expect("writable");
    }
    for name in wanted {
        mirror(&from.join(&name), &to.join(&name));
    }
}

fn copy_if_new(from: &Path, to: &Path) {
    if fs::read(from).ok() != fs::read(to).ok() {
        fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("writable");
        // The old one may be running.
        let _ = fs::remove_file(to);
        fs::copy(from, to).expect("writable");
    }
}
