//! `cargo workbook handout`: its arguments, and machines without a browser. What it prints is tested with the browser.

use std::process::Command;

use crate::ran::Ran;
use crate::workbook::Workbook;

const PAGE: &str = "# Demo

*You need: nothing.*

## Doubling

<!-- note: Ask first,
then wait. -->

See [the other one](other-one.md), and [tokio](https://tokio.rs).

What does it print?

```rust
# use std::hidden;
fn main() { println!(\"{}\", 2 * 4); }
```

```text
8 < 9
```

Eight.

## Twice

**Deep dive.** Bit shifts.
";

const EXERCISES: &str = "# Demo exercises

**Does it compile?** `let a: u8 = 300;`

<details>
<summary>Answer</summary>

It does *not*.

</details>

## Exercises

### `double`: Twice a number {#double}

**5 minutes.** Prices double.

```console
cargo workbook check demo/double
```

Next: nothing.
";

/// A workbook with pages, and the tool in it, which finds no browser.
fn workbook() -> Workbook {
    let workbook = Workbook::new();
    let summary = "# Summary\n\n- [Demo](demo.md)\n  - [Demo exercises](demo-exercises.md)\n- [The other one](other-one.md)\n\
                   - [Cheat sheet](cheat-sheet.md)\n";
    workbook.write("src/SUMMARY.md", summary);
    workbook.write("src/demo.md", PAGE);
    workbook.write("src/demo-exercises.md", EXERCISES);
    workbook.write(
        "src/other-one.md",
        "# The other one\n\n**Deep dive.** All of it.\n",
    );
    workbook.write("src/cheat-sheet.md", "# Cheat sheet\n\n[Twice](demo.md)\n");
    workbook
}

fn without_browser(workbook: &Workbook, arguments: &str) -> Command {
    let mut tool = workbook.tool();
    tool.arg("handout").args(arguments.split_whitespace());
    tool.env("PATH", "").env_remove("CHROME_PATH");
    tool
}

fn run(mut tool: Command) -> Ran {
    Ran(tool.output().expect("the tool can be started"))
}

#[test_cache::test]
fn arguments_that_make_no_sense_are_refused_before_anything_is_printed() {
    let workbook = workbook();
    workbook.write("file", "");
    for (arguments, complaint) in [
        (
            "demoo",
            "There is no chapter or exercise `demoo`. Did you mean `demo`?",
        ),
        (
            "demo double",
            "`double` is an exercise. A handout has whole chapters.",
        ),
        (
            "other-one",
            "The book has no page `src/other-one.md`, so there is nothing to print",
        ),
        (
            "--paper a5",
            "invalid value 'a5' for '--paper <PAPER>' [possible values: a4, letter]",
        ),
        (
            "-o src",
            "src is a folder. Name the file to write, such as src/handout.pdf.",
        ),
        ("-o none/a.pdf", "There is no folder none."),
        ("demo -o file/a.pdf", "There is no folder file."),
    ] {
        let ran = run(without_browser(&workbook, arguments)).exits_with(2);
        let stderr = ran
            .stderr()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(stderr.contains(complaint), "{arguments}: {stderr}");
        assert_eq!(ran.stdout(), "", "{arguments}");
    }
    assert!(!workbook.path("handout.html").exists());
}

#[test_cache::test]
fn without_a_browser_it_writes_a_page_to_print_and_says_how() {
    let workbook = workbook();
    let ran = run(without_browser(&workbook, "demo --answers -o a.pdf")).exits_with(2);
    let said = ran.stdout().replace('\n', " ");
    for part in [
        "There is no browser here",
        "the handout is in a.html.",
        "set CHROME_PATH to it",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!workbook.path("a.pdf").exists());
    let page = workbook.read("a.html");
    for part in [
        // The output after its section, without its number of a page.
        "<p class=\"guess\">Your guess: <span></span> <a href=\"#output-demo-1\">Output 1</a></p>",
        "<p>Eight.</p>",
        "id=\"output-demo-1\">Output 1</span><code>8 &lt; 9",
        // The contract and the command.
        "<p>A number.</p>",
        "pub async fn double(number: u32) -&gt; u32 {",
        "<code>cargo workbook check demo/double</code>",
        // The question and its answer.
        "Question 1.</span> <strong>Does it compile?</strong>",
        "<a href=\"#answer-demo-1\">Answer</a>",
        "<p>It does <em>not</em>.</p>",
        // The links.
        "the other one, and <a href=\"https://tokio.rs\">tokio</a> <span class=\"address\">(tokio.rs)</span>",
        "@top-left { content: \"Demo\"; }",
        // What a handout of one chapter has on its first page.
        "#section-1 { break-before: auto; }",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    for part in [
        "std::hidden",
        "Bit shifts",
        "Ask first",
        "Next: nothing",
        "<script",
        "data-contract",
    ] {
        assert!(!page.contains(part), "{part} is in {page}");
    }
    run(without_browser(&workbook, "demo")).exits_with(2);
    assert!(
        !workbook
            .read("handout.html")
            .contains("It does <em>not</em>.")
    );
}

#[cfg(target_os = "linux")]
#[test_cache::test]
fn a_browser_that_fails_is_named_with_its_last_words() {
    let workbook = workbook();
    let mut tool = without_browser(&workbook, "demo");
    tool.env("CHROME_PATH", "none");
    let ran = run(tool).exits_with(2);
    assert!(
        ran.stderr()
            .contains("CHROME_PATH is none, and there is no such file."),
        "{}",
        ran.stderr()
    );
    workbook.write(
        "browser",
        "#!/bin/sh\necho working >&2\necho out of toner >&2\nexit 3\n",
    );
    let browser = workbook.path("browser");
    crate::executable::make_executable(&browser);
    let mut tool = without_browser(&workbook, "demo");
    tool.env("CHROME_PATH", &browser);
    let ran = run(tool).exits_with(2);
    let stderr = ran.stderr().replace('\n', " ");
    assert!(
        stderr.contains("browser has written no PDF (exit status: 3): out of toner."),
        "{stderr}"
    );
    assert!(!workbook.path("handout.pdf").exists());
}
