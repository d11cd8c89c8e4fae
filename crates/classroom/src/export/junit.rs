//! JUnit XML, in the dialect that Jenkins and GitLab read: a suite for each chapter, a case for each test.

use anyhow::{Context, Result};
use autograder::verdict::State;
use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::{Report, feedback};

/// What the library writes, and the schema of Jenkins allows for suites only, not for the document. The first one is that of
/// the document: quotation marks in texts are written in another way.
const SKIPPED: &str = " skipped=\"0\"";

/// The tests of one student.
pub fn document(report: &Report<'_>) -> Result<String> {
    let mut document = Document::new(report.class.title.clone());
    let mut suites: Vec<TestSuite> = Vec::new();
    for exercise in feedback::of(report) {
        let chapter = exercise.name.split('/').next().unwrap_or(exercise.name);
        if suites
            .last()
            .is_none_or(|suite| suite.name.as_str() != chapter)
        {
            suites.push(TestSuite::new(chapter));
        }
        let suite = suites.last_mut().context("a suite was added")?;
        let state = report
            .student
            .result
            .exercises
            .get(exercise.name)
            .map(|result| result.state);
        if exercise.tests.is_empty() {
            let kind = match state {
                Some(State::DoesNotCompile) => NonSuccessKind::Error,
                _ => NonSuccessKind::Failure,
            };
            suite.add_test_case(case(
                exercise.name,
                exercise.name,
                Some((kind, &exercise.text)),
            ));
        }
        for test in exercise.tests {
            let failed = (!test.outcome.passed()).then(|| test.report_and_timeline());
            let failed = failed
                .as_deref()
                .map(|text| (NonSuccessKind::Failure, text));
            suite.add_test_case(case(exercise.name, &test.name, failed));
        }
    }
    document.add_test_suites(suites);
    let text = document
        .to_string()
        .context("JUnit XML could not be written.")?;
    Ok(text.replacen(SKIPPED, "", 1))
}

fn case(class: &str, name: &str, failed: Option<(NonSuccessKind, &str)>) -> TestCase {
    let status = failed.map_or_else(TestCaseStatus::success, |(kind, text)| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_message(text.lines().next().unwrap_or_default().to_owned());
        status.set_description(text.to_owned());
        status
    });
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    case
}
