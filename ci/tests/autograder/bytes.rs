//! Any bytes get a verdict.

use std::process::Command;

use autograder::verdict::State;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::workbook::Workbook;

#[test_cache::test]
fn refuses_files_that_are_not_rust() {
    let workbook = Workbook::new();
    let file = workbook.project.path("exercises/src/demo.rs");
    let is_refused = |what: &str, says: &str| {
        let verdict = workbook.grade("demo");
        assert_eq!(verdict.exercises[0].state, State::DoesNotCompile, "{what}");
        let said = &verdict.errors.first().expect(what).rendered;
        assert!(said.contains(says), "{what}: {said}");
        assert_eq!(workbook.state("other"), State::NotStarted, "{what}");
    };
    for (what, bytes, says) in [
        ("nothing", &b""[..], "double"),
        ("bytes that are no text", b"\xff\xfe\x00", "UTF-8"),
        (
            "a zero byte",
            b"pub fn\0double() {}",
            "unknown start of token",
        ),
        ("a text", "Twice the number, please.".as_bytes(), "expected"),
        ("brackets without end", &b"[".repeat(20_000), "error"),
        ("a device by name", b"include!(\"/dev/full\");", "error"),
    ] {
        workbook.write("exercises/src/demo.rs", bytes);
        is_refused(what, says);
    }
    workbook.write("exercises/src/demo.rs", "// \n".repeat(1 << 19));
    is_refused("a file that is too large", "larger than 1 MiB");
    std::fs::remove_file(&file).expect("there");
    is_refused("no file", "The file does not exist");
    std::fs::create_dir(&file).expect("writable");
    is_refused("a folder", "This is not a regular file");
    std::fs::remove_dir(&file).expect("there");
    #[cfg(unix)]
    {
        let made = Command::new("mkfifo").arg(&file).status();
        assert!(made.is_ok_and(|status| status.success()));
        is_refused("a pipe without a writer", "This is not a regular file");
        std::fs::remove_file(&file).expect("there");
        std::os::unix::fs::symlink("/dev/zero", &file).expect("writable");
        is_refused("a device", "This is not a regular file");
    }
}

#[test_cache::test]
fn arbitrary_bytes_get_a_verdict() {
    let workbook = Workbook::new();
    let autograder = workbook.autograder();
    let text = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        // Rust, more or less: more of it gets past the parser.
        proptest::collection::vec(
            proptest::sample::select(vec![
                "pub ",
                "async ",
                "fn ",
                "double",
                "(",
                ")",
                "{",
                "}",
                "number: u32",
                "-> u32",
                "2",
                " * ",
                "number",
                ";",
                "//",
                "\"",
                "'",
                "\n",
                "todo!()",
                "let x = ",
                ".await",
                "r#\"",
                "/*",
                "\u{202e}",
            ]),
            0..40
        )
        .prop_map(|words| words.concat().into_bytes()),
    ];
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(&text, |bytes| {
        workbook.write("exercises/src/demo.rs", &bytes);
        let cancel = sandbox::Cancel::default();
        let verdict = autograder.grade("demo", None, &cancel, &mut |_| {});
        let verdict = verdict.map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
        prop_assert_eq!(verdict.exercises.len(), 1);
        let compiles = verdict.exercises[0].state != State::DoesNotCompile;
        prop_assert_eq!(compiles, verdict.errors.is_empty());
        Ok(())
    });
    result.expect("every answer gets a verdict");
}
