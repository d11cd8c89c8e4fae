//! Tests that are not run again while nothing has changed.
//!
//! Some of the book's proofs take minutes: each exercise is compiled with every wrong answer, and pages are opened in a
//! browser. Their result is the same as before unless something has changed, so it is recorded which tests passed:
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
//! A record, in cargo's target folder, belongs to one test, the *contents* of every file of the repository and of the
//! test's executable, and the compiler. If one byte of any file changes, every test is run again. A record is written
//! only if the test passed, and if no file was written in the meantime. A test that failed is run each time. A record
//! says how many seconds the test took; `ci/check` prints the slowest ones.
//!
//! What is outside of the repository, such as the browser or Python, does not count. If the environment variable
//! `PROVE_AGAIN` is set, every test is run. A fresh clone has no records.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, io, process, thread};

use sha2::{Digest, Sha256};
pub use test_cache_macros::test;

/// If this environment variable is set, every test is run.
pub const AGAIN: &str = "PROVE_AGAIN";

/// Folders that are not part of the repository: generated ones, and the reader's own.
const IGNORED: &[&str] = &[".git", "target", "book", "node_modules", ".workbook"];

/// No test takes this long on any machine, so one that does hangs.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// A type that a test can return.
pub trait Outcome {
    /// The outcome of a test that passed earlier.
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

/// Runs `test`, unless the test on this thread has passed with exactly these contents. If it takes longer than 20 minutes,
/// the process is ended with a message, so that a test that hangs does not use up the time of all others.
///
/// # Panics
///
/// If `test` panics. In that case, or if it returns an error, nothing is recorded.
pub fn once<T: Outcome>(test: impl FnOnce() -> T) -> T {
    let thread = thread::current();
    let name = thread.name().unwrap_or("a test");
    let record = CONTENTS.as_ref().map(|contents| contents.record(name));
    let record = record.filter(|_| env::var_os(AGAIN).is_none());
    if record.as_ref().is_some_and(|record| record.exists()) {
        return T::passed();
    }
    let start = Instant::now();
    let outcome = limited(name, LIMIT, test);
    let Some(record) = record else {
        return outcome;
    };
    if outcome.has_passed()
        && !SKIPPED.get()
        && CONTENTS.as_ref().is_some_and(Contents::are_unchanged)
    {
        write(&record, start.elapsed());
    }
    outcome
}

/// Runs `test`, and ends the process if it takes longer than `limit`.
fn limited<T>(name: &str, limit: Duration, test: impl FnOnce() -> T) -> T {
    let (_ended, end) = mpsc::channel::<()>();
    let name = name.to_owned();
    thread::spawn(move || {
        if end.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            // Not `eprintln!`, whose text libtest keeps until the test has ended.
            let _ = writeln!(
                io::stderr(),
                "{name} has been running for {} s: it hangs. All tests of this executable are stopped.",
                limit.as_secs()
            );
            process::exit(1);
        }
    });
    test()
}

thread_local! {
    static SKIPPED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Reports that the test on this thread could not check everything, for example because there is no browser. Its
/// result is not recorded.
pub fn skipped() {
    SKIPPED.set(true);
}

/// Writes a record: how many seconds the test took. If that fails, the test is run again next time.
fn write(record: &Path, took: Duration) {
    let Some(folder) = record.parent() else {
        return;
    };
    // Records for other contents are obsolete.
    if let Some(all) = folder.parent().and_then(|all| fs::read_dir(all).ok()) {
        for other in all.flatten().filter(|other| other.path() != folder) {
            let _ = fs::remove_dir_all(other.path());
        }
    }
    let _ = fs::create_dir_all(folder);
    let _ = fs::write(record, format!("{:.1}\n", took.as_secs_f64()));
}

static CONTENTS: LazyLock<Option<Contents>> = LazyLock::new(Contents::now);

/// What the tests of this process depend on.
struct Contents {
    root: PathBuf,
    /// When they were read.
    read: SystemTime,
    /// The folder of their records.
    folder: PathBuf,
    /// The name of the test's executable.
    suite: String,
}

impl Contents {
    /// `None` if they cannot be read. In that case, every test is run.
    fn now() -> Option<Self> {
        let read = SystemTime::now();
        let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
        let root = package
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())?;
        let executable = env::current_exe().ok()?;
        // `book-4f30b3ddcda5fe28`: the hash belongs to the build.
        let stem = executable.file_stem()?.to_str()?;
        let suite = stem.rsplit_once('-').map_or(stem, |(name, _)| name);
        // `target/debug/deps/book-4f30b3ddcda5fe28`
        let profile = executable.parent()?.parent()?;
        let package = package.file_name()?.to_str()?;
        let contents = fingerprint(root).ok()?;
        let build = hex(Sha256::digest(fs::read(&executable).ok()?).as_slice());
        Some(Self {
            folder: profile.join("test-cache").join(contents),
            suite: format!("{package}-{suite}-{build}"),
            root: root.to_owned(),
            read,
        })
    }

    /// Whether no file was written since they were read. Otherwise, the test may or may not have seen the change.
    fn are_unchanged(&self) -> bool {
        let older = |file: &PathBuf| -> io::Result<bool> {
            let written = fs::metadata(self.root.join(file))?.modified()?;
            Ok(written < self.read)
        };
        files(&self.root).is_ok_and(|files| files.iter().all(|file| older(file).unwrap_or(false)))
    }

    fn record(&self, test: &str) -> PathBuf {
        let test = test.replace("::", "-");
        self.folder.join(format!("{}-{test}", self.suite))
    }
}

/// A hash of the contents of every file below `root`, and of the compiler's version.
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
    Ok(hex(&hash.finalize()))
}

/// The first half of a hash in hexadecimal.
fn hex(hash: &[u8]) -> String {
    let mut hex = String::new();
    for byte in &hash[..16] {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The paths of all files below `root`, relative to it, in the same order on every machine.
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
            } else if !IGNORED.iter().any(|ignored| OsStr::new(ignored) == name) {
                folders.push(path);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use std::env::current_exe;
    use std::process::Command;
    use std::time::Duration;

    use super::{fingerprint, limited, once, skipped, thread};

    #[test]
    fn the_fingerprint_depends_on_every_byte_of_every_file() {
        let root = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
            fingerprint(root.path()).unwrap()
        };
        let first = write("src/a.md", "ab");
        assert_eq!(first, write("target/debug/out", "ignored"));
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
        assert_eq!(seen.len(), count, "two contents have the same fingerprint");
    }

    /// How often a test runs that is started three times, on a thread with its name as in libtest.
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
    fn a_test_that_passed_is_not_run_again() {
        assert_eq!(runs("passes", || ()), 1);
        assert_eq!(runs("is-fine", || Ok::<(), String>(())), 1);
    }

    #[test]
    fn a_test_that_failed_or_was_skipped_is_run_each_time() {
        assert_eq!(runs::<()>("panics", || panic!("on purpose")), 3);
        assert_eq!(runs("fails", || Err::<(), _>("on purpose")), 3);
        assert_eq!(runs("is-skipped", skipped), 3);
    }

    #[test]
    fn a_test_that_hangs_ends_the_process_with_a_message() {
        let mut child = Command::new(current_exe().unwrap());
        let arguments = ["--ignored", "--exact", "tests::child_that_hangs"];
        let output = child.args(arguments).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        assert!(printed.contains("child_that_hangs has been running for 0 s: it hangs."));
    }

    #[test]
    #[ignore = "a_test_that_hangs_ends_the_process_with_a_message starts it"]
    fn child_that_hangs() {
        limited("child_that_hangs", Duration::ZERO, || {
            loop {
                thread::park();
            }
        });
    }
}
