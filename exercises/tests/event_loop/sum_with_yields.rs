//! `sum_with_yields`: the right sum, and turns for other tasks on the way.

use super::*;
use exercises::event_loop::sum_with_yields;

/// As many numbers as are near some thousands, or any other number of them.
fn drawn_length(case: &Case) -> usize {
    let thousands = *case.pick("thousands", &[1, 2, 3, 25, 66]);
    case.size_near("numbers", 1000 * thousands, 0..=67_000)
}

/// As many numbers, from `first` on, perhaps with zeros before or after them.
fn drawn_numbers(case: &Case, first: u64, length: usize) -> Vec<u64> {
    let zeros = |place: &str| {
        let zeros = *case.pick(&format!("zeros at the {place}"), &[0, 1, 1500, length]);
        zeros.min(length)
    };
    let (before, after) = (zeros("beginning"), zeros("end"));
    let mut numbers: Vec<u64> = (first..).take(length).collect();
    numbers[..before].fill(0);
    numbers[length - after..].fill(0);
    numbers
}

/// How often it should yield: after each thousand that is not the last.
fn yields(length: usize) -> usize {
    length.saturating_sub(1) / 1000
}

#[test]
fn returns_the_sum() {
    grade_cases(async |case| {
        let length = drawn_length(&case);
        // The sum of as many numbers from here on fits into a `u64`.
        let most = u64::MAX / length.max(1) as u64 - length as u64;
        let first = case.number("first", most);
        let numbers = drawn_numbers(&case, first, length);
        let expected: u64 = numbers.iter().sum();
        let sum = sum_with_yields(&numbers).await;
        check(sum == expected, || {
            let failure = Failure::new(format!(
                "The sum of {} should be {expected}; it was {sum}.",
                plural(length, "number")
            ));
            let whole_thousands = &numbers[..length / 1000 * 1000];
            if sum == whole_thousands.iter().sum::<u64>() {
                failure.usually(
                    "that the last numbers were left out, those that do not fill a whole thousand.",
                )
            } else {
                failure.usually(
                    "that some numbers were left out or added twice, or that the sum was kept in a type that is too small \
                     or not exact.",
                )
            }
            .read("event-loop-exercises.html#sum_with_yields")
        });
    });
}

#[test]
fn does_not_yield_more_often_than_it_should() {
    grade_cases(async |case| {
        let length = drawn_length(&case);
        let numbers = drawn_numbers(&case, 1, length);
        let (clock, counted) = (Clock::start(), Counted::new(sum_with_yields(&numbers)));
        let counts = counted.counts();
        counted.await;
        let (polls, expected) = (counts.polls(), yields(length) + 1);
        let one_too_many = match polls == expected + 1 {
            true => one_too_many().await,
            false => "",
        };
        check(polls <= expected && clock.elapsed() == ms(0), || {
            let failure = Failure::new(format!(
                "{} should be added in {} and 0 ms; it took {} and {}.",
                plural(length, "number"),
                plural(expected, "poll"),
                plural(polls, "poll"),
                in_ms(clock.elapsed())
            ));
            if clock.elapsed() > ms(0) {
                failure.usually("a `sleep`, which waits for a timer. A yield only lets other ready tasks run first.")
            } else if polls == expected + 1 {
                failure.usually(one_too_many)
            } else {
                failure.usually("a yield after every number, or after a few. Each costs more than an addition.")
            }
            .read("event-loop-blocking.html#long-computations-yield_now")
        });
    });
}

/// Where an answer yields that yields once too often.
async fn one_too_many() -> &'static str {
    let yields_once = async |length: usize| {
        let numbers = vec![1; length];
        let counted = Counted::new(sum_with_yields(&numbers));
        let counts = counted.counts();
        counted.await;
        counts.polls() == 2
    };
    if yields_once(1).await {
        "one yield too many: before the first number, or after the last one."
    } else if yields_once(1000).await {
        "one yield too many, after the last number: no more numbers follow."
    } else {
        "one yield too many: twice after the same number, or where a count of the numbers wraps."
    }
}

// Its ticker is always ready, so an answer that waits for a timer hangs here. The test before says what it does.
#[test]
fn other_tasks_get_turns() {
    grade_cases(async |case| {
        let length = drawn_length(&case);
        let numbers = drawn_numbers(&case, 1, length);
        let ticker = Ticker::every_turn();
        sum_with_yields(&numbers).await;
        let (turns, expected) = (ticker.beats(), yields(length));
        check(turns >= expected, || {
            let failure = Failure::new(format!(
                "While {} are added, another task should be polled {}; it was polled {}.",
                plural(length, "number"),
                times(expected),
                times(turns)
            ));
            if turns == 0 {
                failure.usually(
                    "that nothing in the loop is ever pending, so that the whole sum is computed in one poll.",
                )
            } else {
                failure.usually("that it does not yield after every 1000 numbers.")
            }
            .read("event-loop-blocking.html#long-computations-yield_now")
        });
    });
}
