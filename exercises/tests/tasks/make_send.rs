//! `make_send`: a connection that stays on its thread, in a future that does not have to.

use super::*;
use exercises::tasks::make_send;
use grading::not_send::Table;

#[test]
fn the_future_is_send() {
    grade(async || {
        let table = Table::with_rows(200);
        let answer = make_send(&table, ms(30));
        let send = is_send!(answer);
        let _ = answer.await;
        check(send, || {
            Failure::new(
                "The future of `make_send` should be `Send`; it is not, so no handler that awaits it can be spawned.",
            )
            .usually(
                "that a `Connection` is alive at the `.await`. If a method borrowed it before, `drop` does not change \
                 that. Use it inside a block, or in one statement: a temporary is dropped at the end of its statement.",
            )
            .read("tasks-send-bound.html#drop-before-the-await-and-borrows")
        });
    });
}

#[test]
fn counts_before_and_after() {
    for (rows, interval) in [(200, 30), (0, 80), (1000, 1)] {
        grade(async || {
            let table = Table::with_rows(rows);
            sleep(ms(5)).await;
            let seen = make_send(&table, ms(interval)).await;
            let before = rows + 5;
            let expected = (before, before + u32::try_from(interval).unwrap());
            check(seen == expected, || {
                let failure = Failure::new(format!(
                    "A table with {before} rows, to which one row is added each millisecond, should be counted as \
                     {expected:?} with {interval} ms in between; it was {seen:?}."
                ));
                match seen {
                    (a, b) if a == b => failure
                        .usually(
                            "that both counts were taken at the same instant, without a wait in between that the \
                             runtime knows of.",
                        )
                        .read("event-loop.html#calling-an-async-function-does-nothing"),
                    (a, b) if b.checked_sub(a) == expected.1.checked_sub(before) => failure
                        .usually("that the first count is late. It is taken before the wait."),
                    (a, b) if (b, a) == expected => {
                        failure.usually("that the two counts are in the wrong order.")
                    }
                    _ => failure
                        .usually("that something else was returned than what the connection counted."),
                }
            });
        });
    }
}

#[test]
fn takes_as_long_as_the_interval() {
    grade(async || {
        let (table, clock) = (Table::with_rows(200), Clock::start());
        let _ = make_send(&table, ms(30)).await;
        let took = clock.elapsed();
        check(took == ms(30), || {
            Failure::new(format!(
                "An interval of 30 ms should take 30 ms; it took {}.",
                in_ms(took)
            ))
            .usually(
                "that the wait is missing, that its future was created and not awaited, or that it blocks the thread \
                 and the runtime's clock with it.",
            )
            .read("event-loop.html#calling-an-async-function-does-nothing")
        });
    });
}
