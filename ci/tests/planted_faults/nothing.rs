//! The fixture itself: no proof finds anything in it, so whatever is found was planted.

use ci::finding::require_none;
use ci::proof::{
    answers, code_blocks, exercises, figures, formatting, links, messages, minutes, names, notes,
    outputs, plans, python, reports, summary,
};

use crate::fixture::{COMPILER, Fixture};

#[test_cache::test]
fn finds_nothing_in_the_fixture_itself() {
    let project = &Fixture::new().project;
    let compiler = &*COMPILER;
    for findings in [
        code_blocks::check(project, compiler),
        outputs::check(project, compiler),
        figures::check(project, compiler),
        formatting::check(project),
        links::check(project),
        summary::check(project),
        messages::check(project),
        exercises::check(project),
        minutes::check(project),
        plans::check(project),
        notes::check(project),
        names::check(project),
        answers::solutions(project, compiler),
        answers::stubs(project, compiler),
        answers::wrong(project, compiler),
        reports::check(project, compiler),
    ] {
        require_none(&findings.expect("the proof can be carried out"));
    }
    if let Some(python) = python::Python::find() {
        require_none(&python::check(project, &python).expect("Python runs"));
    }
}
