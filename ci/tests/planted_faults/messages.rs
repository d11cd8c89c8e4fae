//! Faults in the appendix of error messages.

use ci::finding::require_none;
use ci::proof::messages;

use crate::fixture::{Fixture, one};

const OVERVIEW: &str = "src/error-messages.md";
const PAGE: &str = "src/error-messages-panics.md";

/// A fixture with an appendix that has two messages.
fn appendix() -> Fixture {
    let overview = "# Messages\n\n\
        [`out of paper`](error-messages-panics.md#out-of-paper), \
        [`` `ink` is empty ``](error-messages-panics.md#e0001-ink-is-empty)\n";
    let page = "# Panics\n\n\
        ## `out of paper`\n\n```text\nthe printer is out of paper\n```\n\n\
        ## E0001: `` `ink` is empty ``\n\n```text\nerror: `ink` is empty\n```\n";
    Fixture::new().write(OVERVIEW, overview).write(PAGE, page)
}

#[test_cache::test]
fn finds_nothing_in_a_good_appendix() {
    require_none(&messages::check(&appendix().project).expect("the pages are there"));
}

#[test_cache::test]
fn finds_a_heading_that_no_program_says() {
    let fixture = appendix().plant(PAGE, "printer is out of paper", "printer is out of order");
    let says = ["No output of this section contains `out of paper`"];
    one(
        messages::check(&fixture.project),
        &format!("{PAGE}:3"),
        &says,
    );
}

#[test_cache::test]
fn finds_a_message_that_only_another_section_says() {
    let fixture = appendix().plant(PAGE, "error: `ink` is empty", "out of paper");
    one(
        messages::check(&fixture.project),
        &format!("{PAGE}:9"),
        &["No output of this section"],
    );
}

#[test_cache::test]
fn finds_a_message_that_the_overview_does_not_list() {
    let fixture = appendix().plant(OVERVIEW, "[`out of paper`]", "[`out of ink`]");
    let says = ["has no link `out of paper`"];
    one(
        messages::check(&fixture.project),
        &format!("{PAGE}:3"),
        &says,
    );
}

#[test_cache::test]
fn finds_a_heading_without_a_message() {
    let fixture = appendix().plant(PAGE, "## `out of paper`", "## Out of paper");
    one(
        messages::check(&fixture.project),
        &format!("{PAGE}:3"),
        &["names its message as code"],
    );
}
