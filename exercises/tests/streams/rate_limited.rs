//! `rate_limited`: at most so many items in any period.

use super::*;
use exercises::streams::rate_limited;

#[path = "rate_limited_mistakes.rs"]
mod mistakes;

use mistakes::{Traffic, usual_mistake};

/// The answer with numbers as items.
fn limited(
    input: BoxStream<'static, u32>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, u32> {
    rate_limited(input, burst, period)
}

/// Lets the answer handle this traffic, and compares what it returns, and when.
async fn check_returned(traffic: &Traffic, read: &str) {
    let mut stream = traffic.answer();
    let seen = drain(&mut stream, traffic.times.len(), &traffic.pauses).await;
    let expected = traffic.expected();
    let mistake = match seen == expected {
        true => None,
        false => usual_mistake(traffic, &seen).await,
    };
    check(seen == expected, || {
        let items =
            |entries: &[(Duration, u32)]| entries.iter().map(|entry| entry.1).collect::<Vec<_>>();
        let same_items = items(&seen) == items(&expected);
        let lost = "that items are lost, repeated or moved.";
        not_as_expected(traffic, &seen)
            .usually_if(if same_items { mistake } else { Some(lost) })
            .read(read)
    });
}

/// Both lists, without a cause.
fn not_as_expected(traffic: &Traffic, seen: &[(Duration, u32)]) -> Failure {
    let name = |item: &u32| format!("item {item}");
    let expected = traffic.expected();
    // Lists are cut after some entries.
    let different = std::iter::zip(&expected, seen).find(|(expected, seen)| expected != seen);
    let different = match different {
        Some((should, was)) if expected.len() > 8 => format!(
            " The first difference is {} at {}, which should be {} at {}.",
            name(&was.1),
            in_ms(was.0),
            name(&should.1),
            in_ms(should.0)
        ),
        _ => String::new(),
    };
    Failure::new(format!(
        "With at most {} in {}, these should be returned: {}; these were: {}.{different}",
        plural(traffic.burst, "item"),
        in_ms(traffic.period),
        shown(&expected, name),
        shown(seen, name)
    ))
}

#[test]
fn returns_at_most_burst_items_in_a_period() {
    grade_cases(async |case| {
        let burst = case.size("burst", 1..=300);
        let count = case.size_near("items", burst, 0..=700);
        let period = case.whole_ms("period", 100);
        check_returned(&Traffic::ready(count, burst, period), RATES).await;
    });
}

#[test]
fn a_burst_may_be_larger_than_any_list() {
    grade_cases(async |case| {
        let few = case.size("the difference of `burst`", 0..=3);
        let burst = match *case.pick("`burst` is near", &["the largest `usize`", "2^32", "2^16"]) {
            "2^32" => usize::try_from(1_u64 << 32).unwrap_or(usize::MAX - few) + few,
            "2^16" => (1 << 16) + few,
            _ => usize::MAX - few,
        };
        let count = case.size("items", 0..=20) + case.rarely("more items", 2000);
        let period = case.whole_ms("period", 100);
        check_returned(&Traffic::ready(count, burst, period), RATES).await;
    });
}

#[test]
fn returns_an_item_as_soon_as_it_may() {
    grade_cases(async |case| {
        let burst = case.size("burst", 1..=5);
        let count = case.size_near("items", burst, 0..=20);
        let period = case.whole_ms("period", 100);
        let times = case.whole_ms_each("times between them", count, 80);
        let arrives = *case.pick("the input is", &["requested", "arriving"]) == "arriving";
        let mut at = Duration::ZERO;
        let times: Vec<_> = times
            .into_iter()
            .map(|time| {
                at += time;
                if arrives { at } else { time }
            })
            .collect();
        let traffic = Traffic {
            times,
            arrives,
            ..Traffic::ready(0, burst, period)
        };
        check_returned(&traffic, RATES).await;
    });
}

#[test]
fn a_pause_is_not_made_up_for() {
    grade_cases(async |case| {
        let burst = case.size("burst", 1..=4);
        let count = case.size_near("items", 3 * burst, 0..=20);
        let period = case.whole_ms("period", 60);
        let pauses = case.whole_ms_each("pauses of the consumer", count, 200);
        let traffic = Traffic {
            pauses,
            ..Traffic::ready(count, burst, period)
        };
        check_returned(&traffic, CATCHES_UP).await;
    });
}

#[test]
fn does_not_poll_the_input_while_it_waits() {
    grade_cases(async |case| {
        let burst = case.size("burst", 1..=5);
        let period = case.whole_ms("period longer by 10 ms +", 90) + ms(10);
        let items = (0..20).map(|item| (Duration::ZERO, item)).collect();
        let (input, seen) = Input::requested(items, Duration::ZERO);
        let mut stream = limited(input, burst, period);
        check(seen.polls() == 0, || {
            Failure::new("`rate_limited` was called, and the stream was not polled. The input should not be polled; it was.")
                .usually("that a spawned task reads the input.")
                .read(NOTHING_RUNS)
        });
        for _ in 0..burst {
            let _ = stream.next().await;
        }
        let _ = timeout(period - ms(5), stream.next()).await;
        let taken = seen.taken();
        check(seen.polls() == burst, || {
            Failure::new(format!(
                "{} been returned, and the next one may be in {}. Until then the input should not be polled; it was, and {} \
                 been taken from it.",
                have(burst, "item"),
                in_ms(period),
                have(taken, "item")
            ))
            .usually("that the input is polled before the wait, or during it. Wait first, so that the input waits as well.")
            .read(NOTHING_RUNS)
        });
    });
}

#[test]
fn a_dropped_next_does_not_start_the_wait_again() {
    grade_cases(async |case| {
        let burst = case.size("burst", 1..=3);
        let count = case.size_near("items", burst, 0..=8);
        let period = case.whole_ms("period", 100);
        let times = case.whole_ms_each("times between them", count, 60);
        let patience = case.whole_ms("`next` is dropped after 1 ms +", 40) + ms(1);
        let traffic = Traffic {
            times,
            ..Traffic::ready(0, burst, period)
        };
        check_returned(&traffic, CANCEL_SAFE).await;

        let limit = traffic.times.iter().sum::<Duration>() + period * (count as u32 + 1);
        let seen = drain_impatiently(&case, &mut traffic.answer(), patience, limit).await;
        check(seen == traffic.expected(), || {
            let failure = not_as_expected(&traffic, &seen);
            failure
                .usually(
                    "that a wait, or an item that is in progress, begins again when `next` is dropped or another task polls the \
                     stream. Keep both in the stream.",
                )
                .read(CANCEL_SAFE)
        });
    });
}

#[test]
fn stays_ended() {
    grade_cases(async |case| {
        let burst = case.size("burst", 1..=5);
        let count = case.size_near("items", burst, 0..=10);
        let items = (0..count as u32).map(|item| (ms(5), item)).collect();
        let (input, seen) = Input::requested(items, ms(5));
        let mut stream = limited(input, burst, case.whole_ms("period", 50));
        while stream.next().await.is_some() {}
        check_stays_ended(&mut stream).await;
        seen.check_not_polled_after_its_end("input");
    });
}
