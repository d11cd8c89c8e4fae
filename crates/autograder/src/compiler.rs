//! Compiles programs against the workspace's libraries and runs them under limits.
//!
//! rustc is called directly: cargo would add its own tenth of a second to each program, and would
//! wait for its lock. What has been compiled once is kept under the hash of everything it was made
//! from, so that an unchanged program is only run again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::{Cancel, Ended, Job, Limit, Limits, Output, Runner};

use crate::cache::Cache;
use crate::diagnostic::{Diagnostic, diagnostics};
use crate::library::Libraries;
use crate::rustc::{self, FLAGS};
use crate::{Cancelled, files};

/// What a compilation may use. The largest known needs a tenth of it.
const FOR_RUSTC: Limits = Limits {
    wall: Duration::from_secs(120),
    cpu: Duration::from_secs(240),
    memory: 2 << 30,
    output: 8 << 20,
    processes: 64,
};

/// Where a program is put to be compiled.
pub const MAIN: &str = "src/main.rs";

/// The file in an entry of the cache that holds what the compiler said.
const MESSAGES: &str = "messages.json";

/// Compiles programs, and remembers what it has compiled.
#[derive(Clone)]
pub struct Compiler {
    libraries: Arc<Libraries>,
    runner: Arc<dyn Runner>,
    cache: Cache,
    /// `rustc -vV`: other compiler, other entries.
    version: String,
    /// What a program may use.
    limits: Limits,
}

/// What became of a compilation.
#[derive(Debug, Clone)]
pub enum Compiled {
    /// An executable, and what the compiler warns of.
    Program(PathBuf, Vec<Diagnostic>),
    /// It does not compile; the errors in rustc's order, warnings among them.
    Errors(Vec<Diagnostic>),
}

impl Compiler {
    /// A compiler that uses these libraries, keeps what it has compiled in the folder `cache`, and
    /// lets programs use so much. `version` is what [`rustc::version`] says.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made.
    pub fn new(
        libraries: Arc<Libraries>,
        runner: Arc<dyn Runner>,
        cache: PathBuf,
        limits: Limits,
        version: String,
    ) -> Result<Self> {
        Ok(Self {
            libraries,
            runner,
            cache: Cache::at(cache)?,
            version,
            limits,
        })
    }

    /// The same compiler with other limits for the programs it runs.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// What a program may use.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The compiler's release, as in `1.95.0`.
    pub fn release(&self) -> &str {
        rustc::release(&self.version)
    }

    /// The libraries it compiles against.
    pub fn libraries(&self) -> &Libraries {
        &self.libraries
    }

    /// What runs its programs.
    pub fn runner(&self) -> &dyn Runner {
        &*self.runner
    }

    /// Compiles a program that may use these libraries, or takes it from the cache. `name` is the file
    /// that the compiler's messages and the program's panics speak of.
    ///
    /// # Errors
    ///
    /// If rustc cannot be started, the disk cannot be written, or it was cancelled. A program that
    /// does not compile is no error: it is [`Compiled::Errors`].
    pub fn compile(
        &self,
        name: &str,
        program: &str,
        libraries: &[&str],
        cancel: &Cancel,
    ) -> Result<Compiled> {
        let entry = self.entry(&["program", name, program, &self.stamp(libraries)?]);
        let messages = self.once(&entry, cancel, |folder| {
            files::write(&folder.join(MAIN), program)?;
            let rustc = self.rustc(folder, libraries)?;
            let rustc = rustc.args([MAIN, "-o", &executable("program")]);
            Ok(if name == MAIN {
                rustc
            } else {
                rustc.arg(format!("--remap-path-prefix={MAIN}={name}"))
            })
        })?;
        Ok(if messages.iter().any(Diagnostic::is_error) {
            Compiled::Errors(messages)
        } else {
            Compiled::Program(entry.join(executable("program")), messages)
        })
    }

    /// The folder in the cache for what is made of all these parts.
    pub fn entry(&self, parts: &[&str]) -> PathBuf {
        self.cache.entry(parts)
    }

    /// Compiles into the folder `entry`, unless that has been done. `rustc` prepares the compiler to
    /// work in the folder it is given. What the compiler says is kept as it is, and read each time.
    ///
    /// # Errors
    ///
    /// As [`Compiler::compile`].
    pub fn once(
        &self,
        entry: &Path,
        cancel: &Cancel,
        rustc: impl FnOnce(&Path) -> Result<Job>,
    ) -> Result<Vec<Diagnostic>> {
        self.cache.once(entry, |folder| {
            let job = rustc(folder)?;
            let stderr = compile(&*self.runner, &job, cancel)?;
            files::write(&folder.join(MESSAGES), stderr)
        })?;
        let said = std::fs::read(entry.join(MESSAGES))
            .with_context(|| format!("{} is not whole: delete it.", entry.display()))?;
        Ok(diagnostics(&said, &self.libraries))
    }

    /// rustc with everything that is the same for each program: run in `folder`, so that the paths
    /// in its messages are short and the same on every machine.
    ///
    /// # Errors
    ///
    /// If one of the libraries named is missing.
    pub fn rustc(&self, folder: &Path, libraries: &[&str]) -> Result<Job> {
        rustc_job(&self.libraries, folder, libraries.iter().copied())
    }

    /// A compiled program, ready to run; `figures` is the folder for the timelines it records.
    ///
    /// # Errors
    ///
    /// If it lies in no folder.
    pub fn job(&self, executable: &Path, figures: Option<&Path>) -> Result<Job> {
        let folder = executable.parent().context("a program lies in a folder")?;
        let job = Job::new(executable, self.limits.clone())
            .folder(folder)
            // A backtrace on stderr would be noise in what is reported.
            .env("RUST_BACKTRACE", "0");
        Ok(match figures {
            Some(figures) => job.env("TIMELINE_DIR", figures),
            None => job.env_remove("TIMELINE_DIR"),
        })
    }

    /// What changes whenever what is compiled with these libraries has to be compiled again.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    pub fn stamp(&self, libraries: &[&str]) -> Result<String> {
        let libraries = self.libraries.stamp(libraries.iter().copied())?;
        Ok(format!("{}{FLAGS:?}{libraries}", self.version))
    }
}

/// rustc against these libraries, in this folder.
pub(crate) fn rustc_job<'a>(
    libraries: &Libraries,
    folder: &Path,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<Job> {
    let mut dependencies = std::ffi::OsString::from("dependency=");
    dependencies.push(libraries.folder()?);
    let mut rustc = Job::new(rustc::program(), FOR_RUSTC)
        .folder(folder)
        .args(FLAGS)
        .arg("-L")
        .arg(dependencies);
    for library in libraries.externs(names)? {
        rustc = rustc.arg("--extern").arg(library);
    }
    Ok(rustc)
}

/// Runs rustc to its end and gives what it said, in JSON. That it was stopped, or broke down, is said
/// in the same form.
pub(crate) fn compile(runner: &dyn Runner, rustc: &Job, cancel: &Cancel) -> Result<Vec<u8>> {
    let mut stderr = Vec::new();
    let finished = runner
        .run(rustc, cancel, &mut |output| {
            if let Output::Stderr(bytes) = output {
                stderr.extend(bytes);
            }
        })
        .context(
            "rustc could not be started. Install Rust from rustup.rs, or put rustc in PATH.",
        )?;
    let why = match finished.ended {
        Ended::Exit(0) => return Ok(stderr),
        Ended::Cancelled => bail!(Cancelled),
        Ended::Exit(1) if has_error(&stderr) => match lacks(&stderr) {
            Some(what) => bail!(what),
            None => return Ok(stderr),
        },
        Ended::Over(limit) => format!("the compiler was stopped: {}", over(limit)),
        ended @ (Ended::Exit(_) | Ended::Signal(_) | Ended::Lost) => {
            let said = outside_json(&stderr);
            if said.contains(NO_SPACE) {
                bail!("{FREE_SPACE}\n{said}");
            }
            format!(
                "the compiler broke down ({ended}). The last thing that was changed is the likely \
                 cause.\n{said}"
            )
        }
    };
    let message = serde_json::json!({
        "level": "error", "code": null, "message": why, "rendered": format!("error: {why}\n"),
    });
    // The compiler's own lines end with a line break or were cut off; this one begins a new one.
    stderr.push(b'\n');
    stderr.extend(serde_json::to_vec(&message)?);
    Ok(stderr)
}

/// The system's words for a full disk.
const NO_SPACE: &str = "No space left on device";
const FREE_SPACE: &str = "The disk is full: free some space and try again.";

/// What the machine lacks, if that is why nothing was compiled: it is no fault of the program's.
fn lacks(stderr: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Message {
        message: String,
        spans: Vec<serde::de::IgnoredAny>,
        rendered: Option<String>,
    }
    let lines = stderr.split(|&byte| byte == b'\n');
    let messages = lines.filter_map(|line| serde_json::from_slice::<Message>(line).ok());
    for message in messages.filter(|message| message.spans.is_empty()) {
        let rendered = message.rendered.unwrap_or_default();
        let advice = if rendered.contains(NO_SPACE) {
            FREE_SPACE
        } else if message.message.starts_with("linker `") && message.message.ends_with("not found")
        {
            "Rust needs the system's C compiler to link programs: install `build-essential` on Debian \
             and Ubuntu, `gcc` on Fedora, the Command Line Tools on macOS (`xcode-select --install`), \
             the Build Tools for Visual Studio on Windows."
        } else {
            continue;
        };
        let words: Vec<_> = rendered.lines().take(12).collect();
        return Some(format!("{advice}\n{}", words.join("\n")));
    }
    None
}

fn has_error(stderr: &[u8]) -> bool {
    let text = String::from_utf8_lossy(stderr);
    text.lines().any(|line| line.contains("\"level\":\"error"))
}

/// What was printed beside the JSON: a panic of the compiler's, a linker that is missing.
fn outside_json(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines = text.lines().filter(|line| !line.starts_with('{'));
    lines.take(10).map(|line| format!("{line}\n")).collect()
}

fn over(limit: Limit) -> &'static str {
    match limit {
        Limit::Wall => "it was not done after two minutes.",
        Limit::Cpu => "it used four minutes of processor time.",
        Limit::Memory => "it wanted more than 2 GiB of memory.",
        Limit::Output => "it printed more than 8 MiB.",
        Limit::Processes => "it started more than 64 processes.",
    }
}

/// The file name of a program: Windows wants an ending.
pub fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
