//! `Counter`: one update at a time, and reading waits for nobody.

use super::*;
use exercises::locks::Counter;

#[test]
fn returns_the_new_count() {
    grade(async || {
        let counter = Counter::new(40);
        let before = counter.get();
        let returned = counter.update(async |count| count + 2).await;
        let after = counter.get();
        check((before, returned, after) == (40, 42, 42), || {
            Failure::new(format!(
                "The count is 40, and an update adds 2: it should be 40 before, and the update should return 42 and leave 42; \
                 it was {before}, {returned} and {after}."
            ))
            .usually("that the old count is returned, or the new one is not stored.")
            .read(MUTEX)
        });
    });
}

#[test]
fn no_update_is_lost_in_any_order() {
    shuffled(async |shuffle| {
        let counter = Counter::new(100);
        let updates = (1..=6).map(|visitors| {
            let (counter, shuffle) = (&counter, &shuffle);
            async move {
                sleep(ms(shuffle.below(3))).await;
                let change = async |count| {
                    sleep(ms(shuffle.below(3))).await;
                    shuffle.turns().await;
                    count + visitors
                };
                counter.update(change).await;
            }
        });
        shuffle.join(updates).await;
        let count = counter.get();
        check(count == 121, || {
            let miss = Failure::new(format!(
                "Six updates add 1 to 6 to a count of 100. Afterwards it should be 121; it is {count}."
            ));
            if count < 121 {
                miss.usually(
                    "a lost update: two began with the same count, since there is an `.await` between reading and writing.",
                )
                .read(LOST_UPDATE)
            } else {
                miss.usually("that an update is applied more than once.")
                    .read(MUTEX)
            }
        });
    });
}

#[test]
fn each_begins_with_what_the_one_before_has_left() {
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
                "that updates overlap: each is called with an old count, and what it has changed is added at the end. That \
                 works for sums and for nothing else.",
            )
            .read(LOST_UPDATE)
        });
    });
}

#[test]
fn updates_take_turns() {
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
                "Updates of 30, 20 and 10 ms should take turns, 60 ms in all; it took {took:?}, and {peak} were under way at the \
                 same time."
            ))
            .usually(
                "that nothing keeps the others out while an update waits; or that the guard is gone at once, as after \
                 `let _ = ..`, where `let _turn = ..` would keep it.",
            )
            .read(MUTEX)
        });
    });
}

#[test]
fn reading_waits_for_nobody() {
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
                "The count is 40, and an update that will make it 42 is under way. `get` should give 40; it gave {seen}."
            ))
            .usually(
                "that the count cannot be read while an update has it, and something else is given. What is read without \
                 waiting must not be inside the lock that is held across the wait.",
            )
            .read(HELD)
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
                    "The count should be 40, as it was before the update; it is {left}."
                ))
                .usually("that the count is taken out for the update, and put back at its end: but there may be none.")
                .read(LEAVES)
            });
            let next =
                tokio::time::timeout(ms(1000), counter.update(async |count| count + 1)).await;
            check(next == Ok(41), || {
                Failure::new(format!(
                    "The next update adds 1 and should return 41; it gave {next:?}, within a second."
                ))
                .usually(
                    "a flag that says \"somebody is at it\", and is taken back by a line after the `.await`. A future that is \
                     dropped never gets there; a guard's `drop` does.",
                )
                .read(LEAVES)
            });
        },
    );
}
