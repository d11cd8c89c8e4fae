//! `worker_pool`: several workers on one queue.

use super::*;
use exercises::queues::worker_pool;

#[test]
fn every_job_exactly_once_in_any_order() {
    shuffled(async |shuffle| {
        let probe = Probe::new().shuffled(&shuffle);
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(2);
        let mut outputs = Vec::new();
        let pool = async { outputs = worker_pool(jobs, 3, &stages).await };
        let senders = [1..=5, 6..=10].map(|numbers| {
            let (queue, shuffle) = (queue.clone(), shuffle.clone());
            async move {
                for number in numbers {
                    sleep(ms(shuffle.below(4))).await;
                    shuffle.turns().await;
                    let _ = queue.send(Job(number)).await;
                }
            }
        });
        drop(queue);
        let [first, second] = senders;
        let everybody: [std::pin::Pin<Box<dyn Future<Output = ()> + '_>>; 3] =
            [Box::pin(pool), Box::pin(first), Box::pin(second)];
        shuffle.join(everybody).await;
        let numbers: Vec<u32> = (1..=10).collect();
        check_exactly_once(&probe, Stage::Process, &numbers, CLOSING);
        check_outputs(&outputs, &numbers, CLOSING);
    });
}

#[test]
fn as_many_at_a_time_as_there_are_workers() {
    for (workers, jobs, rounds) in [(3, 9, 3), (1, 4, 4), (4, 2, 1), (40, 80, 2)] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let stages = probe.stages();
            let pool = worker_pool(closed_queue(1..=jobs), workers, &stages);
            let (outputs, took) = within(ms(10_000), pool).await;
            let peak = probe.peak(Stage::Process);
            check(outputs.is_some(), || {
                Failure::new(format!(
                    "The queue is closed, and {jobs} jobs of 40 ms are in it. It should end; it did not within 10 seconds."
                ))
                .usually(
                    "that somebody waits for a channel of which they hold a sender themselves, or that the workers stand \
                     before a full channel of results, which nobody empties until they have ended.",
                )
                .read(KEPT_SENDER)
            });
            let most = workers.min(jobs as usize);
            check(peak == most && took == rounds * ms(40), || {
                let miss = Failure::new(format!(
                    "{jobs} jobs of 40 ms each, and {workers} workers: {most} jobs should run at a time, and \
                     all be done after {}; at most {peak} ran at a time, and it took {}.",
                    in_ms(rounds * ms(40)),
                    in_ms(took)
                ));
                if peak == 1 {
                    miss.usually(
                        "that the workers take turns: one begins when another has ended, or each holds the lock of the \
                         queue while it works. In `while let Some(..) = queue.lock().await.recv().await` it is held until the \
                         end of the body.",
                    )
                    .read(LOCK)
                } else if peak > most {
                    miss.usually(
                        "that each job gets a task of its own, and nobody counts them; or that there are more workers \
                         than `workers`.",
                    )
                        .read(POOL)
                } else {
                    miss.usually("that some workers have nothing to do while others have a queue of their own.")
                        .read(POOL)
                }
            });
        });
    }
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
                "Job 1 takes 100 ms, ten others take 10 ms each, and there are two workers. While one has job 1, the \
                 other should do the ten, and all be done after 100 ms; it took {}.",
                in_ms(took)
            ))
            .usually(
                "that the jobs are dealt out in turn, whoever is free, or that an output which is there holds its place \
                 until those in front of it are there, as `buffered` has it; or that jobs are taken out in batches, and a batch waits for \
                 its slowest.",
            )
            .read(POOL)
        });
    });
}

#[test]
fn the_queue_pushes_back() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(100));
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(3);
        let watched = queue.clone();
        let (mut in_queue, mut accepted) = (0, 0);
        let sender = async {
            for number in 1..=20 {
                let _ = queue.send(Job(number)).await;
                accepted = number;
                in_queue = in_queue.max(queue.max_capacity() - queue.capacity());
            }
        };
        let day = async { tokio::join!(biased; worker_pool(jobs, 2, &stages), sender) };
        let _ = timeout(ms(50), day).await;
        drop(watched);
        let begun = probe.started(Stage::Process).len();
        check(in_queue == 3 && accepted == 5 && begun == 2, || {
            let miss = Failure::new(format!(
                "There is room for 3 in the queue, and both workers are busy for 100 ms. After 50 ms 2 jobs should be \
                 under way and 3 wait in the queue: 5 of 20. {accepted} were taken in, {begun} were begun, and at most \
                 {in_queue} were in the queue."
            ));
            if accepted == 20 {
                miss.usually(
                    "that all jobs are taken out before anybody is free for them. They wait in a list, a task or \
                     another channel instead, and whoever sends is never held up.",
                )
                .read(GROWS)
            } else {
                miss.usually("that somebody takes a job before there is a worker for it.")
                    .read(BACKPRESSURE)
            }
        });
    });
}

#[test]
fn begins_with_the_first_job() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(3);
        let sender = async {
            for number in 1..=2 {
                sleep(ms(10)).await;
                let _ = queue.send(Job(number)).await;
            }
            sleep(ms(100)).await;
            drop(queue);
        };
        tokio::join!(worker_pool(jobs, 2, &stages), sender);
        let calls = probe.calls(Stage::Process);
        let began: Vec<_> = calls.iter().map(|call| call.started).collect();
        check(began == [ms(10), ms(20)], || {
            let miss = Failure::new(format!(
                "Two jobs come at 10 and 20 ms, and both workers are free: their jobs should begin then; they \
                 began at {:?}.",
                began
            ));
            // Until then the queue is open.
            if began.iter().all(|began| *began < ms(120)) {
                miss.usually("that somebody looks into the queue now and then. `recv` waits, and is woken at the instant.")
            } else {
                miss.usually("that the jobs are collected first, until the queue is closed, and processed after that.")
            }
            .read(BACKPRESSURE)
        });
    });
}

#[test]
fn sleeps_until_there_is_a_job() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(10));
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(3);
        let sender = async {
            sleep(ms(100)).await;
            let _ = queue.send(Job(1)).await;
            drop(queue);
        };
        // The loop sleeps whenever nobody has anything to do; each timer that goes off ends a sleep.
        let metrics = tokio::runtime::Handle::current().metrics();
        let before = metrics.worker_park_count(0);
        tokio::join!(biased; worker_pool(jobs, 2, &stages), sender);
        let sleeps = metrics.worker_park_count(0) - before;
        check(sleeps <= 20, || {
            Failure::new(format!(
                "A job comes at 100 ms, and takes 10 ms. Until then the workers should sleep, and be woken once; the loop \
                 was woken {}.",
                times(sleeps as usize)
            ))
            .usually("that they look into the queue now and then, with a pause in between. `recv` waits.")
            .read("queues.html#a-miller-who-looks-now-and-then")
        });
    });
}

#[test]
fn ends_when_the_last_job_is_done() {
    for (jobs, closes, ends) in [(3, 10, 80), (1, 60, 60), (0, 30, 30)] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let (stages, expected) = (probe.stages(), (1..=jobs).collect::<Vec<u32>>());
            let (queue, receiver) = mpsc::channel(3);
            let sender = async {
                let queue_open = queue.clone();
                send_all(queue, 1..=jobs).await;
                sleep(ms(closes)).await;
                drop(queue_open);
            };
            let pool = within(ms(1000), worker_pool(receiver, 2, &stages));
            let ((outputs, took), ()) = tokio::join!(biased; pool, sender);
            check(outputs.is_some() && took == ms(ends), || {
                let miss = Failure::new(format!(
                    "The queue closes at {closes} ms, and {jobs} jobs of 40 ms were in it at 0 ms. With two workers it should \
                     end at {ends} ms; {}.",
                    match &outputs {
                        Some(_) => format!("it ended at {}", in_ms(took)),
                        None => "it did not end within a second".to_owned(),
                    }
                ));
                match &outputs {
                    Some(_) if took < ms(ends) => miss
                        .usually(
                            "that an empty queue is taken for a closed one, or that it does not wait for the last \
                             jobs.",
                        )
                        .read(CLOSING),
                    _ => miss
                        .usually("that somebody waits for a channel of which they hold a sender themselves.")
                        .read(KEPT_SENDER),
                }
            });
            check_outputs(&outputs.unwrap_or_default(), &expected, CLOSING);
        });
    }
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let (probe, tasks) = (
                Probe::new().duration(Stage::Process, ms(40)),
                Tasks::baseline(),
            );
            let stages = probe.stages();
            (
                async move { worker_pool(closed_queue(1..=5), 2, &stages).await },
                (probe, tasks),
            )
        },
        async |(probe, tasks)| check_nothing_runs_on(&probe, tasks, "When it is dropped").await,
    );
}
