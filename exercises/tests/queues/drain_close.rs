//! `drain_close`: no sample is lost in the evening.

use super::*;
use exercises::queues::drain_close;

/// Long enough for everything here.
const LONG: Duration = ms(5000);

/// A rack with room for 2, one sample every moment, 40 ms for each, and evening at `at`. What was refused, and when;
/// what was reported, and when it ended.
struct Day {
    refused: Vec<u32>,
    refused_at: Duration,
    reports: Option<Vec<Report>>,
    ended_at: Duration,
}

async fn day(bench: &Bench, samples: u32, at: Duration, bell: bool) -> Day {
    let (lab, clock) = (bench.lab(), Clock::start());
    let (rack, receiver) = mpsc::channel(2);
    let (ring, evening) = oneshot::channel();
    let sender = async {
        let refused = send_all(rack, 1..=samples).await;
        (refused, clock.elapsed())
    };
    let rings = async {
        sleep(at).await;
        match bell {
            true => drop(ring.send(())),
            false => drop(ring),
        }
    };
    let draining = within(LONG, drain_close(receiver, evening, &lab));
    let ((reports, ended_at), (refused, refused_at), ()) =
        tokio::join!(biased; draining, sender, rings);
    Day {
        refused,
        refused_at,
        reports,
        ended_at,
    }
}

fn check_ended(day: &Day) {
    check(day.reports.is_some(), || {
        Failure::new("It was evening, and everybody had gone home; it should end, and did not within 5 seconds.")
            .usually(
                "that the rack was never closed. As long as it is open and there is a sender, `recv` waits for \
                 another sample.",
            )
            .read(DRAIN)
    });
}

#[test]
fn what_was_accepted_is_reported_in_any_order() {
    shuffled(async |shuffle| {
        let bench = Bench::new().shuffled(&shuffle);
        let lab = bench.lab();
        let (rack, samples) = mpsc::channel(2);
        let (ring, evening) = oneshot::channel();
        let (mut reports, mut refused) = (Vec::new(), [Vec::new(), Vec::new()]);
        let [first, second] = &mut refused;
        let everybody: [std::pin::Pin<Box<dyn Future<Output = ()> + '_>>; 4] = [
            Box::pin(async { reports = drain_close(samples, evening, &lab).await }),
            Box::pin(async {
                sleep(ms(shuffle.below(12))).await;
                shuffle.turns().await;
                let _ = ring.send(());
            }),
            Box::pin({
                let rack = rack.clone();
                async { *first = send_all(rack, 1..=6).await }
            }),
            Box::pin(async { *second = send_all(rack, 7..=12).await }),
        ];
        shuffle.join(everybody).await;
        let refused = refused.concat();
        let accepted: Vec<u32> = (1..=12).filter(|n| !refused.contains(n)).collect();
        check_exactly_once(&bench, Station::Analyse, &accepted, DRAIN);
        check_reports(&reports, &accepted, DRAIN);
    });
}

#[test]
fn reports_are_in_order() {
    grade(async || {
        let bench = Bench::new().time_for(Station::Analyse, 2, ms(90));
        let day = day(&bench, 4, ms(15), true).await;
        check_ended(&day);
        let reports = day.reports.unwrap_or_default();
        let expected = [1, 2, 3, 4].map(report_of);
        check(reports == expected, || {
            let numbers = reports.iter().map(|report| report.sample.0);
            let numbers: Vec<u32> = numbers.collect();
            Failure::new(format!(
                "Samples 1 to 4 were accepted; their reports should be returned in this order; there are reports for {}.",
                told(&numbers)
            ))
            .usually(
                "that several are analysed at the same time and reported as they end, or that those after the evening \
                 are kept apart.",
            )
            .read(DRAIN)
        });
    });
}

#[test]
fn one_after_the_other() {
    grade(async || {
        let bench = Bench::new().time(Station::Analyse, ms(40));
        let day = day(&bench, 6, ms(90), true).await;
        check_ended(&day);
        let peak = bench.peak(Station::Analyse);
        check(peak == 1, || {
            Failure::new(format!(
                "One sample should be analysed at a time; there were {peak}."
            ))
            .usually("that what is left in the rack in the evening is analysed all at once.")
            .read(DRAIN)
        });
    });
}

#[test]
fn the_rack_closes_at_that_instant() {
    for bell in [true, false] {
        grade(async || {
            let bench = Bench::new().time(Station::Analyse, ms(40));
            // At 90 ms sample 3 is under way, 4 and 5 are in the rack, and 6 waits for a place.
            let day = day(&bench, 6, ms(90), bell).await;
            let as_it_should = day.refused == [6] && day.refused_at == ms(90);
            check(as_it_should, || {
                let miss = Failure::new(format!(
                    "{} at 90 ms. Sample 3 is under way then, 4 and 5 are in the rack, and 6 waits for a place: it should \
                     come back at once. {} came back, and the sender was through at {}.",
                    if bell {
                        "It is evening"
                    } else {
                        "Whoever was to ring in the evening has gone,"
                    },
                    told(&day.refused),
                    in_ms(day.refused_at)
                ));
                if day.refused.is_empty() && day.reports.is_some() {
                    miss.usually(
                        "that the evening is not listened for during an analysis, or that samples are taken out of the \
                         rack during one: a place became free, and was given away.",
                    )
                    .read("queues-exercises.html#drain_close")
                } else if day.reports.is_none() {
                    miss.usually("that the rack was never closed.").read(DRAIN)
                } else {
                    miss.usually(
                        "that the evening is heard only between two analyses, or that the rack is dropped, with what \
                         is in it.",
                    )
                    .read(DRAIN)
                }
            });
            check_ended(&day);
        });
    }
}

#[test]
fn a_dropped_bell_rings_too() {
    grade(async || {
        let bench = Bench::new().time(Station::Analyse, ms(40));
        let (rack, samples) = mpsc::channel(2);
        let (ring, evening) = oneshot::channel();
        let (lab, clock) = (bench.lab(), Clock::start());
        let bell = async {
            sleep(ms(30)).await;
            drop(ring);
            rack.closed().await;
            clock.elapsed()
        };
        let draining = within(LONG, drain_close(samples, evening, &lab));
        let ((reports, _), closed) = tokio::join!(biased; draining, within(LONG, bell));
        // When the time is up the rack is dropped, and that closes it as well.
        let at = closed.0.filter(|at| *at < LONG);
        check(reports.is_some() && at == Some(ms(30)), || {
            Failure::new(format!(
                "The sender of the evening is dropped at 30 ms; the rack should close then; {}.",
                match at {
                    Some(at) => format!("it closed at {}", in_ms(at)),
                    None => "it did not close within 5 seconds".to_owned(),
                }
            ))
            .usually(
                "that only `Ok(())` is taken for the evening, and a sender that was dropped makes the receiver ready with \
                 an error; or that the evening is not listened for while it waits for a sample.",
            )
            .read(ONESHOT)
        });
    });
}

#[test]
fn what_is_under_way_is_finished() {
    grade(async || {
        let bench = Bench::new().time(Station::Analyse, ms(40));
        let day = day(&bench, 6, ms(90), true).await;
        let (begun, cancelled) = (
            bench.started(Station::Analyse),
            bench.cancelled(Station::Analyse),
        );
        check(cancelled.is_empty(), || {
            Failure::new(format!(
                "In the evening sample 3 is under way, and should be finished; {} was given up. Begun were {}.",
                told(&cancelled),
                told(&begun)
            ))
            .usually(
                "that the analysis is a branch of a `select!` that the evening wins: the branch is dropped. Pin it in \
                 front of the `select!`, and give it `&mut analysis`.",
            )
            .read("queues-exercises.html#drain_close")
        });
        check_ended(&day);
        check_exactly_once(&bench, Station::Analyse, &[1, 2, 3, 4, 5], DRAIN);
        check(day.ended_at == ms(200), || {
            Failure::new(format!(
                "Five samples of 40 ms were accepted, so the last report should be there at 200 ms, and it should end \
                 then; it ended at {}.",
                in_ms(day.ended_at)
            ))
            .usually("that an analysis was begun again, or that it waits for something else at the end.")
            .read(DRAIN)
        });
    });
}

#[test]
fn a_reserved_place_is_good() {
    grade(async || {
        let bench = Bench::new().time(Station::Analyse, ms(40));
        let (lab, clock) = (bench.lab(), Clock::start());
        let (rack, samples) = mpsc::channel(2);
        let (ring, evening) = oneshot::channel();
        let sender = async {
            let place = rack.reserve().await.expect("it is open");
            sleep(ms(20)).await;
            let _ = ring.send(());
            sleep(ms(50)).await;
            place.send(Sample(7));
            rack.closed().await;
        };
        let draining = within(LONG, drain_close(samples, evening, &lab));
        let ((reports, _), ()) = tokio::join!(biased; draining, sender);
        let numbers: Option<Vec<u32>> =
            reports.map(|reports| reports.iter().map(|report| report.sample.0).collect());
        let took = clock.elapsed();
        check(numbers == Some(vec![7]) && took == ms(110), || {
            Failure::new(format!(
                "Somebody has reserved a place, it is evening at 20 ms, and sample 7 is put into that place at 70 ms. It \
                 was accepted, so there should be a report of it at 110 ms; at {} there were {}.",
                in_ms(took),
                told(&numbers.unwrap_or_default())
            ))
            .usually(
                "that the loop ends when the rack looks empty, with `try_recv` or `is_empty`. `recv` knows of places \
                 that are reserved, and gives `None` when there are none.",
            )
            .read(RESERVED)
        });
    });
}

#[test]
fn a_reserved_place_holds_nothing_up() {
    grade(async || {
        let bench = Bench::new().time(Station::Analyse, ms(40));
        let (lab, clock) = (bench.lab(), Clock::start());
        let (rack, samples) = mpsc::channel(3);
        let (ring, evening) = oneshot::channel();
        let sender = async {
            for number in 1..=2 {
                let _ = rack.send(Sample(number)).await;
            }
            let place = rack.reserve().await.expect("it is open");
            sleep(ms(20)).await;
            let _ = ring.send(());
            sleep(ms(180)).await;
            place.send(Sample(7));
        };
        let draining = within(LONG, drain_close(samples, evening, &lab));
        let ((reports, _), ()) = tokio::join!(biased; draining, sender);
        let took = clock.elapsed();
        let done: Vec<_> = bench
            .visits(Station::Analyse)
            .iter()
            .filter_map(|visit| visit.finished)
            .map(in_ms)
            .collect();
        check(
            reports.is_some() && done == ["40 ms", "80 ms", "240 ms"],
            || {
                Failure::new(format!(
                "It is evening at 20 ms. Sample 1 is under way then, 2 is in the rack, and a place is reserved, into which \
                 sample 7 is put at 200 ms. The three analyses should end at 40, 80 and 240 ms; they ended at {}, and all \
                 was over at {}.",
                done.join(", "),
                in_ms(took)
            ))
            .usually(
                "that the rest of the rack is collected first. Meanwhile nobody polls the analysis that is under way, and \
                 a place that is reserved may be used late.",
            )
            .read(DRAIN)
            },
        );
    });
}

#[test]
fn without_an_evening_the_senders_end_it() {
    for samples in [3, 0] {
        grade(async || {
            let bench = Bench::new().time(Station::Analyse, ms(40));
            let (lab, numbers) = (bench.lab(), sorted(&(1..=samples).collect::<Vec<_>>()));
            let (ring, evening) = oneshot::channel();
            let rack = closed_rack(1..=samples);
            let (reports, took) = within(LONG, drain_close(rack, evening, &lab)).await;
            drop(ring);
            let expected = samples * ms(40);
            check(reports.is_some() && took == expected, || {
                Failure::new(format!(
                    "{samples} samples, and then all senders are gone: it should end at {}, whether it is evening or not; {}.",
                    in_ms(expected),
                    match &reports {
                        Some(_) => format!("it ended at {}", in_ms(took)),
                        None => "it did not end within 5 seconds".to_owned(),
                    }
                ))
                .usually("that it waits for the evening in any case.")
                .read(CLOSING)
            });
            check_reports(&reports.unwrap_or_default(), &numbers, CLOSING);
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
            let (lab, (ring, evening)) = (bench.lab(), oneshot::channel());
            let answer = async move {
                let rack = closed_rack(1..=3);
                let reports = drain_close(rack, evening, &lab).await;
                drop(ring);
                reports
            };
            (answer, (bench, tasks))
        },
        async |(bench, tasks)| check_nothing_runs_on(&bench, tasks, "When it is dropped").await,
    );
}
