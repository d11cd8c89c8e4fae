//! `worker_pool`: several workers on one rack.

use super::*;
use exercises::queues::worker_pool;

#[test]
fn every_sample_exactly_once_in_any_order() {
    shuffled(async |shuffle| {
        let bench = Bench::new().shuffled(&shuffle);
        let lab = bench.lab();
        let (rack, samples) = mpsc::channel(2);
        let mut reports = Vec::new();
        let pool = async { reports = worker_pool(samples, 3, &lab).await };
        let senders = [1..=5, 6..=10].map(|numbers| {
            let (rack, shuffle) = (rack.clone(), shuffle.clone());
            async move {
                for number in numbers {
                    sleep(ms(shuffle.below(4))).await;
                    shuffle.turns().await;
                    let _ = rack.send(Sample(number)).await;
                }
            }
        });
        drop(rack);
        let [first, second] = senders;
        let everybody: [std::pin::Pin<Box<dyn Future<Output = ()> + '_>>; 3] =
            [Box::pin(pool), Box::pin(first), Box::pin(second)];
        shuffle.join(everybody).await;
        let numbers: Vec<u32> = (1..=10).collect();
        check_exactly_once(&bench, Station::Analyse, &numbers, CLOSING);
        check_reports(&reports, &numbers, CLOSING);
    });
}

#[test]
fn as_many_at_a_time_as_there_are_workers() {
    for (analysers, samples, rounds) in [(3, 9, 3), (1, 4, 4), (4, 2, 1), (40, 80, 2)] {
        grade(async || {
            let bench = Bench::new().time(Station::Analyse, ms(40));
            let lab = bench.lab();
            let pool = worker_pool(closed_rack(1..=samples), analysers, &lab);
            let (reports, took) = within(ms(10_000), pool).await;
            let peak = bench.peak(Station::Analyse);
            check(reports.is_some(), || {
                Failure::new(format!(
                    "The rack is closed, and {samples} samples of 40 ms are in it. It should end; it did not within 10 seconds."
                ))
                .usually(
                    "that somebody waits for a channel of which they hold a sender themselves, or that the workers stand \
                     before a full channel of results, which nobody empties until they have ended.",
                )
                .read(KEPT_SENDER)
            });
            let most = analysers.min(samples as usize);
            check(peak == most && took == rounds * ms(40), || {
                let miss = Failure::new(format!(
                    "{samples} samples of 40 ms each, and {analysers} workers: {most} analyses should run at a time, and \
                     all be done after {}; at most {peak} ran at a time, and it took {}.",
                    in_ms(rounds * ms(40)),
                    in_ms(took)
                ));
                if peak == 1 {
                    miss.usually(
                        "that the workers take turns: one begins when another has ended, or each holds the lock of the \
                         rack while it works. In `while let Some(..) = rack.lock().await.recv().await` it is held until the \
                         end of the body.",
                    )
                    .read(LOCK)
                } else if peak > most {
                    miss.usually(
                        "that each sample gets a task of its own, and nobody counts them; or that there are more workers \
                         than `analysers`.",
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
fn whoever_is_free_takes_the_next() {
    grade(async || {
        let bench = Bench::new().time_for(Station::Analyse, 1, ms(100));
        let lab = bench.lab();
        let pool = worker_pool(closed_rack(1..=11), 2, &lab);
        let (_, took) = within(ms(10_000), pool).await;
        check(took == ms(100), || {
            Failure::new(format!(
                "Sample 1 takes 100 ms, ten others take 10 ms each, and there are two workers. While one has sample 1, the \
                 other should do the ten, and all be done after 100 ms; it took {}.",
                in_ms(took)
            ))
            .usually(
                "that the samples are dealt out in turn, whoever is free, or that a report which is there holds its place \
                 until those in front of it are there, as `buffered` has it; or that samples are taken out in batches, and a batch waits for \
                 its slowest.",
            )
            .read(POOL)
        });
    });
}

#[test]
fn the_rack_pushes_back() {
    grade(async || {
        let bench = Bench::new().time(Station::Analyse, ms(100));
        let lab = bench.lab();
        let (rack, samples) = mpsc::channel(3);
        let watched = rack.clone();
        let (mut in_rack, mut accepted) = (0, 0);
        let sender = async {
            for number in 1..=20 {
                let _ = rack.send(Sample(number)).await;
                accepted = number;
                in_rack = in_rack.max(rack.max_capacity() - rack.capacity());
            }
        };
        let day = async { tokio::join!(biased; worker_pool(samples, 2, &lab), sender) };
        let _ = timeout(ms(50), day).await;
        drop(watched);
        let begun = bench.started(Station::Analyse).len();
        check(in_rack == 3 && accepted == 5 && begun == 2, || {
            let miss = Failure::new(format!(
                "There is room for 3 in the rack, and both workers are busy for 100 ms. After 50 ms 2 samples should be \
                 under way and 3 wait in the rack: 5 of 20. {accepted} were taken in, {begun} were begun, and at most \
                 {in_rack} were in the rack."
            ));
            if accepted == 20 {
                miss.usually(
                    "that all samples are taken out before anybody is free for them. They wait in a list, a task or \
                     another channel instead, and whoever sends is never held up.",
                )
                .read(GROWS)
            } else {
                miss.usually("that somebody takes a sample before there is a worker for it.")
                    .read(BACKPRESSURE)
            }
        });
    });
}

#[test]
fn begins_with_the_first_sample() {
    grade(async || {
        let bench = Bench::new().time(Station::Analyse, ms(40));
        let lab = bench.lab();
        let (rack, samples) = mpsc::channel(3);
        let sender = async {
            for number in 1..=2 {
                sleep(ms(10)).await;
                let _ = rack.send(Sample(number)).await;
            }
            sleep(ms(100)).await;
            drop(rack);
        };
        tokio::join!(worker_pool(samples, 2, &lab), sender);
        let visits = bench.visits(Station::Analyse);
        let began: Vec<_> = visits.iter().map(|visit| visit.began).collect();
        check(began == [ms(10), ms(20)], || {
            let miss = Failure::new(format!(
                "Two samples come at 10 and 20 ms, and both workers are free: their analyses should begin then; they \
                 began at {:?}.",
                began
            ));
            // Until then the rack is open.
            if began.iter().all(|began| *began < ms(120)) {
                miss.usually("that somebody looks into the rack now and then. `recv` waits, and is woken at the instant.")
            } else {
                miss.usually("that the samples are collected first, until the rack is closed, and analysed after that.")
            }
            .read(BACKPRESSURE)
        });
    });
}

#[test]
fn sleeps_until_there_is_a_sample() {
    grade(async || {
        let bench = Bench::new().time(Station::Analyse, ms(10));
        let lab = bench.lab();
        let (rack, samples) = mpsc::channel(3);
        let sender = async {
            sleep(ms(100)).await;
            let _ = rack.send(Sample(1)).await;
            drop(rack);
        };
        // The loop sleeps whenever nobody has anything to do; each timer that goes off ends a sleep.
        let metrics = tokio::runtime::Handle::current().metrics();
        let before = metrics.worker_park_count(0);
        tokio::join!(biased; worker_pool(samples, 2, &lab), sender);
        let sleeps = metrics.worker_park_count(0) - before;
        check(sleeps <= 20, || {
            Failure::new(format!(
                "A sample comes at 100 ms, and takes 10 ms. Until then the workers should sleep, and be woken once; the loop \
                 was woken {}.",
                times(sleeps as usize)
            ))
            .usually("that they look into the rack now and then, with a pause in between. `recv` waits.")
            .read("queues.html#a-miller-who-looks-now-and-then")
        });
    });
}

#[test]
fn ends_when_the_last_sample_is_done() {
    for (samples, closes, ends) in [(3, 10, 80), (1, 60, 60), (0, 30, 30)] {
        grade(async || {
            let bench = Bench::new().time(Station::Analyse, ms(40));
            let (lab, expected) = (bench.lab(), (1..=samples).collect::<Vec<u32>>());
            let (rack, receiver) = mpsc::channel(3);
            let sender = async {
                let rack_open = rack.clone();
                send_all(rack, 1..=samples).await;
                sleep(ms(closes)).await;
                drop(rack_open);
            };
            let pool = within(ms(1000), worker_pool(receiver, 2, &lab));
            let ((reports, took), ()) = tokio::join!(biased; pool, sender);
            check(reports.is_some() && took == ms(ends), || {
                let miss = Failure::new(format!(
                    "The rack closes at {closes} ms, and {samples} samples of 40 ms were in it at 0 ms. With two workers it should \
                     end at {ends} ms; {}.",
                    match &reports {
                        Some(_) => format!("it ended at {}", in_ms(took)),
                        None => "it did not end within a second".to_owned(),
                    }
                ));
                match &reports {
                    Some(_) if took < ms(ends) => miss
                        .usually(
                            "that an empty rack is taken for a closed one, or that it does not wait for the last \
                             analyses.",
                        )
                        .read(CLOSING),
                    _ => miss
                        .usually("that somebody waits for a channel of which they hold a sender themselves.")
                        .read(KEPT_SENDER),
                }
            });
            check_reports(&reports.unwrap_or_default(), &expected, CLOSING);
        });
    }
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let (bench, tasks) = (
                Bench::new().time(Station::Analyse, ms(40)),
                Tasks::baseline(),
            );
            let lab = bench.lab();
            (
                async move { worker_pool(closed_rack(1..=5), 2, &lab).await },
                (bench, tasks),
            )
        },
        async |(bench, tasks)| check_nothing_runs_on(&bench, tasks, "When it is dropped").await,
    );
}
