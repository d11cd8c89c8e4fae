//! `Cache`: one download for all waiting callers, and a caller that is dropped is replaced.

use super::*;
use exercises::locks::Cache;
use grading::{await_and_keep, join_all};

type Outcome = Result<Page, WebError>;

/// What the site returns for `path`.
fn page(path: &str) -> Outcome {
    let body = format!("body of {path}");
    let path = path.to_owned();
    Ok(Page { path, body })
}

fn broken(path: &str) -> Outcome {
    let path = path.to_owned();
    Err(WebError::ServerError { path })
}

fn describe(outcome: &Outcome) -> &'static str {
    match outcome {
        Ok(_) => "a page",
        Err(_) => "an error",
    }
}

fn check_downloads<'a>(
    site: &Site,
    expected: usize,
    situation: &str,
    usually: impl Into<Option<&'a str>>,
    read: &str,
) {
    let downloads = site.started().len();
    check(downloads == expected, || {
        let failure = Failure::new(format!(
            "{situation} There should have been {}; {} made.",
            plural(expected, "download"),
            were(downloads)
        ));
        match usually.into() {
            Some(usually) => failure.usually(usually),
            None => failure,
        }
        .read(read)
    });
}

#[test]
fn a_thousand_callers_share_one_download() {
    grade(async || {
        let site = Site::new().page("/prices", ms(40));
        let (cache, clock) = (Cache::new(site.client(), ms(1000)), Clock::start());
        let pages = join_all((0..1000).map(|_| cache.get("/prices"))).await;
        let took = clock.elapsed();
        let situation = "A thousand callers request the same page at the same time.";
        let usually = "that each caller checks, finds nothing, and downloads: between the check and the arrival of the page is an \
                       `.await`, during which every other caller checks as well.";
        check_downloads(&site, 1, situation, usually, STAMPEDE);
        let right = pages
            .iter()
            .filter(|seen| **seen == page("/prices"))
            .count();
        check((right, took) == (1000, ms(40)), || {
            Failure::new(format!(
                "All thousand should have the page after 40 ms; {right} had it, after {took:?}."
            ))
            .usually("that not every waiting caller is woken, or that each waits longer than the one before.")
            .read(SINGLE_FLIGHT)
        });
    });
}

/// What an answer gets wrong about the age of a page. It is asked only if it gets something wrong.
async fn mistake_about_age() -> Option<&'static str> {
    let downloads = async |latency, fresh_for, pauses: &[u64]| {
        let site = Site::new().page("/prices", latency);
        let cache = Cache::new(site.client(), fresh_for);
        let _ = cache.get("/prices").await;
        for pause in pauses {
            sleep(ms(*pause)).await;
            let _ = cache.get("/prices").await;
        }
        site.started().len()
    };
    if downloads(ms(1), ms(1000), &[0]).await > 1 {
        return Some("that nothing is cached.");
    }
    if downloads(ms(1), ms(50), &[0]).await > 1 {
        return Some(
            "that times are rounded down to seconds, so that a page which is fresh for less than one is not cached.",
        );
    }
    if downloads(ms(100), ms(50), &[0]).await > 1 {
        return Some(
            "that its age is counted from the start of the download, and not from its arrival.",
        );
    }
    if downloads(ms(1), ms(10), &[1000]).await < 2 {
        return Some(if is_on_the_real_clock().await {
            "that its age is on the clock of `std::time`, which virtual time does not move."
        } else {
            "that a page is cached forever, as a `OnceCell` keeps it."
        });
    }
    if downloads(ms(1), ms(100), &[60, 60]).await < 2 {
        return Some("that its age is counted from the last read.");
    }
    if downloads(ms(1), ms(10), &[10]).await < 2 {
        return Some("that its age is compared with `<=` instead of `<`, or rounded down.");
    }
    let half = Duration::from_micros(500);
    let is_rounded = downloads(ms(1), ms(10) + half, &[10]).await > 1
        || downloads(ms(1), ms(9) + half, &[10]).await < 2;
    is_rounded.then_some("that its age, or `fresh_for`, is rounded.")
}

/// Whether a page gets older in real time.
async fn is_on_the_real_clock() -> bool {
    let site = Site::new().page("/prices", ms(1));
    let cache = Cache::new(site.client(), ms(1));
    let _ = cache.get("/prices").await;
    #[expect(clippy::disallowed_methods, reason = "only real time can tell")]
    std::thread::sleep(ms(5));
    let _ = cache.get("/prices").await;
    site.started().len() > 1
}

#[test]
fn a_page_is_cached_while_it_is_fresh() {
    grade_cases(async |case| {
        let fresh_for = case.duration("fresh for", ms(50));
        let age = case.whole_ms("age", 60);
        let latency = case.whole_ms("download", 50);
        let path = case.text("path");
        let site = Site::new().page(&path, latency);
        let (cache, clock) = (Cache::new(site.client(), fresh_for), Clock::start());
        let _ = cache.get(&path).await;
        sleep(age).await;
        let before = clock.elapsed();
        let seen = cache.get(&path).await;
        let took = clock.elapsed() - before;
        let is_fresh = age < fresh_for;
        let situation = format!(
            "A page arrived {age:?} ago, and is fresh for less than {fresh_for:?}. It is requested again."
        );
        let downloads = if is_fresh { 1 } else { 2 };
        let usually = if site.started().len() == downloads {
            None
        } else {
            mistake_about_age().await
        };
        check_downloads(&site, downloads, &situation, usually, SINGLE_FLIGHT);
        let time = if is_fresh { ms(0) } else { latency };
        check((seen == page(&path), took) == (true, time), || {
            Failure::new(format!(
                "{situation} `get` should return it after {time:?}; it returned {} after {took:?}.",
                describe(&seen)
            ))
            .usually("that a caller waits although the page is there, or that the page of another path is returned.")
            .read(SINGLE_FLIGHT)
        });
    });
}

#[test]
fn a_stale_page_is_downloaded_once() {
    grade(async || {
        let site = Site::new().page("/prices", ms(40));
        let cache = Cache::new(site.client(), ms(100));
        let _ = cache.get("/prices").await;
        // Reading the page does not make it fresh again.
        sleep(ms(60)).await;
        let _ = cache.get("/prices").await;
        sleep(ms(40)).await;
        join_all((0..5).map(|_| cache.get("/prices"))).await;
        let situation = "A page was downloaded, was read once at an age of 60 ms, and is now 100 ms old, which is no longer fresh. \
                         Five callers request it.";
        let usually = match site.started().len() {
            2 => None,
            _ => mistake_about_age().await,
        };
        let usually = usually.or((site.started().len() > 2)
            .then_some("that each of the five finds it stale and downloads it."));
        check_downloads(&site, 2, situation, usually, SINGLE_FLIGHT);
    });
}

#[test]
fn a_stale_page_is_not_returned_during_a_download() {
    grade_cases(async |case| {
        let latency = ms(2) + case.whole_ms("the second download takes 2 ms +", 40);
        let after = case.duration("the second caller comes after 1 ms +", latency - ms(2));
        let site = Site::new()
            .page_with_body("/prices", ms(5), "version 0")
            .page_with_body("/prices", latency, "version 1");
        let cache = Cache::new(site.client(), ms(100));
        let _ = cache.get("/prices").await;
        sleep(ms(100)).await;
        let clock = Clock::start();
        let second = async {
            sleep(ms(1) + after).await;
            (cache.get("/prices").await, clock.elapsed())
        };
        let (_, (seen, at)) = tokio::join!(biased; cache.get("/prices"), second);
        let body = seen.map_or("an error".to_owned(), |page| page.body);
        check((body.as_str(), at) == ("version 1", latency), || {
            let failure = Failure::new(format!(
                "Version 0 of a page is no longer fresh, and version 1 is being downloaded, which takes {latency:?}. A caller that \
                 arrives during the download should get version 1 at its end; it got {body} after {at:?}."
            ));
            if body == "version 0" {
                failure.usually("that a page which is no longer fresh is returned while a new one is being downloaded.")
            } else {
                failure
            }
            .read(SINGLE_FLIGHT)
        });
    });
}

#[test]
fn an_error_is_not_cached() {
    grade(async || {
        let site = Site::new()
            .broken("/prices", ms(10))
            .page("/prices", ms(40));
        let (cache, clock) = (Cache::new(site.client(), ms(1000)), Clock::start());
        let get = async || (cache.get("/prices").await, clock.elapsed());
        let (first, second, third) = tokio::join!(biased; get(), get(), get());
        let seen = [&first, &second, &third].map(|(outcome, at)| (describe(outcome), *at));
        let right = first.0 == broken("/prices") && seen[0].1 == ms(10);
        let others = second.0 == page("/prices") && third.0 == page("/prices");
        let is_shared = !others && seen[1].1 == ms(10);
        // When a page is cached, a later call finds that.
        let is_cached = is_shared && cache.get("/prices").await.is_err();
        let usually = if first.0.is_ok() {
            "that a caller downloads again after an error. It should return the error of its download."
        } else if is_cached {
            "that the error is cached like a page."
        } else if is_shared {
            "that the error is returned to every waiting caller."
        } else {
            "that the waiting callers do not start one new download when the first has failed."
        };
        let times = [seen[1].1, seen[2].1];
        check(right && others && times == [ms(50); 2], || {
            Failure::new(format!(
                "Three callers request a page. The first download fails at 10 ms, and another one takes 40 ms. The callers should \
                 get an error at 10 ms, and twice the page at 50 ms; they got {} at {:?}, {} at {:?} and {} at {:?}.",
                seen[0].0, seen[0].1, seen[1].0, seen[1].1, seen[2].0, seen[2].1
            ))
            .usually(usually)
            .read(LEADER)
        });
    });
}

#[test]
fn a_finished_call_keeps_no_lock() {
    grade_cases(async |case| {
        let calls = case.size("calls", 2..=6);
        let fails = case.numbers("downloads, 1 if it fails", calls, 1);
        let site = fails.iter().fold(Site::new(), |site, fails| match fails {
            0 => site.page("/prices", ms(5)),
            _ => site.broken("/prices", ms(5)),
        });
        let cache = Cache::new(site.client(), ms(0));
        let mut finished = Vec::new();
        for number in 1..=calls {
            let call = tokio::time::timeout(ms(1000), await_and_keep(cache.get("/prices"))).await;
            check(call.is_ok(), || {
                Failure::new(format!(
                    "No page stays fresh, and each call downloads the page, which takes 5 ms. Call {number} still waits after a second: \
                     those before it have returned, and their futures are not dropped yet."
                ))
                .usually("that a future that has returned still has the lock of the page until it is dropped.")
                .read(SINGLE_FLIGHT)
            });
            finished.extend(call);
        }
    });
}

#[test]
fn each_call_returns_what_the_contract_says() {
    grade_cases(async |case| {
        let fresh_for = case.whole_ms("fresh for", 20);
        let count = case.size("calls", 1..=12);
        let pauses = case.whole_ms_each("pauses before them", count, 30);
        let fails = case.numbers("downloads, 1 if it fails", count, 1);
        let site = fails
            .iter()
            .zip(0..)
            .fold(Site::new(), |site, (fails, nth)| match fails {
                0 => site.page_with_body("/prices", ms(5), format!("version {nth}")),
                _ => site.broken("/prices", ms(5)),
            });
        let (cache, clock) = (Cache::new(site.client(), fresh_for), Clock::start());
        let mut downloads = 0;
        // The version of the page that is cached, and when it arrived.
        let mut cached: Option<(usize, Duration)> = None;
        for (pause, call) in pauses.into_iter().zip(1..) {
            sleep(pause).await;
            let before = clock.elapsed();
            let fresh = cached.filter(|(_, arrived)| before - *arrived < fresh_for);
            let (expected, time) = match fresh {
                Some((version, _)) => (Some(version), ms(0)),
                None => (Some(downloads).filter(|nth| fails[*nth] == 0), ms(5)),
            };
            let seen = cache.get("/prices").await;
            let took = clock.elapsed() - before;
            if fresh.is_none() {
                downloads += 1;
                cached = expected.map(|nth| (nth, clock.elapsed())).or(cached);
            }
            let right = match (&seen, expected) {
                (Ok(page), Some(version)) => page.body == format!("version {version}"),
                (Err(_), None) => seen == broken("/prices"),
                _ => false,
            };
            check(right && took == time, || {
                let told = |seen: &Outcome| match seen {
                    Ok(page) => format!("{:?}", page.body),
                    Err(_) => "the error of its download".to_owned(),
                };
                let due = expected.map_or(broken("/prices"), |version| {
                    let body = format!("version {version}");
                    Ok(Page {
                        path: "/prices".to_owned(),
                        body,
                    })
                });
                let report = Failure::new(format!(
                    "Call {call} comes {}. It should return {} after {time:?}; it returned {} after {took:?}.",
                    match cached {
                        _ if fresh.is_some() => "while the cached page is fresh",
                        Some(_) => "when the last page that has arrived is no longer fresh",
                        None => "before a page has arrived",
                    },
                    told(&due),
                    told(&seen)
                ));
                match (expected, &seen) {
                    (None, Ok(_)) if took == time => report
                        .usually(
                            "that a page that is no longer fresh is returned instead of the error.",
                        )
                        .read(LEADER),
                    (None, Ok(_)) => report
                        .usually("that the call downloads again after an error.")
                        .read(LEADER),
                    _ => report.read(SINGLE_FLIGHT),
                }
            });
        }
    });
}

#[test]
fn any_number_of_pages_is_cached() {
    grade(async || {
        let paths: Vec<_> = (0..300).map(|number| format!("/{number}")).collect();
        let site = paths
            .iter()
            .fold(Site::new(), |site, path| site.page(path, ms(1)));
        let cache = Cache::new(site.client(), Duration::from_secs(60));
        for _ in 0..2 {
            for path in &paths {
                let _ = cache.get(path).await;
            }
        }
        let situation = "300 pages are requested one after the other, and then again while all of them are fresh.";
        let usually = "that pages are removed although they are fresh, to keep the cache small.";
        check_downloads(&site, 300, situation, usually, SINGLE_FLIGHT);
    });
}

#[test]
fn similar_paths_are_different_pages() {
    const PATHS: [&str; 10] = [
        "/prices",
        "/Prices",
        "/prices/",
        "/prices?",
        "/prices#a",
        "prices",
        " /prices",
        "//prices",
        "/pr%69ces",
        "",
    ];
    grade(async || {
        let site = PATHS
            .iter()
            .fold(Site::new(), |site, path| site.page(path, ms(10)));
        let cache = Cache::new(site.client(), ms(1000));
        for path in PATHS {
            let seen = cache.get(path).await;
            check(seen == page(path), || {
                Failure::new(format!(
                    "`get({path:?})` should return the page at that path; it returned {}.",
                    match &seen {
                        Ok(page) => format!("the one at {:?}", page.path),
                        Err(error) => format!("{error:?}"),
                    }
                ))
                .usually("that the path is changed before it is looked up, for example to lower case, so that the page of another path is \
                         returned.")
                .read(SINGLE_FLIGHT)
            });
        }
        site.check_requested(&PATHS, SINGLE_FLIGHT);
    });
}

#[test]
fn paths_do_not_wait_for_each_other() {
    grade(async || {
        let site = Site::new()
            .page("/prices", ms(100))
            .page("/news", ms(10))
            .page("/logo", ms(5));
        let cache = Cache::new(site.client(), ms(1000));
        let _ = cache.get("/logo").await;
        let clock = Clock::start();
        let get = async |path| {
            let _ = cache.get(path).await;
            clock.elapsed()
        };
        let (_, other, cached) = tokio::join!(biased; get("/prices"), get("/news"), get("/logo"));
        check((other, cached) == (ms(10), ms(0)), || {
            Failure::new(format!(
                "While a download of 100 ms is in progress, a page of 10 ms should take 10 ms, and a cached page no time; they \
                 took {other:?} and {cached:?}."
            ))
            .usually("that one lock for all pages is held during a download.")
            .read(ONE_LOCK)
        });
    });
}

/// The leader is the caller that downloads, and may be dropped; the follower waits for the same page.
struct Followed {
    site: Site,
    clock: Clock,
    follower: Pin<Box<dyn Future<Output = Outcome>>>,
    /// What the follower got, if it was ready before the leader was dropped.
    outcome: Option<Outcome>,
}

#[test]
fn a_dropped_leader_is_replaced() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/prices", ms(40));
            let cache = Rc::new(Cache::new(site.client(), ms(1000)));
            let get = |cache: Rc<Cache>| Box::pin(async move { cache.get("/prices").await });
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
            let dropped_at = followed.borrow().clock.elapsed();
            let Followed {
                mut follower,
                outcome,
                site,
                clock,
            } = Rc::into_inner(followed)
                .expect("the leader still exists")
                .into_inner();
            let outcome = match outcome {
                Some(outcome) => outcome,
                None => {
                    let waited = tokio::time::timeout(ms(1000), follower.as_mut()).await;
                    check(waited.is_ok(), || {
                        Failure::new(
                            "Another caller waits for the same page, and should get it; it has been waiting for a second.",
                        )
                            .usually(
                                "that the cache still names a download in progress, because the statement that resets it comes after the \
                                 `.await`. A dropped future never reaches it.",
                            )
                            .read(LEADER)
                    });
                    waited.expect("it was checked above")
                }
            };
            let took = clock.elapsed() - dropped_at;
            let right = outcome == page("/prices") && took <= ms(40) && site.peak_in_flight() == 1;
            check(right, || {
                Failure::new(format!(
                    "Another caller waits for the same page. It should have the page within 40 ms, with one download at a time; it \
                     got {} after {took:?}, with up to {} at a time.",
                    describe(&outcome),
                    site.peak_in_flight()
                ))
                .usually(if site.peak_in_flight() > 1 {
                    "that the download continues without its caller."
                } else if outcome.is_err() {
                    "that cancellation is treated like an error."
                } else {
                    "that a waiting caller checks only from time to time."
                })
                .read(LEADER)
            });
        },
    );
}

#[test]
fn a_dropped_caller_does_not_stop_the_others() {
    drop_one_of_many(
        async || {
            let site = Site::new()
                .broken("/prices", ms(20))
                .page("/prices", ms(40));
            let cache = Rc::new(Cache::new(site.client(), ms(1000)));
            let callers = [0, 5, 10, 15].map(|arrives| {
                let cache = Rc::clone(&cache);
                async move {
                    sleep(ms(arrives)).await;
                    tokio::time::timeout(ms(1000), cache.get("/prices"))
                        .await
                        .ok()
                }
            });
            (callers.into(), site)
        },
        async |outcomes, site| {
            let seen: Vec<_> = outcomes.into_iter().flatten().collect();
            let pages = seen
                .iter()
                .filter(|seen| **seen == Some(page("/prices")))
                .count();
            let errors = seen
                .iter()
                .filter(|seen| **seen == Some(broken("/prices")))
                .count();
            let right = pages + errors == 3 && errors <= 1 && site.peak_in_flight() == 1;
            check(right, || {
                Failure::new(format!(
                    "Four callers request the same page, one of them is dropped, and the first download fails. Of the other 3, at \
                     most 1 should get the error and the rest the page, with one download at a time; within a second {pages} had \
                     the page and {errors} an error, with up to {} downloads at a time.",
                    site.peak_in_flight()
                ))
                .usually(if site.peak_in_flight() > 1 {
                    "that the entry is removed when a download fails or is dropped, while other callers are waiting at it."
                } else if errors > 1 {
                    "that an error is returned to callers that have not downloaded."
                } else {
                    "that the next caller is chosen to download when the one before it has failed or was dropped, and the next \
                     caller was dropped as well. Nothing chooses another one then."
                })
                .read(LEADER)
            });
        },
    );
}

#[test]
fn a_dropped_caller_leaves_no_download() {
    drop_at_every_await(
        async || {
            let site = Site::new().page("/prices", ms(40));
            let cache = Cache::new(site.client(), ms(1000));
            (async move { cache.get("/prices").await }, site)
        },
        async |site| {
            let running = site.in_flight();
            check(running == 0, || {
                Failure::new(format!(
                    "No caller is waiting, so no download should be in progress; there are {running}."
                ))
                .usually("that the download was spawned. A future that is awaited in place stops when it is dropped.")
                .read("gather-pitfalls.html#spawned-tasks-run-on")
            });
        },
    );
}

#[test]
fn at_most_one_download_in_any_order() {
    grade_cases(async |case| {
        let site = Site::new().broken("/prices", ms(2)).page("/prices", ms(3));
        let cache = Cache::new(site.client(), ms(4));
        let callers = (0..8).map(|_| {
            let (cache, case) = (&cache, &case);
            async move {
                sleep(ms(case.below(12))).await;
                case.turns().await;
                case.drop_somewhere(cache.get("/prices")).await
            }
        });
        let outcomes = case.join(callers).await;
        let failed = outcomes
            .iter()
            .flatten()
            .filter(|outcome| outcome.is_err())
            .count();
        let peak = site.peak_in_flight();
        let checks_and_downloads = failed > 1
            || peak > 1 && {
                let site = Site::new().page("/prices", ms(3));
                let cache = Cache::new(site.client(), ms(4));
                join_all((0..8).map(|_| cache.get("/prices"))).await;
                site.peak_in_flight() > 1
            };
        check(failed <= 1 && peak <= 1, || {
            Failure::new(format!(
                "Eight callers arrive at different times, and some are dropped. One download fails, so at most one caller should \
                 get an error, and at most one download should be in progress at a time; {failed} got one, and up to {peak} were \
                 in progress."
            ))
            .usually(if checks_and_downloads {
                "that checking for a download and registering one are two steps with an `.await` in between."
            } else {
                "that the entry is removed while other callers are waiting at it, so that a later caller makes another one."
            })
            .read(SINGLE_FLIGHT)
        });
    });
}
