//! What a test draws.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use grading::web::{Page, Responses, Site, WebError};
use grading::{Case, grade_cases, ms};

/// What each of the 200 cases draws.
fn all<T>(draw: impl Fn(&Case) -> T) -> Vec<T> {
    let drawn = RefCell::new(Vec::new());
    grade_cases(async |case| drawn.borrow_mut().push(draw(&case)));
    drawn.into_inner()
}

fn some<T>(drawn: &[T], is_so: impl Fn(&T) -> bool) -> bool {
    drawn.iter().any(is_so)
}

#[test]
fn sizes_are_none_one_two_a_few_hundreds_and_thousands() {
    let sizes = all(|case| case.size("n", 0..=3000));
    for size in [0, 1, 2, 3, 5, 8] {
        assert!(some(&sizes, |n| *n == size), "{size}");
    }
    for (low, high) in [(9, 30), (31, 64), (65, 129), (130, 400), (401, 3000)] {
        assert!(
            some(&sizes, |n| (low..=high).contains(n)),
            "{low} to {high}"
        );
    }
    let small = sizes.iter().filter(|n| **n < 3).count();
    assert!((80..130).contains(&small), "{small} of 200 are below 3");
    let total: usize = sizes.iter().sum();
    assert!(total < 9_000, "{total} take too long");
}

#[test]
fn sizes_stay_in_their_range_and_reach_both_ends() {
    for (low, high) in [(0, 0), (1, 1), (1, 5), (3, 40), (0, 256)] {
        let sizes = all(|case| case.size("n", low..=high));
        assert!(sizes.iter().all(|n| (low..=high).contains(n)));
        assert!(
            sizes.contains(&low) && sizes.contains(&high),
            "{low} to {high}"
        );
        let near = all(|case| case.size_near("n", 3, low..=high));
        assert!(near.iter().all(|n| (low..=high).contains(n)));
    }
}

#[test]
fn sizes_near_a_limit_are_one_less_as_many_and_one_more() {
    for limit in [1, 3, 64, 255] {
        let sizes = all(|case| case.size_near("n", limit, 0..=600));
        for size in [
            0,
            limit - 1,
            limit,
            limit + 1,
            2 * limit - 1,
            2 * limit,
            2 * limit + 1,
        ] {
            assert!(sizes.contains(&size), "{size} for a limit of {limit}");
        }
    }
}

#[test]
fn numbers_are_at_the_limits_of_their_types() {
    let numbers: BTreeSet<_> = all(|case| case.numbers("ids", 20, u64::MAX))
        .into_iter()
        .flatten()
        .collect();
    for limit in [10, 1 << 8, 1 << 16, 1 << 31, 1 << 32, 1 << 63, u64::MAX] {
        for number in [limit - 1, limit, limit.saturating_add(1)] {
            assert!(numbers.contains(&number), "{number}");
        }
    }
    let most = u64::from(u32::MAX);
    let ids = all(|case| case.number("id", most));
    assert!(ids.iter().all(|id| *id <= most));
    assert!(ids.contains(&most) && ids.contains(&0));
}

#[test]
fn lists_have_items_that_are_equal() {
    let has_equal =
        |numbers: &Vec<u64>| numbers.iter().collect::<BTreeSet<_>>().len() < numbers.len();
    let numbers = all(|case| case.numbers("ids", 3, u64::MAX));
    let with_equal = numbers.iter().filter(|numbers| has_equal(numbers)).count();
    assert!(
        (60..140).contains(&with_equal),
        "{with_equal} of 200 have equal items"
    );
}

#[test]
fn long_times_are_none_minutes_hours_and_days() {
    let times = all(|case| case.long_time("idle"));
    for hours in [0, 2, 48, 2400] {
        let time = ms(hours * 3_600_000);
        assert!(some(&times, |drawn| *drawn == time), "{time:?}");
    }
}

#[test]
fn three_long_times_fit_into_a_run() {
    grade_cases(async |case| {
        for name in ["first", "second", "third"] {
            tokio::time::sleep(case.long_time(name)).await;
        }
    });
}

#[test]
fn durations_are_zero_whole_equal_and_rounded() {
    let most = ms(20);
    let times = all(|case| case.durations("times", 3, most));
    assert!(times.iter().flatten().all(|time| *time <= most));
    let has = |time: Duration| some(&times, |times| times.contains(&time));
    for time in [
        Duration::ZERO,
        Duration::from_nanos(1),
        Duration::from_micros(1500),
        ms(1),
        ms(20),
    ] {
        assert!(has(time), "{time:?}");
    }
    assert!(some(&times, |times| times[0] == times[1]));
    let short = all(|case| case.duration("time", Duration::from_micros(700)));
    let different: BTreeSet<_> = short.into_iter().collect();
    let expected = [0, 1, 1_000, 500_000].map(Duration::from_nanos);
    assert_eq!(different, BTreeSet::from(expected));
    let whole = all(|case| case.whole_ms("time", 50));
    assert!(whole.contains(&ms(0)) && whole.contains(&ms(50)));
    assert!(
        whole
            .iter()
            .all(|time| time.subsec_nanos() % 1_000_000 == 0)
    );
}

#[test]
fn a_large_size_is_drawn_rarely() {
    let sizes = all(|case| case.rarely("more", 1000));
    assert!(sizes.iter().all(|size| [0, 1000].contains(size)));
    let large = sizes.iter().filter(|size| **size == 1000).count();
    assert!((1..=8).contains(&large), "{large} of 200");
}

#[test]
fn texts_are_in_another_order_as_numbers() {
    let texts = all(|case| case.texts("texts", 4));
    let position = |texts: &[String], text: &str| texts.iter().position(|other| other == text);
    assert!(some(&texts, |texts| {
        position(texts, "9").is_some() && position(texts, "10").is_some()
    }));
    assert!(some(&texts, |texts| texts.contains(&String::new())));
    assert!(all(|case| case.text("text")).contains(&"b".to_owned()));
}

#[test]
fn every_order_and_every_item_is_drawn() {
    let orders: BTreeSet<_> = all(|case| case.permutation("order", 3))
        .into_iter()
        .collect();
    assert_eq!(orders.len(), 6);
    let picked: BTreeSet<_> = all(|case| *case.pick("kind", &[1, 2, 3]))
        .into_iter()
        .collect();
    assert_eq!(picked.len(), 3);
    let long = all(|case| case.permutation("order", 300));
    for mut order in long {
        order.sort_unstable();
        assert_eq!(order, Vec::from_iter(0..300));
    }
}

#[test]
fn the_first_case_is_the_simplest() {
    let first = |case: &Case| {
        (
            case.size("n", 0..=9),
            case.durations("times", 2, ms(9)),
            case.permutation("order", 3),
            case.below(100),
        )
    };
    let expected = (0, vec![Duration::ZERO; 2], vec![0, 1, 2], 0);
    assert_eq!(all(first)[0], expected);
}

#[test]
fn the_cases_are_the_same_each_time() {
    let draw = |case: &Case| {
        (
            case.size("n", 0..=300),
            case.texts("texts", 3),
            case.below(9),
        )
    };
    assert_eq!(all(draw), all(draw));
}

#[test]
fn a_drawn_site_has_every_kind_of_response() {
    let sites = all(|case| Site::drawn(case, 4, Responses::Any).1);
    let responses: Vec<_> = sites.iter().flatten().collect();
    let has = |is_so: &dyn Fn(&Result<Page, WebError>) -> bool| {
        responses.iter().any(|response| is_so(&response.outcome))
    };
    assert!(has(&|outcome| matches!(
        outcome,
        Err(WebError::NotFound { .. })
    )));
    assert!(has(&|outcome| matches!(
        outcome,
        Err(WebError::ServerError { .. })
    )));
    assert!(has(
        &|outcome| matches!(outcome, Ok(page) if page.body.is_empty())
    ));
    assert!(responses.iter().any(|response| response.latency.is_zero()));
    let paths = |requests: &[grading::web::DrawnRequest]| {
        requests
            .iter()
            .map(|request| request.path.clone())
            .collect::<Vec<_>>()
    };
    assert!(some(&sites, |requests| paths(requests)
        == ["/8", "/9", "/10", "/11"]));
    assert!(some(&sites, |requests| paths(requests)[..2] == ["/8", "/7"]));
    assert!(some(&sites, |requests| paths(requests)[..2] == ["/8", "/8"]));
    assert!(some(&sites, |requests| requests[0].latency
        == requests[1].latency
        && requests[0] != requests[1]));
    let of = |responses| {
        all(move |case| Site::drawn(case, 4, responses).1)
            .into_iter()
            .flatten()
    };
    assert!(of(Responses::Pages).all(|request| request.outcome.is_ok()));
    assert!(of(Responses::Errors).all(|request| request.outcome.is_err()));
}

#[test]
fn a_drawn_site_responds_as_it_says() {
    grade_cases(async |case| {
        let count = case.size("paths", 0..=20);
        let (site, requests) = Site::drawn(&case, count, Responses::Any);
        for request in &requests {
            let clock = grading::Clock::start();
            let outcome = site.client().get(&request.path).await;
            assert_eq!(
                (outcome, clock.elapsed()),
                (request.outcome.clone(), request.latency)
            );
        }
        let paths: Vec<_> = requests.iter().map(|request| &request.path).collect();
        site.check_requested(&paths, "gather.html");
    });
}
