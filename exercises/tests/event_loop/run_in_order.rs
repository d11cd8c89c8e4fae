//! `run_in_order`: each step is awaited, and only after the one before it.

use super::*;
use exercises::event_loop::run_in_order;

/// A step that takes `time`, and logs when it starts and finishes.
async fn step(number: usize, time: Duration, log: Log, clock: Clock) {
    log.push(format!("{number} starts at {}", in_ms(clock.elapsed())));
    sleep(time).await;
    log.push(format!("{number} finishes at {}", in_ms(clock.elapsed())));
}

/// Steps that take these times, numbered from 1.
fn steps(times: &[Duration], log: &Log, clock: Clock) -> Vec<impl Future<Output = ()> + use<>> {
    let numbered = times.iter().zip(1..);
    numbered
        .map(|(&time, number)| {
            step(number, time, log.clone(), clock).in_lane(format!("step {number}"))
        })
        .collect()
}

/// Steps that are polled `polls` times each.
fn yielding_steps(count: usize, polls: usize, log: &Log) -> Vec<impl Future<Output = ()> + use<>> {
    let numbered = (1..=count).map(|number| {
        let log = log.clone();
        let step = async move {
            log.push(format!("{number} starts"));
            for _ in 1..polls {
                tokio::task::yield_now().await;
            }
            log.push(format!("{number} finishes"));
        };
        step.in_lane(format!("step {number}"))
    });
    numbered.collect()
}

/// The meaning of a step that has started and has not finished.
const GIVEN_UP: &str = "that a step was given up before it had finished. A step may take any time and any number of polls.";

/// What the steps log if each starts when the previous one has finished.
fn one_after_the_other(times: &[Duration]) -> Vec<String> {
    let mut now = Duration::ZERO;
    let mut lines = Vec::new();
    for (time, number) in times.iter().zip(1..) {
        lines.push(format!("{number} starts at {}", in_ms(now)));
        now += *time;
        lines.push(format!("{number} finishes at {}", in_ms(now)));
    }
    lines
}

/// What was logged, without the instants.
fn events(lines: &[String]) -> impl Iterator<Item = Option<&str>> {
    let events = lines.iter().map(|line| line.split_once(" at "));
    events.map(|event| event.map(|(event, _)| event))
}

#[test]
fn every_step_runs_to_completion() {
    grade_cases(async |case| {
        let count = case.size("steps", 1..=300);
        // A step that is polled often is one of a few.
        let polls = case.size("polls of each step", 1..=(1000 / count).max(1));
        let log = Log::default();
        run_in_order(yielding_steps(count, polls, &log)).await;
        let lines = log.lines();
        let finished = lines
            .iter()
            .filter(|line| line.contains("finishes"))
            .count();
        check(finished == count, || {
            let failure = Failure::new(format!(
                "Of {}, all should have finished; {finished} {}.",
                counted_steps(count),
                if finished == 1 { "has" } else { "have" }
            ));
            let started = lines.len() - finished;
            if lines.is_empty() {
                failure.usually(
                    "that a step was not awaited. A step is a future: storing it in a variable or dropping it does not \
                     run it.",
                )
            } else if finished < started {
                failure.usually(GIVEN_UP)
            } else {
                failure.usually("that the loop ended before all steps were awaited.")
            }
            .read("event-loop.html#calling-an-async-function-does-nothing")
        });
    });
}

#[test]
fn a_step_starts_when_the_previous_one_has_finished() {
    grade_cases(async |case| {
        let count = case.size("steps", 0..=40);
        // All steps together take less than a year.
        let longest = case.long_time("longest time of all steps") / count.max(1) as u32;
        let most = longest.max(ms(50)).as_millis() as u64;
        let times = case.whole_ms_each("times", count, most);
        let log = Log::default();
        let answer = run_in_order(steps(&times, &log, Clock::start()));
        check(log.lines().is_empty(), || {
            Failure::new("Nothing should run before the returned future is awaited; a step has started.")
                .usually("that the steps are started when the function is called, not when its future is polled.")
                .read("event-loop.html#calling-an-async-function-does-nothing")
        });
        answer.await;
        let (expected, lines) = (one_after_the_other(&times), log.lines());
        check(lines == expected, || {
            let failure = Failure::new(format!(
                "The steps should run like this: {}. They ran like this: {}.",
                listed(&expected),
                listed(&lines)
            ));
            let all_finished = lines.len() == expected.len();
            let started = lines.iter().filter(|line| line.contains("starts"));
            let given_up = 2 * started.count() > lines.len();
            let overlap = all_finished
                && lines
                    .windows(2)
                    .any(|pair| pair.iter().all(|line| line.contains("starts")));
            if overlap {
                failure.usually(
                    "that steps were awaited together. Here each step has to wait for the previous one.",
                )
            } else if events(&lines).eq(events(&expected)) {
                failure.usually("that something else is awaited before, between or after the steps.")
            } else if given_up {
                failure.usually(GIVEN_UP)
            } else if all_finished {
                failure.usually("that the steps did not run in the order of `steps`.")
            } else {
                failure.usually("that the loop ended before all steps were awaited.")
            }
            .read("event-loop-pitfalls.html#futures-awaited-one-after-the-other")
        });
    });
}

#[test]
fn a_further_poll_starts_no_other_step() {
    grade_cases(async |case| {
        let count = case.size("steps", 1..=40);
        let polls = case.size("polls of each step", 1..=10);
        let log = Log::default();
        run_in_order(yielding_steps(count, polls, &log)).await;
        let expected: Vec<_> = (1..=count)
            .flat_map(|number| [format!("{number} starts"), format!("{number} finishes")])
            .collect();
        let lines = log.lines();
        check(lines == expected, || {
            let place = lines
                .iter()
                .zip(&expected)
                .position(|(seen, expected)| seen != expected);
            let place = place.unwrap_or(lines.len().min(expected.len()));
            let event = |lines: &[String]| {
                lines
                    .get(place)
                    .map_or("nothing".to_owned(), |line| line.clone())
            };
            Failure::new(format!(
                "Each step is polled {}, and starts when the previous one has finished. After {}, the next event should be \
                 \"{}\"; it was \"{}\".",
                times(polls),
                if place == 0 { "the start".to_owned() } else { format!("\"{}\"", expected[place - 1]) },
                event(&expected),
                event(&lines)
            ))
            .read("event-loop-pitfalls.html#futures-awaited-one-after-the-other")
        });
    });
}

#[test]
fn returns_the_number_of_steps() {
    grade_cases(async |case| check_count(case.size("steps", 0..=300)).await);
    // More than fit into two bytes. Once, because that many take time.
    grade(async || check_count(65_537).await);
}

async fn check_count(count: usize) {
    let steps: Vec<_> = (0..count).map(|_| std::future::ready(())).collect();
    let returned = run_in_order(steps).await;
    check(returned == count, || {
        let failure = Failure::new(format!(
            "For {} the result should be {count}; it was {returned}.",
            counted_steps(count)
        ));
        if [8, 16].iter().any(|bits| count >> bits > 0 && returned == count % (1 << bits)) {
            failure.usually("that the type of the count is too small.")
        } else if count.checked_sub(1) == Some(returned) {
            failure.usually("that the index of the last step was returned, which is one less than the number of steps.")
        } else {
            failure.usually("that something else was counted than the steps in the list.")
        }
        .read("event-loop-exercises.html#run_in_order")
    });
}

/// `1 step`, `3 steps`
fn counted_steps(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} step{plural}")
}
