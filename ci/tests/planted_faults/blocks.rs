//! Faults in programs, their outputs and their figures.

use std::time::Duration;

use ci::program::Compiler;
use ci::proof::{
    code_blocks, coverage, figures, formatting, outputs,
    python::{self, Python},
};

use crate::fixture::{COMPILER, Fixture, one};
use ci::project::Pages;

const PAGE: &str = "src/demo.md";

/// Enough for a program that does nothing, on a busy machine as well. What hangs sleeps, so that it keeps none busy.
const SHORT: Duration = Duration::from_secs(10);

#[test_cache::test]
fn finds_a_block_that_does_not_compile() {
    let fixture = Fixture::new().plant(PAGE, "nap.await;", "nap.awat;");
    let findings = code_blocks::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:16",
        &["does not compile", "error[E0609]"],
    );
}

#[test_cache::test]
fn finds_a_block_that_fails() {
    let fixture = Fixture::new().plant(PAGE, "nap.await;", "std::process::exit(3);");
    let findings = code_blocks::check(&fixture.project, &COMPILER);
    one(findings, "src/demo.md:5", &["exit code 3"]);
}

#[test_cache::test]
fn finds_a_block_that_never_ends() {
    let fixture = Fixture::new().plant(
        PAGE,
        "nap.await;",
        "nap.await;\n    loop {\n        std::thread::park();\n    }",
    );
    let compiler = Compiler::new()
        .expect("rustc is there")
        .with_time_limit(SHORT);
    let findings = code_blocks::check(&fixture.project, &compiler);
    one(findings, "src/demo.md:5", &["still running after 10s"]);
}

#[test_cache::test]
fn finds_a_block_that_should_panic_and_does_not() {
    let fixture = Fixture::new().plant(PAGE, "panic!(\"on purpose\");", "");
    let findings = code_blocks::check(&fixture.project, &COMPILER);
    one(findings, "src/demo.md:47", &["did not panic"]);
}

#[test_cache::test]
fn finds_a_program_that_is_on_no_page() {
    let pages = Fixture::new().project.pages().expect("they can be read");
    let findings = code_blocks::check_program(&pages, &COMPILER, "fn main() {}\n");
    one(findings, "src:1", &["no page holds", "fn main() {}"]);
}

#[test_cache::test]
fn finds_a_compile_fail_block_that_compiles() {
    let fixture = Fixture::new().plant(
        PAGE,
        "main() {\n    let number: u32 = \"one\"",
        "main() {\n    let number: u32 = 1",
    );
    let findings = code_blocks::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:30",
        &["must fail with E0308, but it compiles"],
    );
}

#[test_cache::test]
fn finds_a_block_that_does_not_compile_for_another_reason() {
    let fixture = Fixture::new().plant(PAGE, "{number}", "{numbr}");
    let findings = code_blocks::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:33",
        &["at the marked line only", "error[E0425]"],
    );
}

#[test_cache::test]
fn an_error_with_a_code_does_not_count_as_one_without() {
    let fixture = Fixture::new()
        .plant(PAGE, "compile_fail,E0308", "compile_fail,not_send")
        .plant(
            PAGE,
            "\"one\"; // error[E0308]\n    print",
            "\"one\"; // error[not_send]\n    print",
        );
    let findings = code_blocks::check(&fixture.project, &COMPILER).expect("rustc runs");
    let said: Vec<_> = findings.iter().map(|finding| &finding.message).collect();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].contains("must fail with not_send at the marked line only"));
    assert!(said[1].contains("no such error is there"));
}

#[test_cache::test]
fn finds_an_error_at_another_line_than_the_marked_one() {
    let fixture = Fixture::new()
        .plant(
            PAGE,
            "\"one\"; // error[E0308]\n    print",
            "\"one\";\n    print",
        )
        .plant(
            PAGE,
            "println!(\"{number}\");",
            "println!(\"{number}\"); // error[E0308]",
        );
    let findings = code_blocks::check(&fixture.project, &COMPILER).expect("rustc runs");
    let places: Vec<_> = findings.iter().map(|finding| finding.line).collect();
    assert_eq!(places, [32, 33], "{findings:#?}");
}

#[test_cache::test]
fn finds_a_compile_fail_block_without_a_marked_line() {
    let fixture = Fixture::new().plant(
        PAGE,
        "\"one\"; // error[E0308]\n    print",
        "\"one\";\n    print",
    );
    let findings = code_blocks::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:30",
        &["No line of this block is marked"],
    );
}

#[test_cache::test]
fn finds_a_compile_fail_block_without_a_code() {
    let fixture = Fixture::new().plant(PAGE, "compile_fail,E0308", "compile_fail");
    let findings = code_blocks::check(&fixture.project, &COMPILER);
    one(findings, "src/demo.md:30", &["names the error it shows"]);
}

#[test_cache::test]
fn finds_an_output_that_is_stale() {
    let fixture = Fixture::new().plant(PAGE, "\nslept 100ms\n", "\nslept 90ms\n");
    let findings = outputs::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:21",
        &["-slept 90ms", "+slept 100ms", "cargo refresh"],
    );
}

#[test_cache::test]
fn finds_a_panic_with_other_words() {
    let fixture = Fixture::new().plant(PAGE, "\non purpose\n", "\nby accident\n");
    let findings = outputs::check(&fixture.project, &COMPILER);
    one(findings, "src/demo.md:53", &["-by accident", "+on purpose"]);
}

#[test_cache::test]
fn finds_a_compiler_message_that_rustc_does_not_give() {
    if COMPILER.release() == outputs::COMPILER_OF_THE_WORDS {
        let fixture = Fixture::new().plant(PAGE, "expected `u32`, found", "wanted `u32`, found");
        let findings = outputs::check(&fixture.project, &COMPILER);
        one(
            findings,
            "src/demo.md:37",
            &["-", "wanted `u32`", "expected `u32`"],
        );
    }
}

#[test_cache::test]
fn finds_python_that_fails_hangs_or_prints_something_else() {
    let Some(python) = Python::find().map(|python| python.with_time_limit(SHORT)) else {
        return;
    };
    for (planted, place, says) in [
        (
            "print(\"from Python\")\n1 / 0",
            "src/demo.md:58",
            "ZeroDivisionError",
        ),
        (
            "import time; time.sleep(1000)",
            "src/demo.md:58",
            "still running",
        ),
        ("print(\"else\")", "src/demo.md:62", "+else"),
    ] {
        let fixture = Fixture::new().plant(PAGE, "print(\"from Python\")", planted);
        one(python::check(&fixture.project, &python), place, &[says]);
    }
}

#[test_cache::test]
fn finds_python_without_its_output() {
    if let Some(python) = Python::find() {
        let fixture = Fixture::new().plant(PAGE, "\n\n```text\nfrom Python\n```", "");
        let findings = python::check(&fixture.project, &python);
        one(findings, "src/demo.md:58", &["followed by a text block"]);
    }
}

#[test_cache::test]
fn finds_a_figure_that_is_stale() {
    let fixture = Fixture::new().plant(PAGE, "from_millis(100)", "from_millis(120)");
    let findings = figures::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:5",
        &["`src/figures/demo-nap.svg` is stale"],
    );
}

#[test_cache::test]
fn finds_a_figure_that_is_missing() {
    let fixture = Fixture::new().without("src/figures/demo-nap.svg");
    let findings = figures::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:5",
        &["`src/figures/demo-nap.svg` is missing"],
    );
}

#[test_cache::test]
fn finds_a_figure_that_no_block_records() {
    let fixture = Fixture::new().write("src/figures/demo-old.svg", "<svg/>");
    let findings = figures::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/figures/demo-old.svg:1",
        &["No block of the book, and no benchmark, records"],
    );
}

#[test_cache::test]
fn finds_a_plot_that_is_missing_or_on_no_page() {
    let plot = plot::Plot::new("demo-plot", "Nothing").to_record();
    let fixture = Fixture::new().write("projects/demo/benches/demo.plot", &plot);
    let findings = figures::check(&fixture.project, &COMPILER).expect("the pages can be read");
    let messages: Vec<_> = findings.iter().map(|finding| &finding.message).collect();
    let [missing, unseen] = &*messages else {
        panic!("{messages:?}");
    };
    assert!(missing.contains("`src/figures/demo-plot.svg` is missing"));
    assert!(unseen.contains("No page shows this plot"));
}

#[test_cache::test]
fn finds_a_plot_that_is_no_plot() {
    let fixture = Fixture::new().write("projects/demo/benches/demo.plot", "a\nb\ntimeline 0\n");
    let error = figures::check(&fixture.project, &COMPILER).expect_err("it is no plot");
    assert!(
        error
            .to_string()
            .contains("demo.plot is not the record of a plot")
    );
}

#[test_cache::test]
fn finds_a_figure_that_is_not_on_the_page() {
    let fixture = Fixture::new().plant(PAGE, "{{#include figures/demo-nap.svg}}\n", "");
    let findings = figures::check(&fixture.project, &COMPILER);
    one(findings, "src/demo.md:5", &["does not show the figure"]);
}

#[test_cache::test]
fn finds_a_figure_without_a_caption() {
    let fixture = Fixture::new().plant(PAGE, "The nap is polled at 0 ms, waits, is woken at", "At");
    let findings = figures::check(&fixture.project, &COMPILER);
    one(findings, "src/demo.md:26", &["caption is too short"]);
}

#[test_cache::test]
fn finds_a_block_whose_figure_is_never_drawn() {
    let fixture = Fixture::new()
        .plant(PAGE, "nap.await;", "std::process::exit(0);")
        .without("src/figures/demo-nap.svg");
    let findings = figures::check(&fixture.project, &COMPILER);
    one(findings, "src/demo.md:5", &["left none"]);
}

#[test_cache::test]
fn finds_a_block_that_is_not_formatted() {
    let fixture = Fixture::new().plant(PAGE, "    nap.await;", "  nap.await;");
    let findings = formatting::check(&fixture.project);
    one(
        findings,
        "src/demo.md:16",
        &["-  nap.await;", "+    nap.await;"],
    );
}

#[test_cache::test]
fn finds_a_block_of_an_older_edition() {
    // `gen` is a keyword since edition 2024.
    let fixture = Fixture::new().plant(
        PAGE,
        "panic!(\"on purpose\");",
        "let gen = 1;\n    panic!(\"{gen}\");",
    );
    let findings = code_blocks::check(&fixture.project, &COMPILER).expect("rustc runs");
    assert!(findings.iter().any(|f| f.line == 49), "{findings:#?}");
}

#[test_cache::test]
fn finds_a_rust_block_that_is_not_tested() {
    let fixture = Fixture::new();
    let page = &fixture.project.pages().expect("readable")[1];
    let mut tested: Vec<_> = page.rust_blocks().map(|block| block.program()).collect();
    tested.pop();
    one(
        coverage::check(&fixture.project, &tested),
        "src/demo.md:47",
        &["not among the programs"],
    );
}

#[test_cache::test]
fn finds_blocks_that_would_not_be_tested() {
    for (planted, line, says) in [
        ("```Rust\nfn main() {}\n```", 68, "`Rust`"),
        ("```rs\nfn main() {}\n```", 68, "`rs`"),
        ("```\nfn main() {}\n```", 68, "`"),
        ("Words\n\n    fn main() {}", 70, "language"),
        (
            "<!--\n```rust\nfn main() {}\n```\n-->",
            69,
            "opens no block",
        ),
    ] {
        let fixture =
            Fixture::new().plant(PAGE, "## Exercises", &format!("{planted}\n\n## Exercises"));
        let page = &fixture.project.pages().expect("readable")[1];
        let tested: Vec<_> = page.rust_blocks().map(|block| block.program()).collect();
        let findings = coverage::check(&fixture.project, &tested);
        one(findings, &format!("src/demo.md:{line}"), &[says]);
    }
}

#[test_cache::test]
fn finds_tags_that_switch_a_test_off() {
    for tag in ["ignore", "no_run", "edition2021", "skt-main"] {
        let fixture = Fixture::new().plant(PAGE, "rust,should_panic", &format!("rust,{tag}"));
        let page = &fixture.project.pages().expect("readable")[1];
        let tested: Vec<_> = page.rust_blocks().map(|block| block.program()).collect();
        let findings = coverage::check(&fixture.project, &tested);
        one(
            findings,
            "src/demo.md:47",
            &[&format!("`{tag}` is none of these")],
        );
    }
}

#[test_cache::test]
fn finds_a_text_block_that_no_program_printed() {
    let output = "slept 100ms";
    for (old, new, line) in [
        (
            "```\n\n```text\nslept 100ms",
            "```\n\nWords.\n\n```text\nslept 100ms",
            23,
        ),
        ("```text\nslept 100ms", "```text,plain\nslept 100ms", 21),
        ("```text\nslept 100ms", "<!-- -->\n```text\nslept 100ms", 22),
        (output, "slept 100ms\n```\n\n```text\nand more", 25),
    ] {
        let fixture = Fixture::new().plant(PAGE, old, new);
        let page = &fixture.project.pages().expect("readable")[1];
        let tested: Vec<_> = page.rust_blocks().map(|block| block.program()).collect();
        let findings = coverage::check(&fixture.project, &tested);
        one(findings, &format!("src/demo.md:{line}"), &["text"]);
    }
}

#[test_cache::test]
fn finds_code_that_is_included_from_elsewhere() {
    for (planted, says) in [
        ("{{#include ../lost.md}}", "would not be tested"),
        ("{{#rustdoc_include ../lost.rs}}", "would not be tested"),
        ("{{#include figures/demo-lost.svg}}", "no block records it"),
        ("<pre>fn main() {}</pre>", "would not be tested"),
    ] {
        let fixture =
            Fixture::new().plant(PAGE, "## Exercises", &format!("{planted}\n\n## Exercises"));
        let page = &fixture.project.pages().expect("readable")[1];
        let tested: Vec<_> = page.rust_blocks().map(|block| block.program()).collect();
        let findings = coverage::check(&fixture.project, &tested);
        one(findings, "src/demo.md:68", &[says]);
    }
}
