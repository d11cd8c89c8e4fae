//! Clones of the repository, each with a target folder. They are reused in the next run of these tests, because the
//! libraries of the exercises take a while to build.

use std::env::consts::DLL_EXTENSION;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, Once, PoisonError};

/// How many tests can use a clone at the same time. Mostly, they wait.
const CLONES: usize = 2;

/// The numbers of the clones that are not in use. Tests change answers in them.
static FREE: Mutex<Vec<usize>> = Mutex::new(Vec::new());
static GIVEN_BACK: Condvar = Condvar::new();

/// Set when the clones have been created.
static MADE: Once = Once::new();

/// The parts of the repository that a clone contains.
const PARTS: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "book.toml",
    "ci",
    "crates",
    "exercises",
    "projects",
    "solutions",
    "src",
    "theme",
];

pub const STUB: &str = "exercises/src/gather.rs";

/// A clone, used by one test at a time.
pub struct Clone {
    pub root: PathBuf,
    number: usize,
}

impl Clone {
    /// Waits for a free clone.
    pub fn new() -> Self {
        MADE.call_once(|| {
            make_libraries();
            FREE.lock().expect("not poisoned").extend(0..CLONES);
        });
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let free = GIVEN_BACK.wait_while(free, |free| free.is_empty());
        let number = free.unwrap_or_else(PoisonError::into_inner).pop();
        Self::numbered(number.expect("a clone is free"))
    }

    fn numbered(number: usize) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("clone-{number}"));
        let clone = Self { root, number };
        let root = &clone.root;
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for part in PARTS {
            mirror(&repository.join(part), &root.join(part));
        }
        fs::copy(root.join("exercises/stubs/gather.rs"), root.join(STUB)).expect("writable");
        // Earlier tests left their progress and their cached verdicts.
        for left in [".workbook", "target/workbook/verdicts"] {
            let _ = fs::remove_dir_all(root.join(left));
        }
        clone
    }

    /// The tool in the target folder of this clone.
    pub fn tool(&self) -> PathBuf {
        self.tool_in(&self.root.join("target"))
    }

    /// The tool in another target folder.
    pub fn tool_in(&self, target: &Path) -> PathBuf {
        let tool = target.join("debug").join("workbook");
        let built = Path::new(env!("CARGO_BIN_EXE_workbook"));
        // Linked, because it is large and never written.
        let about = |file: &Path| {
            let about = file.metadata().ok()?;
            Some((about.len(), about.modified().ok()?))
        };
        if about(built) != about(&tool) {
            fs::create_dir_all(target.join("debug")).expect("writable");
            // The old one may still run.
            let _ = fs::remove_file(&tool);
            if fs::hard_link(built, &tool).is_err() {
                copy_executables(built, &tool);
            }
        }
        tool
    }

    /// `cargo workbook` with these arguments, ready to run.
    pub fn workbook(&self, arguments: &[&str]) -> Command {
        self.command(&self.tool(), arguments)
    }

    pub fn command(&self, tool: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(tool);
        command.args(arguments).current_dir(&self.root);
        // A clone has no history. Git must not find that of the repository around it, which `update` would change.
        command.env("GIT_CEILING_DIRECTORIES", env!("CARGO_TARGET_TMPDIR"));
        for (name, _) in std::env::vars_os() {
            // The variables of this test's package must not reach a nested cargo.
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_") && text != "CARGO_HOME" || text == "RUST_BACKTRACE" {
                command.env_remove(name);
            }
        }
        command
    }

    /// How many exercises the book has.
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

    /// Replaces the `todo!()` of a function with `body`.
    pub fn answer(&self, function: &str, body: &str) {
        let text = fs::read_to_string(self.root.join(STUB)).expect("there");
        let (before, after) = text.split_once(&format!("fn {function}(")).expect("there");
        let answered = after.replacen("todo!()", body, 1);
        self.write(STUB, &format!("{before}fn {function}({answered}"));
    }
}

impl Drop for Clone {
    fn drop(&mut self) {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(self.number);
        GIVEN_BACK.notify_one();
    }
}

/// Gives new clones the libraries that cargo has built for this repository, and builds what is missing in any.
fn make_libraries() {
    let clones = [(); CLONES].map({
        let mut numbers = 0..;
        move |()| Clone::numbered(numbers.next().expect("without end"))
    });
    let built = Path::new(env!("CARGO_BIN_EXE_workbook"));
    let built = built.parent().expect("an executable lies in a folder");
    for clone in &clones {
        let own = clone.root.join("target/debug");
        if !own.join("deps").exists() {
            for folder in [".fingerprint", "build"] {
                copy_executables(&built.join(folder), &own.join(folder));
            }
            link_libraries(&built.join("deps"), &own.join("deps"));
        }
        // Otherwise the first test would wait for what has to be built.
        let mut check = clone.workbook(&["check", "gather/fetch_all"]);
        let checked = check.stdout(Stdio::null()).stderr(Stdio::null()).status();
        checked.expect("the tool can be started");
    }
    // No test uses a clone yet.
    clones.into_iter().for_each(std::mem::forget);
}

/// Links the libraries of a folder into another one. (rustc and the linker replace a library, and never write into one.)
/// What cargo writes about them is copied.
fn link_libraries(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("writable");
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let (path, link) = (entry.path(), to.join(entry.file_name()));
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        let is_library = ["rlib", "rmeta", DLL_EXTENSION].contains(&extension);
        let is_linked = is_library && fs::hard_link(&path, &link).is_ok();
        if extension == "d" || is_library && !is_linked {
            copy_with_time(&path, &link);
        }
    }
}

/// Copies a program, or a folder that has some, with modification times. A process of its own does so: if this one did, a process
/// that another thread starts could hold the file open, and the program could not be run ("Text file busy").
fn copy_executables(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("writable");
    let copied = Command::new("cp").arg("-aT").args([from, to]).status();
    assert!(copied.is_ok_and(|status| status.success()), "{from:?}");
}

/// Copies a file with its modification time, which cargo compares.
fn copy_with_time(from: &Path, to: &Path) {
    fs::copy(from, to).expect("writable");
    let modified = from.metadata().and_then(|about| about.modified());
    let copied = File::options().append(true).open(to);
    let timed = copied.and_then(|copied| copied.set_modified(modified?));
    timed.expect("it was written");
}

/// Makes `to` a copy of `from` with the same modification times, so that cargo need not build.
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
    // Reading a pipe that a failed test has left would wait forever.
    if !to.is_file() || fs::read(from).ok() != fs::read(to).ok() {
        fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("writable");
        // The old one may still run.
        let _ = fs::remove_file(to);
        copy_with_time(from, to);
    }
}
