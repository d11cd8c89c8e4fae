//! Tests that are not run again while nothing has changed.
//!
//! Some of the book's proofs take minutes: each exercise is compiled with every wrong answer, pages are opened in a
//! browser. They give the same verdict as before unless something has changed, so it is noted what passed:
//!
//! ```
//! # /*
//! #[test_cache::test]
//! # */
//! fn pages_are_proved() {
//!     // minutes
//! }
//! ```
//!
//! A note, in cargo's target folder, is about one test, the *contents* of every file of the repository and of the
//! test's executable, and the compiler. Change one byte of any file, and every test is run again. Only a test that has
//! passed leaves a note, and only if no file was written meanwhile: one that failed is run each time.
//!
//! What is outside of the repository, such as the browser or Python, is not looked at. The variable
//! `PROVE_AGAIN` has every test run, and so has a fresh clone.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::SystemTime;
use std::{env, fs, io, thread};

use sha2::{Digest, Sha256};
pub use test_cache_macros::test;

/// Whoever sets this variable has every test run.
pub const AGAIN: &str = "PROVE_AGAIN";

/// What is not part of the repository: what is made of it, and the reader's own.
const LEFT_OUT: &[&str] = &[".git", "target", "book", "node_modules", ".workbook"];

/// What a test can return.
pub trait Outcome {
    /// The outcome of a test that has passed before.
    fn passed() -> Self;
    /// Whether the test has passed.
    fn has_passed(&self) -> bool;
}

impl Outcome for () {
    fn passed() -> Self {}

    fn has_passed(&self) -> bool {
        true
    }
}

impl<E> Outcome for Result<(), E> {
    fn passed() -> Self {
        Ok(())
    }

    fn has_passed(&self) -> bool {
        self.is_ok()
    }
}

/// Runs `test`, unless the test on this thread has passed with exactly these contents.
///
/// # Panics
///
/// If `test` does. Then, and if it returns an error, nothing is noted.
pub fn once<T: Outcome>(test: impl FnOnce() -> T) -> T {
    let note = match (&*CONTENTS, thread::current().name()) {
        (Some(contents), Some(name)) if env::var_os(AGAIN).is_none() => contents.note(name),
        _ => return test(),
    };
    if note.exists() {
        return T::passed();
    }
    let outcome = test();
    if outcome.has_passed() && !SKIPPED.get() && CONTENTS.as_ref().is_some_and(Contents::still_are)
    {
        write(&note);
    }
    outcome
}

thread_local! {
    static SKIPPED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Says that the test on this thread could not look at all that it should, for want of a browser say. It leaves no
/// note.
pub fn skipped() {
    SKIPPED.set(true);
}

/// A note that can't be written costs time and nothing else.
fn write(note: &Path) {
    let Some(folder) = note.parent() else { return };
    // Notes about other contents are of no use any more.
    if let Some(all) = folder.parent().and_then(|all| fs::read_dir(all).ok()) {
        for other in all.flatten().filter(|other| other.path() != folder) {
            let _ = fs::remove_dir_all(other.path());
        }
    }
    let _ = fs::create_dir_all(folder);
    let _ = fs::write(note, []);
}

static CONTENTS: LazyLock<Option<Contents>> = LazyLock::new(Contents::now);

/// What this process' tests depend on.
struct Contents {
    root: PathBuf,
    /// When they were read.
    read: SystemTime,
    /// Where the notes about them are.
    folder: PathBuf,
    /// The name of the test's executable.
    suite: String,
}

impl Contents {
    /// `None` if they can't be read. Then every test is run.
    fn now() -> Option<Self> {
        let read = SystemTime::now();
        let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
        let root = package
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())?;
        let executable = env::current_exe().ok()?;
        // `book-4f30b3ddcda5fe28`: the number is that of the build.
        let stem = executable.file_stem()?.to_str()?;
        let suite = stem.rsplit_once('-').map_or(stem, |(name, _)| name);
        // `target/debug/deps/book-4f30b3ddcda5fe28`
        let made = executable.parent()?.parent()?;
        let package = package.file_name()?.to_str()?;
        let contents = fingerprint(root).ok()?;
        let build = number(Sha256::digest(fs::read(&executable).ok()?).as_slice());
        Some(Self {
            folder: made.join("test-cache").join(contents),
            suite: format!("{package}-{suite}-{build}"),
            root: root.to_owned(),
            read,
        })
    }

    /// Whether no file was written since they were read. What is written during a test may have been seen by it or
    /// not.
    fn still_are(&self) -> bool {
        let older = |file: &PathBuf| -> io::Result<bool> {
            let written = fs::metadata(self.root.join(file))?.modified()?;
            Ok(written < self.read)
        };
        files(&self.root).is_ok_and(|files| files.iter().all(|file| older(file).unwrap_or(false)))
    }

    fn note(&self, test: &str) -> PathBuf {
        let test = test.replace("::", "-");
        self.folder.join(format!("{}-{test}", self.suite))
    }
}

/// A number for the contents of every file below `root`, and for the compiler.
fn fingerprint(root: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    hash.update(Command::new(compiler).arg("-vV").output()?.stdout);
    for file in files(root)? {
        let bytes = fs::read(root.join(&file))?;
        // The lengths, so that no byte can move from one file into the next.
        let name = file.as_os_str().as_encoded_bytes();
        for part in [name, &bytes] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
    }
    Ok(number(&hash.finalize()))
}

/// The first half of a hash, in hexadecimal.
fn number(hash: &[u8]) -> String {
    let mut number = String::new();
    for byte in &hash[..16] {
        let _ = write!(number, "{byte:02x}");
    }
    number
}

/// All files below `root`, by their paths from there, in one order on every machine.
fn files(root: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            let name = entry.file_name();
            if !entry.file_type()?.is_dir() {
                found.insert(path);
            } else if !LEFT_OUT.iter().any(|left_out| OsStr::new(left_out) == name) {
                folders.push(path);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{fingerprint, once, skipped, thread};

    #[test]
    fn every_byte_of_every_file_counts() {
        let root = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
            fingerprint(root.path()).unwrap()
        };
        let first = write("src/a.md", "ab");
        assert_eq!(first, write("target/debug/out", "left out"));
        assert_eq!(first, write("src/a.md", "ab"));
        let mut seen = vec![
            first,
            write("src/a.md", "ac"),
            write("src/b.md", ""),
            write("src/a.md", "a"),
            write("src/b.md", "c"),
        ];
        fs::rename(root.path().join("src/b.md"), root.path().join("src/c.md")).unwrap();
        seen.push(fingerprint(root.path()).unwrap());
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "two contents have one number");
    }

    /// How often a test runs that is started three times. The name is that of the thread, as in libtest.
    fn runs<T: super::Outcome + Send>(name: &str, test: impl Fn() -> T + Sync) -> usize {
        let runs = std::sync::atomic::AtomicUsize::new(0);
        let name = format!("{name}-{}", std::process::id());
        for _ in 0..3 {
            thread::scope(|scope| {
                let thread = thread::Builder::new().name(name.clone());
                let spawned = thread.spawn_scoped(scope, || {
                    once(|| {
                        runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        test()
                    });
                });
                let _may_panic = spawned.unwrap().join();
            });
        }
        runs.into_inner()
    }

    #[test]
    fn what_passed_is_not_run_again() {
        assert_eq!(runs("passes", || ()), 1);
        assert_eq!(runs("is-fine", || Ok::<(), String>(())), 1);
    }

    #[test]
    fn what_failed_or_was_skipped_is_run_each_time() {
        assert_eq!(runs::<()>("panics", || panic!("on purpose")), 3);
        assert_eq!(runs("fails", || Err::<(), _>("on purpose")), 3);
        assert_eq!(runs("is-skipped", skipped), 3);
    }
}
