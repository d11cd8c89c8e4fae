//! `pipeline`: three stations and a queue between each two.

use super::*;
use exercises::queues::pipeline;

const ALL: [Station; 3] = [Station::Spin, Station::Analyse, Station::Store];

/// A laboratory in which these are the times of the three stations.
fn bench_with(times: [u64; 3]) -> Bench {
    ALL.into_iter()
        .zip(times)
        .fold(Bench::new(), |bench, (station, time)| {
            bench.time(station, ms(time))
        })
}

#[test]
fn every_sample_exactly_once_in_any_order() {
    shuffled(async |shuffle| {
        let bench = Bench::new().shuffled(&shuffle);
        let lab = bench.lab();
        let (sender, samples) = mpsc::channel(2);
        let mut stored = None;
        let everybody: [std::pin::Pin<Box<dyn Future<Output = ()> + '_>>; 2] = [
            Box::pin(async { stored = Some(pipeline(samples, 3, 2, &lab).await) }),
            Box::pin(async {
                for number in 1..=12 {
                    shuffle.turns().await;
                    sleep(ms(shuffle.below(3))).await;
                    let _ = sender.send(Sample(number)).await;
                }
                drop(sender);
            }),
        ];
        let _ = timeout(ms(1000), shuffle.join(everybody)).await;
        let numbers: Vec<u32> = (1..=12).collect();
        for station in ALL {
            check_exactly_once(&bench, station, &numbers, PIPELINE);
        }
        check(stored == Some(Ok(12)), || {
            let miss = Failure::new(format!(
                "12 reports were stored, so it should end with Ok(12); {}.",
                match stored {
                    Some(result) => format!("it ended with {result:?}"),
                    None => "it did not end within a second".to_owned(),
                }
            ));
            match stored {
                Some(_) => miss
                    .usually("that it does not wait for the last station, or counts something else.")
                    .read(PIPELINE),
                None => miss
                    .usually(
                        "that a sender of one of the queues is left with somebody who sends nothing. As long as it \
                         lives, the station behind that queue waits.",
                    )
                    .read(KEPT_SENDER),
            }
        });
    });
}

#[test]
fn the_stations_work_at_the_same_time() {
    for (times, analysers, expected) in [
        ([10, 30, 5], 3, 125),
        ([30, 10, 10], 1, 290),
        ([5, 5, 20], 2, 190),
        ([10, 60, 10], 2, 320),
    ] {
        grade(async || {
            let bench = bench_with(times);
            let lab = bench.lab();
            let working = pipeline(closed_rack(1..=9), analysers, 2, &lab);
            let (result, took) = within(ms(10_000), working).await;
            check(result.is_some(), || {
                Failure::new("Nine samples come, and no more: it should end; it did not within 10 seconds.")
                    .usually(
                        "that a sender of one of the queues is left with somebody who sends nothing. As long as it \
                         lives, the station behind that queue waits.",
                    )
                    .read(KEPT_SENDER)
            });
            check(took == ms(expected), || {
                let miss = Failure::new(format!(
                    "Nine samples, {times:?} ms at the three stations, {analysers} analysers: the slowest station sets the pace, \
                     and it should end at {expected} ms; it ended at {}.",
                    in_ms(took)
                ));
                if took == 9 * ms(times.iter().sum()) {
                    miss.usually(
                        "that each sample goes through all stations before the next one begins.",
                    )
                    .read(PIPELINE)
                } else if took > ms(expected) && bench.peak(Station::Analyse) < analysers {
                    miss.usually(
                        "that the analysers take turns, because a lock is held while one of them works, or a place in the \
                         next queue; or that there are fewer of them than were asked for.",
                    )
                    .read(LOCK)
                } else if took > ms(expected) {
                    miss.usually(
                        "that one station stands still while another is at work. A stream and its futures move only while \
                         the next item is asked for, and not while somebody stores the last one.",
                    )
                    .read("gather-pitfalls.html#futures-do-not-run-while-the-loop-body-awaits")
                } else {
                    miss.usually("that more is done at a time than the stations allow.")
                        .read(PIPELINE)
                }
            });
        });
    }
}

#[test]
fn a_slow_analysis_holds_nobody_up() {
    grade(async || {
        let bench = bench_with([1, 10, 1]).time_for(Station::Analyse, 1, ms(200));
        let lab = bench.lab();
        let working = pipeline(closed_rack(1..=9), 2, 2, &lab);
        let (_, took) = within(ms(10_000), working).await;
        check(took == ms(202), || {
            Failure::new(format!(
                "The analysis of sample 1 takes 200 ms, the others 10 ms each, and there are two analysers. While one has \
                 sample 1, the other should do all the others, and it should end at 202 ms, when the last report is stored; \
                 it ended at {}.",
                in_ms(took)
            ))
            .usually(
                "that the samples are dealt out in turn, whoever is free, or that the reports are put in order, as \
                 `buffered` does it: those that are there wait for one that is not.",
            )
            .read(PIPELINE)
        });
    });
}

#[test]
fn no_station_does_more_than_it_may() {
    grade(async || {
        let bench = bench_with([10, 60, 10]);
        let lab = bench.lab();
        let _ = pipeline(closed_rack(1..=12), 3, 2, &lab).await;
        let peaks = ALL.map(|station| bench.peak(station));
        check(peaks == [1, 3, 1], || {
            Failure::new(format!(
                "One sample should be spun at a time, 3 analysed, and one report stored; there were {}, {} and {}.",
                peaks[0], peaks[1], peaks[2]
            ))
            .usually("that a station makes a task for each sample, or that there are more or fewer analysers.")
            .read(PIPELINE)
        });
    });
}

#[test]
fn the_queues_push_back() {
    for (room, analysers) in [(1, 1), (2, 3), (5, 3)] {
        grade(async || {
            let bench = bench_with([1, 1, 1]).time_for(Station::Store, 1, ms(100_000));
            let lab = bench.lab();
            let (rack, samples) = mpsc::channel(2);
            let watched = rack.clone();
            let day = async {
                tokio::join!(biased; pipeline(samples, analysers, room, &lab), send_all(rack, 1..=50))
            };
            let _ = timeout(ms(1000), day).await;
            let (spun, analysed) = (
                bench.finished(Station::Spin).len(),
                bench.finished(Station::Analyse).len(),
            );
            let begun =
                [Station::Analyse, Station::Store].map(|station| bench.started(station).len());
            drop(watched);
            let waiting = [spun - begun[0].min(spun), analysed - begun[1].min(analysed)];
            // A station may hold what it cannot hand on, or wait for a place before it begins.
            let first = (room..=room + 1).contains(&waiting[0]);
            let second = (room..=room + analysers).contains(&waiting[1]);
            check(first && second, || {
                let miss = Failure::new(format!(
                    "The archive needs very long for one report, and 50 samples come. With room for {room} between two stations, \
                     and a hand for each who cannot hand on, {room} or {} should wait for the analysers, and {room} to {} for \
                     the archive; {} and {} do.",
                    room + 1,
                    room + analysers,
                    waiting[0],
                    waiting[1]
                ));
                if waiting.iter().any(|waiting| *waiting > room + analysers) {
                    miss.usually("that a queue has no bound, or that a station takes all in before it begins.")
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
fn ends_when_the_last_report_is_stored() {
    for samples in [1, 0, 2] {
        grade(async || {
            let bench = bench_with([10, 20, 10]);
            let lab = bench.lab();
            let (rack, receiver) = mpsc::channel(2);
            let sender = async {
                let open = rack.clone();
                send_all(rack, 1..=samples).await;
                sleep(ms(5)).await;
                drop(open);
            };
            let working = within(ms(1000), pipeline(receiver, 2, 2, &lab));
            let ((result, took), ()) = tokio::join!(biased; working, sender);
            let expected = if samples == 0 {
                ms(5)
            } else {
                ms(30) + samples * ms(10)
            };
            check(
                result == Some(Ok(samples as usize)) && took == expected,
                || {
                    let miss = Failure::new(format!(
                        "{samples} samples come, and no more: it should end at {} with Ok({samples}); {}.",
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
                             lives, the station behind that queue waits.",
                        )
                        .read(KEPT_SENDER),
                    Some(_) => miss
                        .usually("that an empty queue is taken for a closed one, or that the last station is not awaited.")
                        .read(CLOSING),
                }
                },
            );
        });
    }
}

#[test]
fn a_full_archive_ends_it_at_that_instant() {
    grade(async || {
        let tasks = Tasks::baseline();
        let bench = bench_with([10, 30, 10]).shelf(2);
        let lab = bench.lab();
        let (rack, samples) = mpsc::channel(2);
        let working = within(ms(5000), pipeline(samples, 2, 2, &lab));
        let sender = async { send_all(rack, 1..=20).await };
        let ((result, took), refused) = tokio::join!(biased; working, sender);
        // Reports are stored at 50 and 60 ms; the third analysis is done at 70, and the archive says so at 80.
        check(result == Some(Err(Full)) && took == ms(80), || {
            let miss = Failure::new(format!(
                "There is room for two reports in the archive. The third one is refused at 80 ms, and that should be the \
                 result, at that instant; {}.",
                match &result {
                    Some(result) => format!("at {} it was {result:?}", in_ms(took)),
                    None => "it did not end within 5 seconds".to_owned(),
                }
            ));
            match result {
                Some(Ok(_)) => miss.usually(
                    "that the error of `store` is not looked at, or is taken for an end like any other: `Full` is the \
                     result, and not how many were stored before it.",
                ),
                Some(Err(Full)) if took > ms(80) => miss.usually(
                    "that the error is kept until the other stations have ended. `try_join!` returns at the first one.",
                ),
                _ => miss.usually("that the other stations are awaited, and they wait for room that nobody will make."),
            }
            .read(PIPELINE)
        });
        check(!refused.is_empty(), || {
            Failure::new("It has ended, so whoever sends samples should get them back; all 20 were taken in.")
                .usually("that the stations run on by themselves, or that samples are taken in without a bound.")
                .read(BACKPRESSURE)
        });
        check_nothing_runs_on(&bench, tasks, "After the error").await;
    });
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let (bench, tasks) = (bench_with([10, 30, 10]), Tasks::baseline());
            let lab = bench.lab();
            (
                async move { pipeline(closed_rack(1..=4), 2, 1, &lab).await },
                (bench, tasks),
            )
        },
        async |(bench, tasks)| check_nothing_runs_on(&bench, tasks, "When it is dropped").await,
    );
}

#[test]
fn an_analysis_goes_on_while_a_report_waits() {
    grade(async || {
        let bench = bench_with([1, 30, 1]).time_for(Station::Store, 1, ms(200));
        let lab = bench.lab();
        let _ = within(ms(10_000), pipeline(closed_rack(1..=6), 2, 1, &lab)).await;
        let took = bench.visits(Station::Analyse).into_iter();
        let took = took.filter_map(|visit| Some(visit.finished? - visit.began));
        let slow: Vec<_> = took.filter(|took| *took != ms(30)).map(in_ms).collect();
        check(slow.is_empty(), || {
            Failure::new(format!(
                "The archive needs 200 ms for one report, and those behind it wait for a place. An analysis that is under way \
                 should take 30 ms all the same; there were some of {}.",
                slow.join(", ")
            ))
            .usually("that an analysis stands still while a report waits, because both are steps of one stream.")
            .read("gather-pitfalls.html#futures-do-not-run-while-the-loop-body-awaits")
        });
    });
}
