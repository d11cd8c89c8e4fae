//! `predict_order`: the prediction compared with a run.

use super::*;
use exercises::event_loop::predict_order;

/// The lines that the contract lists.
const LINES: [&str; 7] = [
    "LED off",
    "LED on",
    "alarm tested",
    "gateway starting",
    "gateway stopped",
    "sensor ready",
    "sensor settling",
];

/// The program of the page, with its lines logged instead of printed.
async fn program(log: &Log) {
    let tasks = tokio::task::LocalSet::new();
    let line = |line: &'static str| {
        let log = log.clone();
        move || log.push(line)
    };
    let (led_on, led_off) = (line("LED on"), line("LED off"));
    let (sensor_settling, sensor_ready) = (line("sensor settling"), line("sensor ready"));
    let alarm_tested = line("alarm tested");
    let (starting, stopped) = (line("gateway starting"), line("gateway stopped"));
    let main = async move {
        let led = tokio::task::spawn_local(async move {
            led_on();
            sleep(ms(40)).await;
            led_off();
        });
        let sensor = tokio::task::spawn_local(async move {
            sensor_settling();
            sleep(ms(15)).await;
            sensor_ready();
        });
        let _alarm = async move { alarm_tested() };
        starting();
        led.await.expect("the task does not panic");
        sensor.await.expect("the task does not panic");
        stopped();
    };
    tasks.run_until(main).await;
}

#[test]
fn predicts_the_lines_that_are_printed_and_no_others() {
    grade(async || {
        let log = Log::default();
        program(&log).await;
        let mut printed = log.lines();
        let mut predicted = predict_order();
        printed.sort();
        predicted.sort();
        check(printed == predicted, || {
            let not_printed = predicted
                .iter()
                .find(|line| !printed.iter().any(|p| p == *line));
            let missing = printed
                .iter()
                .find(|line| !predicted.contains(&line.as_str()));
            match (not_printed, missing) {
                (Some(line), _) if !LINES.contains(line) => Failure::new(format!(
                    "Your prediction contains `{line}`, which is none of the seven lines."
                ))
                .usually("that it is spelled differently. The contract of `predict_order` lists all seven.")
                .read("event-loop-exercises.html#predict_order"),
                (Some(line), _) => Failure::new(format!(
                    "Your prediction contains `{line}`, which is never printed."
                ))
                .usually("that a future was expected to run although it is neither awaited nor spawned.")
                .read("event-loop.html#calling-an-async-function-does-nothing"),
                (None, Some(_)) if predicted.is_empty() => {
                    Failure::new("Your prediction is empty, but the program prints something.")
                        .read("event-loop-exercises.html#predict_order")
                }
                (None, Some(line)) => {
                    let failure = Failure::new(format!(
                        "`{line}` is printed, but your prediction does not contain it."
                    ));
                    let left_out = |lines: &[&str]| lines.iter().all(|line| !predicted.contains(line));
                    let stopped = predicted.contains(&"gateway stopped");
                    if left_out(&["sensor settling", "sensor ready"]) {
                        failure.usually(
                            "that a task was mistaken for a future that has to be awaited. A spawned task runs whether \
                             it is awaited or not.",
                        )
                    } else if stopped && left_out(&["LED off", "sensor ready"]) {
                        failure.usually(
                            "that `main` was expected to end while its tasks still wait. It awaits the handles of both \
                             tasks before it prints its last line.",
                        )
                    } else {
                        failure
                    }
                    .read("event-loop.html#how-an-event-loop-works")
                }
                (None, None) => Failure::new(
                    "Each line is printed once, but your prediction contains one of them several times.",
                )
                .usually("that a line was repeated by mistake.")
                .read("event-loop-exercises.html#predict_order"),
            }
        });
    });
}

#[test]
fn predicts_the_order_of_the_lines() {
    grade(async || {
        let log = Log::default();
        program(&log).await;
        let (printed, predicted) = (log.lines(), predict_order());
        let same = printed
            .iter()
            .zip(&predicted)
            .take_while(|(a, b)| a == b)
            .count();
        check(same == printed.len(), || {
            // The report does not say what comes instead: finding that out is the exercise.
            let last_right = same.checked_sub(1).map(|last| &printed[last]);
            let failure = Failure::new(match (last_right, predicted.get(same)) {
                (None, None) => {
                    "Your prediction is empty, but the program prints something.".to_owned()
                }
                (None, Some(first)) => format!("The first line that is printed is not `{first}`."),
                (Some(last), None) => {
                    format!("Your prediction is right up to `{last}`, but more lines follow.")
                }
                (Some(last), Some(next)) => {
                    format!(
                        "Your prediction is right up to `{last}`; the next line is not `{next}`."
                    )
                }
            });
            match usual_mistake(&predicted, same) {
                Some(meaning) => failure.usually(meaning),
                None => failure,
            }
            .read("event-loop.html#how-an-event-loop-works")
        });
    });
}

/// What the first line that differs says about the prediction, whose first `same` lines are right.
fn usual_mistake(predicted: &[&str], same: usize) -> Option<&'static str> {
    let (right, next) = (&predicted[..same], *predicted.get(same)?);
    let sensor_waits = right.contains(&"sensor settling");
    let meaning = match next {
        "LED on" | "sensor settling" if right.is_empty() => {
            "that `spawn` was expected to run the task like a function call. It puts the task into the ready queue, and \
             the task is not polled before `main` awaits."
        }
        "sensor settling" => {
            "that the tasks were expected to be polled in another order than that of the ready queue. Both are in it \
             when `main` awaits, the one that was spawned first in front."
        }
        "LED off" | "sensor ready" if !sensor_waits => {
            "that the tasks were expected to run one after the other. While one task waits, the loop polls the next."
        }
        "LED off" => {
            "that timers were expected to expire in the order in which they were set, or awaited. The timer with the \
             earlier deadline expires first."
        }
        "gateway stopped" => {
            "that `main` was expected to go on before both tasks had finished. It awaits the handles of both, one \
             after the other."
        }
        _ => return None,
    };
    Some(meaning)
}
