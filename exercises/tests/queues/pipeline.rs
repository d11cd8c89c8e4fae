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
                } else if took > ms(expected) && workers > 1 && probe.peak(Stage::Process) == 1 {
                    failure
                        .usually("that a worker holds a lock while it processes a job, so that only one of them works.")
                        .read(LOCK)
                } else if took > ms(expected) && probe.peak(Stage::Process) < workers {
                    failure.read(PIPELINE)
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
fn has_any_number_of_workers() {
    grade_cases(async |case| {
        let workers = case.size("workers", 1..=300);
        let jobs = case.size_near("jobs", workers, 1..=300);
        let probe = probe_with([0, 1000, 0]);
        let stages = probe.stages();
        let running = pipeline(closed_queue(1..=jobs as u32), workers, 5, &stages);
        let _ = within(ms(500), running).await;
        let (busy, expected) = (probe.peak(Stage::Process), workers.min(jobs));
        check(busy == expected, || {
            Failure::new(format!(
                "With {}, and {} of a second each, {expected} should be processed at a time; the number is {busy}.",
                plural(workers, "worker"),
                plural(jobs, "job")
            ))
            .usually(if busy > expected {
                "that more jobs are processed at a time than there are workers: each in a task or a future of its own."
            } else {
                "that the number of workers has a bound, or is kept in a type that is too small; or that a worker waits although there \
                 are jobs."
            })
            .read(PIPELINE)
        });
    });
}

#[test]
fn no_stage_exceeds_its_limit() {
    grade(async || {
        let probe = probe_with([10, 60, 10]);
        let stages = probe.stages();
        let _ = within(ms(10_000), pipeline(closed_queue(1..=12), 3, 2, &stages)).await;
        let peaks = ALL.map(|stage| probe.peak(stage));
        check(peaks == [1, 3, 1], || {
            let report = Failure::new(format!(
                "With three workers and enough jobs, at most 1 job at a time should be prepared, 3 processed, and 1 stored; it was up \
                 to {}, {} and {}.",
                peaks[0], peaks[1], peaks[2]
            ));
            let limits = ALL.into_iter().zip(peaks).zip([1, 3, 1]);
            let over = limits.clone().find(|((_, peak), limit)| peak > limit);
            match over {
                Some(((Stage::Process, _), _)) => report.usually(
                    "that more jobs are processed at a time than there are workers: each in a task or a future of its own, or by more \
                     workers.",
                ),
                Some(((stage, _), _)) => report.usually(format!(
                    "that several jobs are {} at a time, as if that stage had workers, too.",
                    done_at(stage)
                )),
                None if peaks[1] < 3 => report.usually(
                    "that there are fewer workers than `workers`, or that something keeps a worker from the next job.",
                ),
                None => report.usually("that a stage was never reached."),
            }
            .read(PIPELINE)
        });
    });
}

/// More jobs than any pipeline here holds.
const MANY: u32 = 400;

/// Where jobs wait while an output is being stored.
struct Waiting {
    /// Prepared and not being processed; processed and not being stored.
    jobs: [usize; 2],
    /// How many of `MANY` jobs were accepted.
    accepted: usize,
    stored: usize,
}

/// The output of job `slow` is stored slowly, so that others wait, and that of the next job takes far longer.
async fn waiting_for_storage(workers: usize, capacity: usize, slow: u32) -> Waiting {
    let probe = probe_with([1, 1, 1])
        .duration_for(Stage::Store, slow, ms(500))
        .duration_for(Stage::Store, slow + 1, ms(100_000));
    let stages = probe.stages();
    let (queue, jobs) = mpsc::channel(2);
    let open = queue.clone();
    let accepted = std::cell::Cell::new(0);
    let sender = async {
        for number in 1..=MANY {
            if queue.send(Job(number)).await.is_ok() {
                accepted.set(accepted.get() + 1);
            }
        }
    };
    let both = async { tokio::join!(biased; pipeline(jobs, workers, capacity, &stages), sender) };
    let _ = timeout(ms(2000), both).await;
    let finished = [Stage::Prepare, Stage::Process].map(|stage| probe.finished(stage).len());
    let started = [Stage::Process, Stage::Store].map(|stage| probe.started(stage).len());
    drop(open);
    Waiting {
        jobs: [0, 1].map(|gap| finished[gap].saturating_sub(started[gap])),
        accepted: accepted.get(),
        stored: probe.finished(Stage::Store).len(),
    }
}

#[test]
fn a_slow_stage_applies_backpressure() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 1..=120);
        let workers = case.size("workers", 1..=40);
        let slow = case.size("job that is slow to store", 1..=10);
        let Waiting {
            jobs,
            accepted,
            stored,
        } = waiting_for_storage(workers, capacity, slow as u32).await;
        // A stage may hold a result that it cannot pass on, or wait for a slot before it starts.
        let most = [capacity + 1, capacity + workers];
        let [first, second] = [0, 1].map(|gap| (capacity..=most[gap]).contains(&jobs[gap]));
        // Two are in the input, one is in the first stage, and one is being stored.
        let most_accepted = 2 + 1 + capacity + workers + capacity + 1 + stored;
        check(first && second && accepted <= most_accepted, || {
            let failure = Failure::new(format!(
                "One output takes very long to store, and jobs keep arriving. With a capacity of {capacity}, and with the results \
                 that the stages cannot pass on, {capacity} or {} should wait to be processed, and {capacity} to {} to be stored; \
                 the numbers are {} and {}. At most {most_accepted} jobs should have been accepted, and {accepted} were.",
                most[0], most[1], jobs[0], jobs[1]
            ));
            let too_many = jobs[0] > most[0] || jobs[1] > most[1];
            if too_many && accepted == MANY as usize {
                failure
                    .usually("that jobs wait where there is no bound: in a channel without one, in a list, or in tasks.")
                    .read(GROWTH)
            } else if too_many {
                failure
                    .usually("that more than `capacity` jobs fit between two stages: in their channel, or in a list or task beside it.")
                    .read(BACKPRESSURE)
            } else if first && second {
                failure
                    .usually(
                        "that a stage receives the next job while it waits to pass on a result.",
                    )
                    .read(BACKPRESSURE)
            } else {
                failure
                    .usually("that fewer than `capacity` jobs fit between two stages, or that a stage stops before they are full.")
                    .read(BACKPRESSURE)
            }
        });
    });
}

#[test]
fn counts_any_number_of_outputs() {
    grade(async || {
        let jobs = 300;
        let probe = probe_with([0, 0, 0]);
        let stages = probe.stages();
        // Jobs may have the same number.
        let numbers = (0..jobs).map(|nth| nth % 100);
        let running = pipeline(closed_queue(numbers), 4, 5, &stages);
        let (result, _) = within(ms(10_000), running).await;
        let stored = probe.finished(Stage::Store).len();
        check(result == Some(Ok(jobs as usize)), || {
            Failure::new(format!(
                "{jobs} jobs are in a closed queue, so it should return Ok({jobs}); {}, and {} stored.",
                match &result {
                    Some(result) => format!("it returned {result:?}"),
                    None => "it did not return within 10 seconds".to_owned(),
                },
                were(stored)
            ))
            .usually(if stored == jobs as usize {
                "that the outputs are counted in a type that is too small, or by the numbers of their jobs."
            } else {
                "that it ends before the last output has been stored."
            })
            .read(PIPELINE)
        });
    });
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
                    "{} sent, and the queue is closed at 5 ms. It should return Ok({jobs}) at {}; {}.",
                    match jobs {
                        0 => "No job is".to_owned(),
                        1 => "1 job is".to_owned(),
                        jobs => format!("{jobs} jobs are"),
                    },
                    in_ms(expected),
                    match &result {
                        Some(result) => format!("it returned {result:?} at {}", in_ms(took)),
                        None => "it did not return within a second".to_owned(),
                    }
                ));
                match result {
                    None => failure.usually(A_SENDER_IS_LEFT).read(KEPT_SENDER),
                    Some(_) if took < ms(5) => failure
                        .usually("that an empty queue is taken for a closed one.")
                        .read(CLOSING),
                    Some(_) => failure.read(CLOSING),
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
fn any_jobs_until_the_storage_is_full() {
    grade_cases(async |case| {
        let workers = case.size("workers", 1..=20);
        let capacity = case.size("capacity", 1..=20);
        let jobs = case.size("jobs", 0..=60);
        let numbers = case.numbers("their numbers", jobs, 255);
        let numbers: Vec<u32> = numbers.into_iter().map(|number| number as u32).collect();
        let times = case.whole_ms_each("times of the stages", 3, 20);
        // Half of the storages have room for all.
        let room = case.size_near("room in the storage", jobs, 0..=jobs + 1);
        let probe = ALL
            .into_iter()
            .zip(times)
            .fold(Probe::new().storage(room), |probe, (stage, time)| {
                probe.duration(stage, time)
            });
        let (stages, clock) = (probe.stages(), Clock::start());
        let result = pipeline(closed_queue(numbers.clone()), workers, capacity, &stages).await;
        let (returned, stored) = (clock.elapsed(), probe.calls(Stage::Store));
        let expected = if jobs <= room {
            Ok(jobs)
        } else {
            Err(StorageFull)
        };
        let calls = jobs.min(room + 1);
        let at = stored.last().and_then(|call| call.finished);
        check(
            result == expected && stored.len() == calls && at.unwrap_or_default() == returned,
            || {
                Failure::new(format!(
                "The storage has room for {}, and {jobs} are sent. It should store {calls} and return {expected:?} at the instant of the \
                 last one; it stored {}{}, and returned {result:?} at {}.",
                plural(room, "output"),
                stored.len(),
                at.map_or_else(String::new, |at| format!(", the last one at {}", in_ms(at))),
                in_ms(returned)
            ))
            .read(PIPELINE)
            },
        );
    });
}

#[test]
fn no_wait_and_no_job_is_given_up() {
    grade_cases(async |case| {
        let names = ["the queue is empty", "preparing", "processing", "storing"];
        let (long, [idle, prepare, process, store]) = one_long_time(&case, names);
        let times = [prepare, process, store];
        let probe = ALL
            .into_iter()
            .zip(times)
            .fold(Probe::new(), |probe, (stage, time)| {
                probe.duration(stage, time)
            });
        let (stages, clock) = (probe.stages(), Clock::start());
        let (queue, jobs) = mpsc::channel(3);
        let sender = async move {
            let _ = queue.send(Job(1)).await;
            sleep(idle).await;
            let _ = queue.send(Job(2)).await;
        };
        let running = async { (pipeline(jobs, 2, 1, &stages).await, clock.elapsed()) };
        let ((result, returned), ()) = tokio::join!(biased; running, sender);
        // Both jobs are processed at the same time; the second one waits for the other stages.
        let prepared = (prepare.max(idle)) + prepare;
        let first_stored = prepare + process + store;
        let expected = first_stored.max(prepared + process) + store;
        check(result == Ok(2) && returned == expected, || {
            let failure = Failure::new(format!(
                "Job 1 is sent, and after a wait job 2, and then the queue is closed. It should return Ok(2), when both outputs have been \
                 stored, at {}; it returned {result:?} at {}.",
                in_ms(expected),
                in_ms(returned)
            ));
            let given_up = ALL.iter().any(|stage| !probe.cancelled(*stage).is_empty());
            match long {
                0 if returned < idle => failure.usually(
                    "that it ends when no job has come for some time. A queue that is open and empty may get a job at any time.",
                ),
                1..=3 if given_up => failure.usually("that a job is given up when a stage takes some time. It may take any time."),
                _ => failure,
            }
            .read(PIPELINE)
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
