//! Clones of the repository with target folders of their own, which the next run of these tests finds
//! again: the libraries of the exercises take a while to build.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, Once, PoisonError};

/// How many tests can have a clone at the same time: most of what they do is wait.
const CLONES: usize = 2;

/// The numbers of the clones that no test has. Tests change answers in them.
static FREE: Mutex<Vec<usize>> = Mutex::new(Vec::new());
static GIVEN_BACK: Condvar = Condvar::new();

/// Before that there are no clones.
static MADE: Once = Once::new();

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

/// A clone, for one test alone.
pub struct Clone {
    pub root: PathBuf,
    number: usize,
}

impl Clone {
    /// One that is free, as soon as there is one.
    pub fn new() -> Self {
        MADE.call_once(|| {
            make_libraries();
            FREE.lock().expect("nobody has it yet").extend(0..CLONES);
        });
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let free = GIVEN_BACK.wait_while(free, |free| free.is_empty());
        let number = free.unwrap_or_else(PoisonError::into_inner).pop();
        Self::numbered(number.expect("that was waited for"))
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
        // What earlier tests have left: progress, and verdicts that need no building any more.
        for left in [".workbook", "target/workbook/verdicts"] {
            let _ = fs::remove_dir_all(root.join(left));
        }
        clone
    }

    /// The tool as this clone's cargo would have built it.
    pub fn tool(&self) -> PathBuf {
        self.tool_in(&self.root.join("target"))
    }

    /// The tool as it is built into another target folder.
    pub fn tool_in(&self, target: &Path) -> PathBuf {
        let tool = target.join("debug").join("workbook");
        let built = Path::new(env!("CARGO_BIN_EXE_workbook"));
        // It is large, so it is not read, and it is linked: nobody writes into it.
        let about = |file: &Path| {
            let about = file.metadata().ok()?;
            Some((about.len(), about.modified().ok()?))
        };
        if about(built) != about(&tool) {
            fs::create_dir_all(target.join("debug")).expect("writable");
            // The old one may be running.
            let _ = fs::remove_file(&tool);
            if fs::hard_link(built, &tool).is_err() {
                copy_with_time(built, &tool);
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

impl Drop for Clone {
    fn drop(&mut self) {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(self.number);
        GIVEN_BACK.notify_one();
    }
}

/// Has the libraries built where they are missing: in the first clone by the tool, in the others by copying.
fn make_libraries() {
    let clones = [(); CLONES].map({
        let mut numbers = 0..;
        move |()| Clone::numbered(numbers.next().expect("without end"))
    });
    let libraries = |clone: &Clone| clone.root.join("target/debug/deps");
    let [first, others @ ..] = &clones;
    if !libraries(first).exists() {
        let mut check = first.workbook(&["check", "gather/fetch_all"]);
        let checked = check.stdout(Stdio::null()).stderr(Stdio::null()).status();
        checked.expect("the tool can be started");
    }
    for other in others.iter().filter(|other| !libraries(other).exists()) {
        for folder in [".fingerprint", "build", "deps"] {
            let folder = Path::new("target/debug").join(folder);
            copy_with_times(&first.root.join(&folder), &other.root.join(&folder));
        }
    }
    // Nobody has been given one yet.
    clones.into_iter().for_each(std::mem::forget);
}

/// Copies a folder in which cargo compares times.
fn copy_with_times(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("writable");
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_with_times(&path, &copy);
            continue;
        }
        copy_with_time(&path, &copy);
    }
}

fn copy_with_time(from: &Path, to: &Path) {
    fs::copy(from, to).expect("writable");
    let modified = from.metadata().and_then(|about| about.modified());
    let copied = File::options().append(true).open(to);
    let timed = copied.and_then(|copied| copied.set_modified(modified?));
    timed.expect("it was written");
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
