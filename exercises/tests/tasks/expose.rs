//! `expose`: a meter that stays on its thread, in a future that does not have to.

use super::*;
use exercises::tasks::expose;
use grading::not_send::Lamp;

#[test]
fn may_go_to_another_thread() {
    grade(async || {
        let lamp = Lamp::lit(200);
        let answer = expose(&lamp, ms(30));
        let send = is_send!(answer);
        let _ = answer.await;
        check(send, || {
            Failure::new("The future of `expose` should be `Send`; it is not, so nobody could spawn it.")
                .usually(
                    "that a `LightMeter` is in scope at the `.await`, perhaps one that was dropped: it is the scope that \
                     counts. Use it within a block, or a statement of its own: what is made within a statement lives \
                     until its end.",
                )
                .read("tasks-send.html#send-nothing-that-may-not-leave-the-desk")
        });
    });
}

#[test]
fn measures_before_and_after() {
    for (lux, time) in [(200, 30), (0, 80), (1000, 1)] {
        grade(async || {
            let lamp = Lamp::lit(lux);
            sleep(ms(5)).await;
            let seen = expose(&lamp, ms(time)).await;
            let before = lux + 5;
            let expected = (before, before + u32::try_from(time).unwrap());
            check(seen == expected, || {
                let miss = Failure::new(format!(
                    "A lamp that gets brighter by 1 lux each millisecond, {before} lux at the beginning, should be measured \
                     as {expected:?} with {time} ms in between; it was {seen:?}."
                ));
                match seen {
                    (a, b) if a == b => miss
                        .usually("that both were read at the same instant, with no wait in between that the loop knows of.")
                        .read("event-loop.html#calling-an-async-function-does-nothing"),
                    (a, b) if b.checked_sub(a) == expected.1.checked_sub(before) => {
                        miss.usually("that the first reading is late. It is taken before the wait.")
                    }
                    (a, b) if (b, a) == expected => {
                        miss.usually("that the two are the wrong way round.")
                    }
                    _ => {
                        miss.usually("that something else was returned than what the meter shows.")
                    }
                }
            });
        });
    }
}

#[test]
fn takes_the_time_of_the_exposure() {
    grade(async || {
        let (lamp, clock) = (Lamp::lit(200), Clock::start());
        let _ = expose(&lamp, ms(30)).await;
        let took = clock.elapsed();
        check(took == ms(30), || {
            Failure::new(format!(
                "An exposure of 30 ms should take 30 ms; it took {}.",
                in_ms(took)
            ))
            .usually("that the wait is missing, was made and not awaited, or blocks the thread, and then the loop's time stands \
                 still.")
            .read("event-loop.html#calling-an-async-function-does-nothing")
        });
    });
}
