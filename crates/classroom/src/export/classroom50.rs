//! The `result.json` of an autograder for Classroom 50, schema `classroom50/result/v1`
//! (<https://github.com/foundation50/classroom50/wiki/Advanced-Autograding#the-resultjson-contract>). Its runner passes what it
//! knows about the submission in environment variables.

use std::env;

use serde::Serialize;

use super::{Report, feedback};

#[derive(Serialize)]
struct Results {
    schema: &'static str,
    classroom: String,
    assignment: String,
    submission: String,
    commit: String,
    release: String,
    review: String,
    datetime: String,
    score: u64,
    #[serde(rename = "max-score")]
    max_score: u64,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    #[serde(rename = "test-name")]
    name: String,
    passed: bool,
    score: u64,
    #[serde(rename = "max-score")]
    max_score: u64,
    /// Kept as it is: the format allows other fields.
    output: String,
}

/// The results of one student. Points are whole numbers there, so they are multiplied by 100 if one is not.
pub fn results(report: &Report<'_>, now: &str) -> String {
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let exercises = feedback::of(report);
    let is_whole = |points: f64| points.fract() == 0.0;
    let whole = exercises
        .iter()
        .all(|exercise| is_whole(exercise.points) && is_whole(exercise.of));
    let factor = if whole { 1.0 } else { 100.0 };
    // Points are limited when they are read, far below what does not fit.
    let scaled = |points: f64| (points * factor).round() as u64;
    let tests: Vec<_> = exercises
        .into_iter()
        .map(|exercise| Test {
            name: exercise.name.to_owned(),
            passed: exercise.solved,
            score: scaled(exercise.points),
            max_score: scaled(exercise.of),
            output: exercise.text,
        })
        .collect();
    let commit = variable("COMMIT_URL");
    let review = variable("REVIEW_URL");
    let results = Results {
        schema: "classroom50/result/v1",
        classroom: variable("CLASSROOM"),
        assignment: variable("ASSIGNMENT"),
        submission: variable("SUBMISSION_TAG"),
        review: if review.is_empty() {
            commit.clone()
        } else {
            review
        },
        commit,
        release: variable("RELEASE_URL"),
        datetime: now.to_owned(),
        score: tests.iter().map(|test| test.score).sum(),
        max_score: tests.iter().map(|test| test.max_score).sum(),
        tests,
    };
    super::json(&results)
}
