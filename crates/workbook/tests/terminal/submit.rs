//! `cargo workbook submit`: the file that it writes, and whom it asks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;

use serde_json::{Value, json};
use zip::ZipArchive;

use crate::workbook::Workbook;

fn workbook() -> Workbook {
    let workbook = Workbook::new();
    workbook.write("Cargo.lock", "# the libraries\n");
    workbook.write("exercises/originals.lock", "# the graders\n");
    workbook
}

/// The files in a submission.
fn files(workbook: &Workbook, file: &str) -> BTreeMap<String, String> {
    let file = File::open(workbook.path(file)).expect("it was written");
    let mut archive = ZipArchive::new(file).expect("it is a zip file");
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("it is whole");
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("UTF-8");
        files.insert(entry.name().expect("UTF-8").into_owned(), text);
    }
    files
}

#[test_cache::test]
fn a_submission_has_the_answers_and_what_is_known_about_them() {
    let workbook = workbook();
    workbook.answer("number * 2 // right", "number + 1");
    workbook.write("exercises/src/helper.rs", "// a helper\n");
    workbook.write("exercises/src/notes.txt", "not code");
    workbook.run("hint triple").exits_with(0);
    let ran = workbook
        .run("submit --name Ada_Lovelace --id s1815")
        .exits_with(0);
    assert!(
        ran.stdout().contains("s1815.workbook.zip"),
        "{}",
        ran.stdout()
    );
    assert!(
        ran.stdout().contains("1 of 3 exercises solved"),
        "{}",
        ran.stdout()
    );
    let files = files(&workbook, "s1815.workbook.zip");
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    let sources = ["demo.rs", "helper.rs", "lib.rs", "other_one.rs"]
        .map(|file| format!("exercises/src/{file}"));
    assert_eq!(names[..4], sources);
    assert_eq!(names[4..], ["submission.json"]);
    assert_eq!(
        files["exercises/src/demo.rs"],
        workbook.read("exercises/src/demo.rs")
    );
    let about: Value = serde_json::from_str(&files["submission.json"]).expect("JSON");
    assert_eq!(
        about["student"],
        json!({ "id": "s1815", "name": "Ada_Lovelace" })
    );
    assert_eq!(about["chapters"], json!(["demo", "other-one"]));
    let states = ["demo/double", "demo/triple", "other-one/half"]
        .map(|name| &about["exercises"][name]["state"]);
    assert_eq!(states, ["solved", "failing", "not-started"]);
    assert_eq!(about["exercises"]["demo/triple"]["hints"], json!(1));
    let root = workbook.path("").to_string_lossy().into_owned();
    assert!(
        files.values().all(|text| !text.contains(&root)),
        "a folder of this machine is named"
    );
}

#[test_cache::test]
fn the_name_is_asked_for_once() {
    let workbook = workbook();
    let ran = workbook.run("submit").exits_with(2);
    assert!(
        ran.stderr().contains("Say it with `--name`"),
        "{}",
        ran.stderr()
    );
    workbook.run("submit --name Ada --id 7").exits_with(0);
    workbook.run("submit").exits_with(0);
    let first = files(&workbook, "7.workbook.zip");
    workbook.run("submit --output again.zip").exits_with(0);
    assert_eq!(first, files(&workbook, "again.zip"));
}

#[test_cache::test]
fn a_submission_may_have_some_chapters_only() {
    let workbook = workbook();
    workbook
        .run("submit --name Ada --chapter other_one --output ada.zip")
        .exits_with(0);
    let files = files(&workbook, "ada.zip");
    assert!(files.contains_key("exercises/src/other_one.rs"));
    assert!(!files.contains_key("exercises/src/demo.rs"));
    let ran = workbook.run("submit --chapter demo/double").exits_with(2);
    assert!(ran.stderr().contains("is an exercise"), "{}", ran.stderr());
}

#[test_cache::test]
fn an_answer_that_cannot_be_read_is_named() {
    let workbook = workbook();
    workbook.write("exercises/src/demo.rs", &" ".repeat(2 << 20));
    let ran = workbook.run("submit --name Ada").exits_with(2);
    assert!(
        ran.stderr()
            .contains("exercises/src/demo.rs has 2097152 bytes"),
        "{}",
        ran.stderr()
    );
    std::fs::remove_file(workbook.path("exercises/src/demo.rs")).expect("there");
    let ran = workbook.run("submit --name Ada").exits_with(2);
    assert!(
        ran.stderr().contains("To restore it, run"),
        "{}",
        ran.stderr()
    );
}
