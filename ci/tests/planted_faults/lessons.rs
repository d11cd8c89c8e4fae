//! Faults in lesson plans, schedules and speaker notes.

use ci::proof::{answers, coverage, minutes, notes, plans};

use crate::fixture::{COMPILER, Fixture, one};

const MANIFEST: &str = "exercises/exercises.toml";
const PAGE: &str = "src/demo.md";
const PLAN: &str = "src/teaching/demo.md";
const SCHEDULES: &str = "src/teaching/index.md";

#[test_cache::test]
fn finds_a_chapter_without_a_plan_and_a_plan_without_a_chapter() {
    let fixture = Fixture::new().without(PLAN);
    one(
        plans::check(&fixture.project),
        "exercises/exercises.toml:2",
        &["The chapter `demo` has no lesson plan src/teaching/demo.md."],
    );
    let fixture = Fixture::new().write("src/teaching/other.md", "# Other\n");
    one(
        plans::check(&fixture.project),
        "src/teaching/other.md:1",
        &["the lesson plan of no chapter"],
    );
}

#[test_cache::test]
fn finds_steps_that_do_not_add_up() {
    let fixture = Fixture::new().plant(PLAN, "20 minutes:", "21 minutes:");
    one(
        plans::check(&fixture.project),
        "src/teaching/demo.md:3",
        &["The steps take 46 minutes, not 45."],
    );
    for total in ["*44 minutes.*", "*95 minutes.*", "*An hour.*"] {
        let fixture = Fixture::new().plant(PLAN, "*45 minutes.*", total);
        let findings = plans::check(&fixture.project).expect("readable");
        assert!(
            findings[0].message.contains("from 45 to 90"),
            "{findings:#?}"
        );
    }
}

#[test_cache::test]
fn finds_a_plan_that_is_too_long_or_lacks_a_part() {
    let fixture = Fixture::new().plant(PLAN, "Leave out nothing.", &"many words ".repeat(350));
    one(
        plans::check(&fixture.project),
        "src/teaching/demo.md:1",
        &["more than 700"],
    );
    let fixture = Fixture::new().plant(PLAN, "## When time is short\n", "");
    one(
        plans::check(&fixture.project),
        "src/teaching/demo.md:1",
        &["## When time is short"],
    );
}

#[test_cache::test]
fn finds_an_exercise_with_other_minutes() {
    let fixture = Fixture::new().plant(PLAN, "#double), 5 minutes", "#double),\n15 minutes");
    one(
        plans::check(&fixture.project),
        "src/teaching/demo.md:20",
        &["`double` takes 5 minutes, not 15."],
    );
}

#[test_cache::test]
fn finds_a_report_of_no_wrong_answer() {
    let fixture = Fixture::new().plant(PLAN, "as-it-is.rs", "as-it-was.rs");
    one(
        plans::check(&fixture.project),
        "src/teaching/demo.md:12",
        &["`ci/wrong/demo/double/as-it-was.rs` is no wrong answer"],
    );
    let fixture = Fixture::new().plant(
        PLAN,
        "<!-- report begins: ci/wrong/demo/double/one-more.rs -->\n",
        "",
    );
    one(
        plans::check(&fixture.project),
        "src/teaching/demo.md:1",
        &["this one quotes 1"],
    );
}

#[test_cache::test]
fn finds_a_report_that_begins_otherwise() {
    let fixture = Fixture::new().plant(PLAN, "it came out as 1.", "it became 1.");
    one(
        answers::wrong(&fixture.project, &COMPILER),
        "src/teaching/demo.md:12",
        &["begins otherwise", "1 doubled is 2; it came out as 1."],
    );
}

#[test_cache::test]
fn finds_a_program_in_a_plan() {
    let program = "Leave out nothing.\n\n```rust\nfn main() {}\n```";
    let fixture = Fixture::new().plant(PLAN, "Leave out nothing.", program);
    let findings = coverage::check(&fixture.project, &[]).expect("readable");
    let of_plan = findings.iter().filter(|finding| finding.file == PLAN);
    assert_eq!(
        of_plan.map(|finding| finding.line).collect::<Vec<_>>(),
        [26]
    );
}

#[test_cache::test]
fn finds_a_schedule_with_other_minutes() {
    let fixture = Fixture::new().plant(SCHEDULES, "#double) | 10 |", "#double) | 15 |");
    one(
        minutes::check(&fixture.project),
        "src/teaching/index.md:5",
        &["This is stale", "#double) | 10 |"],
    );
    let fixture = Fixture::new().plant(MANIFEST, "minutes = 5", "minutes = 8");
    let findings = minutes::check(&fixture.project).expect("readable");
    let files: Vec<_> = findings
        .iter()
        .map(|finding| finding.file.as_str())
        .collect();
    assert_eq!(files, [PAGE, SCHEDULES], "{findings:#?}");
}

#[test_cache::test]
fn finds_a_schedule_that_links_to_something_without_minutes() {
    let fixture = Fixture::new().plant(SCHEDULES, "../demo.md", "../demo.md#programs");
    one(
        minutes::check(&fixture.project),
        "src/teaching/index.md:5",
        &["`demo.md#programs` is no page or exercise with minutes."],
    );
}

#[test_cache::test]
fn finds_a_page_without_a_note() {
    let fixture = Fixture::new().plant(PAGE, "<!-- note: Ask what it prints. -->\n", "");
    one(
        notes::check(&fixture.project),
        "src/demo.md:1",
        &["has no speaker note"],
    );
}

#[test_cache::test]
fn finds_a_note_that_is_not_well_formed() {
    const NOTE: &str = "<!-- note: Ask what it prints. -->";
    let one_more = |note: &str| format!("{NOTE}\n\n{note}");
    for (note, says) in [
        (
            "<!-- notes: Ask. -->",
            "A comment begins with `<!-- note: `",
        ),
        ("<!-- Note: Ask. -->", "A comment begins with `<!-- note: `"),
        ("<!--note: Ask. -->", "A comment begins with `<!-- note: `"),
        ("<!-- note: -->", "This note says nothing."),
        ("<!-- note:   -->", "This note says nothing."),
        ("<!-- note: Ask.", "This comment is never closed"),
        (
            "<!-- note: Ask.\n\nMore. -->",
            "This comment is never closed",
        ),
        ("Words. <!-- note: Ask. -->", "needs lines of its own"),
        ("<!-- note: Ask. --> Words.", "needs lines of its own"),
    ] {
        let fixture = Fixture::new().plant(PAGE, NOTE, &one_more(note));
        let findings = notes::check(&fixture.project).expect("readable");
        let found: Vec<_> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{note}: {found:#?}");
        assert!(found[0].contains(says), "{note}: {found:#?}");
    }
}
