//! Any content of an answer's file gets a verdict.

use std::process::Command;

use autograder::verdict::State;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::workbook::Workbook;

#[test_cache::test]
fn a_file_that_is_not_rust_gets_a_verdict() {
    let workbook = Workbook::new();
    let file = workbook.project.path("exercises/src/demo.rs");
    let is_rejected = |what: &str, message: &str| {
        let verdict = workbook.grade("demo");
        assert_eq!(verdict.exercises[0].state, State::DoesNotCompile, "{what}");
        let rendered = &verdict.errors.first().expect(what).rendered;
        assert!(rendered.contains(message), "{what}: {rendered}");
        assert_eq!(workbook.state("other"), State::NotStarted, "{what}");
    };
    for (what, bytes, message) in [
        ("an empty file", &b""[..], "double"),
        ("bytes that are not UTF-8", b"\xff\xfe\x00", "UTF-8"),
        (
            "a NUL byte",
            b"pub fn\0double() {}",
            "unknown start of token",
        ),
        ("prose", "Twice the number, please.".as_bytes(), "expected"),
        ("many unclosed brackets", &b"[".repeat(20_000), "error"),
        ("an included device", b"include!(\"/dev/full\");", "error"),
    ] {
        workbook.write("exercises/src/demo.rs", bytes);
        is_rejected(what, message);
    }
    workbook.write("exercises/src/demo.rs", "// \n".repeat(1 << 19));
    is_rejected("a file that is too large", "larger than 1 MiB");
    std::fs::remove_file(&file).expect("the file exists");
    is_rejected("no file", "The file does not exist");
    std::fs::create_dir(&file).expect("writable");
    is_rejected("a folder", "This is not a regular file");
    std::fs::remove_dir(&file).expect("the file exists");
    #[cfg(unix)]
    {
        let made = Command::new("mkfifo").arg(&file).status();
        assert!(made.is_ok_and(|status| status.success()));
        is_rejected("a pipe without a writer", "This is not a regular file");
        std::fs::remove_file(&file).expect("the file exists");
        std::os::unix::fs::symlink("/dev/zero", &file).expect("writable");
        is_rejected("a device", "This is not a regular file");
    }
}

#[test_cache::test]
fn any_bytes_get_a_verdict() {
    let workbook = Workbook::new();
    let autograder = workbook.autograder();
    let text = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        // Pieces of Rust, because more of these texts get past the parser.
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
        .prop_map(|pieces| pieces.concat().into_bytes()),
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
