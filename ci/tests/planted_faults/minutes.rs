//! Faults in the minutes of pages, and in what the pages say about them.

use ci::minutes::FILE;
use ci::proof::minutes;
use ci::refresh::refresh_chapter;

use crate::fixture::{COMPILER, Fixture, one};

const MANIFEST: &str = "exercises/exercises.toml";
const PAGE: &str = "src/demo.md";

#[test_cache::test]
fn finds_a_page_without_minutes() {
    let fixture = Fixture::new().write("src/demo-more.md", "# More\n");
    one(
        minutes::check(&fixture.project),
        "exercises/exercises.toml:2",
        &["src/demo-more.md has no minutes"],
    );
}

#[test_cache::test]
fn finds_minutes_without_a_page() {
    let fixture = Fixture::new().plant(
        MANIFEST,
        "page = [",
        "page = [{ file = \"demo-more\", minutes = 4 }, ",
    );
    let findings = minutes::check(&fixture.project).expect("readable");
    let first = findings.first().map(ToString::to_string);
    assert_eq!(
        first.as_deref(),
        Some("exercises/exercises.toml:4: `src/demo-more.md` is no page of the chapter `demo`.")
    );
}

#[test_cache::test]
fn finds_a_page_of_another_chapter() {
    let fixture = Fixture::new().write("src/other.md", "# Other\n").plant(
        MANIFEST,
        "page = [",
        "page = [{ file = \"other\", minutes = 4 }, ",
    );
    let findings = minutes::check(&fixture.project).expect("readable");
    let first = findings.first().map(ToString::to_string);
    assert_eq!(
        first.as_deref(),
        Some("exercises/exercises.toml:4: `src/other.md` is no page of the chapter `demo`.")
    );
}

#[test_cache::test]
fn finds_a_page_that_takes_no_time_and_one_that_is_listed_twice() {
    for (minutes, says) in [
        ("minutes = 0", "planned for 0 minutes"),
        ("minutes = 31", "planned for 31 minutes"),
        (
            "minutes = 4 }, { file = \"demo\", minutes = 4",
            "`demo` is listed a second time",
        ),
    ] {
        let fixture = Fixture::new().plant(MANIFEST, "minutes = 4", minutes);
        let findings = minutes::check(&fixture.project).expect("readable");
        assert!(findings[0].message.contains(says), "{findings:#?}");
        assert_eq!(findings[0].line, 4);
    }
}

#[test_cache::test]
fn finds_a_chapter_that_states_other_times() {
    let fixture = Fixture::new().plant(PAGE, "5 minutes to read", "15 minutes to read");
    one(
        minutes::check(&fixture.project),
        "src/demo.md:2",
        &["Core path, 5 minutes to read"],
    );
    let fixture = Fixture::new().plant(PAGE, "and 5 for", "and 15 for");
    one(
        minutes::check(&fixture.project),
        "src/demo.md:2",
        &["5 for"],
    );
}

#[test_cache::test]
fn a_deep_dive_is_not_on_the_core_path() {
    let fixture = Fixture::new()
        .write(
            "src/demo-inside.md",
            "# Inside\n\n**Deep dive.** Skip it.\n",
        )
        .plant(
            MANIFEST,
            "page = [",
            "page = [{ file = \"demo-inside\", minutes = 30 }, ",
        );
    one(
        minutes::check(&fixture.project),
        "src/teaching/minutes.json:3",
        &["\"demo-inside.html\": 30"],
    );
}

#[test_cache::test]
fn finds_a_preface_that_states_other_times() {
    let preface = "# Preface\n\nFrom chapter to chapter, it is between 5 and 5 minutes, and all 1 \
                   chapters take about 1 hours to read and 0 for the exercises.\n";
    let fixture = Fixture::new().write("src/preface.md", preface);
    one(
        minutes::check(&fixture.project),
        "src/preface.md:3",
        &["all 1 chapters take about 0 hours to read and 0 for the exercises"],
    );
    let fixture =
        Fixture::new().write("src/how-to.md", "# How\n\nIt is between 5 and 6 minutes.\n");
    one(
        minutes::check(&fixture.project),
        "src/how-to.md:3",
        &["between 5 and 5 minutes"],
    );
}

#[test_cache::test]
fn refresh_writes_the_minutes_for_scripts() {
    let fixture = Fixture::new().plant(MANIFEST, "minutes = 4", "minutes = 3");
    one(
        minutes::check(&fixture.project),
        "src/teaching/minutes.json:3",
        &["This is stale", "\"demo.html\": 3"],
    );
    let refreshed = refresh_chapter(&fixture.project, &COMPILER, "demo").expect("writable");
    assert_eq!(refreshed.written, [FILE]);
    let findings = minutes::check(&fixture.project).expect("readable");
    assert!(findings.is_empty(), "{findings:#?}");
}
