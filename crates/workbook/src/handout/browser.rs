//! An installed browser of the Chromium family, which prints a page as a PDF.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sandbox::Cancel;

/// The variable that names a browser.
pub const VARIABLE: &str = "CHROME_PATH";

/// What a browser is called in the folders of PATH.
const NAMES: &[&str] = &[
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
];

/// Where installers put a browser that is not in PATH: on macOS, and below the folders for programs on Windows.
const ON_MACOS: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];
const ON_WINDOWS: &[&str] = &[
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
];

/// The first version whose pages have heads and numbers.
pub const FIRST_VERSION: u32 = 131;

const ARGUMENTS: &[&str] = &[
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
];

/// Printing the whole book takes a minute on a slow machine.
const DEADLINE: Duration = Duration::from_secs(5 * 60);

/// The time between two looks at whether it is done.
const PAUSE: Duration = Duration::from_millis(20);

/// An installed browser.
#[derive(Debug)]
pub struct Browser {
    program: PathBuf,
}

impl Browser {
    /// The browser that the variable names, or one that is installed; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the variable names no file.
    pub fn find() -> Result<Option<Self>> {
        if let Some(program) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
            let program = PathBuf::from(program);
            ensure!(
                program.is_file(),
                "{VARIABLE} is {}, and there is no such file. Set it to a browser such as Chrome, or unset it.",
                program.display()
            );
            return Ok(Some(Self { program }));
        }
        let program = candidates().find(|program| program.is_file());
        Ok(program.map(|program| Self { program }))
    }

    /// Prints an HTML file, and returns the PDF. The browser's own files go into the folder `scratch`.
    ///
    /// # Errors
    ///
    /// If the browser cannot be started, fails, takes too long, or is interrupted.
    pub fn print(&self, page: &Path, scratch: &Path, cancel: &Cancel) -> Result<Vec<u8>> {
        let printed = self.try_to_print(page, scratch, cancel, is_root());
        // Without the rights that its sandbox needs, as in most containers, a browser ends at once. The page has no
        // scripts, and no address can be reached from it.
        match printed {
            Err(_) if !is_root() && !cancel.is_cancelled() => {
                self.try_to_print(page, scratch, cancel, true)
            }
            printed => printed,
        }
    }

    fn try_to_print(
        &self,
        page: &Path,
        scratch: &Path,
        cancel: &Cancel,
        without_sandbox: bool,
    ) -> Result<Vec<u8>> {
        let (pdf, log) = (scratch.join("printed.pdf"), scratch.join("browser.log"));
        let _ = fs::remove_file(&pdf);
        let log_file = fs::File::create(&log)
            .with_context(|| format!("{} could not be written.", log.display()))?;
        let mut command = Command::new(&self.program);
        command.args(ARGUMENTS);
        command.args(without_sandbox.then_some("--no-sandbox"));
        command.arg(option("--user-data-dir=", &scratch.join("profile")));
        command.arg(option("--print-to-pdf=", &pdf)).arg(page);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let browser = self.program.display();
        let mut child = command
            .stderr(log_file)
            .spawn()
            .with_context(|| format!("{browser} could not be started."))?;
        let ended = wait(&mut child, cancel).with_context(|| format!("{browser} was stopped."))?;
        fs::read(&pdf).with_context(|| {
            let log = fs::read_to_string(&log).unwrap_or_default();
            let last = log.lines().rfind(|line| !line.trim().is_empty());
            let last = last.unwrap_or("It says nothing about why");
            format!("{browser} has written no PDF ({ended}): {last}.")
        })
    }
}

/// Waits until the browser has ended, and stops it if it is interrupted or takes too long.
#[allow(
    clippy::disallowed_methods,
    reason = "a browser takes real time, and no async code waits here"
)]
fn wait(child: &mut Child, cancel: &Cancel) -> Result<ExitStatus> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if cancel.is_cancelled() || start.elapsed() > DEADLINE {
            let _ = child.kill();
            let _ = child.wait();
            ensure!(!cancel.is_cancelled(), autograder::Cancelled);
            bail!("It took more than {} minutes.", DEADLINE.as_secs() / 60);
        }
        thread::sleep(PAUSE);
    }
}

/// The version of the browser that has written a PDF, if it says so.
pub fn version(pdf: &[u8]) -> Option<u32> {
    const PRODUCER: &[u8] = b"Skia/PDF m";
    let start = pdf
        .windows(PRODUCER.len())
        .position(|window| window == PRODUCER)?;
    let rest = &pdf[start + PRODUCER.len()..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
    String::from_utf8(digits.copied().collect())
        .ok()?
        .parse()
        .ok()
}

fn candidates() -> impl Iterator<Item = PathBuf> {
    let suffix = env::consts::EXE_SUFFIX;
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    let in_path = NAMES.iter().flat_map(move |name| {
        let file = format!("{name}{suffix}");
        folders
            .iter()
            .map(move |folder| folder.join(&file))
            .collect::<Vec<_>>()
    });
    let on_windows = ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"]
        .iter()
        .filter_map(env::var_os)
        .flat_map(|folder| {
            ON_WINDOWS
                .iter()
                .map(move |file| Path::new(&folder).join(file))
        });
    let on_macos = ON_MACOS.iter().map(PathBuf::from);
    in_path.chain(on_macos).chain(on_windows)
}

fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}

/// As root, Chromium starts only without its sandbox.
#[cfg(target_os = "linux")]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(not(target_os = "linux"))]
fn is_root() -> bool {
    false
}
