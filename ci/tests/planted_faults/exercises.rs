//! Faults in the manifest, and names that do not agree.

use ci::proof::{exercises, names};

use crate::fixture::{Fixture, one};

const MANIFEST: &str = "exercises/exercises.toml";

#[test_cache::test]
fn finds_an_exercise_without_a_stub_and_a_grader() {
    let fixture = Fixture::new()
        .plant(MANIFEST, "name = \"double\"", "name = \"triple\"")
        .plant(
            "src/demo-exercises.md",
            "### `double`: Twice a number {#double}",
            "### `triple`: Twice a number {#triple}",
        )
        .plant(
            "src/demo-exercises.md",
            "check demo/double",
            "check demo/triple",
        );
    let findings = exercises::check(&fixture.project).expect("readable");
    let places: Vec<_> = findings
        .iter()
        .map(|f| format!("{}:{}", f.file, f.line))
        .collect();
    let expected = [
        "exercises/exercises.toml:6",
        "exercises/src/demo.rs:4",
        "exercises/exercises.toml:6",
        "exercises/tests/demo.rs:5",
    ];
    assert_eq!(places, expected, "{findings:#?}");
}

#[test_cache::test]
fn finds_a_grader_without_tests() {
    let fixture = Fixture::new().plant("exercises/tests/demo.rs", "    #[test]\n", "");
    let place = "exercises/exercises.toml:6";
    one(
        exercises::check(&fixture.project),
        place,
        &["a module with tests"],
    );
}

#[test_cache::test]
fn finds_an_exercise_that_is_on_no_page() {
    for heading in ["### Twice a number {#double}", "### `double` {#double}"] {
        let whole = "### `double`: Twice a number {#double}";
        let fixture = Fixture::new().plant("src/demo-exercises.md", whole, heading);
        let place = "exercises/exercises.toml:6";
        one(exercises::check(&fixture.project), place, &[whole]);
    }
}

#[test_cache::test]
fn finds_a_section_with_another_command_or_time() {
    let fixture = Fixture::new().plant("src/demo-exercises.md", "5 minutes", "9 minutes");
    one(
        exercises::check(&fixture.project),
        "src/demo-exercises.md:3",
        &["does not say `5 minutes`"],
    );
    let fixture = Fixture::new().plant("src/demo-exercises.md", "check demo/double", "check demo");
    one(
        exercises::check(&fixture.project),
        "src/demo-exercises.md:3",
        &["cargo workbook check demo/double"],
    );
}

#[test_cache::test]
fn finds_too_few_hints_and_too_much_time() {
    let fixture = Fixture::new().plant(MANIFEST, "\"There is an operator for that.\", ", "");
    one(
        exercises::check(&fixture.project),
        "exercises/exercises.toml:6",
        &["1 hints"],
    );
    let fixture = Fixture::new().plant(MANIFEST, "minutes = 5", "minutes = 90");
    let fixture = fixture.plant("src/demo-exercises.md", "5 minutes", "90 minutes");
    let findings = exercises::check(&fixture.project);
    one(
        findings,
        "exercises/exercises.toml:6",
        &["planned for 90 minutes"],
    );
}

#[test_cache::test]
fn reports_a_mistake_in_the_manifest_at_its_line() {
    let fixture = Fixture::new().plant(MANIFEST, "minutes = 5", "minuets = 5");
    let error = exercises::check(&fixture.project).expect_err("not the manifest's form");
    let error = format!("{error:#}");
    assert!(
        error.contains("line 8") && error.contains("minuets"),
        "{error}"
    );
}

#[test_cache::test]
fn finds_a_chapter_that_is_missing_in_a_folder() {
    let fixture = Fixture::new().plant("ci/Cargo.toml", "tests/demo.rs", "tests/dmo.rs");
    one(
        names::check(&fixture.project),
        "exercises/exercises.toml:2",
        &["ci/Cargo.toml"],
    );
    let fixture = Fixture::new().without("solutions/src/demo.rs");
    one(
        names::check(&fixture.project),
        "exercises/exercises.toml:2",
        &["solutions/src/demo.rs"],
    );
}

#[test_cache::test]
fn finds_a_solution_with_another_signature() {
    let fixture = Fixture::new().plant("solutions/src/demo.rs", "-> u32", "-> u64");
    one(
        names::check(&fixture.project),
        "exercises/src/demo.rs:4",
        &["declared otherwise", "u64"],
    );
}

#[test_cache::test]
fn finds_a_stub_without_a_solution() {
    let fixture = Fixture::new().plant(
        "solutions/src/demo.rs",
        "pub async fn double",
        "async fn double",
    );
    one(
        names::check(&fixture.project),
        "exercises/src/demo.rs:4",
        &["missing from solutions"],
    );
}

#[test_cache::test]
fn finds_too_few_wrong_answers() {
    let fixture = Fixture::new().without("ci/wrong/demo/double/squared.rs");
    let place = "exercises/exercises.toml:6";
    one(
        names::check(&fixture.project),
        place,
        &["2 wrong answers, fewer than 3"],
    );
}

#[test_cache::test]
fn finds_wrong_answers_to_no_exercise() {
    let fixture = Fixture::new().write("ci/wrong/demo/triple/a.rs", "//! Lost.\n");
    one(
        names::check(&fixture.project),
        "ci/wrong/demo/triple:1",
        &["no exercise"],
    );
}

#[test_cache::test]
fn finds_a_grader_of_no_chapter() {
    let fixture = Fixture::new().write("exercises/tests/other.rs", "//! Lost.\n");
    one(
        names::check(&fixture.project),
        "exercises/tests/other.rs:1",
        &["no chapter"],
    );
}

#[test_cache::test]
fn finds_a_figure_without_the_chapters_name() {
    let fixture = Fixture::new().plant("src/demo.md", "figures/demo-nap.svg", "figures/nap.svg");
    one(names::check(&fixture.project), "src/demo.md:1", &["`nap`"]);
}

#[test_cache::test]
fn finds_a_name_that_the_manifest_lists_twice() {
    let again = "minutes = 5\nteaches = \"what an async fn returns\"\nhints = [\"a\", \"b\"]\n\n[[chapter.exercise]]\nname = \"double\"\ntitle = \"Twice a number\"\nminutes = 5";
    let fixture = Fixture::new().plant(MANIFEST, "minutes = 5", again);
    one(
        exercises::check(&fixture.project),
        "exercises/exercises.toml:13",
        &["`double` is listed a second time"],
    );
    let again = "[[chapter]]\nslug = \"demo\"\ntitle = \"Demo\"\n\n[[chapter]]";
    let fixture = Fixture::new().plant(MANIFEST, "[[chapter]]", again);
    let findings = exercises::check(&fixture.project).expect("readable");
    let says: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(
        says.iter()
            .any(|f| f.contains("`demo` is listed a second time")),
        "{says:#?}"
    );
}

#[test_cache::test]
fn finds_a_section_with_a_time_that_ends_like_the_right_one() {
    let fixture = Fixture::new().plant("src/demo-exercises.md", "5 minutes", "15 minutes");
    one(
        exercises::check(&fixture.project),
        "src/demo-exercises.md:3",
        &["does not say `5 minutes`"],
    );
    let fixture = Fixture::new().plant(
        "src/demo-exercises.md",
        "5 minutes, graded by `cargo workbook check demo/double`.",
        "Graded by `cargo workbook check demo/double`.\n\n## Pause\n\nHave 5 minutes.",
    );
    one(
        exercises::check(&fixture.project),
        "src/demo-exercises.md:3",
        &["does not say `5 minutes`"],
    );
}
