//! `cargo workbook check`: what it prints of the verdicts.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::workbook::Workbook;

#[test_cache::test]
fn check_prints_all_states_and_the_first_failure() {
    let workbook = Workbook::new();
    workbook.answer("println!(); one more", "todo!()");
    workbook.run("check").exits_with(1).prints(
        "Demo
  ✗ double  failing 2 of 3 tests
  · triple  not started
The other one
  · half  not started

0 of 3 exercises solved.

double::of_many

of_many came out wrong.
This usually means that it is not right.

Your answer printed:

  21

A known wrong answer has similar code and fails in the same way: Adds one.

Also failing: of_none (`cargo workbook check --all` shows every report).

Edit exercises/src/demo.rs and save it. Then:
  cargo workbook check demo/double   grade your answer again
  cargo workbook hint demo/double    show a hint
",
    );
}

#[test_cache::test]
fn check_of_one_exercise_lists_its_tests() {
    let workbook = Workbook::new();
    workbook.answer("number + 1", "number + 2");
    workbook.run("check triple").exits_with(1).prints(
        "Demo
  ✗ triple  failing 2 of 3 tests

    ✓ of_one   passed
    ✗ of_many  failed
    ✗ of_none  failed

triple::of_many

of_many came out wrong.
This usually means that it is not right.

Edit exercises/src/demo.rs and save it. Then:
  cargo workbook check demo/triple   grade your answer again
  cargo workbook hint demo/triple    show a hint
",
    );
    let all = workbook.run("check --all demo").exits_with(1).stdout();
    assert_eq!(all.matches("of_none came out wrong.").count(), 2, "{all}");
}

#[test_cache::test]
fn check_explains_how_to_start() {
    Workbook::new().run("check demo").exits_with(1).says(
        "Twice a number (5 minutes). Open exercises/src/demo.rs and replace the\n\
         `todo!()` of `double` with your answer. The comment above it is the contract;\n\
         book/demo-exercises.html#double explains the exercise.\n",
    );
}

#[test_cache::test]
fn check_attributes_a_compile_error_to_its_exercise() {
    let workbook = Workbook::new();
    workbook.answer("number + 1", "error");
    workbook.run("check demo").exits_with(1).prints(
        "Demo
  · double  blocked by triple, which does not compile
  ✗ triple  does not compile

0 of 2 exercises solved.

error: the first
 --> line 10

Read on: book/error-messages.html#send

And 1 more error. Fix this one first.

Edit exercises/src/demo.rs and save it. Then:
  cargo workbook check demo/triple   grade your answer again
  cargo workbook hint demo/triple    show a hint
",
    );
}

#[test_cache::test]
fn check_prints_the_first_error_and_counts_the_others() {
    let workbook = Workbook::new();
    workbook.answer("error", "todo!()");
    workbook.run("check demo/double").exits_with(1).prints(
        "Demo
  ✗ double  does not compile

error: the first
 --> line 5

Read on: book/error-messages.html#send

And 1 more error. Fix this one first.

Edit exercises/src/demo.rs and save it. Then:
  cargo workbook check demo/double   grade your answer again
  cargo workbook hint demo/double    show a hint
",
    );
}

#[test_cache::test]
fn an_interrupted_check_prints_what_it_has_graded() {
    for signal in ["-TERM", "-INT"] {
        let workbook = Workbook::new();
        workbook.answer("right", "right");
        // The other chapter is graded after this one, and without end.
        workbook.write(
            "exercises/src/other_one.rs",
            "pub fn half(n: u32) -> u32 {\n loop {}\n}\n",
        );
        let mut tool = workbook.tool();
        tool.args(["check", "--json"])
            .env("STAND_IN_TELLS", "testing");
        let mut tool = tool
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let stderr = BufReader::new(tool.stderr.take().expect("piped"));
        let mut lines = stderr.lines().map_while(Result::ok);
        assert!(lines.any(|line| line == "testing"), "it grades without end");
        let id = tool.id().to_string();
        let killed = Command::new("kill").args([signal, &id]).status();
        assert!(killed.is_ok_and(|status| status.success()));
        let ended = tool.wait_with_output().expect("it ends");
        assert_eq!(ended.status.code(), Some(130), "{signal}");
        let json: serde_json::Value = serde_json::from_slice(&ended.stdout).expect("JSON");
        assert_eq!(json["complete"], false);
        assert_eq!(json["solved"], false);
        assert_eq!(json["chapters"][0]["exercises"][0]["state"], "solved");
        assert_eq!(json["chapters"].as_array().map(Vec::len), Some(1));
        // What was solved counts.
        let list = workbook.run("list").stdout();
        assert!(list.contains("2 of 3 exercises solved"), "{list}");
    }
}

#[test_cache::test]
fn an_error_does_not_discard_what_was_graded_before_it() {
    let workbook = Workbook::new();
    workbook.answer("right", "right");
    workbook.write(
        "exercises/src/other_one.rs",
        "pub fn half() {\n no compiler\n}\n",
    );
    let json = workbook.run("check --json").exits_with(2).stdout();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&json["complete"], &json["solved"]),
        (&false.into(), &false.into())
    );
    let check = workbook.run("check").exits_with(2);
    assert!(check.stdout().contains("✓ double"), "{}", check.stdout());
    assert!(check.stderr().contains("rustup.rs"), "{}", check.stderr());
}
