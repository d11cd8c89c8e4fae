//! `Counter`: one update at a time, and reading never waits.

use super::*;
use exercises::locks::Counter;
use grading::await_and_keep;

#[test]
fn returns_the_new_count() {
    grade_cases(async |case| {
        let first = case.number("first count", u64::MAX);
        let counter = Counter::new(first);
        let seen = counter.get();
        check(seen == first, || {
            Failure::new(format!(
                "There was no update yet, so `get` should return the first count, {first}; it returned {seen}."
            ))
            .usually(if seen == 0 {
                "that the count starts at zero."
            } else {
                "that the count is kept in another type than `u64`."
            })
            .read(MUTEX)
        });
        let mut count = first;
        let updates = case.size("updates", 1..=12);
        for new in case.numbers("new counts", updates, u64::MAX) {
            let given = Cell::new(None);
            let change = async |count| {
                given.set(Some(count));
                case.turns().await;
                new
            };
            let returned = counter.update(change).await;
            let (given, after) = (given.get().unwrap_or_default(), counter.get());
            check((given, returned, after) == (count, new, new), || {
                let failure = Failure::new(format!(
                    "The count is {count}, and an update changes it to {new}. `change` should be called with {count}, the update \
                     should return {new}, and then `get` should return {new}; it was called with {given}, and they returned \
                     {returned} and {after}."
                ));
                if after == count && new < count {
                    failure.usually("that the new count is not stored if it is lower.")
                } else if after == count {
                    failure.usually("that the new count is not stored.")
                } else if after != new {
                    failure.usually("that the new count is kept in another type than `u64`.")
                } else if returned == count {
                    failure.usually("that the old count is returned.")
                } else {
                    failure
                }
                .read(MUTEX)
            });
            count = new;
        }
    });
}

#[test]
fn no_update_is_lost_in_any_order() {
    grade_cases(async |case| {
        let (first, updates) = (
            case.number("first count", 1 << 40),
            case.size("updates", 1..=12) as u64,
        );
        let counter = Counter::new(first);
        let expected = first + (1..=updates).sum::<u64>();
        let updates_in_any_order = (1..=updates).map(|increment| {
            let (counter, case) = (&counter, &case);
            async move {
                sleep(ms(case.below(3))).await;
                let change = async |count| {
                    sleep(ms(case.below(3))).await;
                    case.turns().await;
                    count + increment
                };
                counter.update(change).await;
            }
        });
        case.join(updates_in_any_order).await;
        let count = counter.get();
        check(count == expected, || {
            let report = Failure::new(format!(
                "{updates} updates add 1, 2, 3 and so on to a count of {first}. Afterwards it should be {expected}; it is {count}."
            ));
            if count < expected {
                report.usually(
                    "a lost update: two updates started with the same count, because there is an `.await` between reading and writing.",
                )
                .read(LOST_UPDATE)
            } else {
                report
                    .usually("that an update is applied more than once.")
                    .read(MUTEX)
            }
        });
    });
}

#[test]
fn each_update_starts_with_the_previous_result() {
    grade(async || {
        let counter = Counter::new(1);
        let double = |time| {
            counter.update(async move |count| {
                sleep(ms(time)).await;
                count * 2
            })
        };
        tokio::join!(biased; double(30), double(20), double(10));
        let count = counter.get();
        check(count == 8, || {
            Failure::new(format!(
                "Three updates double a count of 1. Afterwards it should be 8; it is {count}."
            ))
            .usually(
                "that updates overlap: each is called with an old count, and its difference is added at the end, which is \
                 right for sums and wrong for everything else.",
            )
            .read(LOST_UPDATE)
        });
    });
}

#[test]
fn updates_run_one_at_a_time() {
    grade(async || {
        let (counter, gauge, clock) = (Counter::new(0), Gauge::new(), Clock::start());
        let update = |time| {
            let gauge = gauge.clone();
            counter.update(async move |count| {
                let _inside = gauge.enter();
                sleep(ms(time)).await;
                count + 1
            })
        };
        tokio::join!(biased; update(30), update(20), update(10));
        let (took, peak) = (clock.elapsed(), gauge.peak());
        check((took, peak) == (ms(60), 1), || {
            Failure::new(format!(
                "Updates of 30, 20 and 10 ms should run one at a time, 60 ms in total; they took {took:?}, and up to {peak} ran \
                 at the same time."
            ))
            .usually(
                "that nothing is held while an update waits; or that the guard is dropped at once, as in `let _ = ..`, where \
                 `let _turn = ..` would keep it.",
            )
            .read(MUTEX)
        });
    });
}

#[test]
fn reading_never_waits() {
    grade(async || {
        let counter = Counter::new(40);
        let update = counter.update(async |count| {
            sleep(ms(50)).await;
            count + 2
        });
        let read = async {
            sleep(ms(20)).await;
            counter.get()
        };
        let (_, seen) = tokio::join!(biased; update, read);
        check(seen == 40, || {
            Failure::new(format!(
                "The count is 40, and an update to 42 is in progress. `get` should return 40; it returned {seen}."
            ))
            .usually(
                "that the count cannot be read during an update, and another value is returned. What is read without waiting \
                 must not be inside the lock that is held across the `.await`.",
            )
            .read(SLOW_CALL)
        });
    });
}

#[test]
fn reading_sees_the_last_finished_update() {
    grade_cases(async |case| {
        let first = case.number("first count", u64::MAX);
        let counter = Counter::new(first);
        let updates = case.size("updates before", 1..=5);
        let counts = case.numbers("new counts", updates, u64::MAX);
        let read = case.size("of which this many are read", 0..=updates);
        for (number, new) in counts.iter().enumerate() {
            counter.update(async |_| *new).await;
            if number < read {
                counter.get();
            }
        }
        let (last, waker) = (counts[updates - 1], TestWaker::new());
        let mut update = pin!(counter.update(async |_| std::future::pending().await));
        let _ = waker.poll(update.as_mut());
        let seen = counter.get();
        check(seen == last, || {
            let earlier = std::iter::once(&first).chain(&counts).take(updates);
            Failure::new(format!(
                "The first count is {first}, updates have changed it to {counts:?}, and another one is in progress. `get` should \
                 return {last}; it returned {seen}."
            ))
            .usually_if(earlier.into_iter().any(|count| *count == seen).then_some(
                "that `get` returns a count that was remembered when it could be read last. Remember it when an update ends.",
            ))
            .read(SLOW_CALL)
        });
    });
}

#[test]
fn an_update_may_read_the_count() {
    grade_cases(async |case| {
        let count = case.number("count", u64::MAX - 1);
        let (counter, seen) = (Counter::new(count), RefCell::new(Vec::new()));
        let updated = counter
            .update(|before| {
                seen.borrow_mut().push(counter.get());
                let (counter, seen) = (&counter, &seen);
                async move {
                    seen.borrow_mut().push(counter.get());
                    sleep(ms(1)).await;
                    seen.borrow_mut().push(counter.get());
                    before + 1
                }
            })
            .await;
        let seen = seen.into_inner();
        check(updated == count + 1 && seen == [count; 3], || {
            Failure::new(format!(
                "The count is {count}. An update that adds 1 calls `get` when `change` is called, and before and after the `.await` of \
                 what that returns, which should return {count} each time; it returned {seen:?}."
            ))
            .read(SLOW_CALL)
        });
    });
}

#[test]
fn a_dropped_update_changes_nothing() {
    drop_at_every_await(
        async || {
            let counter = Rc::new(Counter::new(40));
            let answer = {
                let counter = Rc::clone(&counter);
                async move {
                    let change = async |count| {
                        sleep(ms(10)).await;
                        sleep(ms(10)).await;
                        count + 2
                    };
                    counter.update(change).await
                }
            };
            (answer, counter)
        },
        async |counter| {
            let left = counter.get();
            check(left == 40, || {
                Failure::new(format!(
                    "The count should still be 40, as before the update; it is {left}."
                ))
                .usually(if left == 42 {
                    "that the update waits for something after it has stored the new count. The count has changed, and the caller has \
                     not been told."
                } else {
                    "that the count is taken out for the update and put back at the end, which a dropped future never reaches."
                })
                .read(HALF_DONE)
            });
            let next =
                tokio::time::timeout(ms(1000), counter.update(async |count| count + 1)).await;
            check(next == Ok(41), || {
                Failure::new(format!(
                    "The next update adds 1, and should return 41 within a second; the outcome was {next:?}."
                ))
                .usually(
                    "a flag that marks an update in progress, and is reset by a statement after the `.await`. A dropped future \
                     never gets there; a guard's destructor runs in any case.",
                )
                .read(HALF_DONE)
            });
        },
    );
}

#[test]
fn a_panic_ends_one_update_only() {
    grade_cases(async |case| {
        let counter = Counter::new(40);
        let panics = counter.update(async |_| {
            case.turns().await;
            panic!("the order is not valid");
        });
        let _ = AssertUnwindSafe(panics).catch_unwind().await;
        let left = counter.get();
        let next = tokio::time::timeout(ms(1000), counter.update(async |count| count + 1)).await;
        check(left == 40 && next == Ok(41), || {
            let next = match &next {
                Ok(count) => format!("it returned {count}"),
                Err(_) => "it was still waiting".to_owned(),
            };
            Failure::new(format!(
                "The count is 40, and `change` panics in an update. The count should still be 40, and the next update, which adds 1, \
                 should return 41 within a second; the count was {left}, and {next}."
            ))
            .usually("that the code that lets the next update start does not run when `change` panics. A guard's destructor does.")
            .read(HALF_DONE)
        });
    });
}

/// Whether of three updates, of which the first runs, the others or the last never end because the one with this number is
/// dropped.
async fn stops_the_others(dropped: usize) -> bool {
    let counter = Counter::new(0);
    let waker = TestWaker::new();
    let update = || {
        Box::pin(counter.update(async |count| {
            sleep(ms(10)).await;
            count + 1
        }))
    };
    let mut updates = vec![update(), update(), update()];
    for update in &mut updates {
        let _ = waker.poll(update.as_mut());
    }
    drop(updates.remove(dropped));
    let others = grading::join_all(updates);
    tokio::time::timeout(ms(1000), others).await.is_err()
}

#[test]
fn a_dropped_update_does_not_stop_the_others() {
    drop_one_of_many(
        async || {
            let counter = Rc::new(Counter::new(0));
            let updates = [1, 2, 4, 8].map(|increment| {
                let counter = Rc::clone(&counter);
                async move {
                    let update = counter.update(async |count| {
                        sleep(ms(10)).await;
                        count + increment
                    });
                    let ended = tokio::time::timeout(ms(1000), update).await;
                    (increment, ended.is_ok())
                }
            });
            (updates.into(), counter)
        },
        async |updates, counter| {
            let others = || updates.iter().flatten();
            let ended = others().filter(|(_, ended)| *ended).count();
            let running = stops_the_others(0).await;
            check(ended == 3, || {
                Failure::new(format!(
                    "Of four updates one is dropped. The other 3 should end; within a second {ended} did."
                ))
                .usually(if running {
                    "that an update which is dropped while it runs does not wake those that wait for their turn. What wakes the next \
                     one belongs into a destructor, too."
                } else {
                    "that the turn is handed to the update that has waited longest, also if that was dropped. Nothing passes it on \
                     then."
                })
                .read(CANCELLED)
            });
            let (count, sum) = (
                counter.get(),
                others().map(|(increment, _)| increment).sum(),
            );
            check(count == sum, || {
                Failure::new(format!(
                    "Of four updates of a count of 0 one is dropped, and the others add {sum} together. The count should be {sum}; \
                     it is {count}."
                ))
                .usually(if count > sum {
                    "that an update is applied although it was dropped."
                } else {
                    "that a dropped update puts back the count with which it began, although others have ended since; or that an \
                     update starts with an old count."
                })
                .read(HALF_DONE)
            });
        },
    );
}

#[test]
fn a_finished_update_keeps_no_turn() {
    grade_cases(async |case| {
        let (counter, updates) = (Counter::new(0), case.size("updates", 1..=5) as u64);
        let mut finished = Vec::new();
        for number in 1..=updates {
            let update = await_and_keep(counter.update(async |count| {
                case.turns().await;
                count + 1
            }));
            let ended = tokio::time::timeout(ms(1000), update).await;
            let count = ended.as_ref().ok().map(|(count, _)| *count);
            check(count == Some(number), || {
                Failure::new(format!(
                    "Updates add 1 to a count of 0, one after the other, and their futures are not dropped yet when they are ready. \
                     Update {number} should return {number} within a second; it {}.",
                    count.map_or("was still waiting".to_owned(), |count| format!("returned {count}"))
                ))
                .usually("that a future that is ready still has the turn, or a lock, until it is dropped.")
                .read(MUTEX)
            });
            finished.extend(ended);
        }
    });
}

#[test]
fn wakes_the_latest_waker() {
    every_waker_sequence(|| {
        let counter = Rc::new(Counter::new(40));
        let (finish, finished) = oneshot::channel::<()>();
        let mut first = Box::pin({
            let counter = Rc::clone(&counter);
            async move {
                counter
                    .update(async move |count| {
                        let _ = finished.await;
                        count + 1
                    })
                    .await
            }
        });
        let _ = TestWaker::new().poll(first.as_mut());
        let second = async move { counter.update(async |count| count + 1).await };
        (second, move || {
            let _ = finish.send(());
            let _ = TestWaker::new().poll(first.as_mut());
        })
    });
}
