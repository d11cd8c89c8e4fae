//! `pipeline`: three stages with a bounded channel between each two.

use super::*;
use exercises::queues::pipeline;

const ALL: [Stage; 3] = [Stage::Prepare, Stage::Process, Stage::Store];

const A_SENDER_IS_LEFT: &str = "that a sender of a channel is left in a variable or a future that sends nothing. As long as it exists, the stage that \
     receives from that channel waits.";

/// A probe in which each job takes these times in the three stages.
fn probe_with(times: [u64; 3]) -> Probe {
    ALL.into_iter()
        .zip(times)
        .fold(Probe::new(), |probe, (stage, time)| {
            probe.duration(stage, ms(time))
        })
}

#[test]
fn stores_every_job_exactly_once_in_any_order() {
    grade_cases(async |case| {
        let probe = Probe::new().drawn(&case);
        let stages = probe.stages();
        let (sender, jobs) = mpsc::channel(2);
        let mut stored = None;
        let futures: [BoxedFuture<'_>; 2] = [
            Box::pin(async { stored = Some(pipeline(jobs, 3, 2, &stages).await) }),
            Box::pin(async {
                for number in 1..=12 {
                    case.turns().await;
                    sleep(ms(case.below(3))).await;
                    let _ = sender.send(Job(number)).await;
                }
                drop(sender);
            }),
        ];
        let _ = timeout(ms(1000), case.join(futures)).await;
        let numbers: Vec<u32> = (1..=12).collect();
        for stage in ALL {
            check_exactly_once(&probe, stage, &numbers, PIPELINE);
        }
        check(stored == Some(Ok(12)), || {
            let failure = Failure::new(format!(
                "12 outputs were stored, so it should return Ok(12); {}.",
                match stored {
                    Some(result) => format!("it returned {result:?}"),
                    None => "it did not return within a second".to_owned(),
                }
            ));
            match stored {
                Some(_) => failure
                    .usually("that it does not wait for the last stage, or counts something else.")
                    .read(PIPELINE),
                None => failure.usually(A_SENDER_IS_LEFT).read(KEPT_SENDER),
            }
        });
    });
}

#[test]
fn stages_overlap() {
    for (times, workers, expected) in [
        ([10, 30, 5], 3, 125),
        ([30, 10, 10], 1, 290),
        ([5, 5, 20], 2, 190),
        ([10, 60, 10], 2, 320),
    ] {
        grade(async || {
            let probe = probe_with(times);
            let stages = probe.stages();
            let running = pipeline(closed_queue(1..=9), workers, 2, &stages);
            let (result, took) = within(ms(10_000), running).await;
            check(result.is_some(), || {
                Failure::new(
                    "Nine jobs are in a closed queue. It should return; it did not within 10 seconds.",
                )
                .usually(A_SENDER_IS_LEFT)
                .read(KEPT_SENDER)
            });
            check(took == ms(expected), || {
                let failure = Failure::new(format!(
                    "Nine jobs take {times:?} ms in the three stages, and the number of workers is {workers}. The slowest stage \
                     sets the pace, so it should return at {expected} ms; it returned at {}.",
                    in_ms(took)
                ));
                if took == 9 * ms(times.iter().sum()) {
                    failure
                        .usually(
                            "that each job goes through all stages before the next one starts.",
                        )
                        .read(PIPELINE)
                } else if took > ms(expected) && probe.peak(Stage::Process) < workers {
                    failure
                        .usually(
                            "that a worker holds a lock while it processes a job, or a slot of the next channel; or that there \
                             are fewer than `workers` workers.",
                        )
                        .read(LOCK)
                } else if took > ms(expected) {
                    failure
                        .usually(
                            "that a stage is not polled while another one works. The futures of a stream make progress only \
                             while its next item is awaited, and not while the loop body stores the last one.",
                        )
                        .read("gather-pitfalls.html#futures-do-not-run-while-the-loop-body-awaits")
                } else {
                    failure
                        .usually("that a stage works on more jobs at a time than it may.")
                        .read(PIPELINE)
                }
            });
        });
    }
}

#[test]
fn a_slow_job_does_not_delay_the_others() {
    grade(async || {
        let probe = probe_with([1, 10, 1]).duration_for(Stage::Process, 1, ms(200));
        let stages = probe.stages();
        let running = pipeline(closed_queue(1..=9), 2, 2, &stages);
        let (_, took) = within(ms(10_000), running).await;
        check(took == ms(202), || {
            Failure::new(format!(
                "Job 1 takes 200 ms to process, the others 10 ms each, and there are two workers. While one processes job 1, the \
                 other should process all the others, so it should return at 202 ms, when the last output is stored; it returned \
                 at {}.",
                in_ms(took)
            ))
            .usually(
                "that jobs are assigned to workers in turn, or that an output waits for the outputs before it, as `buffered` \
                 does.",
            )
            .read(PIPELINE)
        });
    });
}

#[test]
fn no_stage_exceeds_its_limit() {
    grade(async || {
        let probe = probe_with([10, 60, 10]);
        let stages = probe.stages();
        let _ = pipeline(closed_queue(1..=12), 3, 2, &stages).await;
        let peaks = ALL.map(|stage| probe.peak(stage));
        check(peaks == [1, 3, 1], || {
            Failure::new(format!(
                "At most 1 job should be prepared, 3 processed and 1 stored at a time; there were {}, {} and {}.",
                peaks[0], peaks[1], peaks[2]
            ))
            .usually("that a stage creates a task or a future for each job, or that there are more or fewer workers.")
            .read(PIPELINE)
        });
    });
}

#[test]
fn a_slow_stage_applies_backpressure() {
    for (capacity, workers) in [(1, 1), (2, 3), (5, 3)] {
        grade(async || {
            let probe = probe_with([1, 1, 1]).duration_for(Stage::Store, 1, ms(100_000));
            let stages = probe.stages();
            let (queue, jobs) = mpsc::channel(2);
            let open = queue.clone();
            let both = async {
                tokio::join!(biased; pipeline(jobs, workers, capacity, &stages), send_all(queue, 1..=50))
            };
            let _ = timeout(ms(1000), both).await;
            let finished =
                [Stage::Prepare, Stage::Process].map(|stage| probe.finished(stage).len());
            let started = [Stage::Process, Stage::Store].map(|stage| probe.started(stage).len());
            drop(open);
            let waiting = [0, 1].map(|gap| finished[gap].saturating_sub(started[gap]));
            // A stage may hold a result that it cannot pass on, or wait for a slot before it starts.
            let first = (capacity..=capacity + 1).contains(&waiting[0]);
            let second = (capacity..=capacity + workers).contains(&waiting[1]);
            check(first && second, || {
                let failure = Failure::new(format!(
                    "One output takes very long to store, and 50 jobs arrive. With a capacity of {capacity}, and with results \
                     that a stage cannot pass on, {capacity} or {} jobs should wait to be processed, and {capacity} to {} to be \
                     stored; {} and {} do.",
                    capacity + 1,
                    capacity + workers,
                    waiting[0],
                    waiting[1]
                ));
                if waiting.iter().any(|waiting| *waiting > capacity + workers) {
                    failure
                        .usually("that a channel has no bound, or that a stage receives all jobs before it starts.")
                        .read(GROWTH)
                } else {
                    failure
                        .usually("that a channel has another capacity than `capacity`.")
                        .read(BACKPRESSURE)
                }
            });
        });
    }
}

#[test]
fn ends_when_the_last_output_is_stored() {
    for jobs in [1, 0, 2] {
        grade(async || {
            let probe = probe_with([10, 20, 10]);
            let stages = probe.stages();
            let (queue, receiver) = mpsc::channel(2);
            let sender = async {
                let open = queue.clone();
                send_all(queue, 1..=jobs).await;
                sleep(ms(5)).await;
                drop(open);
            };
            let running = within(ms(1000), pipeline(receiver, 2, 2, &stages));
            let ((result, took), ()) = tokio::join!(biased; running, sender);
            let expected = match jobs {
                0 => ms(5),
                _ => ms(30) + jobs * ms(10),
            };
            let as_expected = result == Some(Ok(jobs as usize)) && took == expected;
            check(as_expected, || {
                let failure = Failure::new(format!(
                    "{jobs} jobs are sent, and the queue is closed at 5 ms. It should return Ok({jobs}) at {}; {}.",
                    in_ms(expected),
                    match &result {
                        Some(result) => format!("it returned {result:?} at {}", in_ms(took)),
                        None => "it did not return within a second".to_owned(),
                    }
                ));
                match result {
                    None => failure.usually(A_SENDER_IS_LEFT).read(KEPT_SENDER),
                    Some(_) => failure
                        .usually("that an empty queue is taken for a closed one, or that the last stage is not awaited.")
                        .read(CLOSING),
                }
            });
        });
    }
}

#[test]
fn returns_storage_full_at_once() {
    grade(async || {
        let tasks = Tasks::baseline();
        let probe = probe_with([10, 30, 10]).storage(2);
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(2);
        let running = within(ms(5000), pipeline(jobs, 2, 2, &stages));
        let sender = async { send_all(queue, 1..=20).await };
        let ((result, took), refused) = tokio::join!(biased; running, sender);
        // Outputs are stored at 50 and 60 ms. The third job has been processed at 70 ms, and is refused at 80 ms.
        let as_expected = result == Some(Err(StorageFull)) && took == ms(80);
        check(as_expected, || {
            let failure = Failure::new(format!(
                "The storage holds two outputs, and refuses the third at 80 ms. It should return `Err(StorageFull)` at that \
                 instant; {}.",
                match &result {
                    Some(result) => format!("at {} it returned {result:?}", in_ms(took)),
                    None => "it did not return within 5 seconds".to_owned(),
                }
            ));
            match result {
                Some(Ok(_)) => failure.usually("that the error of `store` is ignored, or ends the last stage without being returned."),
                Some(Err(StorageFull)) if took > ms(80) => failure.usually(
                    "that the error is kept until the other stages have ended. `try_join!` returns at the first error.",
                ),
                _ => failure.usually("that the other stages are awaited, and wait for slots that will never be free."),
            }
            .read(PIPELINE)
        });
        check(!refused.is_empty(), || {
            Failure::new("It has returned, so jobs that are sent later should come back; all 20 were accepted.")
                .usually("that the stages continue to run, or that jobs are received without a bound.")
                .read(BACKPRESSURE)
        });
        check_nothing_runs_on(&probe, tasks, "After the error").await;
    });
}

#[test]
fn processing_continues_while_an_output_waits() {
    grade(async || {
        let probe = probe_with([1, 30, 1]).duration_for(Stage::Store, 1, ms(200));
        let stages = probe.stages();
        let _ = within(ms(10_000), pipeline(closed_queue(1..=6), 2, 1, &stages)).await;
        let took = probe.calls(Stage::Process).into_iter();
        let took = took.filter_map(|call| Some(call.finished? - call.started));
        let slow: Vec<_> = took.filter(|took| *took != ms(30)).map(in_ms).collect();
        check(slow.is_empty(), || {
            Failure::new(format!(
                "One output takes 200 ms to store, and those after it wait for a slot. The processing that is in progress should \
                 take 30 ms all the same; some took {}.",
                slow.join(", ")
            ))
            .usually("that processing stops while an output waits, because both are steps of one stream.")
            .read("gather-pitfalls.html#futures-do-not-run-while-the-loop-body-awaits")
        });
    });
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let (probe, tasks) = (probe_with([10, 30, 10]), Tasks::baseline());
            let stages = probe.stages();
            (
                async move { pipeline(closed_queue(1..=4), 2, 1, &stages).await },
                (probe, tasks),
            )
        },
        async |(probe, tasks)| {
            check_nothing_runs_on(&probe, tasks, "When the future is dropped").await
        },
    );
}
