//! Faults in links and in the summary.

use ci::proof::{links, summary};

use crate::fixture::{Fixture, one};

const PAGE: &str = "src/demo.md";

#[test_cache::test]
fn finds_a_link_to_no_page() {
    let fixture = Fixture::new().plant(
        PAGE,
        "(demo-exercises.md#double)",
        "(dmo-exercises.md#double)",
    );
    one(
        links::check(&fixture.project),
        "src/demo.md:66",
        &["leads to no page"],
    );
}

#[test_cache::test]
fn finds_a_dead_fragment() {
    let fixture = Fixture::new().plant(
        PAGE,
        "(demo-exercises.md#double)",
        "(demo-exercises.md#doubles)",
    );
    let says = ["no heading or id `doubles`", "Did you mean `#double`?"];
    one(links::check(&fixture.project), "src/demo.md:66", &says);
}

#[test_cache::test]
fn finds_a_dead_fragment_of_the_same_page() {
    let fixture = Fixture::new().plant(PAGE, "(#programs)", "(#program)");
    one(
        links::check(&fixture.project),
        "src/demo.md:66",
        &["Did you mean `#programs`?"],
    );
}

#[test_cache::test]
fn finds_a_picture_that_is_not_there() {
    let fixture = Fixture::new().plant(PAGE, "Back to", "![A nap](figures/nap.png) Back to");
    one(
        links::check(&fixture.project),
        "src/demo.md:66",
        &["figures/nap.png"],
    );
}

#[test_cache::test]
fn finds_a_link_that_is_not_secure() {
    let fixture = Fixture::new().plant(PAGE, "(#programs)", "(http://example.com)");
    one(
        links::check(&fixture.project),
        "src/demo.md:66",
        &["does not begin with `https`"],
    );
}

#[test_cache::test]
fn finds_a_report_that_sends_the_learner_nowhere() {
    let fixture = Fixture::new().plant("exercises/tests/demo.rs", "#double", "#doubling");
    one(
        links::check(&fixture.project),
        "exercises/tests/demo.rs:17",
        &["`doubling`"],
    );
}

#[test_cache::test]
fn finds_a_hint_that_sends_the_learner_nowhere() {
    let fixture = Fixture::new().plant(
        "exercises/exercises.toml",
        "There is an operator for that.",
        "There is an [operator](demo.md#operators) for that.",
    );
    one(
        links::check(&fixture.project),
        "exercises/exercises.toml:6",
        &["`operators`"],
    );
}

#[test_cache::test]
fn finds_a_page_that_the_summary_does_not_list() {
    let fixture = Fixture::new().write("src/lost.md", "# Lost\n");
    one(
        summary::check(&fixture.project),
        "src/lost.md:1",
        &["does not list this page"],
    );
}

#[test_cache::test]
fn finds_a_listed_page_that_does_not_exist() {
    let fixture = Fixture::new().plant(
        "src/SUMMARY.md",
        "(demo.md)",
        "(demo.md)\n- [More](more.md)",
    );
    one(
        summary::check(&fixture.project),
        "src/SUMMARY.md:4",
        &["there is no such page"],
    );
}

#[test_cache::test]
fn finds_a_page_that_the_summary_lists_twice() {
    let fixture = Fixture::new().plant(
        "src/SUMMARY.md",
        "(demo.md)",
        "(demo.md)\n- [Again](demo.md)",
    );
    one(
        summary::check(&fixture.project),
        "src/SUMMARY.md:4",
        &["a second time (first in line 3)"],
    );
}

#[test_cache::test]
fn finds_a_link_by_an_undefined_name() {
    let fixture = Fixture::new().plant(PAGE, "(#programs)", "[programs]");
    one(
        links::check(&fixture.project),
        "src/demo.md:66",
        &["[the programs][programs]"],
    );
}

#[test_cache::test]
fn finds_a_dead_link_of_the_readme() {
    let fixture = Fixture::new().write(
        "README.md",
        "# Demo\n\n[See](src/demo.md), [lost](lost.md).\n",
    );
    one(
        links::check(&fixture.project),
        "README.md:3",
        &["`lost.md`"],
    );
}

#[test_cache::test]
fn finds_a_report_whose_page_has_a_name() {
    let fixture = Fixture::new().plant(
        "exercises/tests/demo.rs",
        "mod double {",
        "const PAGE: &str = \"demo.html#doubling\";\n\nmod double {",
    );
    one(
        links::check(&fixture.project),
        "exercises/tests/demo.rs:5",
        &["`doubling`"],
    );
}
