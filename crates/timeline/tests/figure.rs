//! A program that draws itself: this test binary, run once more as a child.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use std::{env, fs, panic, thread};

use timeline::InLane;
use tokio::time::sleep;
use tracing::info;

/// Says to the child which of the programs it is.
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

/// Does nothing unless it is the child.
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
            "panics" => panic::resume_unwind(Box::new("told to")),
            _ => {}
        }
        sleep(Duration::from_millis(20)).in_lane("first").await;
        let elsewhere = thread::spawn(|| info!("from another thread"));
        elsewhere.join().expect("it does not panic");
    });
}

#[test]
fn writes_its_drawings_where_it_is_told_to() {
    let directory = directory("figures");
    assert!(run("draws", &directory).status.success());
    let read = |file: &str| fs::read_to_string(directory.join(file)).expect("it was written");
    assert!(read("two-steps.svg").contains("<title id=\"two-steps-title\">Two steps</title>"));
    assert!(read("two-steps.txt").contains("first ■"));
    assert!(read("two-steps.txt").contains("20 ms from another thread"));
}

#[test]
fn is_drawn_even_if_the_program_panics() {
    let directory = directory("panicked");
    assert!(!run("panics", &directory).status.success());
    assert!(directory.join("two-steps.svg").exists());
}

#[test]
fn says_in_a_sentence_why_it_cannot_be_written() {
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
fn there_is_one_figure_in_a_program() {
    let output = run("twice", &directory("twice"));
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let sentence =
        "A program records one figure at most, and has no other global tracing subscriber.";
    assert!(message.contains(sentence), "{message}");
}
