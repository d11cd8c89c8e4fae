//! `run_in_order`: each step is awaited, and only after the one before it.

use super::*;
use exercises::event_loop::run_in_order;

/// Steps that take 30, 10 and 20 ms, and log when they start and finish.
fn steps(log: &Log, clock: Clock) -> Vec<impl Future<Output = ()>> {
    let step = |(name, time): (&'static str, u64)| {
        let log = log.clone();
        async move {
            log.push(format!(
                "{name} starts at {} ms",
                clock.elapsed().as_millis()
            ));
            sleep(ms(time)).await;
            log.push(format!(
                "{name} finishes at {} ms",
                clock.elapsed().as_millis()
            ));
        }
        .in_lane(name)
    };
    [("calibrate", 30), ("register", 10), ("report", 20)]
        .map(step)
        .into_iter()
        .collect()
}

#[test]
fn every_step_runs_to_completion() {
    grade(async || {
        let log = Log::default();
        run_in_order(steps(&log, Clock::start())).await;
        let lines = log.lines();
        let finished = lines
            .iter()
            .filter(|line| line.contains("finishes"))
            .count();
        check(finished == 3, || {
            let failure = Failure::new(format!(
                "All 3 steps should have finished; {finished} have."
            ));
            if lines.is_empty() {
                failure.usually(
                    "that a step was not awaited. A step is a future: storing it in a variable or dropping it does not \
                     run it.",
                )
            } else {
                failure.usually("that the loop ended before all steps were awaited.")
            }
            .read("event-loop.html#calling-an-async-function-does-nothing")
        });
    });
}

#[test]
fn a_step_starts_when_the_previous_one_has_finished() {
    grade(async || {
        let log = Log::default();
        run_in_order(steps(&log, Clock::start())).await;
        let expected = [
            "calibrate starts at 0 ms",
            "calibrate finishes at 30 ms",
            "register starts at 30 ms",
            "register finishes at 40 ms",
            "report starts at 40 ms",
            "report finishes at 60 ms",
        ];
        let lines = log.lines();
        check(lines == expected, || {
            let failure = Failure::new(format!(
                "The steps should run like this: {}. They ran like this: {}.",
                listed(&expected),
                listed(&lines)
            ));
            let at_once = lines
                .iter()
                .filter(|line| line.ends_with("starts at 0 ms"))
                .count();
            if at_once > 1 {
                failure.usually(
                    "that the steps were awaited together. Here each step has to wait for the previous one.",
                )
            } else {
                failure.usually("that the steps did not run in the order of `steps`.")
            }
            .read("event-loop-pitfalls.html#futures-awaited-one-after-the-other")
        });
    });
}

#[test]
fn returns_the_number_of_steps() {
    for count in [0, 1, 5] {
        grade(async || {
            let steps: Vec<_> = (0..count).map(|_| sleep(ms(10))).collect();
            let returned = run_in_order(steps).await;
            check(returned == count, || {
                Failure::new(format!(
                    "For {count} steps the result should be {count}; it was {returned}."
                ))
                .usually("that something else was counted, such as the index of the last step.")
                .read("event-loop-exercises.html#run_in_order")
            });
        });
    }
}
