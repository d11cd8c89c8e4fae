//! A large class: most submissions are equal to another one, because stubs are, and a tenth is new since the last run.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ci::Project;
use submission::{About, FORMAT, Files, Student, to_zip};

/// How many submissions there are. The second class is ten times as large, so that growth shows.
const SIZES: [usize; 2] = [1_000, 10_000];

/// One of so many submissions is new.
const NEW: usize = 10;

/// The chapter that was set.
const CHAPTER: &str = "event_loop";

/// What a run has used.
pub struct Run {
    time: Duration,
    /// The largest memory of the process, in bytes, where the system says it.
    memory: Option<u64>,
}

/// Grades both classes twice: nine tenths of them, and then all.
pub fn measure(project: &Project, program: &Path) -> Result<()> {
    println!("\nA large class, of which one chapter was set and a tenth is new");
    let folder = tempfile::tempdir()?;
    let answers = answers(project)?;
    println!(
        "{:12} {:>10} {:>14} {:>10} {:>14}",
        "submissions", "time", "submissions/s", "memory", "files written"
    );
    for size in SIZES {
        let class = folder.path().join(format!("class-of-{size}"));
        let (submissions, output) = (class.join("submissions"), class.join("results"));
        fs::create_dir_all(&submissions)?;
        let old = size - size / NEW;
        submit(&submissions, &answers, 0..old)?;
        grade(program, project, &submissions, &output)?;
        let before = files_below(&output)?;
        submit(&submissions, &answers, old..size)?;
        let run = grade(program, project, &submissions, &output)?;
        let memory = run.memory.map_or_else(
            || "unknown".to_owned(),
            |bytes| format!("{} MB", bytes / 1_000_000),
        );
        println!(
            "{size:12} {:>10.2?} {:>14.0} {memory:>10} {:>14}",
            run.time,
            size as f64 / run.time.as_secs_f64(),
            files_below(&output)? - before
        );
    }
    Ok(())
}

/// The stub, the solution, and one wrong answer.
fn answers(project: &Project) -> Result<[String; 3]> {
    let solution = project.read(&format!("solutions/src/{CHAPTER}.rs"))?;
    Ok([
        project.read(&format!("exercises/stubs/{CHAPTER}.rs"))?,
        format!("{solution}\ncompile_error!(\"not finished\");\n"),
        solution,
    ])
}

/// Submits the chapter. Two of three answers are stubs, and the tenth that is new has the answers of the others.
fn submit(folder: &Path, answers: &[String; 3], numbers: Range<usize>) -> Result<()> {
    for number in numbers {
        let answer = &answers[(number % 6).saturating_sub(3)];
        let files = BTreeMap::from([(format!("{CHAPTER}.rs"), answer.clone().into_bytes())]);
        hand_in(folder, number, &files)?;
    }
    Ok(())
}

/// Writes a submission as `cargo workbook submit` does.
pub fn hand_in(folder: &Path, number: usize, files: &Files) -> Result<()> {
    let modules = files.keys().filter_map(|file| file.strip_suffix(".rs"));
    let about = About {
        format: FORMAT,
        student: Student {
            id: format!("s{number:06}"),
            name: format!("Student {number}"),
        },
        edition: String::new(),
        graders: String::new(),
        libraries: String::new(),
        chapters: modules.map(|module| module.replace('_', "-")).collect(),
        exercises: BTreeMap::new(),
    };
    let file = folder.join(format!("s{number:06}.workbook.zip"));
    autograder::files::write(&file, to_zip(&about, files)?)
}

pub fn grade(program: &Path, project: &Project, submissions: &Path, output: &Path) -> Result<Run> {
    let start = Instant::now();
    let mut grade = Command::new(program)
        .arg("grade")
        .arg(submissions)
        .arg("--output")
        .arg(output)
        .current_dir(project.root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("The program that grades a class could not be started.")?;
    let memory = largest_memory(&mut grade)?;
    ensure!(grade.wait()?.success(), "The class was not graded.");
    Ok(Run {
        time: start.elapsed(),
        memory,
    })
}

/// Waits until a process ends. Linux tells the largest memory of one that runs.
fn largest_memory(process: &mut Child) -> Result<Option<u64>> {
    let file = format!("/proc/{}/status", process.id());
    let mut largest = None;
    while process.try_wait()?.is_none() {
        let status = fs::read_to_string(&file).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        largest = kilobytes.map(|kilobytes| kilobytes << 10).or(largest);
        #[allow(
            clippy::disallowed_methods,
            reason = "the process does not tell when it has grown"
        )]
        thread::sleep(Duration::from_millis(20));
    }
    Ok(largest)
}

fn files_below(folder: &Path) -> Result<usize> {
    Ok(autograder::files::entries_below(folder)?.len())
}

/// Builds the program. Nothing in the project is changed, so this needs no copy of it.
pub fn build(project: &Project) -> Result<PathBuf> {
    let status = Command::new("cargo")
        .args(["build", "--offline", "--quiet", "-p", "classroom"])
        .current_dir(project.root())
        .status()
        .context("cargo could not be started.")?;
    ensure!(
        status.success(),
        "The program that grades a class does not build."
    );
    let name = format!("classroom{}", std::env::consts::EXE_SUFFIX);
    Ok(autograder::target_folder()?.join("debug").join(name))
}
