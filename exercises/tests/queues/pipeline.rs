//! `pipeline`: three stages and a queue between each two.

use super::*;
use exercises::queues::pipeline;

const ALL: [Stage; 3] = [Stage::Prepare, Stage::Process, Stage::Store];

/// A pipeline in which these are the times of the three stages.
fn probe_with(times: [u64; 3]) -> Probe {
    ALL.into_iter()
        .zip(times)
        .fold(Probe::new(), |probe, (stage, time)| {
            probe.duration(stage, ms(time))
        })
}

#[test]
fn every_job_exactly_once_in_any_order() {
    shuffled(async |shuffle| {
        let probe = Probe::new().shuffled(&shuffle);
        let stages = probe.stages();
        let (sender, jobs) = mpsc::channel(2);
        let mut stored = None;
        let everybody: [std::pin::Pin<Box<dyn Future<Output = ()> + '_>>; 2] = [
            Box::pin(async { stored = Some(pipeline(jobs, 3, 2, &stages).await) }),
            Box::pin(async {
                for number in 1..=12 {
                    shuffle.turns().await;
                    sleep(ms(shuffle.below(3))).await;
                    let _ = sender.send(Job(number)).await;
                }
                drop(sender);
            }),
        ];
        let _ = timeout(ms(1000), shuffle.join(everybody)).await;
        let numbers: Vec<u32> = (1..=12).collect();
        for stage in ALL {
            check_exactly_once(&probe, stage, &numbers, PIPELINE);
        }
        check(stored == Some(Ok(12)), || {
            let miss = Failure::new(format!(
                "12 outputs were stored, so it should end with Ok(12); {}.",
                match stored {
                    Some(result) => format!("it ended with {result:?}"),
                    None => "it did not end within a second".to_owned(),
                }
            ));
            match stored {
                Some(_) => miss
                    .usually("that it does not wait for the last stage, or counts something else.")
                    .read(PIPELINE),
                None => miss
                    .usually(
                        "that a sender of one of the queues is left with somebody who sends nothing. As long as it \
                         lives, the stage behind that queue waits.",
                    )
                    .read(KEPT_SENDER),
            }
        });
    });
}

#[test]
fn the_stages_work_at_the_same_time() {
    for (times, workers, expected) in [
        ([10, 30, 5], 3, 125),
        ([30, 10, 10], 1, 290),
        ([5, 5, 20], 2, 190),
        ([10, 60, 10], 2, 320),
    ] {
        grade(async || {
            let probe = probe_with(times);
            let stages = probe.stages();
            let working = pipeline(closed_queue(1..=9), workers, 2, &stages);
            let (result, took) = within(ms(10_000), working).await;
            check(result.is_some(), || {
                Failure::new("Nine jobs come, and no more: it should end; it did not within 10 seconds.")
                    .usually(
                        "that a sender of one of the queues is left with somebody who sends nothing. As long as it \
                         lives, the stage behind that queue waits.",
                    )
                    .read(KEPT_SENDER)
            });
            check(took == ms(expected), || {
                let miss = Failure::new(format!(
                    "Nine jobs, {times:?} ms at the three stages, {workers} workers: the slowest stage sets the pace, \
                     and it should end at {expected} ms; it ended at {}.",
                    in_ms(took)
                ));
                if took == 9 * ms(times.iter().sum()) {
                    miss.usually(
                        "that each job goes through all stages before the next one begins.",
                    )
                    .read(PIPELINE)
                } else if took > ms(expected) && probe.peak(Stage::Process) < workers {
                    miss.usually(
                        "that the workers take turns, because a lock is held while one of them works, or a place in the \
                         next queue; or that there are fewer of them than were asked for.",
                    )
                    .read(LOCK)
                } else if took > ms(expected) {
                    miss.usually(
                        "that one stage stands still while another is at work. A stream and its futures move only while \
                         the next item is asked for, and not while somebody stores the last one.",
                    )
                    .read("gather-pitfalls.html#futures-do-not-run-while-the-loop-body-awaits")
                } else {
                    miss.usually("that more is done at a time than the stages allow.")
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
        let working = pipeline(closed_queue(1..=9), 2, 2, &stages);
        let (_, took) = within(ms(10_000), working).await;
        check(took == ms(202), || {
            Failure::new(format!(
                "The processing of job 1 takes 200 ms, the others 10 ms each, and there are two workers. While one has \
                 job 1, the other should do all the others, and it should end at 202 ms, when the last output is stored; \
                 it ended at {}.",
                in_ms(took)
            ))
            .usually(
                "that the jobs are dealt out in turn, whoever is free, or that the outputs are put in order, as \
                 `buffered` does it: those that are there wait for one that is not.",
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
                "One job should be prepared at a time, 3 processed, and one output stored; there were {}, {} and {}.",
                peaks[0], peaks[1], peaks[2]
            ))
            .usually("that a stage makes a task for each job, or that there are more or fewer workers.")
            .read(PIPELINE)
        });
    });
}

#[test]
fn the_queues_push_back() {
    for (room, workers) in [(1, 1), (2, 3), (5, 3)] {
        grade(async || {
            let probe = probe_with([1, 1, 1]).duration_for(Stage::Store, 1, ms(100_000));
            let stages = probe.stages();
            let (queue, jobs) = mpsc::channel(2);
            let watched = queue.clone();
            let day = async {
                tokio::join!(biased; pipeline(jobs, workers, room, &stages), send_all(queue, 1..=50))
            };
            let _ = timeout(ms(1000), day).await;
            let (prepared, processed) = (
                probe.finished(Stage::Prepare).len(),
                probe.finished(Stage::Process).len(),
            );
            let begun = [Stage::Process, Stage::Store].map(|stage| probe.started(stage).len());
            drop(watched);
            let waiting = [
                prepared - begun[0].min(prepared),
                processed - begun[1].min(processed),
            ];
            // A stage may hold what it cannot hand on, or wait for a place before it begins.
            let first = (room..=room + 1).contains(&waiting[0]);
            let second = (room..=room + workers).contains(&waiting[1]);
            check(first && second, || {
                let miss = Failure::new(format!(
                    "The storage needs very long for one output, and 50 jobs come. With room for {room} between two stages, \
                     and a hand for each who cannot hand on, {room} or {} should wait for the workers, and {room} to {} for \
                     the storage; {} and {} do.",
                    room + 1,
                    room + workers,
                    waiting[0],
                    waiting[1]
                ));
                if waiting.iter().any(|waiting| *waiting > room + workers) {
                    miss.usually(
                        "that a queue has no bound, or that a stage takes all in before it begins.",
                    )
                    .read(GROWS)
                } else {
                    miss.usually("that a queue has another capacity than `room`.")
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
            let working = within(ms(1000), pipeline(receiver, 2, 2, &stages));
            let ((result, took), ()) = tokio::join!(biased; working, sender);
            let expected = if jobs == 0 {
                ms(5)
            } else {
                ms(30) + jobs * ms(10)
            };
            check(
                result == Some(Ok(jobs as usize)) && took == expected,
                || {
                    let miss = Failure::new(format!(
                        "{jobs} jobs come, and no more: it should end at {} with Ok({jobs}); {}.",
                        in_ms(expected),
                        match &result {
                            Some(result) => format!("it ended at {} with {result:?}", in_ms(took)),
                            None => "it did not end within a second".to_owned(),
                        }
                    ));
                    match result {
                    None => miss
                        .usually(
                            "that a sender of one of the queues is left with somebody who sends nothing. As long as it \
                             lives, the stage behind that queue waits.",
                        )
                        .read(KEPT_SENDER),
                    Some(_) => miss
                        .usually("that an empty queue is taken for a closed one, or that the last stage is not awaited.")
                        .read(CLOSING),
                }
                },
            );
        });
    }
}

#[test]
fn a_full_storage_ends_it_at_that_instant() {
    grade(async || {
        let tasks = Tasks::baseline();
        let probe = probe_with([10, 30, 10]).storage(2);
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(2);
        let working = within(ms(5000), pipeline(jobs, 2, 2, &stages));
        let sender = async { send_all(queue, 1..=20).await };
        let ((result, took), refused) = tokio::join!(biased; working, sender);
        // Outputs are stored at 50 and 60 ms; the third processing is done at 70, and the storage says so at 80.
        check(result == Some(Err(StorageFull)) && took == ms(80), || {
            let miss = Failure::new(format!(
                "There is room for two outputs in the storage. The third one is refused at 80 ms, and that should be the \
                 result, at that instant; {}.",
                match &result {
                    Some(result) => format!("at {} it was {result:?}", in_ms(took)),
                    None => "it did not end within 5 seconds".to_owned(),
                }
            ));
            match result {
                Some(Ok(_)) => miss.usually(
                    "that the error of `store` is not looked at, or is taken for an end like any other: `StorageFull` is the \
                     result, and not how many were stored before it.",
                ),
                Some(Err(StorageFull)) if took > ms(80) => miss.usually(
                    "that the error is kept until the other stages have ended. `try_join!` returns at the first one.",
                ),
                _ => miss.usually("that the other stages are awaited, and they wait for room that nobody will make."),
            }
            .read(PIPELINE)
        });
        check(!refused.is_empty(), || {
            Failure::new(
                "It has ended, so whoever sends jobs should get them back; all 20 were taken in.",
            )
            .usually(
                "that the stages run on by themselves, or that jobs are taken in without a bound.",
            )
            .read(BACKPRESSURE)
        });
        check_nothing_runs_on(&probe, tasks, "After the error").await;
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
        async |(probe, tasks)| check_nothing_runs_on(&probe, tasks, "When it is dropped").await,
    );
}

#[test]
fn processing_goes_on_while_an_output_waits() {
    grade(async || {
        let probe = probe_with([1, 30, 1]).duration_for(Stage::Store, 1, ms(200));
        let stages = probe.stages();
        let _ = within(ms(10_000), pipeline(closed_queue(1..=6), 2, 1, &stages)).await;
        let took = probe.calls(Stage::Process).into_iter();
        let took = took.filter_map(|call| Some(call.finished? - call.started));
        let slow: Vec<_> = took.filter(|took| *took != ms(30)).map(in_ms).collect();
        check(slow.is_empty(), || {
            Failure::new(format!(
                "The storage needs 200 ms for one output, and those behind it wait for a place. The processing that is under way \
                 should take 30 ms all the same; there were some of {}.",
                slow.join(", ")
            ))
            .usually("that the processing stands still while an output waits, because both are steps of one stream.")
            .read("gather-pitfalls.html#futures-do-not-run-while-the-loop-body-awaits")
        });
    });
}
