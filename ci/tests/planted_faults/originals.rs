//! Faults in what the tool compares a learner's folder with.

use ci::finding::require_none;
use ci::proof::originals;

use crate::fixture::{COMPILER, Fixture, one};

const LOCK: &str = "exercises/originals.lock";

#[test_cache::test]
fn finds_nothing_in_current_files() {
    let findings = originals::check(&Fixture::new().project, &COMPILER);
    require_none(&findings.expect("the proof can be carried out"));
}

#[test_cache::test]
fn finds_a_grader_that_changed_since() {
    let fixture = Fixture::new().plant("exercises/tests/demo.rs", "[0, 1, 21]", "[0, 1, 22]");
    let findings = originals::check(&fixture.project, &COMPILER);
    one(findings, &format!("{LOCK}:3"), &["stale", "cargo refresh"]);
}

#[test_cache::test]
fn finds_a_stub_that_is_not_what_the_learner_starts_with() {
    let fixture = Fixture::new().plant("exercises/src/demo.rs", "todo!()", "todo!(\"double\")");
    let findings = originals::check(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/stubs/demo.rs:1",
        &["not what the learner starts with in exercises/src/demo.rs"],
    );
}

#[test_cache::test]
fn finds_a_wrong_answer_that_fails_in_another_way_now() {
    let wrong = "ci/wrong/demo/double/squared.rs";
    let fixture = Fixture::new().plant(wrong, "number.pow(2)", "number + 7");
    let findings = originals::check(&fixture.project, &COMPILER);
    one(findings, "exercises/misconceptions.toml:25", &["stale"]);
}

#[test_cache::test]
fn finds_missing_files() {
    let fixture = Fixture::new()
        .without(LOCK)
        .without("exercises/misconceptions.toml");
    let findings = originals::check(&fixture.project, &COMPILER).expect("it can be carried out");
    let files: Vec<_> = findings.iter().map(|finding| &*finding.file).collect();
    assert_eq!(files, [LOCK, "exercises/misconceptions.toml"]);
}
