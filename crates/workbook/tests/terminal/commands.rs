//! The output and the exit code of each command.

use std::fs;

use crate::ran::Ran;
use crate::workbook::Workbook;

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
    workbook.run("list other-one").exits_with(0).prints(
        "The other one  other-one
  ➜ half  Half a number  15 min

0 of 1 exercise solved, 15 min planned.
  cargo workbook watch   continue with other-one/half
",
    );
    workbook.run("list othr-one").exits_with(2);
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
        "error: the first\n --> line 1\n\nRead on: book/error-messages.html#send\n\nAnd 1 more error. Fix this one first.\n"
    );
    workbook.run("run gone.rs").exits_with(2).complains(
        "cargo workbook: gone.rs could not be read. No such file or directory (os error\n2).\n",
    );
}

#[test_cache::test]
fn a_program_of_the_learners_reads_standard_input_and_learns_of_timelines() {
    let workbook = Workbook::new();
    let words = |ran: &Ran| -> String {
        let stderr = ran.stderr();
        stderr.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    workbook.write(
        "own.rs",
        "// no timeline\nasync fn f() { std::io::stdin(); }\n",
    );
    let ran = workbook.run("run own.rs").exits_with(0);
    assert!(
        words(&ran).contains("To see a timeline of this program, start `main` with"),
        "{}",
        ran.stderr()
    );
    assert!(
        words(&ran).contains("standard input of the program was empty. With `--stdin`"),
        "{}",
        ran.stderr()
    );
    fs::write(workbook.path("input"), "from a file\n").expect("writable");
    let mut tool = workbook.tool();
    tool.args(["run", "own.rs", "--stdin"]);
    tool.stdin(fs::File::open(workbook.path("input")).expect("readable"));
    let ran = Ran(tool.output().expect("started")).exits_with(0);
    assert!(ran.stdout().contains("from a file"), "{}", ran.stdout());
    assert!(!words(&ran).contains("--stdin"), "{}", ran.stderr());
    // A program that has nothing to record learns nothing.
    workbook.write("own.rs", "// no timeline\nfn main() {}\n");
    assert_eq!(
        workbook.run("run own.rs").exits_with(0).stderr(),
        "warned\n"
    );
}

#[test_cache::test]
fn with_everything_solved_there_is_nothing_to_continue_with() {
    let workbook = Workbook::new();
    workbook.answer("right", "right");
    workbook.write(
        "exercises/src/other_one.rs",
        "pub fn half(n: u32) -> u32 {\n n / 2 // right\n}\n",
    );
    workbook.run("check").exits_with(0);
    let list = workbook.run("list").exits_with(0).stdout();
    assert!(
        !list.contains("continue with") && !list.contains('➜'),
        "{list}"
    );
    let json = workbook.run("list --json").exits_with(0).stdout();
    assert!(json.contains("\"current\": null"), "{json}");
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
    for arguments in [
        &["list"][..],
        &["list", "--json"],
        &["schema"],
        &["completions", "bash"],
    ] {
        let ran = workbook
            .tool()
            .args(arguments)
            .stdout(writer.try_clone().expect("it is open"))
            .output()
            .expect("started");
        let ended = (ran.status.code(), ran.stderr);
        assert_eq!(ended, (Some(0), Vec::new()), "{arguments:?}");
    }
    // An error cannot be read by anybody, and is no reason to crash.
    let ran = workbook
        .tool()
        .args(["hint", "nothing"])
        .stderr(writer)
        .output()
        .expect("started");
    assert_eq!(ran.status.code(), Some(2));
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
        "update",
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
