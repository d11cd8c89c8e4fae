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
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wait_timeout::ChildExt;

use crate::files;
use crate::library::{FOR_BLOCKS, Libraries};

/// The edition of every program in the book.
pub const EDITION: &str = "2024";

/// How long a program may run, in real time, unless a test says otherwise. Programs wait on a paused
/// clock and are done in milliseconds; this is for the ones that hang.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How many bytes a program may print before it is cut off.
const OUTPUT_LIMIT: u64 = 1 << 20;

/// How much the kept programs may take up before the least recently used go, in bytes.
const CACHE_LIMIT: u64 = 1 << 30;

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

/// One of rustc's messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub level: String,
    /// `E0277`, where the message has one.
    pub code: Option<String>,
    /// The file it points at.
    pub file: Option<String>,
    /// The line of that file, counted from 1.
    pub line: Option<usize>,
    /// The message's first line.
    pub message: String,
    /// The whole message as rustc prints it.
    pub rendered: String,
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
        let cache = libraries.target.join("book/programs");
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
        let stamp = self.libraries.stamp(FOR_BLOCKS)?;
        let entry = self
            .cache
            .join(hash(&[program, &self.version, EDITION, &stamp]));
        if !entry.is_dir() {
            self.make(program, &entry)?;
        }
        // The time of last use decides what is dropped when the cache is full.
        let _ = fs::File::open(&entry).and_then(|folder| folder.set_modified(SystemTime::now()));
        let errors = entry.join("errors.json");
        if errors.is_file() {
            let diagnostics = serde_json::from_str(&files::read(&errors)?)?;
            return Ok(Compiled::Errors(diagnostics));
        }
        Ok(Compiled::Program(entry.join(executable("program"))))
    }

    fn make(&self, program: &str, entry: &Path) -> Result<()> {
        let folder = tempfile::tempdir_in(&self.cache)?;
        let source = folder.path().join("src/main.rs");
        files::write(&source, program)?;
        let mut rustc = self.rustc(folder.path(), FOR_BLOCKS)?;
        let output = rustc
            .args(["src/main.rs", "-o", &executable("program")])
            .output()
            .context("rustc could not be started")?;
        let diagnostics = diagnostics(&output.stderr, self.libraries);
        if !output.status.success() {
            ensure!(
                diagnostics.iter().any(|d| d.level == "error"),
                "rustc failed without an error message:\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
            files::write(
                &folder.path().join("errors.json"),
                serde_json::to_string(&diagnostics)?,
            )?;
        }
        let finished = folder.keep();
        if fs::rename(&finished, entry).is_err() {
            // Somebody else made the same entry meanwhile; it has the same content.
            fs::remove_dir_all(&finished)?;
            ensure!(entry.is_dir(), "{} could not be made", entry.display());
        }
        Ok(())
    }

    /// rustc with everything that is the same for each program: run in `folder`, so that the paths
    /// in its messages are short and the same on every machine.
    ///
    /// # Errors
    ///
    /// If one of the libraries named is missing.
    pub fn rustc(&self, folder: &Path, libraries: &[&str]) -> Result<Command> {
        let mut rustc = rustc_command();
        rustc
            .current_dir(folder)
            .args([
                "--edition",
                EDITION,
                "--error-format=json",
                "--diagnostic-width=100",
            ])
            // Symbols make a program five times as large and say nothing here.
            .args(["-C", "debuginfo=0", "-C", "strip=symbols"])
            .arg("-L")
            .arg({
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
    pub fn stamp(&self, libraries: &[&str]) -> Result<String> {
        Ok(format!(
            "{}{}",
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
pub fn hash(parts: &[&str]) -> String {
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

/// Reads what rustc prints under `--error-format=json`.
pub fn diagnostics(stderr: &[u8], libraries: &Libraries) -> Vec<Diagnostic> {
    #[derive(Deserialize)]
    struct Message {
        level: String,
        code: Option<Code>,
        message: String,
        rendered: Option<String>,
    }
    #[derive(Deserialize)]
    struct Code {
        code: String,
    }
    let lines = stderr.split(|&byte| byte == b'\n');
    let messages = lines.filter_map(|line| serde_json::from_slice::<Message>(line).ok());
    messages
        .filter(|message| !message.message.starts_with("aborting due to"))
        .map(|message| {
            let rendered = portable(&message.rendered.unwrap_or_default(), libraries);
            let (file, line) = place(&rendered).unzip();
            Diagnostic {
                level: message.level,
                code: message.code.map(|code| code.code),
                file,
                line,
                message: message.message,
                rendered,
            }
        })
        .collect()
}

/// The file and line in `  --> src/main.rs:12:5`. (The message's spans may lie in the macro that made the
/// code; this is the place that the reader is shown.)
fn place(rendered: &str) -> Option<(String, usize)> {
    let mut lines = rendered.lines();
    let place = lines.find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let (file, rest) = place.split_once(':')?;
    let (line, _) = rest.split_once(':')?;
    Some((file.to_owned(), line.parse().ok()?))
}

/// The compiler's words without the paths of one machine: a library's file is shown from its
/// package on (`tokio-1.54.1/src/task/spawn.rs`).
fn portable(rendered: &str, libraries: &Libraries) -> String {
    let here = crate::Project::here();
    let roots = [
        format!("{}/", here.root().display()),
        format!("{}/", libraries.target.display()),
    ];
    let mut text = String::new();
    for line in rendered.lines() {
        let mut line = line.to_owned();
        if let Some((before, path)) = line.split_once("--> ") {
            if let Some((_, package)) = path.split_once("/registry/src/") {
                let package = package.split_once('/').map_or(package, |(_, rest)| rest);
                line = format!("{before}--> {package}");
            } else if let Some((_, std)) = path.split_once("/library/") {
                line = format!("{before}--> library/{std}");
            }
        }
        for root in &roots {
            line = line.replace(root, "");
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
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
