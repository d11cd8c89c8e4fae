//! What `cargo refresh` mends, and what it leaves alone.

use ci::finding::require_none;
use ci::proof::{figures, outputs, reports};
use ci::refresh::refresh;

use crate::fixture::{COMPILER, Fixture};

const PAGE: &str = "src/demo.md";

#[test_cache::test]
fn refresh_rewrites_what_is_stale() {
    let fixture = Fixture::new()
        .plant(PAGE, "from_millis(100)", "from_millis(120)")
        .plant(PAGE, "1 doubled is 2; it came out as 1.", "");
    let project = &fixture.project;
    let refreshed = refresh(project, &COMPILER).expect("the fixture is writable");
    assert_eq!(refreshed.written, ["src/figures/demo-nap.svg", PAGE]);
    for findings in [
        outputs::check(project, &COMPILER),
        figures::check(project, &COMPILER),
        reports::check(project, &COMPILER),
    ] {
        require_none(&findings.expect("the proof can be carried out"));
    }
}

#[test_cache::test]
fn a_program_that_fails_keeps_its_output_and_is_reported() {
    let fixture = Fixture::new().plant(PAGE, "nap.await;", "std::process::exit(3);");
    let before = fixture.project.read(PAGE).expect("readable");
    let refreshed = refresh(&fixture.project, &COMPILER).expect("the fixture is writable");
    assert_eq!(fixture.project.read(PAGE).expect("readable"), before);
    let failed: Vec<_> = refreshed.failed.iter().map(|f| f.line).collect();
    assert_eq!(failed, [5], "{:#?}", refreshed.failed);
}
