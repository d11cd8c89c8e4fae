//! What a learner reads, compared byte for byte. Every ignored test here is a small grader with a wrong
//! answer; the tests above it run it in a process of its own.

#[path = "answers/callback.rs"]
mod callback;
#[path = "answers/downloads.rs"]
mod downloads;
#[path = "answers/stub.rs"]
mod stub;

#[path = "support/child.rs"]
mod child;

use child::assert_reports;

#[test_cache::test]
fn a_stub_is_not_started_and_nothing_else() {
    assert_reports("fetch_all::a_stub");
    assert_reports("fetch_all::a_stub_in_a_task");
    assert_reports("fetch_all::a_stub_that_is_dropped");
}

#[test_cache::test]
fn a_failed_check_says_what_was_seen_and_what_it_means() {
    assert_reports("fetch_all::one_after_the_other");
    assert_reports("fetch_all::short");
}

#[test_cache::test]
fn a_timeline_of_many_lanes_shows_the_first_ones() {
    assert_reports("fetch_all::many_one_after_the_other");
}

#[test_cache::test]
fn a_right_result_that_comes_too_early_fails() {
    assert_reports("fetch_all::made_up");
}

#[test_cache::test]
fn a_task_that_is_left_behind_fails() {
    assert_reports("fetch_all::left_behind");
}

#[test_cache::test]
fn no_answer_can_swallow_a_failed_check() {
    assert_reports("swallowed::in_a_task");
    assert_reports("swallowed::by_catch_unwind");
    assert_reports("swallowed::in_a_blocking_job");
    assert_reports("swallowed::while_unwinding");
    assert_reports("swallowed::in_a_task_that_is_dropped_at_the_end");
    assert_reports("swallowed::first_of_two");
}

#[cfg(target_os = "linux")] // Elsewhere a report does not tell what the thread does.
#[test_cache::test]
fn a_blocked_thread_is_reported() {
    assert_reports("blocking::real_sleep");
    assert_reports("blocking::real_sleep_in_a_lane");
    assert_reports("blocking::real_sleep_in_a_right_answer");
}

mod fetch_all {
    use super::{downloads, stub};
    use grading::web::Site;
    use grading::{Clock, Failure, Tasks, check, drop_at_every_await, grade, ms};

    fn three_pages() -> Site {
        let pages = [("/a", 100), ("/b", 100), ("/c", 100)];
        pages
            .iter()
            .fold(Site::new(), |site, (path, time)| site.page(path, ms(*time)))
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn a_stub() {
        grade(async || {
            stub::fetch_all(&["/a"]).await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn a_stub_in_a_task() {
        grade(async || {
            stub::in_a_task().await;
            check(false, || Failure::new("This is not reported."));
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn a_stub_that_is_dropped() {
        drop_at_every_await(async || (stub::fetch_all(&[]), ()), async |()| {});
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn one_after_the_other() {
        grade(async || {
            let site = three_pages();
            let clock = Clock::start();
            downloads::one_after_the_other(&site.client(), &["/a", "/b", "/c"]).await;
            check(clock.elapsed() == ms(100), || {
                Failure::new(format!(
                    "Three downloads of 100 ms each should take 100ms together; they took {:?}.",
                    clock.elapsed()
                ))
                .usually("each download was awaited before the next one was started.")
                .read("gather.html#join_all")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn short() {
        grade(async || check(false, || Failure::new("It should be 1; it was 2.")));
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn many_one_after_the_other() {
        grade(async || {
            let paths: Vec<_> = (1..=30).map(|n| format!("/{n}")).collect();
            let paths: Vec<_> = paths.iter().map(String::as_str).collect();
            let site = paths
                .iter()
                .fold(Site::new(), |site, path| site.page(path, ms(1)));
            downloads::one_after_the_other(&site.client(), &paths).await;
            check(site.peak_in_flight() == 30, || {
                Failure::new("All should be in flight at once.")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn made_up() {
        grade(async || {
            let site = three_pages();
            downloads::made_up(&site.client(), &["/a", "/b"]).await;
            check(site.finished() == ["/a", "/b"], || {
                Failure::new(format!(
                    "The downloads of /a and /b should have ended; these did: {:?}.",
                    site.finished()
                ))
                .usually("that they were never awaited.")
                .read("gather.html")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn left_behind() {
        grade(async || {
            let tasks = Tasks::baseline();
            let site = three_pages();
            downloads::detached(&site.client(), &["/a", "/b"]).await;
            tasks.check_none_left_behind().await;
        });
    }
}

mod swallowed {
    use super::callback;
    use grading::{Failure, check, grade, ms};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn failed_check() {
        check(false, || Failure::new("The callback should not be called."));
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn in_a_task() {
        grade(async || callback::with_callback(failed_check).await);
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn by_catch_unwind() {
        grade(async || {
            let _ = catch_unwind(AssertUnwindSafe(failed_check));
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn in_a_blocking_job() {
        grade(async || {
            let _ = tokio::task::spawn_blocking(failed_check).await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn while_unwinding() {
        struct FailsInDrop;
        impl Drop for FailsInDrop {
            fn drop(&mut self) {
                failed_check();
            }
        }
        grade(async || {
            let _fails = FailsInDrop;
            check(1 > 2, || Failure::new("One should be more than two."));
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn in_a_task_that_is_dropped_at_the_end() {
        struct FailsInDrop;
        impl Drop for FailsInDrop {
            fn drop(&mut self) {
                failed_check();
            }
        }
        grade(async || {
            tokio::spawn(async {
                let _fails = FailsInDrop;
                tokio::time::sleep(ms(500)).await;
            });
            tokio::time::sleep(ms(100)).await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn first_of_two() {
        grade(async || {
            callback::with_callback(failed_check).await;
            check(false, || {
                Failure::new("The second failure is not reported.")
            });
        });
    }
}

mod blocking {
    use super::downloads;
    use grading::web::Site;
    use grading::{Clock, Failure, check, grade, ms};
    use timeline::InLane;

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn real_sleep() {
        grade(async || {
            let site = Site::new().page("/a", ms(50));
            let clock = Clock::start();
            let _ = downloads::sleeps_first(&site.client(), "/a").await;
            check(clock.elapsed() == ms(250), || {
                Failure::new("It should wait 200 ms and then download the page.")
                    .usually("that it waited in real time.")
                    .read("event-loop.html")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn real_sleep_in_a_lane() {
        grade(async || {
            let site = Site::new().page("/a", ms(50));
            let client = site.client();
            let _ = downloads::sleeps_first(&client, "/a")
                .in_lane("download")
                .await;
            check(false, || {
                Failure::new("Other tasks should run in the meantime.")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn real_sleep_in_a_right_answer() {
        grade(async || {
            let site = Site::new().page("/a", ms(50));
            let page = downloads::sleeps_last(&site.client(), "/a").await;
            check(page.is_ok(), || Failure::new("The page should arrive."));
        });
    }
}
