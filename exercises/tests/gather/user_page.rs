//! `user_page`: one download first, then two that need its result.

use super::*;
use exercises::gather::{UserPage, user_page};
use grading::Case;

/// How long the slow download takes after the other one has failed.
const SLOW: Duration = ms(3_000_000);

/// A user, the customer number on their page, and how long the three pages take.
struct Visit {
    user: u32,
    customer: String,
    times: [Duration; 3],
}

/// The customer numbers may start with zeros, and may have more digits than a `u64`.
fn drawn_visit(case: &Case) -> Visit {
    let user = case.number("user", u32::MAX.into()) as u32;
    let zeros = case.size("zeros before the customer number", 0..=9);
    let number = case.number("customer number", u64::MAX);
    let longest = case.long_time("longest time").max(ms(50));
    let mut time = |page| case.whole_ms(page, longest.as_millis() as u64);
    Visit {
        user,
        customer: format!("{}{number}", "0".repeat(zeros)),
        times: ["user after", "orders after", "profile after"].map(&mut time),
    }
}

impl Visit {
    fn paths(&self) -> [String; 3] {
        [
            format!("/users/{}", self.user),
            format!("/orders/{}", self.customer),
            format!("/profiles/{}", self.customer),
        ]
    }

    fn site(&self) -> Site {
        let [user, orders, profile] = self.paths();
        let [user_time, orders_time, profile_time] = self.times;
        Site::new()
            .page_with_body(&user, user_time, self.customer.clone())
            .page(&orders, orders_time)
            .page(&profile, profile_time)
    }
}

/// One test explains this mistake; the others fail because of it as well.
const REQUESTED_OTHERS: &str =
    "that another page was requested. See `uses_the_customer_number_from_the_user_page`.";

fn requested_others(site: &Site, paths: &[String]) -> bool {
    site.started().iter().any(|path| !paths.contains(path))
}

#[test]
fn orders_and_profile_overlap() {
    grade_cases(async |case| {
        let visit = drawn_visit(&case);
        let (site, clock) = (visit.site(), Clock::start());
        let _ = user_page(&site.client(), visit.user).await;
        let [first, orders, profile] = visit.times;
        let expected = first + orders.max(profile);
        check(clock.elapsed() == expected, || {
            let failure = Failure::new(format!(
                "The user takes {}, then the orders {} and at the same time the profile {}: {} \
                 together; it took {}.",
                in_ms(first),
                in_ms(orders),
                in_ms(profile),
                in_ms(expected),
                in_ms(clock.elapsed())
            ));
            if clock.elapsed() == first + orders + profile {
                failure.usually(
                    "that orders and profile ran one after the other: only futures that are awaited \
                     together overlap.",
                )
                .read("gather-pitfalls.html#awaited-too-early")
            } else if requested_others(&site, &visit.paths()) {
                failure
                    .usually(REQUESTED_OTHERS)
                    .read("gather-exercises.html#user_page")
            } else {
                failure.read("gather-try-join.html#try_join")
            }
        });
    });
}

#[test]
fn uses_the_customer_number_from_the_user_page() {
    grade_cases(async |case| {
        let visit = drawn_visit(&case);
        let site = visit.site();
        let seen = user_page(&site.client(), visit.user).await;
        let [user, orders, profile] = visit.paths();
        let started = site.started();
        check(started.first() == Some(&user), || {
            Failure::new(format!(
                "{user} should be requested first; the requests were {}.",
                started.describe()
            ))
            .usually("that the other pages are requested before the customer number is known.")
            .read("gather-exercises.html#user_page")
        });
        let mut expected = page(&user);
        expected.body = visit.customer.clone();
        let expected = Ok(UserPage {
            user: expected,
            orders: page(&orders),
            profile: page(&profile),
        });
        check(seen == expected, || {
            let failure = Failure::new(format!(
                "It should return {}; it returned {}.",
                expected.describe(),
                seen.describe()
            ));
            if requested_others(&site, &visit.paths()) {
                failure.usually(
                    "that the requests were made before the user's page had arrived, or with \
                     a number other than its body.",
                )
            } else {
                failure
            }
            .read("gather-exercises.html#user_page")
        });
        site.check_requested(&visit.paths(), "gather-exercises.html#user_page");
    });
}

/// A path that fails after `time`, and its error.
fn failing(case: &Case, site: Site, path: &str, time: Duration) -> (Site, WebError) {
    match case.pick("error", &[500, 404]) {
        500 => (site.broken(path, time), server_error(path)),
        _ => (site.missing(path, time), not_found(path)),
    }
}

#[test]
fn requests_nothing_else_if_the_user_page_fails() {
    grade_cases(async |case| {
        let user = case.number("user", u32::MAX.into()) as u32;
        let (path, time) = (format!("/users/{user}"), case.whole_ms("user after", 50));
        let (site, error) = failing(&case, Site::new(), &path, time);
        let clock = Clock::start();
        let seen = user_page(&site.client(), user).await;
        check(seen == Err(error) && clock.elapsed() == time, || {
            Failure::new(format!(
                "When the user's page fails, that should be the result, at {}; at {} it was {}.",
                in_ms(time),
                in_ms(clock.elapsed()),
                seen.describe()
            ))
            .read("gather-try-join.html#try_join")
        });
        let started = site.started();
        check(started == [&*path], || {
            let failure = Failure::new(format!(
                "Without a customer number, nothing else should be requested; the requests were {}.",
                started.describe()
            ));
            if started.iter().all(|request| *request == path) {
                failure.usually("that a request is made again after it has failed.")
            } else {
                failure
            }
            .read("gather-try-join.html#try_join")
        });
    });
}

#[test]
fn the_first_error_cancels_the_other_download() {
    grade_cases(async |case| {
        let (visit, tasks) = (drawn_visit(&case), Tasks::baseline());
        let [user, orders, profile] = visit.paths();
        let [first, time, _] = visit.times;
        let (broken, slow) = if *case.pick("fails", &["orders", "profile"]) == "orders" {
            (orders, profile)
        } else {
            (profile, orders)
        };
        let site = Site::new()
            .page_with_body(&user, first, &*visit.customer)
            .page(&slow, time + SLOW);
        let (site, error) = failing(&case, site, &broken, time);
        let (clock, instant) = (Clock::start(), first + time);
        let seen = user_page(&site.client(), visit.user).await;
        let took = clock.elapsed();
        let waited = took == first + time + SLOW && site.finished().contains(&slow);
        check(seen == Err(error) && took == instant, || {
            let failure = Failure::new(format!(
                "{broken} fails at {}, and this should be the result at that instant; at {} it was {}.",
                in_ms(instant),
                in_ms(took),
                seen.describe()
            ));
            if requested_others(&site, &visit.paths()) {
                failure
                    .usually(REQUESTED_OTHERS)
                    .read("gather-exercises.html#user_page")
            } else if site.started().len() > 3 {
                failure
                    .usually("that a request is made again after it has failed.")
                    .read("gather-exercises.html#user_page")
            } else if waited && site.started().len() == 3 && site.peak_in_flight() == 2 {
                failure.usually("that the answer waited for the other download before it looked at the error.")
                    .read("gather-try-join.html#try_join")
            } else {
                failure.read("gather-try-join.html#try_join")
            }
        });
        check_nothing_runs_on(&site, tasks, "At the first error").await;
    });
}

fn visit() -> Visit {
    Visit {
        user: 7,
        customer: "4711".to_owned(),
        times: [30, 50, 20].map(ms),
    }
}

#[test]
fn cancels_its_downloads_when_dropped() {
    drop_at_every_await(
        async || {
            let (site, tasks) = (visit().site(), Tasks::baseline());
            let client = site.client();
            (
                async move { user_page(&client, visit().user).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| {
            check_nothing_runs_on(&site, tasks, "When the future is dropped").await
        },
    );
}

impl Describe for UserPage {
    fn describe(&self) -> String {
        let Self {
            user,
            orders,
            profile,
        } = self;
        format!(
            "user {}, orders {}, profile {}",
            user.describe(),
            orders.describe(),
            profile.describe()
        )
    }
}
