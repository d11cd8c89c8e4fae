//! Answers that never end. The report of each is compared byte for byte, and must come in time.

#[path = "answers/endless.rs"]
mod endless;

#[path = "support/child.rs"]
mod child;

use child::assert_reports;
use grading::web::Site;
use grading::{Failure, drop_at_every_await, grade, ms, must_return};

#[test_cache::test]
fn a_deadlock_names_the_lanes_that_wait() {
    assert_reports("waits_for_all");
    assert_reports("waits_forever");
}

#[test_cache::test]
fn endless_timers_are_distinguished_from_a_deadlock() {
    assert_reports("requests_forever");
    assert_reports("ticks_every_minute");
}

#[test_cache::test]
fn endless_polls_are_reported_without_ending_the_process() {
    assert_reports("yields_forever");
    assert_reports("yields_forever_in_a_task");
}

#[test_cache::test]
fn a_blocking_job_that_never_ends_does_not_delay_the_report() {
    assert_reports("waits_for_a_blocking_job");
}

#[test_cache::test]
fn a_loop_that_never_awaits_ends_the_process() {
    assert_reports("spins");
    assert_reports("spins_in_a_task");
}

#[test_cache::test]
fn a_call_that_blocks_ends_the_process() {
    assert_reports("blocks");
    assert_reports("locks_in_a_callback");
}

#[test_cache::test]
fn blocking_again_and_again_is_a_hang() {
    assert_reports("blocks_again_and_again");
}

#[test_cache::test]
fn waiting_on_a_resumed_clock_is_a_hang() {
    assert_reports("resumes_the_clock");
}

#[test_cache::test]
fn a_destructor_that_never_returns_ends_the_process() {
    assert_reports("spins_when_dropped");
}

#[test_cache::test]
fn an_answer_that_never_finishes_is_a_hang_when_it_is_to_be_dropped() {
    assert_reports("never_finishes");
}

#[test]
#[ignore = "fails; another test checks its report"]
fn waits_for_all() {
    grade(async || {
        let site = Site::new().page("/a", ms(100)).silent("/b").silent("/c");
        endless::waits_for_all(&site.client()).await;
    });
}

#[test]
#[ignore = "fails; another test checks its report"]
fn waits_forever() {
    grade(async || endless::waits_forever().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn requests_forever() {
    grade(async || {
        let site = Site::new().page("/a", ms(1));
        endless::requests_forever(&site.client()).await;
    });
}

#[test]
#[ignore = "fails; another test checks its report"]
fn ticks_every_minute() {
    grade(async || endless::ticks_every_minute().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn yields_forever() {
    grade(async || endless::yields_forever().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn yields_forever_in_a_task() {
    grade(async || endless::yields_forever_in_a_task().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn waits_for_a_blocking_job() {
    grade(async || endless::waits_for_a_blocking_job().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn spins() {
    grade(async || endless::spins().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn spins_in_a_task() {
    grade(async || {
        let site = Site::new().page("/a", ms(100));
        endless::spins_in_a_task(&site.client()).await;
    });
}

#[test]
#[ignore = "fails; another test checks its report"]
fn spins_when_dropped() {
    grade(async || {
        let _ = tokio::time::timeout(ms(5), endless::spins_when_dropped()).await;
    });
}

#[test]
#[ignore = "fails; another test checks its report"]
fn blocks() {
    grade(async || endless::blocks().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn locks_in_a_callback() {
    grade(async || {
        let callback = |lock: &std::sync::Mutex<()>| {
            must_return(
                || drop(lock.lock()),
                Failure::new("The callback takes the lock.")
                    .usually("that the callback is called while the lock is held.")
                    .read("locks.html#stdsyncmutex"),
            );
        };
        endless::calls_back_under_a_lock(callback).await;
    });
}

#[test]
#[ignore = "fails; another test checks its report"]
fn never_finishes() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/a", ms(1));
            let client = site.client();
            (
                async move { endless::requests_forever(&client).await },
                site,
            )
        },
        async |_site| {},
    );
}

#[test]
#[ignore = "fails; another test checks its report"]
fn blocks_again_and_again() {
    grade(async || endless::blocks_again_and_again().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn resumes_the_clock() {
    grade(async || endless::resumes_the_clock().await);
}
