//! `add_up`: the right sum, and turns for others in between.

use super::*;
use exercises::event_loop::add_up;

const LENGTHS: [usize; 8] = [2001, 1000, 1001, 0, 1, 999, 2000, 25_500];

fn numbers(length: usize) -> Vec<u64> {
    (1..=length as u64).collect()
}

/// How often it yields: after each thousand that is not the last.
fn pauses(length: usize) -> usize {
    length.saturating_sub(1) / 1000
}

#[test]
fn the_sum_is_right() {
    for length in LENGTHS {
        grade(async || {
            let numbers = numbers(length);
            let expected: u64 = numbers.iter().sum();
            let sum = add_up(&numbers).await;
            check(sum == expected, || {
                Failure::new(format!(
                    "The sum of the numbers from 1 to {length} should be {expected}; it was {sum}."
                ))
                .usually("that the last numbers, which make no whole thousand, were left out.")
                .read("event-loop-exercises.html#add_up")
            });
        });
    }
}

#[test]
fn others_get_their_turns() {
    for length in LENGTHS {
        grade(async || {
            let numbers = numbers(length);
            let ticker = Ticker::every_turn();
            add_up(&numbers).await;
            let (turns, expected) = (ticker.beats(), pauses(length));
            check(turns >= expected, || {
                Failure::new(format!(
                    "While {length} numbers are added up, a task beside it should get {expected} turns; it got {turns}."
                ))
                .usually("that nothing in the loop is ever pending, so that nobody else is polled before its end.")
                .read("event-loop-pitfalls.html#a-long-computation")
            });
        });
    }
}

#[test]
fn it_pauses_no_more_than_it_should() {
    for length in LENGTHS {
        grade(async || {
            let numbers = numbers(length);
            let (clock, counted) = (Clock::start(), Counted::new(add_up(&numbers)));
            let counts = counted.counts();
            counted.await;
            let (polls, expected) = (counts.polls(), pauses(length) + 1);
            check(polls <= expected && clock.elapsed() == ms(0), || {
                let miss = Failure::new(format!(
                    "{length} numbers should be added up in {expected} polls and no time; it took {polls} polls and {} \
                     ms.",
                    clock.elapsed().as_millis()
                ));
                if clock.elapsed() > ms(0) {
                    miss.usually("a `sleep`. It waits for a time; to yield waits for nothing but one's turn.")
                } else if polls == expected + 1 {
                    miss.usually("one pause too many: before the first number, or after the last one.")
                } else {
                    miss.usually("a pause after each number, or after each few. Each costs more than an addition.")
                }
                .read("event-loop-pitfalls.html#a-long-computation")
            });
        });
    }
}
