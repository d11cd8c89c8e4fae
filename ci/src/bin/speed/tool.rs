//! `cargo workbook`: from a save to a verdict, and from a program to its output.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ci::Project;

use crate::workspace::Copy;
use crate::{page, ratio, row, rustlings, timed};

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

/// The tool beside `cargo test`, and rustlings where it is installed.
pub fn measure(project: &Project) -> Result<()> {
    println!("\nVerdict of `cargo workbook`");
    let clone = Copy::of(project)?;
    // A right answer would end what watches for it.
    let solutions = project.read("solutions/src/gather.rs")?;
    let right = "join_all(paths.iter().map(|path| client.get(path))).await";
    ensure!(
        solutions.contains(right),
        "`fetch_all` is solved in another way now"
    );
    let wrong = format!("{right}.into_iter().rev().collect()");
    fs::write(clone.answers(), solutions.replacen(right, &wrong, 1))?;
    let tool = build(clone.root())?;
    let workbook = |arguments: &[&str]| {
        let mut command = Command::new(&tool);
        command
            .args(arguments)
            .current_dir(clone.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let run = |arguments: &[&str]| {
        timed(|| {
            workbook(arguments)
                .status()
                .context("the tool was just built")?;
            Ok(())
        })
    };

    run(&["check"])?;
    row(
        "check, nothing changed",
        best_of_three(|| run(&["check"]))?,
        1.0,
    );
    clone.cargo_test("gather", "target")?;
    let bare = clone.saved_and_tested("gather", "target")?;
    row("save, `cargo test --test gather`", bare, 1.0);
    let mut watch = Watch::start(&tool, &clone)?;
    let watched = best_of_three(|| watch.saved(&clone))?;
    drop(watch);
    row(
        "save, `watch` on one exercise",
        watched,
        ratio(watched, bare),
    );
    let checked = best_of_three(|| {
        clone.save()?;
        run(&["check", "gather"])
    })?;
    row("save, `check gather`", checked, ratio(checked, bare));
    match rustlings::saved(&clone)? {
        Some(time) => row("save, `rustlings run`", time, ratio(time, bare)),
        None => {
            println!("save, `rustlings run`                    not measured: no rustlings in PATH")
        }
    }

    page::measure(&tool, &clone, watched)?;

    println!("\nA program of fifteen lines");
    let file = clone.root().join("naps.rs");
    let program = file.to_string_lossy().into_owned();
    fs::write(&file, PROGRAM)?;
    run(&["run", &program])?;
    let unchanged = best_of_three(|| run(&["run", &program]))?;
    let mut edits = 0;
    let edited = best_of_three(|| {
        edits += 1;
        fs::write(&file, format!("{PROGRAM}// {edits}\n"))?;
        run(&["run", &program])
    })?;
    row("edited and run", edited, 1.0);
    row("unchanged and run", unchanged, ratio(unchanged, edited));
    Ok(())
}

/// Builds the tool in a workspace.
fn build(root: &Path) -> Result<PathBuf> {
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
        .context("cargo could not be started")?;
    ensure!(status.success(), "the tool does not build");
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
    fn start(tool: &Path, clone: &Copy) -> Result<Self> {
        let mut child = Command::new(tool)
            .args(["watch", "gather/fetch_all"])
            .current_dir(clone.root())
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
    fn saved(&mut self, clone: &Copy) -> Result<Duration> {
        let start = Instant::now();
        clone.save()?;
        self.verdict()?;
        Ok(start.elapsed())
    }

    fn verdict(&mut self) -> Result<()> {
        let lines = &mut self.lines;
        let verdict = lines.find(|line| {
            line.as_ref()
                .map_or(true, |line| line.starts_with("gather/fetch_all: "))
        });
        verdict.context("the tool has ended")??;
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

/// Measured three times; the best one counts, because what else ran is nobody's doing here.
pub fn best_of_three(mut measure: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        best = best.min(measure()?);
    }
    Ok(best)
}
