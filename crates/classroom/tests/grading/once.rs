//! What is graded, and what is not graded again.

use std::fs;

use autograder::verdict::State;
use classroom::result::StudentResult;

use crate::fake::Class;

fn states(results: &[StudentResult]) -> Vec<(&str, Option<State>)> {
    let of = |result: &StudentResult| {
        result
            .exercises
            .get("gather/double")
            .map(|result| result.state)
    };
    results
        .iter()
        .map(|result| (&*result.student.id, of(result)))
        .collect()
}

#[test]
fn equal_answers_are_graded_once() {
    let class = Class::of(&[
        ("ada", "right"),
        ("alan", "wrong"),
        ("grace", "right"),
        ("kurt", "right"),
    ]);
    class.submit("ada", "event_loop", "right");
    let (results, progress) = class.grade().expect("graded");
    let right = Some(State::Solved);
    assert_eq!(
        states(&results),
        [
            ("ada", right),
            ("alan", Some(State::Failing)),
            ("grace", right),
            ("kurt", right)
        ]
    );
    assert_eq!(
        class.graded(),
        ["event-loop: right", "gather: right", "gather: wrong"]
    );
    assert_eq!(
        (progress.submissions, progress.graded, progress.known),
        (4, 3, 2)
    );
}

#[test]
fn what_is_unchanged_is_not_graded_again() {
    let class = Class::of(&[("ada", "right"), ("alan", "wrong")]);
    let (before, _) = class.grade().expect("graded");
    class.graded();
    let (after, progress) = class.grade().expect("graded");
    assert_eq!(class.graded(), [""; 0]);
    assert_eq!((progress.graded, progress.known), (0, 2));
    assert_eq!(before, after);
    class.submit("alan", "gather", "right now");
    class.grade().expect("graded");
    assert_eq!(class.graded(), ["gather: right now"]);
}

/// As after `kill -9` while a verdict was written, or by a disk that lost the end of a file.
#[test]
fn a_verdict_that_is_cut_off_is_graded_again() {
    let class = Class::of(&[("ada", "right"), ("alan", "wrong")]);
    let (results, _) = class.grade().expect("graded");
    class.graded();
    let id = &results[1].verdicts["gather"];
    let folder = class.store().folder().join(&id[..2]);
    let file = folder.join(format!("{id}.json"));
    let text = fs::read(&file).expect("it was written");
    fs::write(&file, &text[..text.len() / 2]).expect("writable");
    class.grade().expect("graded");
    assert_eq!(class.graded(), ["gather: wrong"]);
}

#[test]
fn a_verdict_that_depends_on_real_time_holds_if_two_runs_agree() {
    let class = Class::of(&[("ada", "slow"), ("alan", "right")]);
    class.grade().expect("graded");
    assert_eq!(
        class.graded(),
        ["gather: right", "gather: slow", "gather: slow"]
    );
    let (results, _) = class.grade().expect("graded");
    assert!(class.graded().is_empty());
    assert_eq!(states(&results)[0], ("ada", Some(State::Failing)));
}

#[test]
fn a_verdict_that_the_second_run_does_not_confirm_is_the_better_one_and_does_not_hold() {
    let class = Class::of(&[("ada", "slow, and right at times")]);
    for _ in 0..2 {
        let (results, _) = class.grade().expect("graded");
        assert_eq!(states(&results), [("ada", Some(State::Solved))]);
        assert_eq!(class.graded().len(), 2);
    }
}

#[test]
fn an_error_keeps_what_was_graded_before() {
    let class = Class::of(&[("ada", "right")]);
    class.grade().expect("graded");
    class.submit("zoe", "gather", "the disk is full");
    class.graded();
    let error = class.grade().expect_err("the disk is full");
    assert!(error.to_string().contains("No space left"), "{error}");
    class.submit("zoe", "gather", "right at last");
    class.grade().expect("graded");
    assert_eq!(class.graded(), ["gather: right at last"]);
}

#[test]
fn a_submission_without_answers_has_a_result_that_says_so() {
    let class = Class::of(&[("ada", "right")]);
    fs::create_dir_all(class.folder.path().join("submissions/eve")).expect("writable");
    let (results, _) = class.grade().expect("graded");
    assert_eq!(
        states(&results),
        [("ada", Some(State::Solved)), ("eve", None)]
    );
    assert!(
        results[1].problems[0].starts_with("It has no answers"),
        "{:?}",
        results[1].problems
    );
}
