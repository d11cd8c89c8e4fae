//! `drain_and_close`: a shutdown that loses no accepted job.

use super::shutdown_script::Script;
use super::*;
use exercises::queues::drain_and_close;

/// Long enough for everything here.
const LONG: Duration = ms(5000);

/// What happened in a run with a queue of capacity 2.
struct Run {
    refused: Vec<u32>,
    refused_at: Duration,
    outputs: Option<Vec<Output>>,
    returned_at: Duration,
}

/// How the signal is given.
#[derive(Clone, Copy)]
enum Signal {
    Message,
    DroppedSender,
}

fn give(trigger: oneshot::Sender<()>, signal: Signal) {
    match signal {
        Signal::Message => drop(trigger.send(())),
        Signal::DroppedSender => drop(trigger),
    }
}

/// Sends jobs 1 to `jobs` without a pause, and signals at `at`.
async fn run(probe: &Probe, jobs: u32, at: Duration, signal: Signal) -> Run {
    let (stages, clock) = (probe.stages(), Clock::start());
    let (queue, receiver) = mpsc::channel(2);
    let (trigger, shutdown) = oneshot::channel();
    let sending = async {
        let refused = send_all(queue, 1..=jobs).await;
        (refused, clock.elapsed())
    };
    let signalling = async {
        sleep(at).await;
        give(trigger, signal);
    };
    let draining = within(LONG, drain_and_close(receiver, shutdown, &stages));
    let ((outputs, returned_at), (refused, refused_at), ()) =
        tokio::join!(biased; draining, sending, signalling);
    Run {
        refused,
        refused_at,
        outputs,
        returned_at,
    }
}

/// When the job with this number was processed.
fn finished_at(probe: &Probe, number: u32) -> Option<Duration> {
    let mut calls = probe.calls(Stage::Process).into_iter();
    calls.find(|call| call.number == number)?.finished
}

fn check_ended(run: &Run) {
    check(run.outputs.is_some(), || {
        Failure::new(
            "The signal was given and all senders are gone. It should return; it did not within 5 seconds.",
        )
        .usually("that the queue was not closed: as long as it is open and has a sender, `recv` waits for another job.")
        .read(DRAIN)
    });
}

#[test]
fn processes_accepted_jobs_in_any_order() {
    grade_cases(async |case| {
        let probe = Probe::new().drawn(&case);
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(2);
        let (trigger, shutdown) = oneshot::channel();
        let (mut outputs, mut refused) = (Vec::new(), [Vec::new(), Vec::new()]);
        let [first, second] = &mut refused;
        let futures: [BoxedFuture<'_>; 4] = [
            Box::pin(async { outputs = drain_and_close(jobs, shutdown, &stages).await }),
            Box::pin(async {
                sleep(ms(case.below(12))).await;
                case.turns().await;
                let _ = trigger.send(());
            }),
            Box::pin({
                let queue = queue.clone();
                async { *first = send_all(queue, 1..=6).await }
            }),
            Box::pin(async { *second = send_all(queue, 7..=12).await }),
        ];
        case.join(futures).await;
        let refused = refused.concat();
        let accepted: Vec<u32> = (1..=12).filter(|n| !refused.contains(n)).collect();
        check_exactly_once(&probe, Stage::Process, &accepted, DRAIN);
        check_outputs(&outputs, &accepted, DRAIN);
    });
}

#[test]
fn returns_outputs_in_order() {
    grade(async || {
        let probe = Probe::new().duration_for(Stage::Process, 2, ms(90));
        let run = run(&probe, 4, ms(15), Signal::Message).await;
        check_ended(&run);
        let outputs = run.outputs.unwrap_or_default();
        let expected = [1, 2, 3, 4].map(output_of);
        check(outputs == expected, || {
            let numbers = outputs.iter().map(|output| output.job.0);
            let numbers: Vec<u32> = numbers.collect();
            let failure = Failure::new(format!(
                "Jobs 1 to 4 were accepted, and their outputs should be returned in this order. It returned the outputs of \
                 {}.",
                list(&numbers)
            ));
            if probe.peak(Stage::Process) > 1 {
                failure.usually("that several jobs are processed at a time, and their outputs returned in completion order.")
            } else {
                failure
            }
            .read(DRAIN)
        });
    });
}

#[test]
fn processes_one_job_at_a_time() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let run = run(&probe, 6, ms(90), Signal::Message).await;
        check_ended(&run);
        let peak = probe.peak(Stage::Process);
        check(peak == 1, || {
            Failure::new(format!(
                "One job should be processed at a time; up to {peak} were."
            ))
            .usually("that the jobs left in the queue after the signal are processed all at once.")
            .read(DRAIN)
        });
    });
}

#[test]
fn closes_the_queue_at_that_instant() {
    for signal in [Signal::Message, Signal::DroppedSender] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            // At 90 ms job 3 is in progress, 4 and 5 are in the queue, and the sender of 6 waits for a slot.
            let run = run(&probe, 6, ms(90), signal).await;
            check(run.refused == [6] && run.refused_at == ms(90), || {
                let failure = Failure::new(format!(
                    "{} at 90 ms. Then job 3 is in progress, 4 and 5 are in the queue, and the sender of 6 waits for a slot: \
                     6 should come back at once. The jobs that came back: {}. The last `send` returned at {}.",
                    match signal {
                        Signal::Message => "The signal is sent",
                        Signal::DroppedSender => "The sender of the signal is dropped",
                    },
                    list(&run.refused),
                    in_ms(run.refused_at)
                ));
                // Between job 3 and the next one.
                let third_done = finished_at(&probe, 3) == Some(run.refused_at);
                if run.refused == [6] && third_done {
                    failure.usually("that the signal is polled only between two jobs.")
                } else {
                    failure
                }
                .read(DRAIN)
            });
            check_ended(&run);
        });
    }
}

/// Gives the signal at 30 ms, while the queue is empty. Returns when the queue was closed, and whether the call has returned.
async fn signal_while_it_waits(signal: Signal) -> (Option<Duration>, bool) {
    let probe = Probe::new().duration(Stage::Process, ms(40));
    let (queue, jobs) = mpsc::channel(2);
    let (trigger, shutdown) = oneshot::channel();
    let (stages, clock) = (probe.stages(), Clock::start());
    let signalling = async {
        sleep(ms(30)).await;
        give(trigger, signal);
        queue.closed().await;
        clock.elapsed()
    };
    let draining = within(LONG, drain_and_close(jobs, shutdown, &stages));
    let ((outputs, _), closed) = tokio::join!(biased; draining, within(LONG, signalling));
    // After `LONG` the queue is dropped, and that closes it as well.
    let closed_at = closed.0.filter(|at| *at < LONG);
    (closed_at, outputs.is_some())
}

#[test]
fn the_signal_is_noticed_while_the_queue_is_empty() {
    grade(async || {
        let [message, dropped] = [
            signal_while_it_waits(Signal::Message).await,
            signal_while_it_waits(Signal::DroppedSender).await,
        ];
        let due = (Some(ms(30)), true);
        check(message == due && dropped == due, || {
            let (how, (at, returned)) = if message == due {
                ("the sender of the signal is dropped", dropped)
            } else {
                ("the signal is sent", message)
            };
            let failure = Failure::new(format!(
                "At 30 ms {how}, and the queue is empty. It should be closed at that instant, and the call should return; {}.",
                match at {
                    Some(at) if !returned => {
                        format!(
                            "it was closed at {}, but the call did not return within 5 seconds",
                            in_ms(at)
                        )
                    }
                    Some(at) => format!("it was closed at {}", in_ms(at)),
                    None => "it did not close within 5 seconds".to_owned(),
                }
            ));
            if at == Some(ms(30)) {
                failure.usually("that the end of the queue is not noticed after the signal.")
            } else if message == due {
                failure.usually(
                    "that only `Ok(())` counts as the signal: when its sender is dropped, a `oneshot` receiver returns an error.",
                )
            } else {
                failure
            }
            .read(ONESHOT)
        });
    });
}

#[test]
fn finishes_the_job_in_progress() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let run = run(&probe, 6, ms(90), Signal::Message).await;
        let (started, cancelled) = (
            probe.started(Stage::Process),
            probe.cancelled(Stage::Process),
        );
        check(cancelled.is_empty(), || {
            Failure::new(format!(
                "Job 3 is in progress when the signal is given, and should be finished; the processing of {} was dropped. \
                 Started were {}.",
                list(&cancelled),
                list(&started)
            ))
            .usually(
                "that the processing is a branch of a `select!` and is dropped when the signal wins. Pin it before the \
                 `select!`, and use `&mut processing` as the branch.",
            )
            .read(DRAIN)
        });
        check_ended(&run);
        check_exactly_once(&probe, Stage::Process, &[1, 2, 3, 4, 5], DRAIN);
        check(run.returned_at == ms(200), || {
            Failure::new(format!(
                "Five jobs of 40 ms were accepted, so it should return at 200 ms; it returned at {}.",
                in_ms(run.returned_at)
            ))
            .read(DRAIN)
        });
    });
}

#[test]
fn accepts_a_job_in_a_reserved_slot() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let (stages, clock) = (probe.stages(), Clock::start());
        let (queue, jobs) = mpsc::channel(2);
        let (trigger, shutdown) = oneshot::channel();
        let sending = async {
            let permit = queue.reserve().await.expect("the queue is open");
            sleep(ms(20)).await;
            let _ = trigger.send(());
            sleep(ms(50)).await;
            permit.send(Job(7));
            queue.closed().await;
        };
        let draining = within(LONG, drain_and_close(jobs, shutdown, &stages));
        let ((outputs, returned), ()) = tokio::join!(biased; draining, sending);
        let took = clock.elapsed();
        let numbers = outputs
            .map(|outputs| -> Vec<u32> { outputs.iter().map(|output| output.job.0).collect() });
        check(numbers == Some(vec![7]) && returned == ms(110), || {
            let failure = Failure::new(format!(
                "A permit is reserved, the signal is given at 20 ms, and job 7 is sent with the permit at 70 ms. It was accepted, \
                 so its output should be returned at 110 ms; {}.",
                match &numbers {
                    Some(numbers) => {
                        format!(
                            "at {} the outputs of {} were returned",
                            in_ms(returned),
                            list(numbers)
                        )
                    }
                    None => format!("it had not returned after {}", in_ms(took)),
                }
            ));
            match &numbers {
                Some(_) if returned < ms(70) => failure.usually(
                    "that it returns although a permit is reserved: when the queue looks empty, or when the signal comes. `recv` waits \
                     for reserved permits, and returns `None` when there are none left.",
                ),
                _ => failure,
            }
            .read(RESERVE)
        });
    });
}

#[test]
fn a_reserved_slot_delays_nothing() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let (stages, clock) = (probe.stages(), Clock::start());
        let (queue, jobs) = mpsc::channel(3);
        let (trigger, shutdown) = oneshot::channel();
        let sending = async {
            for number in 1..=2 {
                let _ = queue.send(Job(number)).await;
            }
            let permit = queue.reserve().await.expect("the queue is open");
            sleep(ms(20)).await;
            let _ = trigger.send(());
            sleep(ms(180)).await;
            permit.send(Job(7));
        };
        let draining = within(LONG, drain_and_close(jobs, shutdown, &stages));
        let ((outputs, _), ()) = tokio::join!(biased; draining, sending);
        let took = clock.elapsed();
        let calls = probe.calls(Stage::Process).into_iter();
        let finished: Vec<_> = calls.filter_map(|call| call.finished).map(in_ms).collect();
        let as_expected = outputs.is_some() && finished == ["40 ms", "80 ms", "240 ms"];
        check(as_expected, || {
            let failure = Failure::new(format!(
                "The signal is given at 20 ms. Then job 1 is in progress, job 2 is in the queue, and a permit is reserved, with \
                 which job 7 is sent at 200 ms. The three jobs should be done at 40, 80 and 240 ms; those that were done \
                 finished at {}, and {}.",
                finished.join(", "),
                returned_at(&outputs, took, "5 seconds")
            ));
            let collected = [
                ["40 ms", "240 ms", "280 ms"],
                // Not even the job in progress was polled.
                ["200 ms", "240 ms", "280 ms"],
            ];
            if collected.iter().any(|times| finished == times) {
                failure.usually(
                    "that the rest of the queue is collected first. Until the permit is used, no job that was received is \
                     processed.",
                )
            } else {
                failure
            }
            .read(DRAIN)
        });
    });
}

#[test]
fn a_signal_that_was_given_before_loses_no_job() {
    for (jobs, signal) in [
        (0, Signal::Message),
        (3, Signal::Message),
        (0, Signal::DroppedSender),
        (3, Signal::DroppedSender),
    ] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let (stages, numbers) = (probe.stages(), (1..=jobs).collect::<Vec<_>>());
            let (queue, receiver) = mpsc::channel(3);
            for number in 1..=jobs {
                let _ = queue.send(Job(number)).await;
            }
            let (trigger, shutdown) = oneshot::channel();
            give(trigger, signal);
            let (outputs, took) = within(LONG, drain_and_close(receiver, shutdown, &stages)).await;
            drop(queue);
            let expected = jobs * ms(40);
            let seen = outputs
                .as_ref()
                .map(|outputs| -> Vec<u32> { outputs.iter().map(|output| output.job.0).collect() });
            check(seen == Some(numbers) && took == expected, || {
                let failure = Failure::new(format!(
                    "{} before the call, and the number of jobs in the queue is {jobs}, 40 ms each. The call should process \
                     them, and return their outputs at {}; {}, with the outputs of {}.",
                    match signal {
                        Signal::Message => "The signal was sent",
                        Signal::DroppedSender => "The sender of the signal was dropped",
                    },
                    in_ms(expected),
                    returned_at(&outputs, took, "5 seconds"),
                    list(&seen.unwrap_or_default())
                ));
                if took < expected {
                    failure.usually("that the call ends at the signal without the jobs that were accepted before.")
                } else {
                    failure
                }
                .read(DRAIN)
            });
        });
    }
}

#[test]
fn ends_without_a_signal_when_all_senders_are_gone() {
    for jobs in [3, 0] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let (stages, numbers) = (probe.stages(), sorted(&(1..=jobs).collect::<Vec<_>>()));
            let (trigger, shutdown) = oneshot::channel();
            let queue = closed_queue(1..=jobs);
            let (outputs, took) = within(LONG, drain_and_close(queue, shutdown, &stages)).await;
            drop(trigger);
            let expected = jobs * ms(40);
            check(outputs.is_some() && took == expected, || {
                Failure::new(format!(
                    "{} in the queue, and all senders are gone. It should return at {}, with or without a signal; {}.",
                    match jobs {
                        0 => "No job is".to_owned(),
                        jobs => format!("{jobs} jobs of 40 ms are"),
                    },
                    in_ms(expected),
                    returned_at(&outputs, took, "5 seconds")
                ))
                .usually("that it waits for the signal in any case.")
                .read(CLOSING)
            });
            check_outputs(&outputs.unwrap_or_default(), &numbers, CLOSING);
        });
    }
}

#[test]
fn any_jobs_permits_and_signal() {
    grade_cases(async |case| {
        let script = Script::drawn(&case);
        let (expected, seen) = (script.expected(), script.run().await);
        check(seen.closed_at == expected.closed_at, || {
            Failure::new(format!(
                "When the signal is given, at {}, the queue should be closed; it was closed at {}.",
                in_ms(expected.closed_at),
                in_ms(seen.closed_at)
            ))
            .read(DRAIN)
        });
        let shown = |returned: &Option<(Vec<u32>, Duration)>| match returned {
            Some((numbers, at)) => {
                let jobs = grading::list(numbers.iter().map(u32::to_string));
                format!("the outputs of {jobs} at {}", in_ms(*at))
            }
            None => "nothing within a minute".to_owned(),
        };
        check(seen.returned == expected.returned, || {
            let failure = Failure::new(format!(
                "The jobs in the queue and those sent through a permit should be processed in this order, and it should return when the \
                 last one has been processed and no permit is left: {}. It returned {}.",
                shown(&expected.returned),
                shown(&seen.returned)
            ));
            match &seen.returned {
                Some((_, at)) if *at < script.last_permit() => failure
                    .usually(
                        "that it does not wait for all permits. After the queue is closed, `recv` waits for reserved permits, and returns \
                         `None` when there are none left.",
                    )
                    .read(RESERVE),
                _ => failure.read(DRAIN),
            }
        });
    });
}

#[test]
fn no_wait_and_no_job_is_given_up() {
    grade_cases(async |case| {
        let names = [
            "the queue is empty",
            "a job before the signal",
            "a job after the signal",
            "a permit is reserved",
        ];
        let (long, [idle, first, second, reserved]) = one_long_time(&case, names);
        let probe =
            Probe::new()
                .duration(Stage::Process, first)
                .duration_for(Stage::Process, 2, second);
        let (stages, clock) = (probe.stages(), Clock::start());
        let (queue, jobs) = mpsc::channel(3);
        let (trigger, shutdown) = oneshot::channel();
        let sending = async {
            sleep(idle).await;
            let _ = queue.send(Job(1)).await;
            sleep(first + ms(1)).await;
            let _ = queue.send(Job(2)).await;
            let permit = queue.reserve().await;
            let _ = trigger.send(());
            sleep(reserved).await;
            permit.map(|permit| permit.send(Job(3))).is_ok()
        };
        let draining = async {
            (
                drain_and_close(jobs, shutdown, &stages).await,
                clock.elapsed(),
            )
        };
        let ((outputs, returned), reserves) = tokio::join!(biased; draining, sending);
        let expected = idle + first + ms(1) + second.max(reserved) + first;
        let numbers: Vec<u32> = outputs.iter().map(|output| output.job.0).collect();
        check(numbers == [1, 2, 3] && returned == expected, || {
            let failure = Failure::new(format!(
                "Job 1 is sent after a wait, job 2 when job 1 is done, and then the signal is given while job 2 is in progress and a permit \
                 is reserved. Job 3 is sent with it. The outputs of 1, 2, 3 should be returned at {}; those of {} were, at {}.",
                in_ms(expected),
                list(&numbers),
                in_ms(returned)
            ));
            let given_up = !probe.cancelled(Stage::Process).is_empty();
            match long {
                0 if !reserves => failure.usually(
                    "that it returns when no job has come for some time. Without a signal it ends when all senders are gone.",
                ),
                1 | 2 if given_up => failure.usually("that a job is given up when it takes some time. A job may take any time."),
                3 if numbers == [1, 2] => failure.usually(
                    "that it waits only for some time for the permit. A permit is valid until its owner uses or drops it.",
                ),
                _ => failure,
            }
            .read(DRAIN)
        });
    });
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let (stages, tasks) = (probe.stages(), Tasks::baseline());
            let (trigger, shutdown) = oneshot::channel();
            let answer = async move {
                let queue = closed_queue(1..=3);
                let outputs = drain_and_close(queue, shutdown, &stages).await;
                drop(trigger);
                outputs
            };
            (answer, (probe, tasks))
        },
        async |(probe, tasks)| {
            check_nothing_runs_on(&probe, tasks, "When the future is dropped").await
        },
    );
}
