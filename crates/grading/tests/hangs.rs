//! Answers that never end: each is reported, byte for byte, and in time.

#[path = "answers/endless.rs"]
mod endless;

#[path = "support/child.rs"]
mod child;

use child::assert_reports;
use grading::web::Site;
use grading::{drop_at_every_await, grade, ms};

#[test_cache::test]
fn a_deadlock_names_who_waits() {
    assert_reports("waits_for_all");
    assert_reports("waits_for_nothing");
}

#[test_cache::test]
fn timers_that_go_on_for_ever_are_told_from_a_deadlock() {
    assert_reports("asks_for_ever");
    assert_reports("asks_every_minute");
}

#[test_cache::test]
fn polls_that_go_on_for_ever_are_reported_like_any_failure() {
    assert_reports("yields_for_ever");
    assert_reports("yields_for_ever_in_a_task");
}

#[test_cache::test]
fn a_blocking_job_that_never_ends_does_not_hold_the_report() {
    assert_reports("waits_for_a_thread");
}

#[test_cache::test]
fn a_loop_that_never_awaits_ends_the_process() {
    assert_reports("spins");
    assert_reports("spins_in_a_task");
}

#[test_cache::test]
fn a_call_that_blocks_ends_the_process() {
    assert_reports("blocks");
}

#[test_cache::test]
fn blocking_again_and_again_is_a_hang_too() {
    assert_reports("blocks_now_and_then");
}

#[test_cache::test]
fn a_clock_that_is_made_a_real_one_is_a_hang() {
    assert_reports("makes_the_clock_a_real_one");
}

#[test_cache::test]
fn a_destructor_that_never_returns_ends_the_process() {
    assert_reports("spins_when_dropped");
}

#[test_cache::test]
fn dropping_finds_hangs_as_well() {
    assert_reports("dropped_for_ever");
}

#[test]
#[ignore = "fails, and another test reads how"]
fn waits_for_all() {
    grade(async || {
        let site = Site::new().page("/a", ms(100)).silent("/b").silent("/c");
        endless::waits_for_all(&site.client()).await;
    });
}

#[test]
#[ignore = "fails, and another test reads how"]
fn waits_for_nothing() {
    grade(async || endless::waits_for_nothing().await);
}

#[test]
#[ignore = "fails, and another test reads how"]
fn asks_for_ever() {
    grade(async || {
        let site = Site::new().page("/a", ms(1));
        endless::asks_for_ever(&site.client()).await;
    });
}

#[test]
#[ignore = "fails, and another test reads how"]
fn asks_every_minute() {
    grade(async || endless::asks_every_minute().await);
}

#[test]
#[ignore = "fails, and another test reads how"]
fn yields_for_ever() {
    grade(async || endless::yields_for_ever().await);
}

#[test]
#[ignore = "fails, and another test reads how"]
fn yields_for_ever_in_a_task() {
    grade(async || endless::yields_for_ever_in_a_task().await);
}

#[test]
#[ignore = "fails, and another test reads how"]
fn waits_for_a_thread() {
    grade(async || endless::waits_for_a_thread().await);
}

#[test]
#[ignore = "fails, and another test reads how"]
fn spins() {
    grade(async || endless::spins().await);
}

#[test]
#[ignore = "fails, and another test reads how"]
fn spins_in_a_task() {
    grade(async || {
        let site = Site::new().page("/a", ms(100));
        endless::spins_in_a_task(&site.client()).await;
    });
}

#[test]
#[ignore = "fails, and another test reads how"]
fn spins_when_dropped() {
    grade(async || {
        let _ = tokio::time::timeout(ms(5), endless::spins_when_dropped()).await;
    });
}

#[test]
#[ignore = "fails, and another test reads how"]
fn blocks() {
    grade(async || endless::blocks().await);
}

#[test]
#[ignore = "fails, and another test reads how"]
fn dropped_for_ever() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/a", ms(1));
            let client = site.client();
            (async move { endless::asks_for_ever(&client).await }, site)
        },
        async |_site| {},
    );
}

#[test]
#[ignore = "fails, and another test reads how"]
fn blocks_now_and_then() {
    grade(async || endless::blocks_now_and_then().await);
}

#[test]
#[ignore = "fails, and another test reads how"]
fn makes_the_clock_a_real_one() {
    grade(async || endless::makes_the_clock_a_real_one().await);
}
