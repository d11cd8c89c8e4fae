//! `fetch_with_deadline`: a limit for each request, a deadline for all of them.

use std::future::poll_fn;

use super::*;
use exercises::timeouts::{Outcome, fetch_with_deadline};
use grading::web::{DrawnRequest, Page, Responses, Site, WebError};
use tokio::runtime::Handle;

/// What should come of some requests.
#[derive(Default)]
struct Expected {
    outcomes: Vec<Outcome>,
    /// The paths that are requested.
    requested: Vec<String>,
    /// When each outcome is known.
    ends: Vec<Duration>,
}

impl Expected {
    fn of(requests: &[DrawnRequest], limit: Duration, deadline: Duration) -> Self {
        let (mut expected, mut now) = (Self::default(), Duration::ZERO);
        for request in requests {
            let give_up = deadline.min(now + limit);
            let outcome = if now >= deadline {
                Outcome::DeadlinePassed
            } else {
                expected.requested.push(request.path.clone());
                let in_time = now + request.latency <= give_up;
                now = give_up.min(now + request.latency);
                match in_time {
                    true => Outcome::Response(request.outcome.clone()),
                    false if give_up == deadline => Outcome::DeadlinePassed,
                    false => Outcome::LimitExceeded,
                }
            };
            expected.outcomes.push(outcome);
            expected.ends.push(now);
        }
        expected
    }

    fn end(&self) -> Duration {
        self.ends.last().copied().unwrap_or_default()
    }
}

/// What an answer has done.
struct Seen {
    outcomes: Vec<Outcome>,
    took: Duration,
    /// Whether there was a task of its own after one of its polls.
    spawned: bool,
}

async fn fetch(
    site: &Site,
    requests: &[DrawnRequest],
    limit: Duration,
    deadline: Duration,
) -> Seen {
    let paths: Vec<&str> = requests.iter().map(|request| &*request.path).collect();
    let deadline = Instant::now() + deadline;
    fetch_until(site, &paths, limit, deadline).await
}

async fn fetch_until(site: &Site, paths: &[&str], limit: Duration, deadline: Instant) -> Seen {
    let alive = || Handle::current().metrics().num_alive_tasks();
    let (clock, client, before) = (Clock::start(), site.client(), alive());
    let mut answer = pin!(fetch_with_deadline(&client, paths, limit, deadline));
    let mut spawned = false;
    let outcomes = poll_fn(|cx| {
        let polled = answer.as_mut().poll(cx);
        spawned |= alive() > before;
        polled
    })
    .await;
    Seen {
        outcomes,
        took: clock.elapsed(),
        spawned,
    }
}

/// Sites whose pages take these times, in milliseconds.
fn pages(latencies: &[u64]) -> (Site, Vec<DrawnRequest>) {
    let mut site = Site::new();
    let mut requests = Vec::new();
    for (n, &latency) in latencies.iter().enumerate() {
        let (path, latency) = (format!("/{n}"), ms(latency));
        site = site.page(&path, latency);
        let body = format!("body of {path}");
        let outcome = Ok(Page {
            path: path.clone(),
            body,
        });
        requests.push(DrawnRequest {
            path,
            latency,
            outcome,
        });
    }
    (site, requests)
}

fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Response(Ok(page)) => format!("{:?}", page.body),
        Outcome::Response(Err(WebError::NotFound { .. })) => "404".to_owned(),
        Outcome::Response(Err(WebError::ServerError { .. })) => "500".to_owned(),
        Outcome::LimitExceeded => "LimitExceeded".to_owned(),
        Outcome::DeadlinePassed => "DeadlinePassed".to_owned(),
    }
}

fn words(outcomes: &[Outcome]) -> String {
    list(outcomes.iter().map(word))
}

/// Compares outcomes and the time taken.
fn check_outcomes(
    seen: &Seen,
    expected: &Expected,
    given: &str,
    usually: impl Into<Option<&'static str>>,
    read: &str,
) {
    let same = seen.outcomes == expected.outcomes && seen.took == expected.end();
    check(same, || {
        Failure::new(format!(
            "{given} the outcomes should be {} after {}; they were {} after {}.",
            words(&expected.outcomes),
            in_ms(expected.end()),
            words(&seen.outcomes),
            in_ms(seen.took)
        ))
        .usually_if(usually.into())
        .read(read)
    });
}

/// The meaning, if no request was in a task: a response that comes from there reaches the answer a turn later.
fn unless_spawned(seen: &Seen, usually: &'static str) -> &'static str {
    match seen.spawned {
        true => {
            "that the request is in a task of its own. Its response reaches this function a turn later, when the timer has \
             expired as well."
        }
        false => usually,
    }
}

/// `60 ms, 900 ms`
fn latencies(requests: &[DrawnRequest]) -> String {
    list(requests.iter().map(|request| in_ms(request.latency)))
}

#[test]
fn downloads_one_after_the_other() {
    grade_cases(async |case| {
        let count = case.size("paths", 0..=40);
        let (site, requests) = Site::drawn(&case, count, Responses::Any);
        let seen = fetch(&site, &requests, LONG, LONG).await;
        let peak = site.peak_in_flight();
        check(peak <= 1, || {
            Failure::new(format!(
                "At most one request should be in flight at a time; there were {peak}."
            ))
            .usually(
                "that all downloads were awaited together, or that a request was still running when the next one began.",
            )
            .read(ITEMS)
        });
        let expected = Expected::of(&requests, LONG, LONG);
        let given = format!(
            "With a limit of a minute, a deadline in a minute and responses after {},",
            latencies(&requests)
        );
        let latencies: Vec<_> = requests.iter().map(|request| request.latency).collect();
        let usually = match ends_at_an_error(&seen, &expected) {
            true => is_right_without_errors(&latencies).await.then_some(
                "that an error ends the function, or that several of them do. It is a response, and the paths after it are \
                 still due.",
            ),
            false => None,
        };
        check_outcomes(&seen, &expected, &given, usually, ITEMS);
        site.check_requested(&expected.requested, ITEMS);
    });
}

/// Whether the first outcome that is wrong or missing follows an error.
fn ends_at_an_error(seen: &Seen, expected: &Expected) -> bool {
    let pairs = seen.outcomes.iter().zip(&expected.outcomes);
    let same = pairs.take_while(|(a, b)| a == b).count();
    let before = same.checked_sub(1).map(|before| &expected.outcomes[before]);
    same < expected.outcomes.len() && matches!(before, Some(Outcome::Response(Err(_))))
}

/// Whether the outcomes are right if all responses that take these times are pages.
async fn is_right_without_errors(latencies: &[Duration]) -> bool {
    let latencies: Vec<_> = latencies
        .iter()
        .map(|time| time.as_millis() as u64)
        .collect();
    let (site, requests) = pages(&latencies);
    let seen = fetch(&site, &requests, LONG, LONG).await;
    seen.outcomes == Expected::of(&requests, LONG, LONG).outcomes
}

#[test]
fn limits_may_be_days() {
    grade_cases(async |case| {
        let limit = ms(5) + case.long_time("limit beyond 5 ms");
        let left = *case.pick(
            "for the second request, there is",
            &[Left::Limit, Left::Half],
        );
        let deadline = limit
            + match left {
                Left::Limit => limit + ms(1),
                Left::Half => ms(limit.as_millis() as u64 / 2),
            };
        let time = limit.as_millis() as u64;
        let (site, requests) = pages(&[time - 1, time + 1]);
        let seen = fetch(&site, &requests, limit, deadline).await;
        check_outcomes(
            &seen,
            &Expected::of(&requests, limit, deadline),
            &format!(
                "With a limit of {}, a deadline after {} and responses after {},",
                in_ms(limit),
                in_ms(deadline),
                latencies(&requests)
            ),
            None,
            DEADLINE,
        );
    });
}

/// How much time is left for a request until the deadline.
#[derive(Debug, Clone, Copy)]
enum Left {
    /// More than its limit
    Limit,
    /// Half of its limit
    Half,
}

#[test]
fn each_request_has_its_own_limit() {
    grade_cases(async |case| {
        let count = case.size("slow pages", 1..=12);
        let limit = ms(2) + case.whole_ms("limit beyond 2 ms", 98);
        let (site, requests) = pages(&[&vec![60_000; count][..], &[1]].concat());
        let seen = fetch(&site, &requests, limit, LONG).await;
        let expected = Expected::of(&requests, limit, LONG);
        site.check_requested(&expected.requested, ITEMS);
        check_outcomes(
            &seen,
            &expected,
            &format!(
                "With a limit of {} and {} without a response before the last one,",
                in_ms(limit),
                plural(count, "download")
            ),
            (seen.took < expected.end()).then_some(
                "that a limit begins before its request is made: it is computed, or its `timeout` is created, before the \
                 loop. It begins when its request is made.",
            ),
            "timeouts-pitfalls.html#a-limit-begins-when-timeout-is-called",
        );
    });
}

#[test]
fn cancels_an_expired_request_at_once() {
    grade_cases(async |case| {
        let (limit, count) = (
            ms(1) + case.whole_ms("limit beyond 1 ms", 99),
            case.size("slow pages", 1..=5),
        );
        let tasks = Tasks::baseline();
        let (site, requests) = pages(&vec![60_000; count]);
        fetch(&site, &requests, limit, LONG).await;
        let (running, peak) = (site.in_flight(), site.peak_in_flight());
        let left = tasks.left_behind().await;
        check((running, left) == (0, 0) && peak <= 1, || {
            Failure::new(format!(
                "A request should be cancelled when its limit is up, so that at most one is in flight and none when the \
                 function returns; there were up to {peak}, and {running} at the end."
            ))
            .usually(
                "that a request was spawned: a timeout around the handle of a task drops the handle, and the task runs on.",
            )
            .read(RUNS_ON)
        });
    });
}

#[test]
fn keeps_what_has_arrived_by_the_deadline() {
    grade_cases(async |case| {
        let arrived = case.size("arrived", 0..=12);
        let left = case.size("left", 1..=12);
        let latencies = [vec![10; arrived], vec![500; left]].concat();
        let (site, requests) = pages(&latencies);
        let deadline = ms(10 * arrived as u64 + 7);
        let in_flight = grading::spawn({
            let site = site.clone();
            async move {
                sleep(deadline + ms(1)).await;
                site.in_flight()
            }
        });
        let seen = fetch(&site, &requests, ms(100), deadline).await;
        let runs_on = in_flight.await.is_ok_and(|requests| requests > 0);
        let expected = Expected::of(&requests, ms(100), deadline);
        let given = format!(
            "When {arrived} of {} responses have arrived by the deadline, {} after the start,",
            arrived + left,
            in_ms(deadline)
        );
        let has_lost = seen
            .outcomes
            .iter()
            .all(|outcome| *outcome == Outcome::DeadlinePassed);
        let usually = if seen.took > deadline && runs_on {
            Some(
                "that the deadline is looked at only between two requests, or begins again with each of them: the request in \
                 progress has to end at the deadline as well.",
            )
        } else if seen.took > deadline {
            Some(
                "that something is awaited after the request in progress has ended at the deadline.",
            )
        } else if !seen.outcomes.is_empty() && expected.outcomes.starts_with(&seen.outcomes) {
            Some(
                "that the loop ends at the deadline. The paths that are left have an outcome, too.",
            )
        } else if has_lost && arrived > 0 {
            Some(
                "that a timeout is around the whole loop, so that the outcomes are dropped with it.",
            )
        } else {
            None
        };
        check_outcomes(&seen, &expected, &given, usually, ITEMS);
    });
}

#[test]
fn a_response_exactly_at_its_limit_is_in_time() {
    grade_cases(async |case| {
        let limit = ms(2) + case.whole_ms("limit beyond 2 ms", 98);
        let time = limit.as_millis() as u64;
        let (site, requests) = pages(&[time, time + 1, time - 1]);
        let seen = fetch(&site, &requests, limit, LONG).await;
        let expected = Expected::of(&requests, limit, LONG);
        check_outcomes(
            &seen,
            &expected,
            &format!(
                "With a limit of {} and responses after {},",
                in_ms(limit),
                latencies(&requests)
            ),
            unless_spawned(
                &seen,
                "that the timer is looked at before the response, or that both are tried in a random order. A response at the \
             very instant is in time; one a millisecond later is not.",
            ),
            EXACTLY,
        );
    });
}

#[test]
fn a_response_exactly_at_the_deadline_is_in_time() {
    grade_cases(async |case| {
        let first = case.whole_ms("first response", 50);
        let second = 2 + case.whole_ms("second response beyond 2 ms", 50).as_millis() as u64;
        let first = first.as_millis() as u64;
        for late in [0, 1] {
            let (site, requests) = pages(&[first, second + late]);
            let deadline = ms(first + second);
            let seen = fetch(&site, &requests, LONG, deadline).await;
            let expected = Expected::of(&requests, LONG, deadline);
            check_outcomes(
                &seen,
                &expected,
                &format!(
                    "With a deadline after {} and responses after {}, one after the other,",
                    in_ms(deadline),
                    latencies(&requests)
                ),
                unless_spawned(
                    &seen,
                    "that the clock is looked at before the response, or that both are tried in a random order. A response at \
                 the very instant is in time; one a millisecond later is not.",
                ),
                EXACTLY,
            );
        }
    });
}

#[test]
fn the_deadline_wins_if_the_limit_is_up_as_well() {
    grade_cases(async |case| {
        let limit = ms(1) + case.whole_ms("limit beyond 1 ms", 99);
        let (site, requests) = pages(&[60_000, 60_000]);
        let seen = fetch(&site, &requests, limit, 2 * limit).await;
        let expected = Expected::of(&requests, limit, 2 * limit);
        check_outcomes(
            &seen,
            &expected,
            &format!(
                "When the limit of {} of the second request is up exactly at the deadline,",
                in_ms(limit)
            ),
            "that a timeout for the limit is inside one for the deadline: the inner one is polled first, and it expires.",
            EXACTLY,
        );
    });
}

#[test]
fn makes_no_request_at_the_deadline() {
    grade_cases(async |case| {
        let time = case.whole_ms("response", 50).as_millis() as u64;
        let left = case.size("left", 1..=5);
        let (site, requests) = pages(&[vec![time], vec![20; left]].concat());
        let seen = fetch(&site, &requests, LONG, ms(time)).await;
        let expected = Expected::of(&requests, LONG, ms(time));
        let started = site.started();
        let usually = match started == expected.requested {
            true => None,
            false => requests_after_a_deadline().await,
        };
        check(started == expected.requested, || {
            let started: Vec<_> = started.iter().map(String::as_str).collect();
            Failure::new(format!(
                "With a deadline after {time} ms, and a first response that takes {time} ms, {} should be made; there {} {}.",
                match expected.requested.len() {
                    0 => "no request".to_owned(),
                    _ => "one request".to_owned(),
                },
                if started.len() == 1 { "was" } else { "were" },
                started.len(),
            ))
            .usually_if(usually)
            .read(EXACTLY)
        });
        check_outcomes(&seen, &expected, "At the deadline", None, EXACTLY);
    });
}

/// Why a request is made at the deadline: what an answer does after it, as soon as virtual time has passed and before.
async fn requests_after_a_deadline() -> Option<&'static str> {
    let mut made = [0; 2];
    for made in &mut made {
        let (site, _) = pages(&[10]);
        fetch_until(&site, &["/0"], ms(30), Instant::now() - ms(1)).await;
        *made = site.started().len();
        sleep(LONG).await;
    }
    match made {
        [0, 0] => Some(
            "that the deadline itself is taken for a time before it: `>` where `>=` is right. At the deadline no request is \
             made.",
        ),
        [0, 1] => Some(
            "that the deadline is compared with another clock than tokio's, which stands still here.",
        ),
        _ => Some(
            "that a request is made and then cancelled: even a timeout whose time has passed polls its future once. \
             Compare the clock with the deadline before.",
        ),
    }
}

#[test]
fn a_deadline_in_the_past_makes_no_request() {
    grade(async || {
        let (site, requests) = pages(&[10, 10, 10]);
        sleep(ms(100)).await;
        let paths = ["/0", "/1", "/2"];
        for ago in [1, 50] {
            let seen = fetch_until(&site, &paths, ms(30), Instant::now() - ms(ago)).await;
            let expected = Expected::of(&requests, ms(30), Duration::ZERO);
            check_outcomes(
                &seen,
                &expected,
                &format!("With a deadline that passed {ago} ms ago"),
                None,
                "timeouts-pitfalls.html#subtracting-durations-panics",
            );
            site.check_requested::<&str>(&[], EXACTLY);
        }
    });
}

#[test]
fn any_limit_and_any_deadline() {
    grade_cases(async |case| {
        let count = case.size("paths", 0..=12);
        let (site, requests) = Site::drawn(&case, count, Responses::Any);
        let limit = ms(1) + case.whole_ms("limit beyond 1 ms", 40);
        let endless = Expected::of(&requests, limit, LONG);
        let at = case.size("deadline after this many", 0..=count);
        let shift = *case.pick("and", &["exactly", "1 ms more", "3 ms less"]);
        let end = match at {
            0 => Duration::ZERO,
            at => endless.ends[at - 1],
        };
        let deadline = match shift {
            "exactly" => end,
            "1 ms more" => end + ms(1),
            _ => end.saturating_sub(ms(3)),
        };
        let seen = fetch(&site, &requests, limit, deadline).await;
        let expected = Expected::of(&requests, limit, deadline);
        let given = format!(
            "With a limit of {}, a deadline after {} and responses after {},",
            in_ms(limit),
            in_ms(deadline),
            latencies(&requests)
        );
        check_outcomes(&seen, &expected, &given, None, DEADLINE);
        site.check_requested(&expected.requested, EXACTLY);
    });
}

#[test]
fn cancels_the_request_when_dropped() {
    drop_at_every_await(
        async || {
            let ((site, _), tasks) = (pages(&[20, 90, 30]), Tasks::baseline());
            let (client, deadline) = (site.client(), Instant::now() + ms(65));
            let answer = async move {
                fetch_with_deadline(&client, &["/0", "/1", "/2"], ms(40), deadline).await
            };
            (answer, (site, tasks))
        },
        async |(site, tasks)| {
            let (running, left) = (site.in_flight(), tasks.left_behind().await);
            check((running, left) == (0, 0), || {
                Failure::new(format!(
                    "When the future is dropped, everything should stop; still running: {running} of its requests, {left} \
                     of its tasks."
                ))
                .usually("that a request was spawned: dropping the handle of a task does not stop it.")
                .read(RUNS_ON)
            });
        },
    );
}
