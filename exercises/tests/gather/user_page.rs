//! `user_page`: one download first, then two that need its result.

use super::*;
use exercises::gather::{UserPage, user_page};

/// A user, the customer number on their page, and the milliseconds that the three pages take.
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

/// One test explains it; the others fail of it, too.
const ASKED_FOR_OTHERS: &str =
    "that another page was asked for. See `asks_for_the_customer_of_the_user`.";

fn asked_for_others(site: &Site, paths: &[String]) -> bool {
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
                let miss = Failure::new(format!(
                    "The user takes {}, then the orders {} and at the same time the profile {}: {} \
                     together; it took {}.",
                    in_ms(first),
                    in_ms(orders),
                    in_ms(profile),
                    in_ms(expected),
                    in_ms(clock.elapsed())
                ));
                if clock.elapsed() == first + orders + profile {
                    miss.usually(
                        "that orders and profile ran one after the other: only what is awaited \
                         together runs together.",
                    )
                    .read("gather-pitfalls.html#awaited-too-early")
                } else if asked_for_others(&site, &visit.paths()) {
                    miss.usually(ASKED_FOR_OTHERS)
                } else {
                    miss.usually("that something was not asked for, or was asked for too early.")
                        .read("gather.html#try_join")
                }
            });
        });
    }
}

#[test]
fn asks_for_the_customer_of_the_user() {
    for visit in VISITS {
        grade(async || {
            let site = visit.site();
            let seen = user_page(&site.client(), visit.user).await;
            let [user, orders, profile] = visit.paths();
            let started = site.started();
            check(started.first() == Some(&user), || {
                Failure::new(format!(
                    "{user} should be asked for first; the requests were {}.",
                    started.told()
                ))
                .usually("that the number of the user was taken for the number of the customer.")
            });
            let mut expected = page(&user);
            expected.body = visit.customer.to_string();
            let expected = Ok(UserPage {
                user: expected,
                orders: page(&orders),
                profile: page(&profile),
            });
            check(seen == expected, || {
                let miss = Failure::new(format!(
                    "It should give {}; it gave {}.",
                    told(&expected),
                    told(&seen)
                ));
                if asked_for_others(&site, &visit.paths()) {
                    miss.usually(format!(
                        "that the requests were made before the user's page had arrived, or with \
                         another number than its body, {}.",
                        visit.customer
                    ))
                } else {
                    miss.usually("that a page stands in the place of another.")
                }
            });
            check_downloaded(&site, &as_strs(&visit.paths()));
        });
    }
}

#[test]
fn without_the_user_nothing_else_is_asked_for() {
    grade(async || {
        let site = Site::new().broken("/users/7", ms(30));
        let clock = Clock::start();
        let seen = user_page(&site.client(), 7).await;
        let expected = Err(server_error("/users/7"));
        check(seen == expected && clock.elapsed() == ms(30), || {
            Failure::new(format!(
                "When the user's page fails, that should be the result, at 30 ms; at {} it was {}.",
                in_ms(clock.elapsed()),
                told(&seen)
            ))
            .usually("that another error came first, or hides this one.")
            .read("gather.html#try_join")
        });
        check(site.started() == ["/users/7"], || {
            Failure::new(format!(
                "Nothing else should be asked for without a customer; the requests were {}.",
                site.started().told()
            ))
            .usually("that orders and profile are asked for together with the user.")
            .read("gather.html#try_join")
        });
    });
}

#[test]
fn the_first_error_stops_the_other() {
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
                let miss = Failure::new(format!(
                    "{broken} fails at 40 ms, and this should be the result at that instant; at {} \
                     it was {}.",
                    in_ms(took),
                    told(&seen)
                ));
                if asked_for_others(&site, &["/users/7", broken, slow].map(str::to_owned)) {
                    miss.usually(ASKED_FOR_OTHERS)
                } else if finished.iter().any(|path| path == slow) {
                    miss.usually("that the answer waited for the other download before it looked.")
                        .read("gather.html#try_join")
                } else {
                    miss.usually("that the error was replaced by another, or not passed on.")
                        .read("gather.html#try_join")
                }
            });
            check_nothing_runs_on(&site, tasks, "At the first error").await;
        });
    }
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let (site, tasks) = (VISITS[0].site(), Tasks::baseline());
            let client = site.client();
            (
                async move { user_page(&client, VISITS[0].user).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| check_nothing_runs_on(&site, tasks, "When it is dropped").await,
    );
}

fn told(seen: &Result<UserPage, WebError>) -> String {
    match seen {
        Ok(UserPage {
            user,
            orders,
            profile,
        }) => {
            format!(
                "user {}, orders {}, profile {}",
                user.told(),
                orders.told(),
                profile.told()
            )
        }
        Err(error) => error.told(),
    }
}
