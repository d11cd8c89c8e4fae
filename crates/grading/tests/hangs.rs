//! Answers that never end. The report of each is compared byte for byte, and must come in time.

#[path = "answers/endless.rs"]
mod endless;

#[path = "support/child.rs"]
mod child;

use child::assert_reports;
use grading::web::Site;
use grading::{
    Failure, HeldClock, drop_at_every_await, drop_one_of_many, grade, grade_cases, ms, must_end,
    must_return, outside_runtime,
};

#[test_cache::test]
fn a_deadlock_names_the_lanes_that_wait() {
    assert_reports("waits_for_all");
    assert_reports("waits_forever");
    assert_reports("waits_forever_after_hours");
}

#[test_cache::test]
fn a_waker_that_is_stored_nowhere_is_evidence() {
    assert_reports("ignores_its_waker");
    assert_reports("ignores_one_waker");
    assert_reports("ignores_its_waker_in_a_join");
    assert_reports("ignores_its_waker_in_a_call");
    assert_reports("one_call_ignores_its_waker");
}

#[test_cache::test]
fn a_waker_that_is_stored_accuses_nobody() {
    assert_reports("calls_wait_forever");
    assert_reports("waits_for_a_task");
}

#[test_cache::test]
fn a_future_that_is_woken_in_vain_is_named() {
    assert_reports("keeps_a_stale_waker");
    assert_reports("does_not_poll_the_owner_of_a_lock");
}

#[test_cache::test]
fn endless_timers_are_distinguished_from_a_deadlock() {
    assert_reports("requests_forever");
    assert_reports("ticks_every_minute");
    assert_reports("waits_for_real_time");
    assert_reports("backs_off");
    assert_reports("waits_for_a_task_with_timers");
}

#[test_cache::test]
fn endless_polls_are_reported_without_ending_the_process() {
    assert_reports("yields_forever");
    assert_reports("yields_forever_in_a_task");
}

#[test_cache::test]
fn busy_loops_are_distinguished_by_what_wakes_them() {
    assert_reports("wakes_itself");
    assert_reports("receives_from_a_closed_channel");
    assert_reports("sends_messages_in_a_circle");
}

#[test_cache::test]
fn a_blocking_job_that_never_ends_does_not_delay_the_report() {
    assert_reports("waits_for_a_blocking_job");
}

#[test_cache::test]
fn a_thread_that_never_ends_is_named_by_the_grader() {
    assert_reports("waits_for_a_thread");
    assert_reports("waits_for_a_thread_that_the_test_holds_up");
}

#[cfg(target_os = "linux")] // Elsewhere a report does not tell what the thread does.
#[test_cache::test]
fn a_loop_that_never_awaits_ends_the_process() {
    assert_reports("spins");
    assert_reports("spins_in_a_task");
}

#[cfg(target_os = "linux")] // Elsewhere a report does not tell what the thread does.
#[test_cache::test]
fn a_call_that_blocks_ends_the_process() {
    assert_reports("blocks");
    assert_reports("locks_in_a_callback");
}

#[cfg(target_os = "linux")] // Elsewhere a report does not tell what the thread does.
#[test_cache::test]
fn blocking_again_and_again_is_a_hang() {
    assert_reports("blocks_again_and_again");
    assert_reports("computes_again_and_again");
    assert_reports("waits_for_many_blocking_jobs");
    assert_reports("blocks_once");
}

#[test_cache::test]
fn waiting_on_a_resumed_clock_is_a_hang() {
    assert_reports("resumes_the_clock");
    assert_reports("resumes_the_clock_and_sleeps");
}

#[cfg(target_os = "linux")] // Elsewhere a report does not tell what the thread does.
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
fn waits_forever_after_hours() {
    grade_cases(async |case| {
        let idle = case.long_time("idle");
        tokio::time::sleep(idle).await;
        if idle > ms(3_600_000) {
            std::future::pending::<()>().await;
        }
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
fn waits_for_a_thread() {
    grade(async || {
        let _clock = HeldClock::new();
        let (_tx, rx) = tokio::sync::oneshot::channel::<()>();
        let failure = Failure::new("The thread should send something.")
            .usually("that it has not been started.")
            .read("blocking-threads.html");
        let _ = must_end(rx, failure).await;
    });
}

/// The thread goes on when the test is dropped. The report says all the same what it waited for.
#[test]
#[ignore = "fails; another test checks its report"]
fn waits_for_a_thread_that_the_test_holds_up() {
    grade(async || {
        let (_dropped_with_the_test, gate) = std::sync::mpsc::channel::<()>();
        outside_runtime(move || {
            must_return(
                || gate.recv().is_err(),
                Failure::new("The call should not block its thread."),
            )
        })
        .await;
    });
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

#[test]
#[ignore = "fails; another test checks its report"]
fn ignores_its_waker() {
    grade(async || endless::ignores_its_waker().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn ignores_one_waker() {
    grade(async || endless::ignores_one_waker().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn keeps_a_stale_waker() {
    grade(async || endless::keeps_a_stale_waker().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn does_not_poll_the_owner_of_a_lock() {
    grade(async || endless::does_not_poll_the_owner_of_a_lock().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn waits_for_a_task() {
    grade(async || endless::waits_for_a_task().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn wakes_itself() {
    grade(async || endless::wakes_itself().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn receives_from_a_closed_channel() {
    grade(async || endless::receives_from_a_closed_channel().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn sends_messages_in_a_circle() {
    grade(async || endless::sends_messages_in_a_circle().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn waits_for_real_time() {
    grade(async || endless::waits_for_real_time().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn backs_off() {
    grade(async || endless::backs_off().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn waits_for_a_task_with_timers() {
    grade(async || endless::waits_for_a_task_with_timers().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn computes_again_and_again() {
    grade(async || endless::computes_again_and_again().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn waits_for_many_blocking_jobs() {
    grade(async || endless::waits_for_many_blocking_jobs().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn resumes_the_clock_and_sleeps() {
    grade(async || endless::resumes_the_clock_and_sleeps().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn blocks_once() {
    grade(async || endless::blocks_once().await);
}

#[test]
#[ignore = "fails; another test checks its report"]
fn ignores_its_waker_in_a_join() {
    grade_cases(async |case| {
        case.join([endless::ignores_its_waker()]).await;
    });
}

#[test]
#[ignore = "fails; another test checks its report"]
fn ignores_its_waker_in_a_call() {
    drop_at_every_await(async || (endless::ignores_its_waker(), ()), async |()| {});
}

#[test]
#[ignore = "fails; another test checks its report"]
fn one_call_ignores_its_waker() {
    drop_one_of_many(
        async || {
            let call = |waits: bool| async move {
                if waits {
                    endless::ignores_its_waker().await;
                }
            };
            (vec![call(false), call(true)], ())
        },
        async |_, ()| {},
    );
}

#[test]
#[ignore = "fails; another test checks its report"]
fn calls_wait_forever() {
    drop_one_of_many(
        async || (vec![endless::waits_forever(), endless::waits_forever()], ()),
        async |_, ()| {},
    );
}
