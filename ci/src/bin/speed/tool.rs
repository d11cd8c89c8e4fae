//! `cargo workbook`: from a save to a verdict, and from a program to its output.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ci::Project;

use crate::rustlings;
use crate::timing::{best_of_three, ratio, row, timed};
use crate::workspace::Copy;

/// A program that draws itself, as the book's programs do.
const PROGRAM: &str = r#"use std::time::Duration;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let _figure = timeline::figure("naps", "Two naps");
    tokio::join!(nap("short", 30), nap("long", 50));
}

#[timeline::lane("{name}")]
async fn nap(name: &str, ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    println!("{name} nap is over");
}
"#;

/// A copy of the workspace in which `fetch_all` returns its results in reverse. `watch` ends when an answer is right.
pub fn workspace_with_a_wrong_answer(project: &Project) -> Result<Copy> {
    let workspace = Copy::of(project)?;
    let solutions = project.read("solutions/src/gather.rs")?;
    let right = "join_all(paths.iter().map(|path| client.get(path))).await";
    ensure!(
        solutions.contains(right),
        "The solution of `fetch_all` is no longer `{right}`."
    );
    let wrong = format!("{right}.into_iter().rev().collect()");
    fs::write(workspace.answers(), solutions.replacen(right, &wrong, 1))?;
    Ok(workspace)
}

/// The tool beside `cargo test`, and rustlings where it is installed. Returns how long `watch` takes.
pub fn measure_verdicts(tool: &Path, workspace: &Copy) -> Result<Duration> {
    println!("\nVerdict of `cargo workbook`");
    let check = |arguments: &[&str]| run(tool, workspace, arguments);
    check(&["check"])?;
    row(
        "check, nothing changed",
        best_of_three(|| check(&["check"]))?,
        1.0,
    );
    workspace.cargo_test("gather", "target")?;
    let bare = workspace.saved_and_tested("gather", "target")?;
    row("save, `cargo test --test gather`", bare, 1.0);
    let mut watch = Watch::start(tool, workspace)?;
    let watched = best_of_three(|| watch.saved(workspace))?;
    drop(watch);
    row(
        "save, `watch` on one exercise",
        watched,
        ratio(watched, bare),
    );
    let checked = best_of_three(|| {
        workspace.save()?;
        check(&["check", "gather"])
    })?;
    row("save, `check gather`", checked, ratio(checked, bare));
    match rustlings::saved(workspace)? {
        Some(time) => row("save, `rustlings run`", time, ratio(time, bare)),
        None => {
            println!(
                "save, `rustlings run`                    not measured: no `rustlings` in PATH"
            )
        }
    }
    Ok(watched)
}

/// From a program of the learner's own to its output.
pub fn measure_program(tool: &Path, workspace: &Copy) -> Result<()> {
    println!("\nA program of fifteen lines");
    let file = workspace.root().join("naps.rs");
    let program = file.to_string_lossy().into_owned();
    fs::write(&file, PROGRAM)?;
    let run_program = || run(tool, workspace, &["run", &program]);
    run_program()?;
    let unchanged = best_of_three(run_program)?;
    let mut edits = 0;
    let edited = best_of_three(|| {
        edits += 1;
        fs::write(&file, format!("{PROGRAM}// {edits}\n"))?;
        run_program()
    })?;
    row("edited and run", edited, 1.0);
    row("unchanged and run", unchanged, ratio(unchanged, edited));
    Ok(())
}

fn run(tool: &Path, workspace: &Copy, arguments: &[&str]) -> Result<Duration> {
    timed(|| {
        Command::new(tool)
            .args(arguments)
            .current_dir(workspace.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("The tool could not be started.")?;
        Ok(())
    })
}

/// Builds the tool in a workspace.
pub fn build(workspace: &Copy) -> Result<PathBuf> {
    let root = workspace.root();
    let status = Command::new("cargo")
        .args([
            "build",
            "--offline",
            "--quiet",
            "-p",
            "workbook",
            "--target-dir",
        ])
        .arg(root.join("target"))
        .current_dir(root)
        .status()
        .context("cargo could not be started.")?;
    ensure!(status.success(), "The tool does not build.");
    Ok(root.join(format!(
        "target/debug/workbook{}",
        std::env::consts::EXE_SUFFIX
    )))
}

/// A `cargo workbook watch` that is running.
struct Watch {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Watch {
    fn start(tool: &Path, workspace: &Copy) -> Result<Self> {
        let mut child = Command::new(tool)
            .args(["watch", "gather/fetch_all"])
            .current_dir(workspace.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take().context("it is a pipe")?;
        let mut watch = Self {
            child,
            lines: BufReader::new(stdout).lines(),
        };
        watch.verdict()?;
        Ok(watch)
    }

    /// From a save to the verdict.
    fn saved(&mut self, workspace: &Copy) -> Result<Duration> {
        let start = Instant::now();
        workspace.save()?;
        self.verdict()?;
        Ok(start.elapsed())
    }

    fn verdict(&mut self) -> Result<()> {
        let lines = &mut self.lines;
        let verdict = lines.find(|line| {
            line.as_ref()
                .map_or(true, |line| line.starts_with("gather/fetch_all: "))
        });
        verdict.context("The tool has ended.")??;
        Ok(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
