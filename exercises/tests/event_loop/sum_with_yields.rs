//! `sum_with_yields`: the right sum, and turns for other tasks on the way.

use super::*;
use exercises::event_loop::sum_with_yields;

const LENGTHS: [usize; 8] = [2001, 1000, 1001, 0, 1, 999, 2000, 25_500];

fn numbers(length: usize) -> Vec<u64> {
    (1..=length as u64).collect()
}

/// How often it should yield: after each thousand that is not the last.
fn yields(length: usize) -> usize {
    length.saturating_sub(1) / 1000
}

#[test]
fn returns_the_sum() {
    for length in LENGTHS {
        grade(async || {
            let numbers = numbers(length);
            let expected: u64 = numbers.iter().sum();
            let sum = sum_with_yields(&numbers).await;
            check(sum == expected, || {
                let whole_thousands = length as u64 / 1000 * 1000;
                let failure = Failure::new(format!(
                    "The sum of the numbers from 1 to {length} should be {expected}; it was {sum}."
                ));
                if sum == (1..=whole_thousands).sum() {
                    failure.usually(
                        "that the last numbers were left out, those that do not fill a whole thousand.",
                    )
                } else {
                    failure.usually("that some numbers were left out or added twice.")
                }
                .read("event-loop-exercises.html#sum_with_yields")
            });
        });
    }
}

#[test]
fn other_tasks_get_turns() {
    for length in LENGTHS {
        grade(async || {
            let numbers = numbers(length);
            let ticker = Ticker::every_turn();
            sum_with_yields(&numbers).await;
            let (turns, expected) = (ticker.beats(), yields(length));
            check(turns >= expected, || {
                let failure = Failure::new(format!(
                    "While {length} numbers are added, another task should be polled {expected} times; it was polled \
                     {}.",
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
}

#[test]
fn does_not_yield_more_often_than_it_should() {
    for length in LENGTHS {
        grade(async || {
            let numbers = numbers(length);
            let (clock, counted) = (Clock::start(), Counted::new(sum_with_yields(&numbers)));
            let counts = counted.counts();
            counted.await;
            let (polls, expected) = (counts.polls(), yields(length) + 1);
            check(polls <= expected && clock.elapsed() == ms(0), || {
                let failure = Failure::new(format!(
                    "{length} numbers should be added in {expected} polls and 0 ms; it took {polls} polls and {} ms.",
                    clock.elapsed().as_millis()
                ));
                if clock.elapsed() > ms(0) {
                    failure.usually("a `sleep`, which waits for a timer. A yield only lets other ready tasks run first.")
                } else if polls == expected + 1 {
                    failure.usually("one yield too many: before the first number or after the last one.")
                } else {
                    failure.usually("a yield after every number, or after a few. Each costs more than an addition.")
                }
                .read("event-loop-blocking.html#long-computations-yield_now")
            });
        });
    }
}
