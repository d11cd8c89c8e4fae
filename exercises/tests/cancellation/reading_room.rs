//! `reading_room`: a tree of tasks that ends in time, with nobody left.

use super::*;
use exercises::cancellation::{Closed, reading_room};

/// What is in the channel from the beginning.
fn orders(numbers: impl IntoIterator<Item = u32>) -> (mpsc::Sender<u32>, mpsc::Receiver<u32>) {
    let (sender, receiver) = mpsc::channel(1000);
    for number in numbers {
        sender.try_send(number).expect("there is room");
    }
    (sender, receiver)
}

/// A token that is cancelled at `time`.
fn stop_at(time: u64) -> CancellationToken {
    let stop = CancellationToken::new();
    let signal = stop.clone();
    tokio::spawn(async move {
        sleep(ms(time)).await;
        signal.cancel();
    });
    stop
}

/// Notes when an order begins, is asked and ends. Asked, it needs `tidy` ms more.
async fn listens(
    log: Log,
    inside: Gauge,
    order: u32,
    asked: CancellationToken,
    work: u64,
    tidy: u64,
) {
    let _inside = inside.enter();
    log.note(format!("{order} begins"));
    tokio::select! {
        biased;
        () = sleep(ms(work)) => {}
        () = asked.cancelled() => {
            log.note(format!("{order} asked"));
            sleep(ms(tidy)).await;
        }
    }
    log.note(format!("{order} ends"));
}

/// Hears nothing.
async fn deaf(inside: Gauge) {
    let _inside = inside.enter();
    sleep(ms(100_000)).await;
}

fn check_closed(seen: Closed, served: usize, stopped: usize) {
    let expected = Closed { served, stopped };
    check(seen == expected, || {
        Failure::new(format!("It should tell {expected:?}; it told {seen:?}."))
            .usually("that tasks which ended before the stop are not counted, or that a join error is not counted as stopped.")
            .read(GRACEFUL)
    });
}

#[test]
fn serves_orders_beside_each_other() {
    grade(async || {
        let (_more, mut orders) = orders(1..=4);
        let (log, inside) = (Log::start(), Gauge::new());
        let serve = |order, asked| listens(log.clone(), inside.clone(), order, asked, 10, 0);
        let closed = reading_room(&mut orders, serve, stop_at(50), ms(20)).await;
        let peak = inside.peak();
        check(peak == 4, || {
            Failure::new(format!(
                "Four orders should be served at the same time; at most {peak} were."
            ))
            .usually("that an order is awaited in the loop. Spawn it.")
            .read(TREE)
        });
        check_closed(closed, 4, 0);
    });
}

#[test]
fn asks_everybody_and_returns_when_the_last_is_gone() {
    grade(async || {
        let (_more, mut orders) = orders([5, 15, 10]);
        let (log, inside) = (Log::start(), Gauge::new());
        let serve = |order: u32, asked| {
            listens(
                log.clone(),
                inside.clone(),
                order,
                asked,
                1000,
                order.into(),
            )
        };
        let closed = reading_room(&mut orders, serve, stop_at(50), ms(200)).await;
        let returned = log.clock.elapsed();
        let usually = if returned < ms(65) {
            "that tasks are dropped before the patience is over."
        } else {
            "that nobody is asked, or that the whole patience is waited for although all are gone."
        };
        check_instant(
            returned,
            ms(65),
            "Asked at 50 ms, the slowest task needs 15 ms more: it should return",
            usually,
            GRACEFUL,
        );
        check_closed(closed, 3, 0);
    });
}

#[test]
fn drops_who_does_not_come_and_waits_until_they_are_gone() {
    grade(async || {
        let (_more, mut orders) = orders([1, 2, 3]);
        let (log, inside) = (Log::start(), Gauge::new());
        let serve = |order: u32, asked| {
            let (log, inside) = (log.clone(), inside.clone());
            async move {
                if order == 2 {
                    listens(log, inside, order, asked, 1000, 5).await;
                } else {
                    deaf(inside).await;
                }
            }
        };
        let closed = reading_room(&mut orders, serve, stop_at(50), ms(20)).await;
        // Nobody has had a turn since it returned.
        let left = inside.now();
        check_instant(
            log.clock.elapsed(),
            ms(70),
            "Two tasks do not listen: it should return when the patience is over,",
            "that the wait for the tasks has no limit, or that the patience is counted for each of them.",
            GRACEFUL,
        );
        check(left == 0, || {
            Failure::new(format!(
                "When it returns, all tasks should be gone; {left} are still alive."
            ))
            .usually("that the tasks are aborted and not waited for. `abort` asks the runtime; the task is gone when its handle is ready.")
            .read(ABORT)
        });
        check_closed(closed, 1, 2);
    });
}

#[test]
fn takes_no_order_after_the_stop() {
    // Often enough that an answer which leaves it to chance is found out.
    for _ in 0..20 {
        grade(async || {
            let (_more, mut orders) = orders(0..300);
            let stop = CancellationToken::new();
            let (signal, inside) = (stop.clone(), Gauge::new());
            let serve = |order, asked| {
                if order == 9 {
                    signal.cancel();
                }
                listens(Log::start(), inside.clone(), order, asked, 1000, 0)
            };
            reading_room(&mut orders, serve, stop, ms(20)).await;
            let left = std::iter::from_fn(|| orders.try_recv().ok()).count();
            check(left == 290, || {
                Failure::new(format!(
                "The stop comes with the tenth of 300 orders that are all there; 290 should be left in the channel, and there \
                 are {}.", if left < 290 { "fewer" } else { "more" }
            ))
            .usually("that the orders are looked at before the stop: as long as there is one, the stop starves. Or the draw decides.")
            .read(STARVES)
            });
        });
    }
}

#[test]
fn a_task_stops_itself_and_nobody_else() {
    grade(async || {
        let (_more, mut orders) = orders([1, 2]);
        let (log, inside) = (Log::start(), Gauge::new());
        let serve = |order: u32, asked: CancellationToken| {
            if order == 1 {
                asked.cancel();
            }
            listens(log.clone(), inside.clone(), order, asked, 40, 0)
        };
        reading_room(&mut orders, serve, stop_at(100), ms(20)).await;
        let seen = (log.count("1 asked"), log.count("2 asked"));
        check(seen == (1, 0) && log.clock.elapsed() == ms(100), || {
            Failure::new(format!(
                "The first task cancels its own token; the second should go on, and the room stay open until 100 ms; it closed at {} \
                 and this happened: {}.",
                in_ms(log.clock.elapsed()),
                log.told()
            ))
            .usually("that all tasks have clones of one token. A child token can be cancelled alone.")
            .read(TREE)
        });
    });
}

#[test]
fn a_panic_stays_with_its_order() {
    grade(async || {
        let (_more, mut orders) = orders([1, 2]);
        let serve = |order, _asked| async move {
            sleep(ms(10)).await;
            if order == 1 {
                std::panic::resume_unwind(Box::new("torn"));
            }
        };
        let closed = reading_room(&mut orders, serve, stop_at(50), ms(20)).await;
        check_closed(closed, 1, 1);
    });
}

#[test]
fn waits_for_the_stop_when_no_order_can_come() {
    grade(async || {
        let (more, mut orders) = orders([1]);
        drop(more);
        let (log, inside) = (Log::start(), Gauge::new());
        let serve = |order, asked| listens(log.clone(), inside.clone(), order, asked, 10, 0);
        reading_room(&mut orders, serve, stop_at(50), ms(20)).await;
        check_instant(
            log.clock.elapsed(),
            ms(50),
            "The channel is finished early, but only the stop ends it,",
            "that the end of the channel is taken for the stop.",
            ROUND,
        );
    });
}

#[test]
fn leaves_nothing_behind_when_dropped() {
    drop_at_every_await(
        async || {
            let (more, mut orders) = orders([1, 2, 3]);
            let (log, inside, stop) = (Log::start(), Gauge::new(), stop_at(30));
            let tasks = Tasks::baseline();
            let served = inside.clone();
            let answer = async move {
                let _more = more;
                let serve =
                    |order, asked| listens(log.clone(), served.clone(), order, asked, 1000, 10);
                reading_room(&mut orders, serve, stop, ms(5)).await
            };
            (answer, (tasks, inside))
        },
        async |(tasks, inside)| check_nothing_left(tasks, &inside, "When it is dropped").await,
    );
}

#[test]
fn serves_an_order_when_it_comes() {
    grade(async || {
        let (more, mut orders) = orders([1]);
        tokio::spawn(async move {
            for order in [2, 3] {
                sleep(ms(10)).await;
                let _ = more.try_send(order);
            }
            sleep(ms(100)).await;
        });
        let (log, inside) = (Log::start(), Gauge::new());
        let serve = |order, asked| listens(log.clone(), inside.clone(), order, asked, 5, 0);
        let closed = reading_room(&mut orders, serve, stop_at(50), ms(20)).await;
        let begun = ["1 begins", "2 begins", "3 begins"].map(|what| log.times_of(what));
        check(begun == [[ms(0)], [ms(10)], [ms(20)]], || {
            Failure::new(format!(
                "Orders come at 0, 10 and 20 ms, and each should begin then. This happened: {}.",
                log.told()
            ))
            .usually("that only the orders which are there at the beginning are served, or that they are collected.")
            .read(ROUND)
        });
        check_closed(closed, 3, 0);
    });
}

#[test]
fn an_order_that_comes_with_the_stop_is_left() {
    // Often enough that whoever leaves it to chance is found out.
    for _ in 0..20 {
        grade(async || {
            let (more, mut orders) = orders([1]);
            let (log, inside, stop) = (Log::start(), Gauge::new(), CancellationToken::new());
            let signal = stop.clone();
            tokio::spawn(async move {
                sleep(ms(50)).await;
                signal.cancel();
                let _ = more.try_send(2);
                sleep(ms(50)).await;
            });
            let serve = |order, asked| listens(log.clone(), inside.clone(), order, asked, 1000, 0);
            reading_room(&mut orders, serve, stop, ms(20)).await;
            check(orders.try_recv() == Ok(2), || {
                Failure::new(format!(
                    "The stop comes at 50 ms, and after it, in the same instant, an order. It should be left in the channel; it was \
                     taken out. This happened: {}.",
                    log.told()
                ))
                .usually(
                    "that the orders are looked at before the stop, as `run_until_cancelled` does, too, or that the draw \
                     decides.",
                )
                .read(STARVES)
            });
        });
    }
}

#[test]
fn a_panic_after_the_stop_stays_with_its_order() {
    grade(async || {
        let (_more, mut orders) = orders([1, 2]);
        let (log, inside) = (Log::start(), Gauge::new());
        let serve = |order: u32, asked: CancellationToken| {
            let (log, inside) = (log.clone(), inside.clone());
            async move {
                if order == 1 {
                    asked.cancelled().await;
                    std::panic::resume_unwind(Box::new("the page is torn"));
                }
                listens(log, inside, order, asked, 1000, 10).await;
            }
        };
        let closed = reading_room(&mut orders, serve, stop_at(50), ms(20)).await;
        check_instant(
            log.clock.elapsed(),
            ms(60),
            "Asked at 50 ms, one task panics at once, and the other needs 10 ms more. It should return",
            "that a task which panics ends the patience of the others.",
            GRACEFUL,
        );
        check_closed(closed, 1, 1);
    });
}
