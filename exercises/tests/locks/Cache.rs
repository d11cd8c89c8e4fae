//! `Cache`: one download for all who wait, and whoever leaves hands over.

use super::*;
use exercises::locks::Cache;
use futures::future::join_all;

type Outcome = Result<Page, WebError>;

/// What the site answers to `path`.
fn page(path: &str) -> Outcome {
    let body = format!("body of {path}");
    let path = path.to_owned();
    Ok(Page { path, body })
}

fn broken(path: &str) -> Outcome {
    let path = path.to_owned();
    Err(WebError::ServerError { path })
}

fn told(outcome: &Outcome) -> &'static str {
    match outcome {
        Ok(_) => "a page",
        Err(_) => "an error",
    }
}

fn check_downloads(site: &Site, expected: usize, said: &str, usually: &str, read: &str) {
    let downloads = site.started().len();
    check(downloads == expected, || {
        Failure::new(format!(
            "{said} There should have been {}; there were {}.",
            counted(expected),
            counted(downloads)
        ))
        .usually(usually)
        .read(read)
    });
}

/// `1 download`, `3 downloads`
fn counted(downloads: usize) -> String {
    let plural = if downloads == 1 { "" } else { "s" };
    format!("{downloads} download{plural}")
}

#[test]
fn a_thousand_callers_one_download() {
    grade(async || {
        let site = Site::new().page("/hamlet", ms(40));
        let (cache, clock) = (Cache::new(site.client(), ms(1000)), Clock::start());
        let pages = join_all((0..1000).map(|_| cache.get("/hamlet"))).await;
        let took = clock.elapsed();
        let said = "A thousand callers want the same page at the same time.";
        let usually = "that each looks, finds nothing, and downloads: between the look and the page there is an `.await`, in which \
                       all others look as well.";
        check_downloads(
            &site,
            1,
            said,
            usually,
            "locks-cache.html#everybody-sends-for-it",
        );
        let right = pages
            .iter()
            .filter(|seen| **seen == page("/hamlet"))
            .count();
        check((right, took) == (1000, ms(40)), || {
            Failure::new(format!(
                "All thousand should have the page after 40 ms; {right} have it, after {took:?}."
            ))
            .usually("that not all who wait are told, or that they are told one after the other.")
            .read(FLIGHT)
        });
    });
}

#[test]
fn a_fresh_page_is_kept() {
    grade(async || {
        let site = Site::new().page("/hamlet", ms(40));
        let (cache, clock) = (Cache::new(site.client(), ms(100)), Clock::start());
        let _ = cache.get("/hamlet").await;
        sleep(ms(99)).await;
        let before = clock.elapsed();
        let seen = cache.get("/hamlet").await;
        let took = clock.elapsed() - before;
        let said = "A page arrived 99 ms ago, and is fresh for 100 ms.";
        let usually =
            "that its age is counted from the start of the download, or that nothing is kept.";
        check_downloads(&site, 1, said, usually, FLIGHT);
        check((seen == page("/hamlet"), took) == (true, ms(0)), || {
            Failure::new(format!(
                "The page is kept, so it should be there at once; it took {took:?}."
            ))
            .usually("that somebody waits without need.")
            .read(FLIGHT)
        });
    });
}

#[test]
fn a_stale_page_is_downloaded_once_more() {
    grade(async || {
        let site = Site::new().page("/hamlet", ms(40));
        let cache = Cache::new(site.client(), ms(100));
        let _ = cache.get("/hamlet").await;
        // Somebody reads it in between: it does not become younger by that.
        sleep(ms(60)).await;
        let _ = cache.get("/hamlet").await;
        sleep(ms(40)).await;
        join_all((0..5).map(|_| cache.get("/hamlet"))).await;
        let said = "A page was downloaded, read once more at 60 ms, and is 100 ms old, which is as long as it is fresh. Five callers \
                    want it.";
        let usually = "that a page is kept for ever, as a `OnceCell` keeps it; that its age is counted from the last read, or on \
                       the clock of `std::time`, which virtual time does not move; that `<=` stands where `<` should; or that \
                       all five find it stale and download it.";
        check_downloads(&site, 2, said, usually, FLIGHT);
    });
}

#[test]
fn an_error_is_not_kept() {
    grade(async || {
        let site = Site::new()
            .broken("/hamlet", ms(10))
            .page("/hamlet", ms(40));
        let (cache, clock) = (Cache::new(site.client(), ms(1000)), Clock::start());
        let get = async || (cache.get("/hamlet").await, clock.elapsed());
        let (first, second, third) = tokio::join!(biased; get(), get(), get());
        let seen = [&first, &second, &third].map(|(outcome, at)| (told(outcome), *at));
        let right = first.0 == broken("/hamlet") && seen[0].1 == ms(10);
        let others = second.0 == page("/hamlet") && third.0 == page("/hamlet");
        let usually = if first.0.is_ok() {
            "that whoever meets an error downloads once more. The error is for the caller whose download it was."
        } else {
            "that the error is kept like a page, or given to all who wait; or that those who wait are not told that they \
             have to try."
        };
        let times = [seen[1].1, seen[2].1];
        check(right && others && times == [ms(50); 2], || {
            Failure::new(format!(
                "Three want a page whose first download fails at 10 ms; another one takes 40 ms. They should get an error at 10 \
                 ms, and twice the page at 50 ms; they got {} at {:?}, {} at {:?} and {} at {:?}.",
                seen[0].0, seen[0].1, seen[1].0, seen[1].1, seen[2].0, seen[2].1
            ))
            .usually(usually)
            .read(LEADER)
        });
    });
}

#[test]
fn paths_do_not_wait_for_each_other() {
    grade(async || {
        let site = Site::new()
            .page("/hamlet", ms(100))
            .page("/faust", ms(10))
            .page("/medea", ms(5));
        let cache = Cache::new(site.client(), ms(1000));
        let _ = cache.get("/medea").await;
        let clock = Clock::start();
        let get = async |path| {
            let _ = cache.get(path).await;
            clock.elapsed()
        };
        let (_, other, kept) = tokio::join!(biased; get("/hamlet"), get("/faust"), get("/medea"));
        check((other, kept) == (ms(10), ms(0)), || {
            Failure::new(format!(
                "While a page that takes 100 ms is under way, another one should take its 10 ms, and one that is kept none; they \
                 took {other:?} and {kept:?}."
            ))
            .usually("that one lock around all pages is held during a download.")
            .read("locks-cache.html#everybody-waits-for-everybody")
        });
    });
}

/// A leader, and a follower that waits for the same page. The leader may be dropped; the follower stays.
struct Followed {
    site: Site,
    clock: Clock,
    follower: Pin<Box<dyn Future<Output = Outcome>>>,
    /// What the follower got, if it was done before the leader was dropped.
    outcome: Option<Outcome>,
}

#[test]
fn a_leader_who_leaves_hands_over() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/hamlet", ms(40));
            let cache = Rc::new(Cache::new(site.client(), ms(1000)));
            let get = |cache: Rc<Cache>| Box::pin(async move { cache.get("/hamlet").await });
            let followed = Rc::new(RefCell::new(Followed {
                site,
                clock: Clock::start(),
                follower: get(Rc::clone(&cache)),
                outcome: None,
            }));
            let mut leader = get(cache);
            let both = Rc::clone(&followed);
            let answer = std::future::poll_fn(move |cx| {
                let led = leader.as_mut().poll(cx);
                let followed = &mut *both.borrow_mut();
                if followed.outcome.is_none()
                    && let Poll::Ready(outcome) = followed.follower.as_mut().poll(cx)
                {
                    followed.outcome = Some(outcome);
                }
                led
            });
            (answer, followed)
        },
        async |followed| {
            let left_at = followed.borrow().clock.elapsed();
            let Followed {
                mut follower,
                outcome,
                site,
                clock,
            } = Rc::into_inner(followed)
                .expect("the leader is gone")
                .into_inner();
            let outcome = match outcome {
                Some(outcome) => outcome,
                None => {
                    let patience = tokio::time::timeout(ms(1000), follower.as_mut()).await;
                    check(patience.is_ok(), || {
                        Failure::new("Another caller waits for the same page, and should get it; it has waited for a second.")
                            .usually(
                                "that the map says \"somebody downloads it\", and is not told when that somebody leaves. \
                                 A future that is dropped runs no line after its `.await`.",
                            )
                            .read(LEADER)
                    });
                    patience.expect("it was checked")
                }
            };
            let took = clock.elapsed() - left_at;
            let right = outcome == page("/hamlet") && took <= ms(40) && site.peak_in_flight() == 1;
            check(right, || {
                Failure::new(format!(
                    "Another caller waits for the same page. Within 40 ms it should have it, with one download at a time; it got {}, \
                     after {took:?}, with up to {} at a time.",
                    told(&outcome),
                    site.peak_in_flight()
                ))
                .usually(
                    "that who leaves is taken for an error, that its download goes on without it, or that who waits looks again \
                     only now and then.",
                )
                .read(LEADER)
            });
        },
    );
}

#[test]
fn when_all_have_left_nothing_goes_on() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/hamlet", ms(40));
            let cache = Cache::new(site.client(), ms(1000));
            (async move { cache.get("/hamlet").await }, site)
        },
        async |site| {
            let running = site.in_flight();
            check(running == 0, || {
                Failure::new(format!(
                    "Nobody waits any more, so no download should go on; {running} does."
                ))
                .usually("that the download was spawned. A future that is awaited in place stops when it is dropped.")
                .read("gather-pitfalls.html#spawned-tasks-run-on")
            });
        },
    );
}

#[test]
fn one_at_a_time_in_any_order() {
    shuffled(async |shuffle| {
        let site = Site::new().broken("/hamlet", ms(2)).page("/hamlet", ms(3));
        let cache = Cache::new(site.client(), ms(4));
        let callers = (0..8).map(|_| {
            let (cache, shuffle) = (&cache, &shuffle);
            async move {
                sleep(ms(shuffle.below(12))).await;
                shuffle.turns().await;
                shuffle.drop_somewhere(cache.get("/hamlet")).await
            }
        });
        let outcomes = shuffle.join(callers).await;
        let failed = outcomes
            .iter()
            .flatten()
            .filter(|outcome| outcome.is_err())
            .count();
        let peak = site.peak_in_flight();
        check(failed <= 1 && peak <= 1, || {
            Failure::new(format!(
                "Eight callers come at different times, and some leave. One download fails, so at most one caller should hear an \
                 error, and at most one download should be under way at a time; {failed} heard one, and up to {peak} were under way."
            ))
            .usually(
                "that looking whether somebody downloads and saying that one does are two steps with an `.await` in between, or \
                 that the place is given up while others still wait at it.",
            )
            .read(FLIGHT)
        });
    });
}
