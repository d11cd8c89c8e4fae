//! `drain_close`: no job is lost in the evening.

use super::*;
use exercises::queues::drain_close;

/// Long enough for everything here.
const LONG: Duration = ms(5000);

/// A queue with room for 2, one job every moment, 40 ms for each, and evening at `at`. What was refused, and when;
/// what was returned, and when it ended.
struct Day {
    refused: Vec<u32>,
    refused_at: Duration,
    outputs: Option<Vec<Output>>,
    ended_at: Duration,
}

async fn day(probe: &Probe, jobs: u32, at: Duration, bell: bool) -> Day {
    let (stages, clock) = (probe.stages(), Clock::start());
    let (queue, receiver) = mpsc::channel(2);
    let (ring, evening) = oneshot::channel();
    let sender = async {
        let refused = send_all(queue, 1..=jobs).await;
        (refused, clock.elapsed())
    };
    let rings = async {
        sleep(at).await;
        match bell {
            true => drop(ring.send(())),
            false => drop(ring),
        }
    };
    let draining = within(LONG, drain_close(receiver, evening, &stages));
    let ((outputs, ended_at), (refused, refused_at), ()) =
        tokio::join!(biased; draining, sender, rings);
    Day {
        refused,
        refused_at,
        outputs,
        ended_at,
    }
}

fn check_ended(day: &Day) {
    check(day.outputs.is_some(), || {
        Failure::new("It was evening, and everybody had gone home; it should end, and did not within 5 seconds.")
            .usually(
                "that the queue was never closed. As long as it is open and there is a sender, `recv` waits for \
                 another job.",
            )
            .read(DRAIN)
    });
}

#[test]
fn what_was_accepted_is_processed_in_any_order() {
    shuffled(async |shuffle| {
        let probe = Probe::new().shuffled(&shuffle);
        let stages = probe.stages();
        let (queue, jobs) = mpsc::channel(2);
        let (ring, evening) = oneshot::channel();
        let (mut outputs, mut refused) = (Vec::new(), [Vec::new(), Vec::new()]);
        let [first, second] = &mut refused;
        let everybody: [std::pin::Pin<Box<dyn Future<Output = ()> + '_>>; 4] = [
            Box::pin(async { outputs = drain_close(jobs, evening, &stages).await }),
            Box::pin(async {
                sleep(ms(shuffle.below(12))).await;
                shuffle.turns().await;
                let _ = ring.send(());
            }),
            Box::pin({
                let queue = queue.clone();
                async { *first = send_all(queue, 1..=6).await }
            }),
            Box::pin(async { *second = send_all(queue, 7..=12).await }),
        ];
        shuffle.join(everybody).await;
        let refused = refused.concat();
        let accepted: Vec<u32> = (1..=12).filter(|n| !refused.contains(n)).collect();
        check_exactly_once(&probe, Stage::Process, &accepted, DRAIN);
        check_outputs(&outputs, &accepted, DRAIN);
    });
}

#[test]
fn outputs_are_in_order() {
    grade(async || {
        let probe = Probe::new().duration_for(Stage::Process, 2, ms(90));
        let day = day(&probe, 4, ms(15), true).await;
        check_ended(&day);
        let outputs = day.outputs.unwrap_or_default();
        let expected = [1, 2, 3, 4].map(output_of);
        check(outputs == expected, || {
            let numbers = outputs.iter().map(|output| output.job.0);
            let numbers: Vec<u32> = numbers.collect();
            Failure::new(format!(
                "Jobs 1 to 4 were accepted; their outputs should be returned in this order; there are outputs for {}.",
                told(&numbers)
            ))
            .usually(
                "that several are processed at the same time and returned as they end, or that those after the evening \
                 are kept apart.",
            )
            .read(DRAIN)
        });
    });
}

#[test]
fn one_after_the_other() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let day = day(&probe, 6, ms(90), true).await;
        check_ended(&day);
        let peak = probe.peak(Stage::Process);
        check(peak == 1, || {
            Failure::new(format!(
                "One job should be processed at a time; there were {peak}."
            ))
            .usually("that what is left in the queue in the evening is processed all at once.")
            .read(DRAIN)
        });
    });
}

#[test]
fn the_queue_closes_at_that_instant() {
    for bell in [true, false] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            // At 90 ms job 3 is under way, 4 and 5 are in the queue, and 6 waits for a place.
            let day = day(&probe, 6, ms(90), bell).await;
            let as_it_should = day.refused == [6] && day.refused_at == ms(90);
            check(as_it_should, || {
                let miss = Failure::new(format!(
                    "{} at 90 ms. Job 3 is under way then, 4 and 5 are in the queue, and 6 waits for a place: it should \
                     come back at once. {} came back, and the sender was through at {}.",
                    if bell {
                        "It is evening"
                    } else {
                        "Whoever was to ring in the evening has gone,"
                    },
                    told(&day.refused),
                    in_ms(day.refused_at)
                ));
                if day.refused.is_empty() && day.outputs.is_some() {
                    miss.usually(
                        "that the evening is not listened for during the processing, or that jobs are taken out of the \
                         queue during one: a place became free, and was given away.",
                    )
                    .read("queues-exercises.html#drain_close")
                } else if day.outputs.is_none() {
                    miss.usually("that the queue was never closed.").read(DRAIN)
                } else {
                    miss.usually(
                        "that the evening is heard only between two jobs, or that the queue is dropped, with what \
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
fn a_dropped_sender_counts_as_a_message() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let (queue, jobs) = mpsc::channel(2);
        let (ring, evening) = oneshot::channel();
        let (stages, clock) = (probe.stages(), Clock::start());
        let bell = async {
            sleep(ms(30)).await;
            drop(ring);
            queue.closed().await;
            clock.elapsed()
        };
        let draining = within(LONG, drain_close(jobs, evening, &stages));
        let ((outputs, _), closed) = tokio::join!(biased; draining, within(LONG, bell));
        // When the time is up the queue is dropped, and that closes it as well.
        let at = closed.0.filter(|at| *at < LONG);
        check(outputs.is_some() && at == Some(ms(30)), || {
            Failure::new(format!(
                "The sender of the evening is dropped at 30 ms; the queue should close then; {}.",
                match at {
                    Some(at) => format!("it closed at {}", in_ms(at)),
                    None => "it did not close within 5 seconds".to_owned(),
                }
            ))
            .usually(
                "that only `Ok(())` is taken for the evening, and a sender that was dropped makes the receiver ready with \
                 an error; or that the evening is not listened for while it waits for a job.",
            )
            .read(ONESHOT)
        });
    });
}

#[test]
fn what_is_under_way_is_finished() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let day = day(&probe, 6, ms(90), true).await;
        let (begun, cancelled) = (
            probe.started(Stage::Process),
            probe.cancelled(Stage::Process),
        );
        check(cancelled.is_empty(), || {
            Failure::new(format!(
                "In the evening job 3 is under way, and should be finished; {} was given up. Begun were {}.",
                told(&cancelled),
                told(&begun)
            ))
            .usually(
                "that the processing is a branch of a `select!` that the evening wins: the branch is dropped. Pin it in \
                 front of the `select!`, and give it `&mut processing`.",
            )
            .read("queues-exercises.html#drain_close")
        });
        check_ended(&day);
        check_exactly_once(&probe, Stage::Process, &[1, 2, 3, 4, 5], DRAIN);
        check(day.ended_at == ms(200), || {
            Failure::new(format!(
                "Five jobs of 40 ms were accepted, so the last output should be there at 200 ms, and it should end \
                 then; it ended at {}.",
                in_ms(day.ended_at)
            ))
            .usually("that the processing was begun again, or that it waits for something else at the end.")
            .read(DRAIN)
        });
    });
}

#[test]
fn a_reserved_place_is_good() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let (stages, clock) = (probe.stages(), Clock::start());
        let (queue, jobs) = mpsc::channel(2);
        let (ring, evening) = oneshot::channel();
        let sender = async {
            let place = queue.reserve().await.expect("it is open");
            sleep(ms(20)).await;
            let _ = ring.send(());
            sleep(ms(50)).await;
            place.send(Job(7));
            queue.closed().await;
        };
        let draining = within(LONG, drain_close(jobs, evening, &stages));
        let ((outputs, _), ()) = tokio::join!(biased; draining, sender);
        let numbers: Option<Vec<u32>> =
            outputs.map(|outputs| outputs.iter().map(|output| output.job.0).collect());
        let took = clock.elapsed();
        check(numbers == Some(vec![7]) && took == ms(110), || {
            Failure::new(format!(
                "Somebody has reserved a place, it is evening at 20 ms, and job 7 is put into that place at 70 ms. It \
                 was accepted, so there should be an output of it at 110 ms; at {} there were {}.",
                in_ms(took),
                told(&numbers.unwrap_or_default())
            ))
            .usually(
                "that the loop ends when the queue looks empty, with `try_recv` or `is_empty`. `recv` knows of places \
                 that are reserved, and gives `None` when there are none.",
            )
            .read(RESERVED)
        });
    });
}

#[test]
fn a_reserved_place_holds_nothing_up() {
    grade(async || {
        let probe = Probe::new().duration(Stage::Process, ms(40));
        let (stages, clock) = (probe.stages(), Clock::start());
        let (queue, jobs) = mpsc::channel(3);
        let (ring, evening) = oneshot::channel();
        let sender = async {
            for number in 1..=2 {
                let _ = queue.send(Job(number)).await;
            }
            let place = queue.reserve().await.expect("it is open");
            sleep(ms(20)).await;
            let _ = ring.send(());
            sleep(ms(180)).await;
            place.send(Job(7));
        };
        let draining = within(LONG, drain_close(jobs, evening, &stages));
        let ((outputs, _), ()) = tokio::join!(biased; draining, sender);
        let took = clock.elapsed();
        let done: Vec<_> = probe
            .calls(Stage::Process)
            .iter()
            .filter_map(|call| call.finished)
            .map(in_ms)
            .collect();
        check(
            outputs.is_some() && done == ["40 ms", "80 ms", "240 ms"],
            || {
                Failure::new(format!(
                "It is evening at 20 ms. Job 1 is under way then, 2 is in the queue, and a place is reserved, into which \
                 job 7 is put at 200 ms. The three jobs should end at 40, 80 and 240 ms; they ended at {}, and all \
                 was over at {}.",
                done.join(", "),
                in_ms(took)
            ))
            .usually(
                "that the rest of the queue is collected first. Meanwhile nobody polls the processing that is under way, and \
                 a place that is reserved may be used late.",
            )
            .read(DRAIN)
            },
        );
    });
}

#[test]
fn without_an_evening_the_senders_end_it() {
    for jobs in [3, 0] {
        grade(async || {
            let probe = Probe::new().duration(Stage::Process, ms(40));
            let (stages, numbers) = (probe.stages(), sorted(&(1..=jobs).collect::<Vec<_>>()));
            let (ring, evening) = oneshot::channel();
            let queue = closed_queue(1..=jobs);
            let (outputs, took) = within(LONG, drain_close(queue, evening, &stages)).await;
            drop(ring);
            let expected = jobs * ms(40);
            check(outputs.is_some() && took == expected, || {
                Failure::new(format!(
                    "{jobs} jobs, and then all senders are gone: it should end at {}, whether it is evening or not; {}.",
                    in_ms(expected),
                    match &outputs {
                        Some(_) => format!("it ended at {}", in_ms(took)),
                        None => "it did not end within 5 seconds".to_owned(),
                    }
                ))
                .usually("that it waits for the evening in any case.")
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
            let (probe, tasks) = (
                Probe::new().duration(Stage::Process, ms(40)),
                Tasks::baseline(),
            );
            let (stages, (ring, evening)) = (probe.stages(), oneshot::channel());
            let answer = async move {
                let queue = closed_queue(1..=3);
                let outputs = drain_close(queue, evening, &stages).await;
                drop(ring);
                outputs
            };
            (answer, (probe, tasks))
        },
        async |(probe, tasks)| check_nothing_runs_on(&probe, tasks, "When it is dropped").await,
    );
}
