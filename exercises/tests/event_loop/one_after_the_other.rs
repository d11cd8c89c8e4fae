//! `one_after_the_other`: each step awaited, and none before its time.

use super::*;
use exercises::event_loop::one_after_the_other;

/// Steps that take 30, 10 and 20 ms, and write down when they begin and end.
fn steps(log: &Log, clock: Clock) -> Vec<impl Future<Output = ()>> {
    let step = |(name, time): (&'static str, u64)| {
        let log = log.clone();
        async move {
            log.note(format!(
                "{name} begins at {} ms",
                clock.elapsed().as_millis()
            ));
            sleep(ms(time)).await;
            log.note(format!("{name} ends at {} ms", clock.elapsed().as_millis()));
        }
        .in_lane(name)
    };
    [("open", 30), ("sweep", 10), ("light", 20)]
        .map(step)
        .into_iter()
        .collect()
}

#[test]
fn every_step_is_run_to_its_end() {
    grade(async || {
        let log = Log::default();
        one_after_the_other(steps(&log, Clock::start())).await;
        let lines = log.lines();
        let ended = lines.iter().filter(|line| line.contains("ends")).count();
        check(ended == 3, || {
            let miss = Failure::new(format!("All 3 steps should have ended; {ended} have."));
            if lines.is_empty() {
                miss.usually(
                    "that a step was not awaited. It is a future: to have it in a variable, or to drop it, \
                     runs none of it.",
                )
                .read("event-loop.html#a-night-in-which-nothing-happens")
            } else {
                miss.usually("that the loop was left before all steps were awaited.")
                    .read("event-loop.html#a-night-in-which-nothing-happens")
            }
        });
    });
}

#[test]
fn a_step_begins_when_the_one_before_has_ended() {
    grade(async || {
        let log = Log::default();
        one_after_the_other(steps(&log, Clock::start())).await;
        let expected = [
            "open begins at 0 ms",
            "open ends at 30 ms",
            "sweep begins at 30 ms",
            "sweep ends at 40 ms",
            "light begins at 40 ms",
            "light ends at 60 ms",
        ];
        let lines = log.lines();
        check(lines == expected, || {
            let miss = Failure::new(format!(
                "The steps should go like this: {}. They went like this: {}.",
                told(&expected),
                told(&lines)
            ));
            let begun_at_once = lines.iter().filter(|line| line.ends_with("begins at 0 ms"));
            if begun_at_once.count() > 1 {
                miss.usually(
                    "that they were awaited together. Here each has to wait for the one before.",
                )
            } else {
                miss.usually("that they were taken in another order than that of `steps`.")
            }
            .read("event-loop-pitfalls.html#the-order-of-awaits-is-the-order-of-work")
        });
    });
}

#[test]
fn tells_how_many_there_were() {
    for count in [0, 1, 5] {
        grade(async || {
            let steps: Vec<_> = (0..count).map(|_| sleep(ms(10))).collect();
            let told = one_after_the_other(steps).await;
            check(told == count, || {
                Failure::new(format!(
                    "There were {count} steps, and this should be returned; it was {told}."
                ))
                .usually("that something else was counted: from 0 up to the last one, perhaps.")
                .read("event-loop-exercises.html#one_after_the_other")
            });
        });
    }
}
