//! `user_page`: one download first, then two that need its result.

use super::*;
use exercises::gather::{UserPage, user_page};

/// A user, the customer number on their page, and how many milliseconds the three pages take.
struct Visit {
    user: u32,
    customer: &'static str,
    times: [u64; 3],
}

const VISITS: [Visit; 2] = [
    Visit {
        user: 7,
        customer: "4711",
        times: [30, 50, 20],
    },
    Visit {
        user: 12,
        customer: "0905",
        times: [20, 10, 40],
    },
];

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
        let [user_time, orders_time, profile_time] = self.times.map(ms);
        Site::new()
            .page_with_body(&user, user_time, self.customer.to_string())
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
    for visit in VISITS {
        grade(async || {
            let site = visit.site();
            let clock = Clock::start();
            let _ = user_page(&site.client(), visit.user).await;
            let [first, orders, profile] = visit.times.map(ms);
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
                    failure
                        .usually("that a page was not requested, or was requested too early.")
                        .read("gather-try-join.html#try_join")
                }
            });
        });
    }
}

#[test]
fn uses_the_customer_number_from_the_user_page() {
    for visit in VISITS {
        grade(async || {
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
            expected.body = visit.customer.to_string();
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
                    failure.usually(format!(
                        "that the requests were made before the user's page had arrived, or with \
                         a number other than its body, {}.",
                        visit.customer
                    ))
                } else {
                    failure.usually("that a page is in the place of another.")
                }
                .read("gather-exercises.html#user_page")
            });
            check_downloaded(&site, &as_strs(&visit.paths()));
        });
    }
}

#[test]
fn requests_nothing_else_if_the_user_page_fails() {
    grade(async || {
        let site = Site::new().broken("/users/7", ms(30));
        let clock = Clock::start();
        let seen = user_page(&site.client(), 7).await;
        let expected = Err(server_error("/users/7"));
        check(seen == expected && clock.elapsed() == ms(30), || {
            Failure::new(format!(
                "When the user's page fails, that should be the result, at 30 ms; at {} it was {}.",
                in_ms(clock.elapsed()),
                seen.describe()
            ))
            .usually("that another error occurred first, or has replaced this one.")
            .read("gather-try-join.html#try_join")
        });
        check(site.started() == ["/users/7"], || {
            Failure::new(format!(
                "Without a customer number, nothing else should be requested; the requests were {}.",
                site.started().describe()
            ))
            .usually("that orders and profile are requested together with the user.")
            .read("gather-try-join.html#try_join")
        });
    });
}

#[test]
fn the_first_error_cancels_the_other_download() {
    for (broken, slow) in [
        ("/orders/4711", "/profiles/4711"),
        ("/profiles/4711", "/orders/4711"),
    ] {
        grade(async || {
            let tasks = Tasks::baseline();
            let site = Site::new()
                .page_with_body("/users/7", ms(30), "4711")
                .broken(broken, ms(10))
                .page(slow, ms(50));
            let clock = Clock::start();
            let seen = user_page(&site.client(), 7).await;
            let (took, finished) = (clock.elapsed(), site.finished());
            check(seen == Err(server_error(broken)) && took == ms(40), || {
                let failure = Failure::new(format!(
                    "{broken} fails at 40 ms, and this should be the result at that instant; at {} \
                     it was {}.",
                    in_ms(took),
                    seen.describe()
                ));
                if requested_others(&site, &["/users/7", broken, slow].map(str::to_owned)) {
                    failure
                        .usually(REQUESTED_OTHERS)
                        .read("gather-exercises.html#user_page")
                } else if finished.iter().any(|path| path == slow) {
                    failure.usually("that the answer waited for the other download before it looked at the error.")
                        .read("gather-try-join.html#try_join")
                } else {
                    failure
                        .usually("that the error was replaced by another, or not returned.")
                        .read("gather-try-join.html#try_join")
                }
            });
            check_nothing_runs_on(&site, tasks, "At the first error").await;
        });
    }
}

#[test]
fn cancels_its_downloads_when_dropped() {
    drop_at_every_await(
        async || {
            let (site, tasks) = (VISITS[0].site(), Tasks::baseline());
            let client = site.client();
            (
                async move { user_page(&client, VISITS[0].user).await },
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
