//! The output and the exit code of each command.

use crate::ran::Ran;
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

And 1 more error. Fix this one first.

Edit exercises/src/demo.rs and save it. Then:
  cargo workbook check demo/double   grade your answer again
  cargo workbook hint demo/double    show a hint
",
    );
}

#[test_cache::test]
fn remembers_what_is_solved() {
    let workbook = Workbook::new();
    workbook.answer("right", "right");
    workbook
        .run("check double")
        .exits_with(0)
        .says("✓ double  solved");
    workbook
        .run("check demo")
        .exits_with(0)
        .says("All of 2 exercises solved.");
    workbook.run("list").exits_with(0).prints(
        "Demo  demo
  ✓ double  Twice a number         5 min
  ✓ triple  Three times a number  10 min

The other one  other-one
  ➜ half    Half a number         15 min

2 of 3 exercises solved, 30 min planned.
  cargo workbook watch   continue with other-one/half
",
    );
}

#[test_cache::test]
fn shows_one_more_hint_each_time() {
    let workbook = Workbook::new();
    let first = "Hint 1 of 2 for demo/double\nThere is an operator for that.\n\n";
    let second = "Hint 2 of 2 for demo/double\n`number * 2`\n\nThere are no more hints.\n";
    workbook.run("hint").exits_with(0).prints(first);
    workbook
        .run("hint double")
        .prints(&format!("{first}{second}"));
    workbook
        .run("hint demo/double")
        .prints(&format!("{first}{second}"));
}

#[test_cache::test]
fn undo_restores_an_answer_that_was_reset() {
    let workbook = Workbook::new();
    workbook.answer("number + 1", "todo!()");
    let before = workbook.read("exercises/src/demo.rs");
    let reset = workbook.run("reset demo/double").exits_with(0);
    assert!(
        reset.stdout().contains("Your answer was saved in"),
        "{}",
        reset.stdout()
    );
    assert_ne!(workbook.read("exercises/src/demo.rs"), before);
    workbook
        .run("reset demo/double")
        .says("Nothing was changed.");
    workbook
        .run("reset demo/double --undo")
        .exits_with(0)
        .says("Your answer of demo/double is back.");
    assert_eq!(workbook.read("exercises/src/demo.rs"), before);
    workbook.run("reset triple --undo").exits_with(2).complains(
        "cargo workbook: There is no answer of demo/triple to restore: it was not reset,\nor has been restored already.\n",
    );
}

#[test_cache::test]
fn shows_the_solution_if_solved_or_with_show_me() {
    let workbook = Workbook::new();
    workbook.answer("number + 1", "number + number + number // right");
    workbook.run("solution double").exits_with(1).prints(
        "demo/double is not solved yet.
  cargo workbook hint demo/double                 show a hint
  cargo workbook solution demo/double --show-me   show the solution anyway
",
    );
    workbook
        .run("solution double --show-me")
        .exits_with(0)
        .prints(
            "demo/double: your answer (-) and the solution (+)

  pub async fn double(number: u32) -> u32 {
-     number + 1
+     number * 2 // right
  }
",
        );
    workbook
        .run("solution triple")
        .exits_with(0)
        .says("+     number * 3 // right");
    workbook.answer("todo!()", "number * 3 // right");
    workbook
        .run("solution triple")
        .prints("Your answer is identical to the solution.\n");
}

#[test_cache::test]
fn runs_a_program_and_draws_its_timeline() {
    let workbook = Workbook::new();
    workbook.write("nap.rs", "fn main() {}");
    let ran = workbook.run("run nap.rs").exits_with(0);
    assert_eq!(ran.stdout(), "rested\n\nnap ■───● 100 ms\n");
    assert_eq!(ran.stderr(), "warned\n");
    workbook.write("nap.rs", "fn main() { std::process::exit(3) }");
    let ran = workbook.run("run nap.rs").exits_with(1);
    assert_eq!(
        ran.stderr(),
        "warned\nThe program ended with exit code 3.\n"
    );
    workbook.write("nap.rs", "error");
    let ran = workbook.run("run nap.rs").exits_with(1);
    assert_eq!(
        ran.stderr(),
        "error: the first\n --> line 1\n\nAnd 1 more error. Fix this one first.\n"
    );
    workbook.run("run gone.rs").exits_with(2).complains(
        "cargo workbook: gone.rs could not be read. No such file or directory (os error\n2).\n",
    );
}

#[test_cache::test]
fn builds_the_book_without_mdbook() {
    let workbook = Workbook::new();
    let stdout = workbook.run("build").exits_with(0).stdout();
    let page = stdout
        .lines()
        .find(|line| line.ends_with("index.html"))
        .expect("a page to open");
    assert!(std::path::Path::new(page.trim()).is_file());
    workbook.write("src/SUMMARY.md", "- [Demo](gone.md)\n");
    workbook.write("book.toml", "[book]\ntitle = 3\n");
    let failed = workbook.run("build").exits_with(2);
    assert!(
        failed
            .stderr()
            .starts_with("cargo workbook: The book could not be built.")
    );
}

#[test_cache::test]
fn doctor_reports_missing_requirements() {
    let workbook = Workbook::new();
    workbook
        .run("doctor")
        .exits_with(0)
        .says("This machine meets all requirements.");
    let ran = workbook
        .tool()
        .arg("doctor")
        .env("PATH", "")
        .env_remove("CARGO")
        .env_remove("RUSTC")
        .output();
    let ran = Ran(ran.expect("started")).exits_with(2);
    assert!(
        ran.stdout().contains("`cargo` could not be started."),
        "{}",
        ran.stdout()
    );
    assert!(ran.stdout().contains("https://rustup.rs"));
    workbook.write("exercises/exercises.toml", "[[chapter]]\nslug = 3\n");
    workbook
        .run("doctor")
        .exits_with(2)
        .says("exercises/exercises.toml is invalid.");
}

#[test_cache::test]
fn reports_errors_in_sentences() {
    let workbook = Workbook::new();
    workbook.run("check demo/dobule").exits_with(2).complains(
        "cargo workbook: There is no exercise `demo/dobule`. Did you mean `demo/double`?\n",
    );
    workbook.run("chek").exits_with(2);
    workbook.answer("no compiler", "todo!()");
    workbook.run("check").exits_with(2).complains(
        "cargo workbook: cargo could not be started. Install Rust from https://rustup.rs,\nor add cargo to PATH.\n",
    );
    let elsewhere = tempfile::tempdir().expect("writable");
    let ran = workbook
        .tool()
        .current_dir(elsewhere.path())
        .arg("list")
        .output();
    let ran = Ran(ran.expect("started")).exits_with(2);
    assert!(
        ran.stderr().contains("nor any folder above it contains"),
        "{}",
        ran.stderr()
    );
}

#[test_cache::test]
fn shows_the_line_of_an_error_in_the_manifest() {
    let workbook = Workbook::new();
    workbook.write("exercises/exercises.toml", "[[chapter]]\nslug = 3\n");
    let stderr = workbook.run("check").exits_with(2).stderr();
    assert!(
        stderr.contains("exercises/exercises.toml is invalid."),
        "{stderr}"
    );
    assert!(stderr.contains("2 | slug = 3"), "{stderr}");
}

#[test_cache::test]
fn completions_define_a_shell_function() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Workbook::new()
            .run(&format!("completions {shell}"))
            .exits_with(0)
            .stdout();
        assert!(script.contains("cargo workbook"), "{shell}");
        assert!(script.contains("solution"), "{shell}");
    }
}

#[test_cache::test]
fn a_closed_pipe_is_not_an_error() {
    let workbook = Workbook::new();
    let (reader, writer) = std::io::pipe().expect("there are pipes");
    drop(reader);
    let ran = workbook
        .tool()
        .arg("list")
        .stdout(writer)
        .output()
        .expect("started");
    assert_eq!((ran.status.code(), ran.stderr), (Some(0), Vec::new()));
}

#[test_cache::test]
fn every_help_text_has_an_example() {
    let workbook = Workbook::new();
    let commands = [
        "check",
        "watch",
        "list",
        "hint",
        "reset",
        "solution",
        "run",
        "build",
        "doctor",
        "completions",
    ];
    for command in commands {
        workbook
            .run(&format!("{command} --help"))
            .exits_with(0)
            .says(&format!("  cargo workbook {command}"));
    }
}
