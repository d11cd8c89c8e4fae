//! A program that draws its own timeline: this test binary, run again as a child process.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use std::{env, fs, panic, thread};

use timeline::InLane;
use tokio::time::sleep;
use tracing::info;

/// Tells the child which of the programs to run.
const PROGRAM: &str = "TIMELINE_TEST_PROGRAM";

fn run(program: &str, directory: &Path) -> Output {
    Command::new(env::current_exe().expect("a test has a path"))
        .args(["--exact", "the_program", "--nocapture"])
        .env(PROGRAM, program)
        .env("TIMELINE_DIR", directory)
        .output()
        .expect("the child can be started")
}

/// An empty directory of this test's own.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    directory
}

/// Does nothing unless this process is the child.
#[test]
fn the_program() {
    let Ok(program) = env::var(PROGRAM) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime can be built");
    runtime.block_on(async {
        let _figure = timeline::figure("two-steps", "Two steps");
        match program.as_str() {
            "twice" => drop(timeline::figure("again", "Again")),
            "panics" => panic::resume_unwind(Box::new("on purpose")),
            _ => {}
        }
        sleep(Duration::from_millis(20)).in_lane("first").await;
        let elsewhere = thread::spawn(|| info!("from another thread"));
        elsewhere.join().expect("it does not panic");
    });
}

#[test]
fn writes_its_drawings_to_the_directory_of_the_variable() {
    let directory = directory("figures");
    assert!(run("draws", &directory).status.success());
    let read = |file: &str| fs::read_to_string(directory.join(file)).expect("it was written");
    assert!(read("two-steps.svg").contains("<title id=\"two-steps-title\">Two steps</title>"));
    assert!(read("two-steps.txt").contains("first ■"));
    assert!(read("two-steps.txt").contains("20 ms from another thread"));
}

#[test]
fn draws_even_if_the_program_panics() {
    let directory = directory("panicked");
    assert!(!run("panics", &directory).status.success());
    assert!(directory.join("two-steps.svg").exists());
}

#[test]
fn says_in_a_sentence_why_a_figure_cannot_be_written() {
    let file = directory("in-the-way");
    fs::write(&file, "not a directory").expect("it can be written");
    let output = run("draws", &file);
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let sentence = format!(
        "The figure `two-steps` could not be written to {}: ",
        file.display()
    );
    assert!(message.contains(&sentence), "{message}");
}

#[test]
fn a_program_can_have_only_one_figure() {
    let output = run("twice", &directory("twice"));
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let sentence =
        "A program can record only one figure, and must not set another global tracing subscriber.";
    assert!(message.contains(sentence), "{message}");
}
