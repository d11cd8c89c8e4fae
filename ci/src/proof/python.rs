//! Every Python block runs to its end, and prints what the `text` block right after it says.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;

use crate::markdown::Page;
use crate::program::{Run, TIME_LIMIT, limits};
use crate::project::Pages;
use crate::proof::outputs::Stale;
use crate::{Finding, Project};
use autograder::files;
use sandbox::{Ended, Job, Limit};

/// Python imports this module before the program.
const HANDLE_SIGINT: &str =
    "import signal\n\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n";

/// A Python that knows `asyncio.TaskGroup` and `asyncio.timeout`: 3.11 or later.
#[derive(Debug)]
pub struct Python {
    program: &'static str,
    time_limit: Duration,
}

impl Python {
    /// The machine's Python, if it has one that is new enough.
    pub fn find() -> Option<Self> {
        let new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
        ["python3", "python"].into_iter().find_map(|program| {
            let mut command = Command::new(program);
            command
                .args(["-c", new_enough])
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let found = command.status().is_ok_and(|status| status.success());
            found.then_some(Self {
                program,
                time_limit: TIME_LIMIT,
            })
        })
    }

    /// The same Python with another limit for the programs it runs.
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// Runs `program` as in a terminal: a shell starts what runs in the background with SIGINT ignored, and so would
    /// Python, which then has no `KeyboardInterrupt`.
    fn run(&self, program: &str) -> Result<Run> {
        let folder = tempfile::tempdir()?;
        files::write(&folder.path().join("main.py"), program)?;
        files::write(&folder.path().join("sitecustomize.py"), HANDLE_SIGINT)?;
        let job = Job::new(self.program, limits(self.time_limit))
            .folder(folder.path())
            .arg("main.py")
            .env("PYTHONUTF8", "1")
            .env("PYTHONPATH", ".");
        let run = Run::of(&job)?;
        // Windows ends lines in its own way.
        let stdout = run.stdout.replace("\r\n", "\n");
        Ok(Run { stdout, ..run })
    }
}

/// Runs every Python block and compares its output.
///
/// # Errors
///
/// If a page cannot be read or Python cannot be started.
pub fn check(project: &Project, python: &Python) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for page in project.pages()? {
        let (failed, stale) = examine(&page, python)?;
        findings.extend(failed);
        findings.extend(stale.iter().map(Stale::finding));
    }
    Ok(findings)
}

/// The Python programs of a page that fail, and the outputs that are no longer what they print.
///
/// # Errors
///
/// If Python cannot be started.
pub fn examine<'a>(page: &'a Page, python: &Python) -> Result<(Vec<Finding>, Vec<Stale<'a>>)> {
    let (mut failed, mut stale) = (Vec::new(), Vec::new());
    for block in page
        .blocks
        .iter()
        .filter(|block| block.language() == "python")
    {
        let run = python.run(&block.body)?;
        let Some(output) = page.output_of(block) else {
            let message = "A Python block is followed by a text block with its output.";
            failed.push(Finding::new(&block.file, block.line, message));
            continue;
        };
        let fault = match run.ended {
            Ended::LimitExceeded(Limit::Wall) => format!(
                "The program was still running after {:?}.",
                python.time_limit
            ),
            Ended::Exit(0) => {
                if run.stdout != output.body {
                    stale.push(Stale {
                        output,
                        actual: run.stdout,
                    });
                }
                continue;
            }
            ended => format!(
                "The program failed ({ended}):\n{}{}",
                run.stdout, run.stderr
            ),
        };
        failed.push(Finding::new(&block.file, block.line, fault));
    }
    Ok((failed, stale))
}
