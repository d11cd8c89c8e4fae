//! `Batcher`: many questions, few trips.

use std::sync::Mutex;

use super::*;
use exercises::semaphores::Batcher;

/// The trips that were made, each with its keys.
type Trips = Arc<Mutex<Vec<Vec<u32>>>>;

const SIZE: usize = 3;
const DELAY: Duration = ms(50);
/// How long a trip takes.
const TRIP: Duration = ms(20);

macro_rules! batcher {
    ($trips:expr) => {{
        let trips = Arc::clone(&$trips);
        Batcher::new(SIZE, DELAY, move |keys: Vec<u32>| {
            trips.lock().expect("nobody panics").push(keys.clone());
            async move {
                sleep(TRIP).await;
                assert!(!keys.contains(&666), "no such parcel");
                keys.iter().map(|key| format!("shelf {key}")).collect()
            }
        })
    }};
}

fn made(trips: &Trips) -> Vec<Vec<u32>> {
    trips.lock().expect("nobody panics").clone()
}

#[test]
fn trips_are_as_few_as_possible() {
    for count in [1, 2, 3, 4, 7, 9] {
        shuffled(async |shuffle| {
            let trips = Trips::default();
            let batcher = batcher!(trips);
            let answers = shuffle
                .join((0..count).map(async |key| {
                    shuffle.turns().await;
                    batcher.get(key).await
                }))
                .await;
            let expected: Vec<_> = (0..count).map(|key| Some(format!("shelf {key}"))).collect();
            check(answers == expected, || {
                Failure::new(format!(
                    "Each caller should have the answer to their key; they had {answers:?}."
                ))
                .usually("that an answer went to somebody else, or to nobody.")
                .read(BATCH)
            });
            let (trips, fewest) = (made(&trips), (count as usize).div_ceil(SIZE));
            check(
                trips.len() == fewest && trips.iter().all(|keys| keys.len() <= SIZE),
                || {
                    Failure::new(format!(
                    "{count} keys at once, {SIZE} in a batch, should make {fewest} trips; they made {trips:?}."
                ))
                .usually("that a batch goes out before it is full, or does not stop at its size.")
                .read(BATCH)
                },
            );
        });
    }
}

#[test]
fn goes_out_at_its_delay_at_the_latest() {
    grade(async || {
        let trips = Trips::default();
        let (batcher, clock) = (batcher!(trips), Clock::start());
        let caller = async |comes: u64, key| {
            sleep(ms(comes)).await;
            let answer = timeout(MINUTE, batcher.get(key)).await;
            (answer.is_ok(), clock.elapsed())
        };
        let callers = tokio::join!(biased; caller(0, 1), caller(30, 2));
        check(callers == ((true, ms(70)), (true, ms(70))), || {
            Failure::new(format!(
                "Of two callers at 0 and 30 ms, both should have their answers at 70 ms: 50 ms after the first one came, \
                 and 20 ms for the trip. They had them at {} and {}.",
                in_ms(callers.0.1),
                in_ms(callers.1.1)
            ))
            .usually("that the delay begins anew with each caller, or that a batch goes out only when it is full.")
            .read(BATCH)
        });
    });
}

#[test]
fn a_full_batch_goes_at_once() {
    grade(async || {
        let trips = Trips::default();
        let (batcher, clock) = (batcher!(trips), Clock::start());
        join_all([1, 2, 3].map(|key| batcher.get(key))).await;
        let first = clock.elapsed();
        check(first == TRIP, || {
            Failure::new(format!(
                "A full batch should be answered at 20 ms; it was at {}.",
                in_ms(first)
            ))
            .usually("that it waits for the delay, though it is full.")
            .read(BATCH)
        });
        sleep(ms(20)).await;
        batcher.get(4).await;
        let second = clock.elapsed();
        check(second == ms(110), || {
            Failure::new(format!(
                "The next batch began at 40 ms, so its answer should come at 110 ms; it came at {}.",
                in_ms(second)
            ))
            .usually("that the alarm of the full batch still rings, and sends the next one out early.")
            .read(BATCH)
        });
    });
}

#[test]
fn the_same_key_has_one_place() {
    grade(async || {
        let trips = Trips::default();
        let batcher = batcher!(trips);
        let all = join_all([7, 7, 8, 7].map(|key| batcher.get(key)));
        let answers = timeout(MINUTE, all).await.unwrap_or_default();
        let expected = [7, 7, 8, 7].map(|key| Some(format!("shelf {key}")));
        check(answers == expected && made(&trips) == [vec![7, 8]], || {
            Failure::new(format!(
                "Callers for 7, 7, 8 and 7 should share one trip for [7, 8], and all have their answers; the trips were \
                 {:?}, the answers {answers:?}.",
                made(&trips)
            ))
            .usually("that a key that is asked for twice takes two places, or that one of its callers is forgotten.")
            .read(BATCH)
        });
    });
}

#[test]
fn who_left_costs_nothing() {
    grade(async || {
        let trips = Trips::default();
        let batcher = batcher!(trips);
        let _ = timeout(ms(10), batcher.get(1)).await;
        sleep(MINUTE).await;
        let _ = tokio::join!(biased; timeout(ms(10), batcher.get(2)), batcher.get(3));
        check(made(&trips) == [vec![3]], || {
            Failure::new(format!(
                "The callers for 1 and 2 left before their batches went out, so one trip should be made, for [3]; the trips \
                 were {:?}.",
                made(&trips)
            ))
            .usually("that nobody looks who is still there: `is_closed()` of a `oneshot::Sender` tells.")
            .read(BATCH)
        });
    });
}

#[test]
fn who_left_takes_no_place() {
    grade(async || {
        let trips = Trips::default();
        let batcher = batcher!(trips);
        let _ = timeout(ms(10), async {
            tokio::join!(batcher.get(1), batcher.get(2))
        })
        .await;
        let clock = Clock::start();
        let answers = timeout(MINUTE, async {
            tokio::join!(biased; batcher.get(3), batcher.get(4), batcher.get(5))
        });
        let answered = answers.await.is_ok();
        let (trips, took) = (made(&trips), clock.elapsed());
        check(answered && trips == [vec![3, 4, 5]] && took == TRIP, || {
            Failure::new(format!(
                "The callers for 1 and 2 have left, and 3, 4 and 5 come, which fill a batch of 3. One trip should be made for \
                 them, which takes 20 ms; the trips were {trips:?}, and it took {}.",
                in_ms(took)
            ))
            .usually(
                "that keys which nobody wants any more count towards the size. Forget them when the next caller comes, and \
                 not only when the batch goes out.",
            )
            .read(BATCH)
        });
    });
}

#[test]
fn who_leaves_stops_nobody() {
    grade(async || {
        let trips = Trips::default();
        let batcher = batcher!(trips);
        let leaves = |key| timeout(ms(60), batcher.get(key));
        let stays = timeout(MINUTE, batcher.get(2));
        let (_, answer, _) = tokio::join!(biased; leaves(1), stays, leaves(3));
        let (_, late, _) = tokio::join!(biased; timeout(ms(10), batcher.get(4)), timeout(MINUTE, batcher.get(5)), async {
            sleep(ms(5)).await;
            timeout(ms(10), batcher.get(6)).await
        });
        let expected = (
            Ok(Some("shelf 2".to_owned())),
            Ok(Some("shelf 5".to_owned())),
        );
        check((&answer, &late) == (&expected.0, &expected.1), || {
            Failure::new(format!(
                "Others left while a trip was under way, and those who stayed should have their answers; they had {answer:?} \
                 and {late:?}."
            ))
            .usually("that the trip is a part of one caller's future, and is dropped with it.")
            .read("tasks.html#dropping-a-joinhandle-detaches-the-task")
        });
    });
}

#[test]
fn a_trip_that_panics_is_none() {
    grade(async || {
        let trips = Trips::default();
        let batcher = batcher!(trips);
        let answer = timeout(MINUTE, batcher.get(666)).await;
        let next = timeout(MINUTE, batcher.get(1)).await;
        let expected = (Ok(None), Ok(Some("shelf 1".to_owned())));
        check((&answer, &next) == (&expected.0, &expected.1), || {
            Failure::new(format!(
                "A trip that panics should give `None`, and the next one its answer; they gave {answer:?} and {next:?}."
            ))
            .usually("that a caller takes it for granted that an answer comes.")
            .read(BATCH)
        });
    });
}
