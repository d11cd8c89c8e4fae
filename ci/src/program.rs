//! Compiles programs against the workspace's libraries and runs them under limits.
//!
//! rustc is called directly: cargo would add its own tenth of a second to each program. What has
//! been compiled once is kept under the hash of everything it was made from, so that an unchanged
//! program is only run again. An entry is made in a folder of its own and then renamed: nobody sees
//! half an entry, and no executable is ever open for writing in a process that starts others (the
//! cause of "Text file busy").

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use wait_timeout::ChildExt;

pub use crate::diagnostic::Diagnostic;
use crate::diagnostic::diagnostics;
use crate::files;
use crate::library::{FOR_BLOCKS, Libraries};

/// The edition of every program in the book.
pub const EDITION: &str = "2024";

/// What rustc is told of everything that it compiles here.
const FLAGS: &[&str] = &[
    "--edition",
    EDITION,
    "--error-format=json",
    "--diagnostic-width=100",
    // Symbols make a program five times as large and say nothing here.
    "-Cdebuginfo=0",
    "-Cstrip=symbols",
];

/// How long a program may run, in real time, unless a test says otherwise. Programs wait on a paused
/// clock and are done in milliseconds; this is for the ones that hang.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How many bytes a program may print before it is cut off.
const OUTPUT_LIMIT: u64 = 1 << 20;

/// How much of what was compiled may be kept before the least recently used goes, in bytes.
const CACHE_LIMIT: u64 = 1 << 30;

/// The file in an entry of the cache that holds what the compiler said.
const MESSAGES: &str = "messages.json";

/// Compiles programs, and remembers what it has compiled.
#[derive(Debug)]
pub struct Compiler {
    libraries: &'static Libraries,
    cache: PathBuf,
    /// `rustc -vV`: other compiler, other entries.
    version: String,
    /// How long a program may run.
    time_limit: Duration,
}

/// What became of a compilation.
#[derive(Debug, Clone)]
pub enum Compiled {
    /// An executable.
    Program(PathBuf),
    /// It does not compile; the errors in rustc's order.
    Errors(Vec<Diagnostic>),
}

/// What a program did.
#[derive(Debug)]
pub struct Run {
    /// How it ended; `None` if it was stopped at its time limit.
    pub status: Option<ExitStatus>,
    /// What it printed, up to a mebibyte.
    pub stdout: String,
    /// What it printed as errors, up to a mebibyte.
    pub stderr: String,
}

impl Compiler {
    /// A compiler for this workspace's libraries.
    ///
    /// # Errors
    ///
    /// If the workspace does not build, or rustc is missing.
    pub fn new() -> Result<Self> {
        let libraries = Libraries::of_workspace()?;
        let cache = libraries.target.join("book/compiled");
        fs::create_dir_all(&cache)
            .with_context(|| format!("{} cannot be made.", cache.display()))?;
        prune(&cache, CACHE_LIMIT);
        Self::with_cache(cache)
    }

    /// A compiler that keeps what it has compiled in this folder.
    ///
    /// # Errors
    ///
    /// As [`Compiler::new`].
    pub fn with_cache(cache: PathBuf) -> Result<Self> {
        Ok(Self {
            libraries: Libraries::of_workspace()?,
            cache,
            version: rustc_version()?,
            time_limit: TIME_LIMIT,
        })
    }

    /// The same compiler with another limit for the programs it runs.
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// How long a program may run.
    pub fn time_limit(&self) -> Duration {
        self.time_limit
    }

    /// The compiler's release, as in `1.95.0`.
    pub fn release(&self) -> &str {
        let release = self
            .version
            .lines()
            .find_map(|line| line.strip_prefix("release: "));
        release.unwrap_or("unknown")
    }

    /// Compiles a program of the book, or takes it from the cache.
    ///
    /// # Errors
    ///
    /// If rustc cannot be started or the disk cannot be written. A program that does not compile
    /// is no error: it is [`Compiled::Errors`].
    pub fn compile(&self, program: &str) -> Result<Compiled> {
        let stamp = self.stamp(FOR_BLOCKS)?;
        let entry = self.entry(&["program", program, &stamp]);
        let messages = self.once(&entry, |folder| {
            files::write(&folder.join("src/main.rs"), program)?;
            let mut rustc = self.rustc(folder, FOR_BLOCKS)?;
            rustc.args(["src/main.rs", "-o", &executable("program")]);
            Ok(rustc)
        })?;
        Ok(if messages.iter().any(Diagnostic::is_error) {
            Compiled::Errors(messages)
        } else {
            Compiled::Program(entry.join(executable("program")))
        })
    }

    /// The folder in the cache for what is made of all these parts.
    pub(crate) fn entry(&self, parts: &[&str]) -> PathBuf {
        self.cache.join(hash(parts))
    }

    /// Compiles into the folder `entry`, unless that has been done. `rustc` prepares the compiler to
    /// work in the folder it is given. What the compiler says is kept as it is, and read each time.
    pub(crate) fn once(
        &self,
        entry: &Path,
        rustc: impl FnOnce(&Path) -> Result<Command>,
    ) -> Result<Vec<Diagnostic>> {
        let read = |stderr: &[u8]| diagnostics(stderr, self.libraries);
        if !entry.is_dir() {
            let folder = tempfile::tempdir_in(&self.cache)?;
            let output = rustc(folder.path())?
                .output()
                .context("rustc could not be started")?;
            let said = read(&output.stderr).iter().any(Diagnostic::is_error);
            ensure!(
                output.status.success() || said,
                "rustc failed without an error message ({}):\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
            files::write(&folder.path().join(MESSAGES), output.stderr)?;
            let finished = folder.keep();
            if fs::rename(&finished, entry).is_err() {
                // Somebody else made the same entry meanwhile; it has the same content.
                fs::remove_dir_all(&finished)?;
                ensure!(entry.is_dir(), "{} could not be made", entry.display());
            }
        }
        // The time of last use decides what is dropped when the cache is full.
        let _ = fs::File::open(entry).and_then(|folder| folder.set_modified(SystemTime::now()));
        Ok(read(&fs::read(entry.join(MESSAGES))?))
    }

    /// rustc with everything that is the same for each program: run in `folder`, so that the paths
    /// in its messages are short and the same on every machine.
    ///
    /// # Errors
    ///
    /// If one of the libraries named is missing.
    pub(crate) fn rustc(&self, folder: &Path, libraries: &[&str]) -> Result<Command> {
        let mut rustc = rustc_command();
        rustc.current_dir(folder).args(FLAGS).arg("-L").arg({
            let mut folder = std::ffi::OsString::from("dependency=");
            folder.push(self.libraries.folder()?);
            folder
        });
        for library in self.libraries.externs(libraries)? {
            rustc.arg("--extern").arg(library);
        }
        Ok(rustc)
    }

    /// Runs a compiled program; `figures` is the folder for the timelines it records.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn run(&self, executable: &Path, figures: Option<&Path>) -> Result<Run> {
        let mut command = Command::new(executable);
        let folder = executable.parent().context("a program lies in a folder")?;
        command.current_dir(folder).env_remove("TIMELINE_DIR");
        // A backtrace on stderr would be noise in what is reported.
        command.env("RUST_BACKTRACE", "0");
        if let Some(figures) = figures {
            command.env("TIMELINE_DIR", figures);
        }
        Run::of(&mut command, self.time_limit)
    }

    /// The libraries it compiles against.
    pub fn libraries(&self) -> &'static Libraries {
        self.libraries
    }

    /// What changes whenever what is compiled with these libraries has to be compiled again.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub(crate) fn stamp(&self, libraries: &[&str]) -> Result<String> {
        Ok(format!(
            "{}{FLAGS:?}{}",
            self.version,
            self.libraries.stamp(libraries)?
        ))
    }
}

impl Run {
    /// Runs a program until it ends or the limit is over.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn of(command: &mut Command, limit: Duration) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{command:?} could not be started"))?;
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        let status = child.wait_timeout(limit)?;
        if status.is_none() {
            child.kill()?;
            child.wait()?;
        }
        let text = |drained: thread::JoinHandle<Vec<u8>>| {
            let bytes = drained.join().unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Ok(Self {
            status,
            stdout: text(stdout),
            stderr: text(stderr),
        })
    }
}

/// The file name of a program: Windows wants an ending.
pub(crate) fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// rustc as cargo would start it.
fn rustc_command() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

fn rustc_version() -> Result<String> {
    let output = rustc_command()
        .arg("-vV")
        .output()
        .context("rustc could not be started: is it in PATH?")?;
    Ok(String::from_utf8(output.stdout)?)
}

/// A name for everything in `parts`, the same on every machine.
pub(crate) fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    let mut name = String::new();
    for byte in &digest.finalize()[..16] {
        write!(name, "{byte:02x}").expect("a String takes all that is written");
    }
    name
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // A pipe that breaks has been read as far as it goes.
            let _ = pipe.take(OUTPUT_LIMIT).read_to_end(&mut bytes);
        }
        bytes
    })
}

/// Drops the entries least recently used until the rest fits.
fn prune(cache: &Path, limit: u64) {
    let mut entries = BTreeMap::new();
    let mut total = 0;
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let path = entry.path();
        let size: u64 = fs::read_dir(&path)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|file| Some(file.metadata().ok()?.len()))
            .sum();
        if let Ok(used) = entry.metadata().and_then(|about| about.modified()) {
            total += size;
            entries.insert((used, path), size);
        }
    }
    for ((_, path), size) in entries {
        if total <= limit {
            break;
        }
        if fs::remove_dir_all(path).is_ok() {
            total -= size;
        }
    }
}
