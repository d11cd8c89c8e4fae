//! Faults in prose: words, titles, spelling and grammar, and the lists of exceptions.

use std::io::{self, Write};
use std::sync::LazyLock;

use ci::Finding;
use ci::finding::require_none;
use ci::project::here;
use ci::proof::prose::harper::Harper;
use ci::proof::prose::{check, check_files};

use crate::fixture::{Fixture, one};

const PAGE: &str = "src/demo.md";
const STUB: &str = "exercises/src/demo.rs";
const GRADER: &str = "exercises/tests/demo.rs";
const WRONG: &str = "ci/wrong/demo/double/squared.rs";
const SOLUTION: &str = "solutions/src/demo.rs";
const MANIFEST: &str = "exercises/exercises.toml";
const LISTS: &str = "ci/prose.toml";
const DICTIONARY: &str = "ci/dictionary.txt";

static HARPER: LazyLock<Option<Harper>> = LazyLock::new(|| Harper::find(&here()));

/// What is found without harper.
fn found(fixture: &Fixture) -> anyhow::Result<Vec<Finding>> {
    check(&fixture.project, None)
}

/// Whether harper is here.
fn harper() -> Option<&'static Harper> {
    if HARPER.is_none() {
        test_cache::skipped();
        let _ = writeln!(io::stderr(), "\nSkipped: `ci/grammar` is not installed.\n");
    }
    HARPER.as_ref()
}

#[test_cache::test]
fn finds_nothing_in_good_prose() {
    require_none(&check(&Fixture::new().project, HARPER.as_ref()).expect("it can be checked"));
}

#[test_cache::test]
fn finds_a_forbidden_word_on_a_page() {
    let fixture = Fixture::new().plant(PAGE, "Back to", "Whoever reads this goes back to");
    let says = ["\"Whoever\": write what it is"];
    one(found(&fixture), "src/demo.md:66", &says);
}

#[test_cache::test]
fn finds_a_forbidden_word_in_a_caption() {
    let fixture = Fixture::new().plant(PAGE, "The nap is polled", "Whoever naps is polled");
    one(found(&fixture), "src/demo.md:27", &["\"Whoever\""]);
}

#[test_cache::test]
fn finds_a_forbidden_word_in_a_speaker_note() {
    let note = "<!-- note: Ask what it prints,\nand whoever knows. -->";
    let fixture = Fixture::new().plant(PAGE, "<!-- note: Ask what it prints. -->", note);
    one(found(&fixture), "src/demo.md:80", &["\"whoever\""]);
}

#[test_cache::test]
fn a_report_that_a_plan_quotes_is_checked_where_the_grader_has_it() {
    let quoted = "> 1 doubled is 2;";
    let fixture = Fixture::new().plant(
        "src/teaching/demo.md",
        quoted,
        "> whoever doubled\n> 1 doubled is 2;",
    );
    require_none(&found(&fixture).expect("it can be checked"));
    let fixture = Fixture::new().plant(
        "src/teaching/demo.md",
        "Leave out nothing.",
        "> Leave out whoever is late.",
    );
    one(found(&fixture), "src/teaching/demo.md:24", &["\"whoever\""]);
}

#[test_cache::test]
fn finds_a_forbidden_word_in_the_second_line_of_a_contract() {
    let fixture = Fixture::new().plant(
        STUB,
        "/// Twice the number.",
        "/// Twice the number.\n/// Whoever calls it waits.",
    );
    one(found(&fixture), "exercises/src/demo.rs:4", &["\"Whoever\""]);
}

#[test_cache::test]
fn finds_a_forbidden_word_in_a_hint() {
    let fixture = Fixture::new().plant(MANIFEST, "There is an operator", "Whoever looks finds one");
    one(
        found(&fixture),
        "exercises/exercises.toml:10",
        &["\"Whoever\""],
    );
}

#[test_cache::test]
fn finds_a_forbidden_word_in_a_report() {
    let fixture = Fixture::new().plant(GRADER, "that the number is", "that whoever reads is");
    one(
        found(&fixture),
        "exercises/tests/demo.rs:16",
        &["\"whoever\""],
    );
}

#[test_cache::test]
fn finds_a_forbidden_word_in_a_report_of_several_lines() {
    let report =
        "\"{number} doubled is {}; it \\\n                        came out as whoever {seen}.\"";
    let fixture = Fixture::new().plant(
        GRADER,
        "\"{number} doubled is {}; it came out as {seen}.\"",
        report,
    );
    one(
        found(&fixture),
        "exercises/tests/demo.rs:16",
        &["\"whoever\""],
    );
}

#[test_cache::test]
fn finds_a_forbidden_word_in_the_first_line_of_a_wrong_answer() {
    let fixture = Fixture::new().plant(WRONG, "Squares the number.", "Squares whoever comes.");
    one(
        found(&fixture),
        "ci/wrong/demo/double/squared.rs:1",
        &["\"whoever\""],
    );
}

#[test_cache::test]
fn finds_a_forbidden_word_in_a_comment() {
    let fixture = Fixture::new().plant(
        SOLUTION,
        "    number * 2",
        "    // For whoever.\n    number * 2",
    );
    one(found(&fixture), "solutions/src/demo.rs:5", &["\"whoever\""]);
}

#[test_cache::test]
fn finds_a_forbidden_word_as_a_part_of_a_name() {
    let fixture = Fixture::new().plant(
        SOLUTION,
        "    number * 2",
        "    let TrayOf = number * 2;\n    TrayOf",
    );
    let says = ["a name with \"tray of\": write \"queue\""];
    one(found(&fixture), "solutions/src/demo.rs:5", &says);
}

#[test_cache::test]
fn finds_a_forbidden_word_as_a_part_of_a_name_in_a_program_on_a_page() {
    let fixture = Fixture::new().plant(PAGE, "let start = ", "let tray_0 = ");
    let says = ["a name with \"tray 0\""];
    one(found(&fixture), "src/demo.md:13", &says);
}

#[test_cache::test]
fn finds_a_forbidden_word_in_inline_code() {
    let fixture = Fixture::new().plant(PAGE, "Back to", "`in_tray`. Back to");
    one(
        found(&fixture),
        "src/demo.md:66",
        &["a name with \"in tray\""],
    );
}

#[test_cache::test]
fn a_word_is_right_where_the_list_allows_it() {
    let fixture = Fixture::new()
        .plant(PAGE, "from Python\n```", "tray from Python\n```")
        .plant(PAGE, "Back to", "The system\ntray. Back to");
    require_none(&found(&fixture).expect("it can be checked"));
}

#[test_cache::test]
fn finds_two_pages_with_the_same_title() {
    let fixture = Fixture::new().plant("src/demo-exercises.md", "# Demo: exercises", "# demo");
    let findings = found(&fixture).expect("it can be checked");
    let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said[0].starts_with("src/demo-exercises.md:1: \"demo\" is the title of src/demo.md, too.")
    );
    assert!(
        said[1].starts_with("src/demo.md:1: \"Demo\" is the title of src/demo-exercises.md, too.")
    );
}

#[test_cache::test]
fn finds_two_pages_with_the_same_title_in_the_summary() {
    let fixture = Fixture::new().plant("src/SUMMARY.md", "[Demo: exercises]", "[Demo]");
    let findings = found(&fixture).expect("it can be checked");
    let places: Vec<_> = findings
        .iter()
        .map(|finding| (&*finding.file, finding.line))
        .collect();
    assert_eq!(places, [("src/SUMMARY.md", 3), ("src/SUMMARY.md", 4)]);
}

#[test_cache::test]
fn finds_a_glossary_entry_that_calls_a_page_by_another_title() {
    let entries = "# Glossary\n\n**nap**: A short sleep. [Demo](demo.md#programs)\n\n\
                   **lap**: A round. [Demos](demo.md#programs)\n";
    let fixture = Fixture::new().write("src/glossary.md", entries);
    let says = ["The title of src/demo.md is \"Demo\", not \"Demos\"."];
    one(found(&fixture), "src/glossary.md:5", &says);
}

#[test_cache::test]
fn a_file_that_is_not_covered_yet_has_no_findings() {
    let fixture = Fixture::new()
        .plant(PAGE, "Back to", "Whoever reads this goes back to")
        .plant(MANIFEST, "There is an operator", "Whoever looks finds one")
        .plant(
            LISTS,
            "not_covered = []",
            "not_covered = [\"src/demo.md\", \"exercises/exercises.toml#demo\"]",
        );
    require_none(&found(&fixture).expect("it can be checked"));
    let files = ["src/".to_owned()];
    let project = &fixture.project;
    one(
        check_files(project, project, None, &files),
        "src/demo.md:66",
        &["\"Whoever\""],
    );
}

#[test_cache::test]
fn refuses_a_pattern_that_is_not_a_regular_expression() {
    let fixture = Fixture::new().plant("ci/terms.toml", "\\bwhoever\\b", "(whoever");
    let error = found(&fixture).expect_err("nothing can be looked for");
    assert!(format!("{error:#}").contains("(whoever"), "{error:#}");
}

#[test_cache::test]
fn finds_a_misspelled_word() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new().plant(PAGE, "Back to", "Agian, back to");
    let says = ["\"Agian\"", "`Again`", "[SpellCheck]"];
    one(
        check(&fixture.project, Some(harper)),
        "src/demo.md:66",
        &says,
    );
}

#[test_cache::test]
fn finds_a_misspelled_word_in_a_message() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new().plant(GRADER, "is not multiplied", "is not multiplyed");
    let says = ["\"multiplyed\"", "[SpellCheck]"];
    one(
        check(&fixture.project, Some(harper)),
        "exercises/tests/demo.rs:16",
        &says,
    );
}

#[test_cache::test]
fn finds_a_mistake_of_grammar_behind_letters_of_several_bytes() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new().plant(PAGE, "Back to", "Café – `x`.\nThis is an mistake. Back to");
    let says = ["\"an\"", "[AnA]"];
    one(
        check(&fixture.project, Some(harper)),
        "src/demo.md:67",
        &says,
    );
}

#[test_cache::test]
fn code_is_not_prose() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new().plant(
        PAGE,
        "Back to",
        "`xyzzy` and <code>xyzzy</code>: [a link](#programs \"xyzzy\"). <!-- xyzzy --> Back to",
    );
    require_none(&check(&fixture.project, Some(harper)).expect("it can be checked"));
}

#[test_cache::test]
fn words_of_the_dictionary_are_right() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new()
        .plant(PAGE, "Back to", "Xyzzys and xyzzy. Back to")
        .write(DICTIONARY, "xyzzy\nxyzzys\n");
    require_none(&check(&fixture.project, Some(harper)).expect("it can be checked"));
}

#[test_cache::test]
fn finds_words_that_the_dictionary_does_not_need() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new()
        .plant(PAGE, "Back to", "Xyzzy. Back to")
        .write(DICTIONARY, "number\nxyzzy\nfrobnicate\n");
    let findings = check(&fixture.project, Some(harper)).expect("it can be checked");
    let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "ci/dictionary.txt:1: \"number\" is a word that Harper knows without this list.",
            "ci/dictionary.txt:3: \"frobnicate\" is in no text any more.",
            "ci/dictionary.txt:3: \"frobnicate\" is not in its place: the words are sorted, and each is there once.",
        ]
    );
}

#[test_cache::test]
fn a_rule_that_is_off_finds_nothing() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new()
        .plant(PAGE, "Back to", "This is an mistake. Back to")
        .append(
            LISTS,
            "\n[[rule_off]]\nname = \"AnA\"\nreason = \"A test.\"\n",
        );
    require_none(&check(&fixture.project, Some(harper)).expect("it can be checked"));
}

#[test_cache::test]
fn finds_a_rule_that_harper_does_not_have() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new().append(
        LISTS,
        "[[rule_off]]\nname = \"AnB\"\nreason = \"A test.\"\n",
    );
    let says = ["no rule `AnB`"];
    one(
        check(&fixture.project, Some(harper)),
        "ci/prose.toml:15",
        &says,
    );
}

#[test_cache::test]
fn finds_accepted_words_that_are_nowhere() {
    let Some(harper) = harper() else { return };
    let fixture = Fixture::new().append(
        LISTS,
        "[[accepted]]\nrule = \"AnA\"\nwords = \"an mistake\"\nreason = \"A test.\"\n",
    );
    let says = ["objects to \"an mistake\" nowhere"];
    one(
        check(&fixture.project, Some(harper)),
        "ci/prose.toml:16",
        &says,
    );
}

#[test_cache::test]
fn finds_a_file_that_is_covered_by_now() {
    let Some(harper) = harper() else { return };
    let fixture =
        Fixture::new().plant(LISTS, "not_covered = []", "not_covered = [\"src/demo.md\"]");
    let says = ["Nothing is found in `src/demo.md` any more"];
    one(
        check(&fixture.project, Some(harper)),
        "ci/prose.toml:1",
        &says,
    );
}
