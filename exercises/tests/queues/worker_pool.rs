//! `worker_pool`: several workers on one queue.

use std::cell::Cell;

use super::*;
use exercises::queues::worker_pool;

#[test]
fn processes_every_job_exactly_once_in_any_order() {
    grade_cases(async |case| {
        let probe = Probe::new().drawn(&case);
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(2);
        let (mut outputs, sent, has_returned) = (Vec::new(), Cell::new(0), Cell::new(false));
        let (refused_before, sent_before) = (Cell::new(None), Cell::new(10));
        let pool = async {
            outputs = worker_pool(jobs, 3, &stages).await;
            has_returned.set(true);
            sent_before.set(sent.get());
        };
        let senders = [1..=5, 6..=10].map(|numbers| {
            let (queue, case) = (queue.clone(), case.clone());
            let (sent, has_returned, refused_before) = (&sent, &has_returned, &refused_before);
            async move {
                for number in numbers {
                    sleep(ms(case.below(4))).await;
                    case.turns().await;
                    match queue.send(Job(number)).await {
                        Ok(()) => sent.set(sent.get() + 1),
                        Err(_) if !has_returned.get() => refused_before.set(Some(number)),
                        Err(_) => {}
                    }
                }
            }
        });
        drop(queue);
        let [first, second] = senders;
        let futures: [BoxedFuture<'_>; 3] = [Box::pin(pool), Box::pin(first), Box::pin(second)];
        case.join(futures).await;
        check(refused_before.get().is_none(), || {
            Failure::new(format!(
                "The senders have jobs left, so the queue should accept all of them; job {} came back before the call had returned.",
                refused_before.get().unwrap_or_default()
            ))
            .usually("that the answer closes the queue, or drops its receiver, while there are senders.")
            .read(CLOSING)
        });
        let sent_before = sent_before.get();
        check(sent_before == 10, || {
            let failure = Failure::new(format!(
                "It should return when the queue is closed and empty; it returned when {sent_before} of 10 jobs had been sent, and the \
                 senders were waiting to send the others."
            ));
            if probe.started(Stage::Process).len() == sent_before {
                failure.usually("that an empty queue is taken for a closed one. More jobs may come as long as there is a sender.")
            } else {
                failure
            }
            .read(CLOSING)
        });
        let numbers: Vec<u32> = (1..=10).collect();
        check_exactly_once(&probe, Stage::Process, &numbers, CLOSING);
        check_outputs(&outputs, &numbers, CLOSING);
    });
}

#[test]
fn runs_as_many_jobs_as_workers() {
    for (workers, jobs, rounds) in [(3, 9, 3), (1, 4, 4), (4, 2, 1), (40, 80, 2)] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let stages = probe.stages();
            let pool = worker_pool(closed_queue(1..=jobs), workers, &stages);
            let (outputs, took) = within(ms(10_000), pool).await;
            let peak = probe.peak(Stage::Process);
            check(outputs.is_some(), || {
                Failure::new(format!(
                    "In a closed queue there are {jobs} jobs of 40 ms, and the number of workers is {workers}. It should return; it \
                     did not within 10 seconds."
                ))
                .usually(
                    "that it waits for a channel to close and holds a sender of it itself, or that the workers wait for \
                     slots in a channel of outputs that is received from only after they have ended.",
                )
                .read(KEPT_SENDER)
            });
            let most = workers.min(jobs as usize);
            check(peak == most && took == rounds * ms(40), || {
                let failure = Failure::new(format!(
                    "{jobs} jobs of 40 ms with {} should take {}, {most} at a time. They took {}, and never more than {peak} ran at a \
                     time.",
                    plural(workers, "worker"),
                    in_ms(rounds * ms(40)),
                    in_ms(took)
                ));
                if peak == 1 {
                    failure
                        .usually(
                            "that a worker keeps the lock on the receiver while it processes a job: in \
                             `while let Some(job) = rx.lock().await.recv().await { .. }` the guard lives until the end of \
                             the body.",
                        )
                        .read(LOCK)
                } else if peak > most {
                    failure
                        .usually("that each job gets a task of its own, or that there are more than `workers` workers.")
                        .read(POOL)
                } else if peak == most && a_worker_was_idle(&probe, most) {
                    failure
                        .usually("that a worker is idle while a job waits for another worker: in a batch, or in a queue of its own.")
                        .read(POOL)
                } else {
                    failure.read(POOL)
                }
            });
        });
    }
}

/// Whether a job that was in the queue from the beginning started when fewer than `workers` had been in progress.
fn a_worker_was_idle(probe: &Probe, workers: usize) -> bool {
    let calls = probe.calls(Stage::Process);
    let mut late = calls.iter().filter(|call| call.started > Duration::ZERO);
    late.any(|late| {
        let at = late.started;
        let in_progress = calls.iter().filter(|call| {
            call.started < at && call.finished.is_none_or(|finished| finished >= at)
        });
        in_progress.count() < workers
    })
}

#[test]
fn a_free_worker_takes_the_next_job() {
    grade(async || {
        let probe = Probe::new().duration_for(Stage::Process, 1, ms(100));
        let stages = probe.stages();
        let pool = worker_pool(closed_queue(1..=11), 2, &stages);
        let (_, took) = within(ms(10_000), pool).await;
        check(took == ms(100), || {
            Failure::new(format!(
                "Job 1 takes 100 ms, ten other jobs take 10 ms each, and there are two workers. While one processes job 1, \
                 the other should process the ten, so that all are done after 100 ms. It took {}.",
                in_ms(took)
            ))
            .usually(
                "that the jobs are assigned to workers in turn, or in batches; or that an output waits for the outputs \
                 before it, as `buffered` does.",
            )
            .read(POOL)
        });
    });
}

#[test]
fn leaves_waiting_jobs_in_the_queue() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(100));
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(3);
        let open = queue.clone();
        let (mut in_queue, mut accepted) = (0, 0);
        let sender = async {
            for number in 1..=20 {
                let _ = queue.send(Job(number)).await;
                accepted = number;
                in_queue = in_queue.max(queue.max_capacity() - queue.capacity());
            }
        };
        let both = async { tokio::join!(biased; worker_pool(jobs, 2, &stages), sender) };
        let _ = timeout(ms(50), both).await;
        drop(open);
        let started = probe.started(Stage::Process).len();
        check(in_queue == 3 && accepted == 5 && started == 2, || {
            let failure = Failure::new(format!(
                "The queue has a capacity of 3, and both workers are busy for 100 ms. After 50 ms, 2 of 20 jobs should be \
                 in progress and 3 in the queue, 5 accepted in all. The number of accepted ones is {accepted}, of \
                 started ones {started}, and of those in the queue at most {in_queue}."
            ));
            if accepted > 5 {
                failure.usually(
                "that jobs are received before a worker is free. They wait in a variable, a list, a task or another channel, and the \
                 sender is not slowed down.",
            )
            } else {
                failure
            }
            .read(if accepted == 20 { GROWTH } else { BACKPRESSURE })
        });
    });
}

#[test]
fn starts_a_job_when_it_arrives() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(3);
        let metrics = tokio::runtime::Handle::current().metrics();
        let (before, mut parks) = (metrics.worker_park_count(0), 0);
        let sender = async {
            for number in 1..=2 {
                sleep(ms(10)).await;
                if number == 1 {
                    parks = metrics.worker_park_count(0) - before;
                }
                let _ = queue.send(Job(number)).await;
            }
            sleep(ms(100)).await;
            drop(queue);
        };
        tokio::join!(worker_pool(jobs, 2, &stages), sender);
        let calls = probe.calls(Stage::Process);
        let started: Vec<_> = calls.iter().map(|call| call.started).collect();
        check(started == [ms(10), ms(20)], || {
            let failure = Failure::new(format!(
                "Two jobs arrive at 10 and 20 ms, and both workers are free. The jobs should start at these instants; they \
                 started at {started:?}."
            ));
            let closed_at = ms(120);
            if started.iter().all(|started| *started >= closed_at) {
                failure
                    .usually("that the jobs are collected first, until the queue is closed, and processed after that.")
                    .read(BACKPRESSURE)
            } else if parks > 3 {
                failure
                    .usually("that the workers check the queue from time to time. `recv` waits, and is woken at once.")
                    .read(POLLING)
            } else {
                failure.read(POOL)
            }
        });
    });
}

#[test]
fn any_jobs_through_a_queue_of_any_capacity() {
    grade_cases(async |case| {
        let workers = case.size("workers", 1..=70);
        let capacity = case.size("capacity", 1..=70);
        let jobs = case.size("jobs", 0..=140);
        let numbers: Vec<u32> = case
            .numbers("numbers of the jobs", jobs, 255)
            .into_iter()
            .map(|n| n as u32)
            .collect();
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let stages = probe.stages();
        let (queue, receiver) = mpsc::channel(capacity);
        let pool = within(ms(10_000), worker_pool(receiver, workers, &stages));
        let ((outputs, took), _) = tokio::join!(biased; pool, send_all(queue, numbers.clone()));
        let mut seen: Vec<u32> = outputs
            .iter()
            .flatten()
            .map(|output| output.job.0)
            .collect();
        let mut all = numbers;
        seen.sort_unstable();
        all.sort_unstable();
        check(outputs.is_none() || seen == all, || {
            let finished = probe.finished(Stage::Process).len();
            let failure = Failure::new(format!(
                "There should be one output for each of the jobs {}, some of which may have the same number; there were outputs \
                 for {}, and {} processed.",
                list(&all),
                list(&seen),
                were(finished)
            ));
            if finished == jobs {
                failure.usually("that an output was dropped, or took the place of another with the same job number.")
            } else {
                failure
            }
            .read(POOL)
        });
        let (most, peak) = (workers.min(jobs), probe.peak(Stage::Process));
        let expected = jobs.div_ceil(workers) as u32 * ms(40);
        check(
            outputs.is_some() && peak == most && took == expected,
            || {
                let failure = Failure::new(format!(
                    "The queue has a capacity of {capacity}, and a sender waits for each slot. With {}, {} of 40 ms should take {}, with \
                     a peak of {most} at a time; {}, and the peak was {peak}.",
                    plural(workers, "worker"),
                    plural(jobs, "job"),
                    in_ms(expected),
                    returned_at(&outputs, took, "10 seconds")
                ));
                if outputs.is_none() {
                    failure.usually("that a worker is not woken, or that it waits for a channel which it keeps open itself.")
                } else {
                    failure
                }
                .read(POOL)
            },
        );
    });
}

#[test]
fn sleeps_until_a_job_arrives() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(10));
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(3);
        let sender = async {
            sleep(ms(100)).await;
            let _ = queue.send(Job(1)).await;
            drop(queue);
        };
        // The runtime parks when no task can proceed; each timer that expires ends one park.
        let metrics = tokio::runtime::Handle::current().metrics();
        let before = metrics.worker_park_count(0);
        tokio::join!(biased; worker_pool(jobs, 2, &stages), sender);
        let parks = metrics.worker_park_count(0) - before;
        check(parks <= 20, || {
            Failure::new(format!(
                "A job of 10 ms arrives after 100 ms. Until then the workers should wait, and be woken once; the runtime was \
                 woken {}.",
                times(parks as usize)
            ))
            .usually("that the workers check the queue from time to time, with a `sleep` in between. `recv` waits.")
            .read(POLLING)
        });
    });
}

#[test]
fn every_worker_is_woken() {
    // A limit that is built into an answer is hardly ever higher.
    const JOBS: u32 = 1000;
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(JOBS as usize);
        let sender = async {
            sleep(ms(10)).await;
            send_all(queue, 1..=JOBS).await;
        };
        let pool = within(ms(1000), worker_pool(jobs, JOBS as usize, &stages));
        let ((outputs, took), ()) = tokio::join!(biased; pool, sender);
        let processed = probe.finished(Stage::Process).len();
        check(outputs.is_some() && took == ms(50), || {
            let failure = Failure::new(format!(
                "{JOBS} workers wait. At 10 ms, {JOBS} jobs of 40 ms arrive and the queue is closed, so it should end at 50 ms; {}, and \
                 {processed} jobs were processed.",
                returned_at(&outputs, took, "a second")
            ));
            if outputs.is_none() {
                failure.usually(
                "that the receiver is polled by all workers, which are not polled together. It remembers the waker of its \
                 latest poll only: one worker has to wait in `recv`, and the others for a lock.",
            )
            } else {
                failure
            }
            .read(POOL)
        });
    });
}

#[test]
fn ends_after_the_last_job() {
    for (jobs, closes, ends) in [(3, 10, 80), (1, 60, 60), (0, 30, 30)] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let (stages, expected) = (probe.stages(), (1..=jobs).collect::<Vec<u32>>());
            let (queue, receiver) = mpsc::channel(3);
            let sender = async {
                let open = queue.clone();
                send_all(queue, 1..=jobs).await;
                sleep(ms(closes)).await;
                drop(open);
            };
            let pool = within(ms(1000), worker_pool(receiver, 2, &stages));
            let ((outputs, took), ()) = tokio::join!(biased; pool, sender);
            let finished = probe.finished(Stage::Process).len();
            check(outputs.is_some() && took == ms(ends), || {
                let failure = Failure::new(format!(
                    "{}, and at {closes} ms the queue is closed. With two workers it should return at {ends} ms; {}, and {} processed.",
                    match jobs {
                        0 => "No job is sent".to_owned(),
                        1 => "At 0 ms, a job of 40 ms is sent".to_owned(),
                        jobs => format!("At 0 ms, {jobs} jobs of 40 ms are sent"),
                    },
                    returned_at(&outputs, took, "a second"),
                    were(finished)
                ));
                let all_finished = finished == expected.len();
                match &outputs {
                    Some(_) if took < ms(closes) => failure
                        .usually("that an empty queue is taken for a closed one.")
                        .read(CLOSING),
                    Some(_) if !all_finished => failure
                        .usually("that it does not wait for the jobs that are in progress.")
                        .read(CLOSING),
                    Some(_) => failure
                        .usually("that the jobs were started later than they could be, or that it waits for something else at the end.")
                        .read(POOL),
                    None if all_finished => failure
                        .usually("that it waits for a channel to close and holds a sender of it itself.")
                        .read(KEPT_SENDER),
                    None => failure
                        .usually("that a worker has ended or waits for something else, and the jobs that are left are not received.")
                        .read(POOL),
                }
            });
            check_outputs(&outputs.unwrap_or_default(), &expected, CLOSING);
        });
    }
}

#[test]
fn no_wait_and_no_job_is_given_up() {
    grade_cases(async |case| {
        let (long, [idle, takes]) = one_long_time(&case, ["the queue is empty", "a job"]);
        let probe = Probe::new().duration(Stage::Process, takes);
        let (stages, clock) = (probe.stages(), Clock::start());
        let (queue, jobs) = mpsc::channel(3);
        let sender = async move {
            let _ = queue.send(Job(1)).await;
            sleep(idle).await;
            let _ = queue.send(Job(2)).await;
        };
        let pool = async { (worker_pool(jobs, 2, &stages).await, clock.elapsed()) };
        let ((outputs, returned), ()) = tokio::join!(biased; pool, sender);
        check(outputs.len() == 2 && returned == idle + takes, || {
            let failure = Failure::new(format!(
                "Job 1 is sent, and after a wait job 2, and then the queue is closed. It should return two outputs, when job 2 has \
                 been processed, at {}. The number of outputs was {}, at {}.",
                in_ms(idle + takes),
                outputs.len(),
                in_ms(returned)
            ));
            let given_up = !probe.cancelled(Stage::Process).is_empty();
            match long {
                0 if returned < idle => failure.usually(
                    "that a worker ends when no job has come for some time. A queue that is open and empty may get a job at any time.",
                ),
                1 if given_up => failure.usually("that a job is given up when it takes some time. A job may take any time."),
                _ => failure,
            }
            .read(POOL)
        });
    });
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let (stages, tasks) = (probe.stages(), Tasks::baseline());
            (
                async move { worker_pool(closed_queue(1..=5), 2, &stages).await },
                (probe, tasks),
            )
        },
        async |(probe, tasks)| {
            check_nothing_runs_on(&probe, tasks, "When the future is dropped").await
        },
    );
}
