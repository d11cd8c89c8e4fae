//! `drain_and_close`: a shutdown that loses no accepted job.

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
        match signal {
            Signal::Message => drop(trigger.send(())),
            Signal::DroppedSender => drop(trigger),
        }
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
            Failure::new(format!(
                "Jobs 1 to 4 were accepted, and their outputs should be returned in this order. It returned the outputs of \
                 {}.",
                list(&numbers)
            ))
            .usually(
                "that several jobs are processed at a time and their outputs returned in completion order, or that jobs \
                 received after the signal are kept separately.",
            )
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
                "One job should be processed at a time; at most {peak} were."
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
                     6 should come back at once. {} came back, and the last `send` returned at {}.",
                    match signal {
                        Signal::Message => "The signal is sent",
                        Signal::DroppedSender => "The sender of the signal is dropped",
                    },
                    list(&run.refused),
                    in_ms(run.refused_at)
                ));
                if run.outputs.is_none() {
                    failure.usually("that the queue was not closed.")
                } else if run.refused.is_empty() {
                    failure.usually(
                        "that the signal is polled only between two jobs, or that jobs are received while another is being \
                         processed: a slot became free, and job 6 was accepted.",
                    )
                } else {
                    failure.usually(
                        "that the signal is polled only between two jobs, or that the queue is dropped with jobs in it.",
                    )
                }
                .read(DRAIN)
            });
            check_ended(&run);
        });
    }
}

#[test]
fn a_dropped_sender_counts_as_shutdown() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let (queue, jobs) = mpsc::channel(2);
        let (trigger, shutdown) = oneshot::channel();
        let (stages, clock) = (probe.stages(), Clock::start());
        let signalling = async {
            sleep(ms(30)).await;
            drop(trigger);
            queue.closed().await;
            clock.elapsed()
        };
        let draining = within(LONG, drain_and_close(jobs, shutdown, &stages));
        let ((outputs, _), closed) = tokio::join!(biased; draining, within(LONG, signalling));
        // After `LONG` the queue is dropped, and that closes it as well.
        let at = closed.0.filter(|at| *at < LONG);
        check(outputs.is_some() && at == Some(ms(30)), || {
            Failure::new(format!(
                "The sender of the signal is dropped at 30 ms, and the queue is empty. It should be closed at that instant, and \
                 the call should return; {}.",
                match at {
                    Some(at) if outputs.is_none() => {
                        format!("it was closed at {}, but the call did not return within 5 seconds", in_ms(at))
                    }
                    Some(at) => format!("it was closed at {}", in_ms(at)),
                    None => "it did not close within 5 seconds".to_owned(),
                }
            ))
            .usually(if at == Some(ms(30)) {
                "that the end of the queue is not noticed after the signal."
            } else {
                "that only `Ok(())` counts as the signal: when its sender is dropped, a `oneshot` receiver returns an error. \
                 Or the signal is not polled while the loop waits for a job."
            })
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
            .usually(
                "that a job was started again, or that it waits for something else at the end.",
            )
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
        let ((outputs, _), ()) = tokio::join!(biased; draining, sending);
        let numbers: Option<Vec<u32>> =
            outputs.map(|outputs| outputs.iter().map(|output| output.job.0).collect());
        let took = clock.elapsed();
        check(numbers == Some(vec![7]) && took == ms(110), || {
            Failure::new(format!(
                "A permit is reserved, the signal is given at 20 ms, and job 7 is sent with the permit at 70 ms. It was \
                 accepted, so its output should be returned at 110 ms. At {} the outputs of {} were returned.",
                in_ms(took),
                list(&numbers.unwrap_or_default())
            ))
            .usually(
                "that the loop ends when the queue looks empty, with `try_recv` or `is_empty`. `recv` waits for reserved \
                 permits, and returns `None` when there are none left.",
            )
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
            if finished.len() < 3 {
                failure.usually("that an accepted job was lost, or that it returned before the permit was used.")
            } else if outputs.is_none() {
                failure.usually("that the end of the queue is not noticed.")
            } else {
                failure.usually(
                    "that the rest of the queue is collected first. Until the permit is used, no job that was received is \
                     processed.",
                )
            }
            .read(DRAIN)
        });
    });
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
                    "{jobs} jobs of 40 ms are in the queue, and all senders are gone. It should return at {}, with or without a \
                     signal; {}.",
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
