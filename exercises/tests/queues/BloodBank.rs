//! `BloodBank`: one keeper, and many who ask.

use super::*;
use exercises::queues::{BloodBank, Short};

/// What a caller was told, in words.
fn told(answer: &Result<u32, Short>) -> String {
    match answer {
        Ok(left) => format!("{left} left"),
        Err(Short { there }) => format!("short, {there} there"),
    }
}

fn all_told(answers: &[Result<u32, Short>]) -> String {
    let answers: Vec<String> = answers.iter().map(told).collect();
    answers.join("; ")
}

/// A handle goes.
fn gone(_handle: BloodBank) {}

#[test]
fn counts_the_bags() {
    grade(async || {
        let bank = BloodBank::open(10, ms(20), 4);
        let clock = Clock::start();
        let mut answers = vec![
            bank.fetch(4).await,
            bank.fetch(7).await,
            bank.fetch(6).await,
        ];
        bank.bring(5).await;
        answers.push(bank.fetch(5).await);
        answers.push(bank.fetch(1).await);
        let expected = [
            Ok(6),
            Err(Short { there: 6 }),
            Ok(0),
            Ok(0),
            Err(Short { there: 0 }),
        ];
        check(answers == expected, || {
            Failure::new(format!(
                "10 bags: fetch 4, 7 and 6, bring 5, fetch 5 and 1. The answers should be {}; they were {}.",
                all_told(&expected),
                all_told(&answers)
            ))
            .usually(
                "that bags are counted twice or not at all, that a part is given where not all are there, or that `there` is \
                 how many are missing.",
            )
            .read(ACTOR)
        });
        let took = clock.elapsed();
        check(took == ms(120), || {
            Failure::new(format!(
                "Six requests, each with a walk of 20 ms, should take 120 ms; they took {}.",
                in_ms(took)
            ))
            .usually("that the keeper does not walk for each, or that the caller walks as well.")
            .read(ACTOR)
        });
    });
}

#[test]
fn serves_in_the_order_of_arrival() {
    grade(async || {
        let bank = BloodBank::open(100, ms(20), 8);
        let clock = Clock::start();
        let fetch = async |bags| (bank.fetch(bags).await, clock.elapsed());
        let seen = tokio::join!(biased; fetch(1), fetch(10), fetch(5));
        let seen = [seen.0, seen.1, seen.2];
        let expected = [(Ok(99), ms(20)), (Ok(89), ms(40)), (Ok(84), ms(60))];
        check(seen == expected, || {
            let seen: Vec<String> = seen
                .iter()
                .map(|(answer, at)| format!("{} at {}", told(answer), in_ms(*at)))
                .collect();
            Failure::new(format!(
                "100 bags, and three callers at once, who fetch 1, 10 and 5. They should be told 99 left at 20 ms, 89 left \
                 at 40 ms and 84 left at 60 ms; they were told {}.",
                seen.join(", ")
            ))
            .usually(
                "that a task is spawned for each request, so that there are several keepers, or that an answer goes \
                 to another caller.",
            )
            .read(ACTOR)
        });
    });
}

#[test]
fn bringing_and_fetching_keep_their_order() {
    grade(async || {
        let bank = BloodBank::open(0, ms(20), 32);
        // Eight callers at the same time. Each brings a bag and fetches one.
        let callers = (0..8).map(async |_| {
            bank.bring(1).await;
            bank.fetch(1).await
        });
        let answers = futures::future::join_all(callers).await;
        check(answers == [Ok(0); 8], || {
            Failure::new(format!(
                "Eight callers each bring a bag and then fetch one, so the requests come in this order: bring, fetch, bring, \
                 fetch. Each caller should be told 0 left; they were told {}.",
                all_told(&answers)
            ))
            .usually(
                "that there is a box for each kind of request, and the order between two boxes is lost; that a request \
                 goes into the box from a task of its own; or that `bring` waits for the keeper, and not for a place in the box.",
            )
            .read(ACTOR)
        });
    });
}

#[test]
fn everybody_gets_their_own_answer_in_any_order() {
    shuffled(async |shuffle| {
        let bank = BloodBank::open(63, ms(1), 2);
        // With these numbers of bags, what is left tells who has been there before.
        let callers = [1, 2, 4, 8, 16, 32].map(|bags| {
            let (bank, shuffle) = (bank.clone(), shuffle.clone());
            async move {
                sleep(ms(shuffle.below(3))).await;
                shuffle.turns().await;
                (bags, bank.fetch(bags).await)
            }
        });
        let mut answers = shuffle.join(callers).await;
        answers.sort_by_key(|(_, answer)| std::cmp::Reverse(answer.unwrap_or(u32::MAX)));
        let mut there = 63;
        for (bags, answer) in &answers {
            let right = *answer == Ok(there - bags);
            check(right, || {
                Failure::new(format!(
                    "There were {there} bags, and the next caller fetched {bags}: the answer should be {} left; it was {}.",
                    there - bags,
                    told(answer)
                ))
                .usually(
                    "that a caller gets the answer of another one, as it happens when all share one channel for them; or \
                     that a full box is answered without the keeper.",
                )
                .read(ONESHOT)
            });
            there -= bags;
        }
    });
}

#[test]
fn the_box_pushes_back() {
    grade(async || {
        let bank = BloodBank::open(0, ms(20), 3);
        let brought = std::cell::Cell::new(0);
        let all = async {
            for _ in 0..20 {
                bank.bring(1).await;
                brought.set(brought.get() + 1);
                tokio::task::yield_now().await;
            }
        };
        let looking = async {
            let mut seen = Vec::new();
            for pause in [10, 20, 20] {
                sleep(ms(pause)).await;
                seen.push(brought.get());
            }
            seen
        };
        let (_, seen) = tokio::join!(biased; timeout(ms(55), all), looking);
        check(seen == [4, 5, 6], || {
            let miss = Failure::new(format!(
                "There is room for 3 requests in the box, and the keeper is on the way with another one, 20 ms for each. At \
                 10, 30 and 50 ms 4, 5 and 6 should be brought, and the next should wait; {} were.",
                super::told(&seen)
            ));
            match seen[0] {
                20 => miss
                    .usually(
                        "that the box has no bound: `unbounded_channel`, a task for each request, or `try_send` whose \
                         error nobody looks at.",
                    )
                    .read(GROWS),
                0 => miss
                    .usually("that `bring` waits until the keeper is back, and it should wait for a place in the box only.")
                    .read(BACKPRESSURE),
                4 => miss
                    .usually(
                        "that the keeper empties the box into a list when it comes by. The list has no bound, and the box \
                         has room again.",
                    )
                    .read(GROWS),
                _ => miss
                    .usually("that the capacity of the channel is not `room`.")
                    .read(BACKPRESSURE),
            }
        });
    });
}

#[test]
fn a_caller_who_left_takes_no_bag() {
    // Dropped while the request lies in the box, and while the keeper is on the way.
    for leaves_at in [5, 25] {
        grade(async || {
            let bank = BloodBank::open(10, ms(20), 8);
            let impatient = timeout(ms(leaves_at), async {
                sleep(ms(1)).await;
                bank.fetch(7).await
            });
            let (first, left, ()) = tokio::join!(biased; bank.fetch(1), impatient, sleep(ms(100)));
            let second = bank.fetch(9).await;
            check(first == Ok(9) && left.is_err() && second == Ok(0), || {
                let told_second = told(&second);
                let miss = Failure::new(format!(
                    "10 bags. One is fetched, and a caller who wants 7 leaves after {leaves_at} ms, before the keeper is \
                     back. 9 should still be there; whoever fetches them is told: {told_second}."
                ));
                if second == (Err(Short { there: 2 })) {
                    miss.usually(
                        "that the bags are taken out before the answer is sent, and stay out when nobody is there to \
                         take it. `send` says whether somebody waits.",
                    )
                } else {
                    miss.usually("that the number of bags changes for another reason.")
                }
                .read(ONESHOT)
            });
        });
    }
}

#[test]
fn a_caller_who_left_takes_no_time() {
    for (leaves_at, expected) in [(5, 40), (25, 45)] {
        grade(async || {
            let bank = BloodBank::open(10, ms(20), 8);
            let clock = Clock::start();
            let impatient = timeout(ms(leaves_at), bank.fetch(7));
            let last = async {
                let answer = bank.fetch(1).await;
                (answer, clock.elapsed())
            };
            let (_, _, (answer, at)) = tokio::join!(biased; bank.fetch(1), impatient, last);
            check(answer == Ok(8) && at == ms(expected), || {
                let miss = Failure::new(format!(
                    "A walk is 20 ms. Three callers at once; the second one leaves at {leaves_at} ms. The third should be \
                     told 8 left at {expected} ms; at {} the answer was {}.",
                    in_ms(at),
                    told(&answer)
                ));
                if at == ms(60) {
                    miss.usually(
                        "that the keeper walks to the end for a caller who is not there any more.",
                    )
                } else {
                    miss.usually("that a caller who leaves disturbs the others.")
                }
                .read("queues-exercises.html#bloodbank")
            });
        });
    }
}

#[test]
fn a_caller_who_left_stops_nobody() {
    // Before the keeper is back, and in that instant.
    for leaves_at in [5, 20] {
        grade(async || {
            let bank = BloodBank::open(10, ms(20), 8);
            for _ in 0..3 {
                let _ = timeout(ms(leaves_at), bank.fetch(1)).await;
            }
            let fourth = tokio::spawn(async move { bank.fetch(3).await });
            let (answer, _) = within(ms(1000), fourth).await;
            let answer = answer.and_then(Result::ok);
            check(answer == Some(Ok(7)), || {
                let miss = Failure::new(format!(
                    "A walk is 20 ms. Three callers have left after {leaves_at} ms each, and had no answer. The fourth should \
                     be told 7 left; {}.",
                    match &answer {
                        Some(answer) => format!("the answer was {}", told(answer)),
                        None => "there was no answer".to_owned(),
                    }
                ));
                match answer {
                    Some(Ok(_)) => miss.usually(
                        "that bags are taken out for a caller who has left. `send` says whether somebody waits: take them \
                         out when it has succeeded.",
                    ),
                    Some(Err(_)) | None => miss.usually("that the keeper ends, or panics, when it cannot deliver an answer."),
                }
                .read(ACTOR)
            });
        });
    }
}

#[test]
fn ends_when_its_last_handle_goes() {
    for left_in_the_box in [0, 2] {
        grade(async || {
            let tasks = Tasks::baseline();
            let bank = BloodBank::open(10, ms(20), 4);
            let clone = bank.clone();
            let _ = bank.fetch(1).await;
            for _ in 0..left_in_the_box {
                clone.bring(1).await;
            }
            gone(bank);
            let alive = tasks.left_behind().await;
            check(alive == 1, || {
                Failure::new(format!(
                    "There is a handle left, so there should be one keeper; there are {alive} tasks."
                ))
                .usually("that the keeper ends with the first handle, that there is none, or that each request is a task.")
                .read(ACTOR)
            });
            gone(clone);
            sleep(ms(1000)).await;
            let alive = tasks.left_behind().await;
            check(alive == 0, || {
                Failure::new(
                    "The last handle is gone, and a second has passed; the keeper should have ended, and is still alive.",
                )
                .usually(
                    "that somebody keeps a sender: the keeper itself, perhaps. As long as there is one, `recv` waits.",
                )
                .read(KEPT_SENDER)
            });
        });
    }
}

#[test]
fn what_is_in_the_box_is_still_done() {
    grade(async || {
        let tasks = Tasks::baseline();
        let clock = Clock::start();
        let bank = BloodBank::open(10, ms(20), 4);
        for _ in 0..3 {
            bank.bring(1).await;
        }
        gone(bank);
        sleep(ms(50)).await;
        let during = tasks.left_behind().await;
        sleep(ms(20)).await;
        let after = tasks.left_behind().await;
        check((during, after) == (1, 0), || {
            Failure::new(format!(
                "Three requests lie in the box when the last handle goes, with a walk of 20 ms for each: the keeper should \
                 be there at 50 ms and have ended at {}; {during} and then {after} tasks were alive.",
                in_ms(clock.elapsed())
            ))
            .usually("that the end is told to the keeper in another way than by the channel that closes, and overtakes what is in it.")
            .read(CLOSING)
        });
    });
}
