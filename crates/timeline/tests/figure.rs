//! A program that records its own timeline: this test binary, run again as a child process.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use std::{env, fs, panic, thread};

use timeline::{InLane, RecordedFigure};
use tokio::time::sleep;
use tracing::info;

/// Tells the child which of the programs to run.
const PROGRAM: &str = "TIMELINE_TEST_PROGRAM";

fn run(program: &str, file: &Path) -> Output {
    Command::new(env::current_exe().expect("a test has a path"))
        .args(["--exact", "the_program", "--nocapture"])
        .env(PROGRAM, program)
        .env("TIMELINE_FILE", file)
        .output()
        .expect("the child can be started")
}

/// A file of this test's own, which does not exist yet.
fn file(name: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&file);
    file
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
        let name = if program.contains('\n') {
            &program
        } else {
            "two-steps"
        };
        let _figure = timeline::figure(name, "Two steps");
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
fn writes_its_recording_to_the_file_of_the_variable() {
    let file = file("figure");
    assert!(run("records", &file).status.success());
    let text = fs::read_to_string(&file).expect("it was written");
    let figure = RecordedFigure::parse(&text).expect("a figure");
    assert_eq!((&*figure.name, &*figure.title), ("two-steps", "Two steps"));
    let svg = figure.to_svg();
    assert!(svg.contains("<title id=\"two-steps-title\">Two steps</title>"));
    let chart = figure.timeline.to_text(80);
    assert!(chart.contains("first ■"), "{chart}");
    assert!(chart.contains("20 ms from another thread"), "{chart}");
}

#[test]
fn a_name_on_two_lines_stays_one() {
    let file = file("two-lines");
    assert!(run("two\nlines", &file).status.success());
    let text = fs::read_to_string(&file).expect("it was written");
    let figure = RecordedFigure::parse(&text).expect("a figure");
    assert_eq!((&*figure.name, &*figure.title), ("two lines", "Two steps"));
}

#[test]
fn records_even_if_the_program_panics() {
    let file = file("panicked");
    assert!(!run("panics", &file).status.success());
    assert!(file.exists());
}

#[test]
fn says_in_a_sentence_why_a_figure_cannot_be_written() {
    let file = file("missing/figure");
    let output = run("records", &file);
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
    let output = run("twice", &file("twice"));
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let sentence =
        "A program can record only one figure, and must not set another global tracing subscriber.";
    assert!(message.contains(sentence), "{message}");
}
