//! `join2`: whoever rings is asked, and nobody else.

use super::*;
use exercises::futures::join2;

/// How often each of two sensors was polled.
fn polls(sensors: &[Sensor; 2]) -> [usize; 2] {
    [sensors[0].polls(), sensors[1].polls()]
}

fn two_sensors() -> [Sensor; 2] {
    [Sensor::default(), Sensor::default()]
}

fn joined([a, b]: &[Sensor; 2]) -> Pin<Box<impl Future<Output = (u32, u32)>>> {
    Box::pin(join2(a.clone().read(), b.clone().read()))
}

#[test]
fn asks_both_to_begin_with() {
    grade(async || {
        let (sensors, bell) = (two_sensors(), TestWaker::new());
        let mut answer = joined(&sensors);
        let _ = bell.poll(answer.as_mut());
        let polls = polls(&sensors);
        check(polls == [1, 1], || {
            Failure::new(format!(
                "In the first poll both futures should be polled once; they were polled {polls:?} times."
            ))
            .usually(
                "that the second one is polled only when the first is done, or that nobody is polled before somebody has \
                 rung: but a future that was never polled has nothing to ring with.",
            )
            .read(CONTRACT)
        });
        check_quiet(&bell);
    });
}

#[test]
fn a_ring_wakes_the_answer() {
    for child in [0, 1] {
        grade(async || {
            let (sensors, bell) = (two_sensors(), TestWaker::new());
            let mut answer = joined(&sensors);
            let _ = bell.poll(answer.as_mut());
            sensors[child].give(7);
            let rings = bell.wake_count();
            check(rings == 1, || {
                Failure::new(format!(
                    "When future {child} rings, the answer's waker should be woken, once; it was woken {}.",
                    times(rings)
                ))
                .usually(
                    "that the future's own waker lights its lamp and stops there. Whoever polled the answer has to be \
                     told as well.",
                )
                .read(WAKER)
            });
        });
    }
}

#[test]
fn asks_only_who_has_rung() {
    for child in [0, 1] {
        grade(async || {
            let (sensors, bell) = (two_sensors(), TestWaker::new());
            let mut answer = joined(&sensors);
            let _ = bell.poll(answer.as_mut());
            sensors[child].ring();
            let _ = bell.poll(answer.as_mut());
            let polls = polls(&sensors);
            let expected = if child == 0 { [2, 1] } else { [1, 2] };
            check(polls == expected, || {
                let miss = Failure::new(format!(
                    "Only future {child} has rung since the first poll. Now they should have been polled {expected:?} times; \
                     they were polled {polls:?} times."
                ));
                if polls == [2, 2] {
                    miss.usually("that both are asked at each poll: who has rung is not known, or not looked at.")
                } else {
                    miss.usually("that the lamp of one future is taken for that of the other.")
                }
                .read(WAKER)
            });
        });
    }
}

#[test]
fn waits_for_both_at_the_same_time() {
    for (a, b) in [(30, 20), (20, 30), (20, 20)] {
        grade(async || {
            let wait = async |time| {
                tokio::time::sleep(ms(time)).await;
                time
            };
            let clock = Clock::start();
            let outputs = join2(wait(a), wait(b)).await;
            let took = clock.elapsed();
            check(outputs == (a, b) && took == ms(a.max(b)), || {
                let miss = Failure::new(format!(
                    "Waits of {a} and {b} ms should give ({a}, {b}) after {} ms; it gave {outputs:?} after {} ms.",
                    a.max(b),
                    took.as_millis()
                ));
                if took == ms(a + b) {
                    miss.usually("that the second future was not polled before the first was done.")
                } else {
                    miss.usually(
                        "that the outputs are mixed up, or the answer waits for something else.",
                    )
                }
                .read(STATES)
            });
        });
    }
}

#[test]
fn polled_for_nothing_it_asks_nobody() {
    grade(async || {
        let (sensors, bell) = (two_sensors(), TestWaker::new());
        let mut answer = joined(&sensors);
        for _ in 0..3 {
            let _ = bell.poll(answer.as_mut());
        }
        let polls = polls(&sensors);
        check(polls == [1, 1], || {
            Failure::new(format!(
                "The answer was polled three times, and nobody has rung. The futures should have been polled once each; they \
                 were polled {polls:?} times."
            ))
            .usually("that whoever polls the answer is taken for somebody who has rung, or a lamp is never put out.")
            .read(SPURIOUS)
        });
    });
}

#[test]
fn the_one_that_is_done_is_left_alone() {
    for child in [0, 1] {
        grade(async || {
            let (sensors, bell) = (two_sensors(), TestWaker::new());
            let mut answer = joined(&sensors);
            let _ = bell.poll(answer.as_mut());
            let waker = sensors[child].state.lock().unwrap().waker.clone();
            sensors[child].give(7);
            let _ = bell.poll(answer.as_mut());
            check(sensors[child].is_finished(), || {
                Failure::new(format!("Future {child} has rung, and was not asked."))
                    .usually("that a ring does not light the future's own lamp.")
                    .read(WAKER)
            });
            let polls = sensors[child].polls();
            // It is allowed to: a waker may be used whenever somebody likes.
            waker.expect("it was pending").wake();
            let again = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let _ = bell.poll(answer.as_mut());
            }));
            let after = sensors[child].polls();
            check(again.is_ok() && after == polls, || {
                Failure::new(format!(
                    "Future {child} was done, and its waker was used once more. It should not be polled again; it was."
                ))
                .usually("that a lamp is lit and nobody looks whether there is still something to ask for.")
                .read(FINISHED)
            });
        });
    }
}

#[test]
fn rings_the_latest_waker() {
    for child in [0, 1] {
        grade(async || {
            let sensors = two_sensors();
            let (before, latest) = (TestWaker::new(), TestWaker::new());
            let mut answer = joined(&sensors);
            let _ = before.poll(answer.as_mut());
            let _ = latest.poll(answer.as_mut());
            sensors[child].give(7);
            check_latest_was_rung(&before, &latest);
        });
    }
}

#[test]
fn a_ring_during_the_poll_counts() {
    grade(async || {
        let bell = TestWaker::new();
        let yields = async || {
            let mut yielded = false;
            poll_fn(|cx| {
                if yielded {
                    return Poll::Ready(7);
                }
                yielded = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            })
            .await
        };
        let mut answer = Box::pin(join2(yields(), yields()));
        let _ = bell.poll(answer.as_mut());
        let rings = bell.wake_count();
        let polled = bell.poll(answer.as_mut());
        check(rings > 0 && polled == Poll::Ready((7, 7)), || {
            let miss = Failure::new(format!(
                "Both futures ring while they are polled, and are ready at the next poll. After two polls the answer should be \
                 ready with (7, 7); it was rung for {}, and it is {}.",
                times(rings),
                if polled.is_ready() {
                    "ready"
                } else {
                    "pending"
                },
            ));
            if rings == 0 {
                miss.usually(
                    "that the waker of this poll is kept when the futures have been polled. They may ring meanwhile: keep \
                     it before.",
                )
            } else {
                miss.usually(
                    "that a lamp is put out after its future was polled. It may be lit during the poll: put it out before.",
                )
            }
            .read(INTERLEAVING)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_ring_is_lost() {
    every_interleaving(|| {
        let sensors = two_sensors();
        let giving = {
            let sensors = sensors.clone();
            thread::spawn(move || {
                sensors[0].give(1);
                sensors[1].give(2);
            })
        };
        let outputs = explorable(|| wait_for(joined(&sensors)));
        giving.join().expect("the thread that rings does not panic");
        check(outputs == (1, 2), || {
            Failure::new(format!(
                "The sensors gave 1 and 2; the answer gave {outputs:?}."
            ))
        });
    });
}
