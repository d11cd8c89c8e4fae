//! What a learner reads when an answer panics, compared byte for byte. Every ignored test here is a small grader
//! with an answer that panics; the tests above it run it in a process of its own.

#[path = "answers/callback.rs"]
mod callback;
#[path = "answers/panics.rs"]
mod panics;

#[path = "support/child.rs"]
mod child;

use child::assert_reports;

#[test_cache::test]
fn a_panic_is_reported_in_a_sentence() {
    assert_reports("panicked::countdown");
    assert_reports("panicked::two_lines");
    assert_reports("panicked::without_a_message");
}

#[test_cache::test]
fn a_panic_of_a_library_is_explained() {
    assert_reports("panicked::polls_after_completion");
    assert_reports("panicked::by_the_grader_in_a_future_that_was_ready");
}

#[test_cache::test]
fn a_panic_in_a_task_is_reported_before_its_consequences() {
    assert_reports("panicked::in_a_task");
    assert_reports("panicked::before_a_failed_check");
    assert_reports("panicked::before_a_hang");
    assert_reports("panicked::on_another_thread_before_a_failed_check");
}

#[test_cache::test]
fn a_panic_in_a_drop_does_not_hide_what_came_before() {
    assert_reports("panicked::while_unwinding");
    assert_reports("panicked::after_a_failed_check");
    assert_reports("panicked::after_a_stub");
}

#[test_cache::test]
fn a_panic_of_the_grader_is_not_blamed_on_the_answer() {
    assert_reports("panicked::by_the_grader");
    assert_reports("panicked::by_the_grader_before_a_failed_check");
}

mod panicked {
    use super::{callback, panics};
    use grading::web::Site;
    use grading::{Failure, check, grade, ms};

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn countdown() {
        grade(async || {
            panics::countdown(3).await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn two_lines() {
        grade(async || panics::two_lines().await);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn without_a_message() {
        grade(async || panics::without_a_message().await);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn polls_after_completion() {
        grade(async || panics::polls_after_completion().await);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn in_a_task() {
        grade(async || {
            panics::in_a_task().await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn before_a_failed_check() {
        grade(async || {
            let site = Site::new().page("/a", ms(20)).page("/b", ms(10));
            let pages = panics::wrong_index_in_a_task(&site.client(), &["/a", "/b"]).await;
            check(pages.len() == 2, || {
                Failure::new(format!("Both pages should arrive; {} did.", pages.len()))
                    .usually("that a page was dropped.")
                    .read("tasks.html")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn before_a_hang() {
        grade(async || panics::lost_sender().await);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn on_another_thread_before_a_failed_check() {
        grade(async || {
            panics::on_another_thread().await;
            check(false, || Failure::new("The file should have been read."));
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn while_unwinding() {
        grade(async || panics::decrements_under_a_poisoned_lock().await);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn after_a_failed_check() {
        grade(async || {
            let _decrement = panics::NeverIncremented(0);
            check(false, || Failure::new("It should have counted to 1."));
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn after_a_stub() {
        grade(async || {
            let _decrement = panics::NeverIncremented(0);
            panics::stub().await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn by_the_grader() {
        grade(async || panics::awaits(async { panic!("the job's own panic") }).await);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn by_the_grader_before_a_failed_check() {
        grade(async || {
            callback::with_callback(|| panic!("on purpose")).await;
            check(false, || Failure::new("The panic should be an error."));
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn by_the_grader_in_a_future_that_was_ready() {
        grade(async || panics::awaits_twice(async {}).await);
    }
}
