//! Properties: nothing that a learner writes is lost.

#[path = "support/chapter.rs"]
mod chapter;

use chapter::{CHAPTER, Project, STUB};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use workbook::answers::{Error, Reset, Undo, items_of, reset, undo};

const EXERCISES: [&str; 3] = ["wait", "Gate", "run"];

/// The pieces of which answers are generated. Each piece can be next to any other.
const PIECES: [&str; 16] = [
    "pub async fn wait(time: Duration) { sleep(time).await }",
    "/// Mine.\npub async fn wait(\n    time: Duration,\n) {\n    let = ;\n}",
    "/// A gate.\npub struct Gate {\n    open: bool,\n}",
    "pub enum Gate { Open, Shut }",
    "impl Gate {\n    fn open(&self) {}\n}",
    "impl Drop for Gate { fn drop(&mut self) {} }",
    "#[cfg(test)]\nimpl<T> From<T> for Gate {}",
    "/* run */ pub fn run() -> u32 { 7 } // seven",
    "fn helper(gate: &Gate) {}",
    "use std::sync::{Arc, Mutex};",
    "const LIMITS: [u8; 2] = [1, 2];",
    "// pub fn run() {}",
    "macro_rules! gate { () => {} }",
    "// déjà vu 早 \u{1f600}",
    "mod inner { pub fn run() {} }",
    "",
];

fn answer() -> impl Strategy<Value = String> {
    let pieces = vec((select(&PIECES), select(&["\n", "\n\n", "\n\n\n"])), 1..9);
    (pieces, any::<bool>()).prop_filter_map(
        "An empty answer gets the whole stub.",
        |(all, windows)| {
            let text: String = all
                .into_iter()
                .flat_map(|(piece, gap)| [piece, gap])
                .collect();
            let text = if windows {
                text.replace('\n', "\r\n")
            } else {
                text
            };
            (!text.trim().is_empty()).then_some(text)
        },
    )
}

/// Arbitrary bytes, and the stub with an error in it.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let noise = vec(any::<u8>(), 0..200);
    let tokens = select(&[
        "{", "}", "(", "\"", "'", "fn ", "impl ", "run", "<", ";", "/*", "#", "\u{feff}", "r#\"",
    ]);
    let tokens = vec(tokens, 0..30).prop_map(|tokens| tokens.concat().into_bytes());
    let damaged =
        (0..STUB.len(), 0..STUB.len(), vec(any::<u8>(), 0..3)).prop_map(|(at, end, new)| {
            let mut stub = STUB.as_bytes().to_vec();
            stub.splice(at.min(end)..at.max(end), new);
            stub
        });
    prop_oneof![noise, tokens, damaged]
}

fn config() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::with_cases(96)
    }
}

/// The text with Unix line endings.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The lines of the exercise's items, sorted, because a reset may change the order of items.
fn items(text: &[u8], exercise: &str) -> Vec<String> {
    let items = items_of(&unix(str::from_utf8(text).unwrap()), exercise);
    let mut lines: Vec<_> = items
        .iter()
        .flat_map(|items| items.lines())
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}

/// The text without the exercise's items and without whitespace.
fn rest(text: &[u8], exercise: &str) -> String {
    let mut text = unix(str::from_utf8(text).unwrap());
    while let Some(items) = items_of(&text, exercise) {
        let first = items.split("\n\n").next().unwrap();
        text = text.replacen(first, "", 1);
    }
    text.split_whitespace().collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_undo_restores_every_byte_that_a_reset_replaced(
        answer in answer(),
        exercise in select(&EXERCISES),
    ) {
        let project = Project::with(&answer);
        let root = project.folder.path();
        let done = reset(root, CHAPTER, Some(exercise), STUB).unwrap();
        let now = project.bytes();
        prop_assert_eq!(items(&now, exercise), items(STUB.as_bytes(), exercise));
        prop_assert_eq!(rest(&now, exercise), rest(answer.as_bytes(), exercise));
        for other in EXERCISES.iter().filter(|other| **other != exercise) {
            prop_assert_eq!(items(&now, other), items(answer.as_bytes(), other));
        }
        prop_assert_eq!(reset(root, CHAPTER, Some(exercise), STUB).unwrap(), Reset::Unchanged);
        if done != Reset::Unchanged {
            undo(root, CHAPTER, Some(exercise)).unwrap();
        }
        prop_assert_eq!(project.bytes(), answer.as_bytes());
    }

    #[test]
    fn an_undo_restores_its_exercise_in_a_changed_file(
        before in answer(),
        after in answer(),
        exercise in select(&EXERCISES),
    ) {
        let project = Project::with(&before);
        let root = project.folder.path();
        let done = reset(root, CHAPTER, Some(exercise), STUB).unwrap();
        project.write(&after);
        let undone = undo(root, CHAPTER, Some(exercise)).unwrap();
        let now = project.bytes();
        if done == Reset::Unchanged {
            prop_assert_eq!(undone, Undo::Nothing);
        } else {
            let [brought, wanted] = [&now[..], before.as_bytes()].map(|text| items(text, exercise));
            prop_assert_eq!(brought, wanted);
            prop_assert_eq!(rest(&now, exercise), rest(after.as_bytes(), exercise));
        }
    }

    #[test]
    fn a_reset_of_a_chapter_backs_up_arbitrary_bytes(answer in bytes()) {
        let project = Project::with(&answer);
        let root = project.folder.path();
        if let Reset::Done { backup } = reset(root, CHAPTER, None, STUB).unwrap() {
            prop_assert_eq!(std::fs::read(backup).unwrap(), answer.clone());
            prop_assert_eq!(unix(&String::from_utf8(project.bytes()).unwrap()), STUB);
            undo(root, CHAPTER, None).unwrap();
        }
        prop_assert_eq!(project.bytes(), answer);
    }

    #[test]
    fn a_reset_of_an_exercise_backs_up_arbitrary_bytes(answer in bytes(), exercise in select(&EXERCISES)) {
        let project = Project::with(&answer);
        match reset(project.folder.path(), CHAPTER, Some(exercise), STUB) {
            Ok(Reset::Done { backup }) => prop_assert_eq!(std::fs::read(backup).unwrap(), answer),
            Ok(Reset::Unchanged) | Err(Error::DoesNotParse { .. }) => {
                prop_assert_eq!(project.bytes(), answer);
                prop_assert!(project.backups().is_empty());
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
