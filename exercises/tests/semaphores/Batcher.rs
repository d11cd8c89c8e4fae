//! `Batcher`: many keys, few calls.

use std::sync::Mutex;

use super::*;
use exercises::semaphores::Batcher;

/// The batches that were sent, each with its keys.
type Batches = Arc<Mutex<Vec<Vec<u32>>>>;

const SIZE: usize = 3;
const DELAY: Duration = ms(50);
/// How long `fetch` takes.
const FETCH: Duration = ms(20);

macro_rules! batcher {
    ($batches:expr) => {
        batcher!($batches, SIZE, DELAY)
    };
    ($batches:expr, $size:expr, $delay:expr) => {{
        let batches = Arc::clone(&$batches);
        Batcher::new($size, $delay, move |keys: Vec<u32>| {
            batches.lock().unwrap().push(keys.clone());
            async move {
                sleep(FETCH).await;
                assert!(!keys.contains(&666), "there is no product 666");
                keys.iter().map(|key| format!("aisle {key}")).collect()
            }
        })
    }};
}

fn sent(batches: &Batches) -> Vec<Vec<u32>> {
    batches.lock().unwrap().clone()
}

fn aisle(key: u32) -> Option<String> {
    Some(format!("aisle {key}"))
}

#[test]
fn sends_as_few_batches_as_possible() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=300);
        let count = case.size_near("keys", size, 0..=300);
        let order = case.permutation("in this order", count);
        let batches = Batches::default();
        let batcher = batcher!(batches, size, DELAY);
        let values = case
            .join(order.iter().map(async |key| {
                case.turns().await;
                batcher.get(*key as u32).await
            }))
            .await;
        let expected: Vec<_> = order.iter().map(|key| aisle(*key as u32)).collect();
        check(values == expected, || {
            Failure::new(format!(
                "Each caller should get the value of its key; they got {}.",
                grading::list(values.iter().map(|value| format!("{value:?}")))
            ))
            .usually("that a value was sent to the wrong caller, or to none.")
            .read(BATCHING)
        });
        let (batches, fewest) = (sent(&batches), count.div_ceil(size));
        check(
            batches.len() == fewest && batches.iter().all(|keys| keys.len() <= size),
            || {
                Failure::new(format!(
                    "{count} different keys at the same time should be sent in {fewest} batches of at most {size}; the \
                     batches were {}.",
                    grading::list(batches.iter().map(|keys| format!("{keys:?}")))
                ))
                .usually("that a batch is sent before it is full, or grows beyond its size.")
                .read(BATCHING)
            },
        );
    });
}

#[test]
fn a_key_may_be_any_number_and_occur_again() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=10);
        let count = case.size_near("callers", size, 0..=40);
        let keys = case.numbers("keys", count, u32::MAX.into());
        let keys: Vec<_> = keys.into_iter().map(|key| key as u32).collect();
        let batches = Batches::default();
        let batcher = batcher!(batches, size, case.duration("delay", ms(50)));
        let values = case
            .join(keys.iter().map(async |key| {
                sleep(ms(case.below(60))).await;
                timeout(MINUTE, batcher.get(*key)).await.ok().flatten()
            }))
            .await;
        let mut got = keys.iter().zip(&values);
        let wrong = got.find(|(key, value)| **value != aisle(**key));
        check(wrong.is_none(), || {
            let (key, value) = wrong.expect("there is one");
            Failure::new(format!(
                "The caller with the key {key} should get {:?}; it got {value:?}.",
                aisle(*key)
            ))
            .usually("that a value was sent to the wrong caller, or to none.")
            .read(BATCHING)
        });
        let batches = sent(&batches);
        let is_right = |keys: &&Vec<u32>| {
            let different: std::collections::BTreeSet<_> = keys.iter().collect();
            (1..=size).contains(&keys.len()) && different.len() == keys.len()
        };
        let wrong = batches.iter().find(|keys| !is_right(keys));
        check(wrong.is_none(), || {
            Failure::new(format!(
                "A batch should have from 1 to {size} keys, all of them different; one had {:?}.",
                wrong.expect("there is one")
            ))
            .usually(
                "that a key counts once for each of its callers, or that an empty batch is sent.",
            )
            .read(BATCHING)
        });
    });
}

#[test]
fn sends_a_batch_after_its_delay() {
    grade_cases(async |case| {
        let delay = case.duration("delay", ms(50));
        let later = case.size("callers after the first", 0..=8);
        let arrivals = case.whole_ms_each("they arrive after", later, delay.as_millis() as u64);
        let batches = Batches::default();
        let (batcher, clock) = (batcher!(batches, 100, delay), Clock::start());
        // A caller that arrives when the delay has passed may be too late.
        let in_time = arrivals.iter().filter(|arrives| **arrives < delay);
        let callers = std::iter::once(&Duration::ZERO).chain(in_time).zip(0..);
        let returned = join_all(callers.map(async |(arrives, key)| {
            if !arrives.is_zero() {
                sleep(*arrives).await;
            }
            let value = timeout(MINUTE, batcher.get(key)).await;
            value.is_ok().then(|| clock.elapsed())
        }))
        .await;
        let due = ms(delay.as_nanos().div_ceil(1_000_000) as u64) + FETCH;
        let wrong = returned.iter().find(|at| **at != Some(due));
        check(wrong.is_none(), || {
            Failure::new(format!(
                "Callers that arrive within the delay of {delay:?} should all have their values at {}, 20 ms after it; one \
                 had it {}.",
                in_ms(due),
                wrong.copied().flatten().map_or("never".to_owned(), |at| format!("at {}", in_ms(at)))
            ))
            .usually(
                "that each caller starts the delay again, that a batch is sent only when it is full, or that the delay is \
                 rounded.",
            )
            .read(BATCHING)
        });
    });
}

#[test]
fn sends_a_full_batch_at_once() {
    grade(async || {
        let batches = Batches::default();
        let (batcher, clock) = (batcher!(batches), Clock::start());
        join_all([1, 2, 3].map(|key| batcher.get(key))).await;
        let first = clock.elapsed();
        check(first == FETCH, || {
            Failure::new(format!(
                "The values of a full batch should arrive at 20 ms; they arrived at {}.",
                in_ms(first)
            ))
            .usually("that the batch waits for its delay although it is full.")
            .read(BATCHING)
        });
        sleep(ms(20)).await;
        batcher.get(4).await;
        let second = clock.elapsed();
        check(second == ms(110), || {
            Failure::new(format!(
                "The next batch got its first key at 40 ms, so its value should arrive at 110 ms, after 50 ms of delay and 20 ms for \
                 the call; it arrived at {}.",
                in_ms(second)
            ))
            .usually("that the timer of the full batch was not stopped, and sends the next batch too early.")
            .read(BATCHING)
        });
    });
}

#[test]
fn callers_with_the_same_key_share_it() {
    grade(async || {
        let batches = Batches::default();
        let batcher = batcher!(batches);
        let all = join_all([7, 7, 8, 7].map(|key| batcher.get(key)));
        let values = timeout(MINUTE, all).await.unwrap_or_default();
        let expected = [7, 7, 8, 7].map(|key| Some(format!("aisle {key}")));
        check(values == expected && sent(&batches) == [vec![7, 8]], || {
            Failure::new(format!(
                "Callers with the keys 7, 7, 8 and 7 should share one batch [7, 8], and all get their values; the batches \
                 were {:?}, the values {values:?}.",
                sent(&batches)
            ))
            .usually("that a key counts once for each caller, or that one of its callers gets no value.")
            .read(BATCHING)
        });
    });
}

#[test]
fn each_batch_has_its_size_or_waits_for_its_delay() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=10);
        let count = case.size("callers", 1..=30);
        let keys: Vec<u32> = (0..count).map(|_| case.below(8) as u32).collect();
        let batches = Batches::default();
        let batcher = batcher!(batches, size, DELAY);
        let all = join_all(keys.iter().map(|key| batcher.get(*key)));
        let _ = timeout(MINUTE, all).await;
        let mut expected = vec![Vec::new()];
        for key in &keys {
            let batch = expected.last_mut().expect("one is there");
            if !batch.contains(key) {
                batch.push(*key);
            }
            if batch.len() == size {
                expected.push(Vec::new());
            }
        }
        expected.retain(|batch| !batch.is_empty());
        let sorted = |mut batches: Vec<Vec<u32>>| {
            batches.iter_mut().for_each(|batch| batch.sort_unstable());
            batches.sort_unstable();
            batches
        };
        let sent = sent(&batches);
        check(sorted(sent.clone()) == sorted(expected.clone()), || {
            Failure::new(format!(
                "The size is {size}, and callers with the keys {keys:?} come at the same instant, in this order. The batches \
                 should be {expected:?}; they were {sent:?}."
            ))
            .usually("that a batch is sent before it has `size` different keys, or not when it has.")
            .read(BATCHING)
        });
    });
}

#[test]
fn does_not_send_the_key_of_a_cancelled_caller() {
    grade(async || {
        let batches = Batches::default();
        let batcher = batcher!(batches);
        let _ = timeout(ms(10), batcher.get(1)).await;
        sleep(MINUTE).await;
        let _ = tokio::join!(biased; timeout(ms(10), batcher.get(2)), batcher.get(3));
        check(sent(&batches) == [vec![3]], || {
            Failure::new(format!(
                "The callers with the keys 1 and 2 were cancelled before their batches were sent, so one batch should be \
                 sent, [3]; the batches were {:?}.",
                sent(&batches)
            ))
            .usually(
                "that cancelled callers are not removed before a batch is sent. `is_closed()` of a `oneshot::Sender` tells \
                 whether its receiver is gone.",
            )
            .read(BATCHING)
        });
    });
}

#[test]
fn the_key_of_a_cancelled_caller_does_not_count() {
    grade(async || {
        let batches = Batches::default();
        let batcher = batcher!(batches);
        let _ = timeout(ms(10), async {
            tokio::join!(batcher.get(1), batcher.get(2))
        })
        .await;
        let clock = Clock::start();
        let values = timeout(MINUTE, async {
            tokio::join!(biased; batcher.get(3), batcher.get(4), batcher.get(5))
        });
        let answered = values.await.is_ok();
        let (batches, took) = (sent(&batches), clock.elapsed());
        check(
            answered && batches == [vec![3, 4, 5]] && took == FETCH,
            || {
                Failure::new(format!(
                "The callers with the keys 1 and 2 were cancelled, and then 3, 4 and 5 fill a batch of 3. It should be sent \
                 at once, and take 20 ms; the batches were {batches:?}, and it took {}.",
                in_ms(took)
            ))
                .usually(
                    "that keys without callers count towards the size. Remove them when the next caller arrives, and not \
                     only when the batch is sent.",
                )
                .read(BATCHING)
            },
        );
    });
}

#[test]
fn a_cancelled_caller_does_not_stop_the_call() {
    grade(async || {
        let batches = Batches::default();
        let batcher = batcher!(batches);
        let cancelled = |key| timeout(ms(60), batcher.get(key));
        let stays = timeout(MINUTE, batcher.get(2));
        let (_, value, _) = tokio::join!(biased; cancelled(1), stays, cancelled(3));
        let (_, late, _) = tokio::join!(biased; timeout(ms(10), batcher.get(4)), timeout(MINUTE, batcher.get(5)), async {
            sleep(ms(5)).await;
            timeout(ms(10), batcher.get(6)).await
        });
        let expected = (
            Ok(Some("aisle 2".to_owned())),
            Ok(Some("aisle 5".to_owned())),
        );
        check((&value, &late) == (&expected.0, &expected.1), || {
            Failure::new(format!(
                "Other callers of the batch were cancelled, and those that were not should have their values; they got \
                 {value:?} and {late:?}."
            ))
            .usually("that `fetch` runs within the future of one caller, and is dropped with it.")
            .read("tasks.html#dropping-a-joinhandle-detaches-the-task")
        });
    });
}

#[test]
fn returns_none_if_fetch_panics() {
    grade(async || {
        let batches = Batches::default();
        let batcher = batcher!(batches);
        let value = timeout(MINUTE, batcher.get(666)).await;
        let next = timeout(MINUTE, batcher.get(1)).await;
        let expected = (Ok(None), Ok(Some("aisle 1".to_owned())));
        check((&value, &next) == (&expected.0, &expected.1), || {
            Failure::new(format!(
                "`get` should return `None` if `fetch` panics, and the next `get` its value; they returned {value:?} and \
                 {next:?}."
            ))
            .usually("that `get` assumes that a value always arrives. The receiver returns an error if its sender was dropped.")
            .read(BATCHING)
        });
    });
}

#[test]
fn a_dropped_caller_does_not_affect_the_others() {
    const KEYS: [u32; 4] = [1, 2, 1, 3];
    drop_one_of_many(
        async || {
            let batches = Batches::default();
            let batcher = Rc::new(batcher!(batches));
            let callers = KEYS.map(|key| {
                let batcher = Rc::clone(&batcher);
                async move { timeout(MINUTE, batcher.get(key)).await.ok().flatten() }
            });
            (callers.into(), batches)
        },
        async |values, batches| {
            let expected = values.iter().zip(KEYS).map(|(value, key)| {
                let is_dropped = value.is_none();
                (!is_dropped).then(|| Some(format!("aisle {key}")))
            });
            check(values.iter().cloned().eq(expected), || {
                Failure::new(format!(
                    "Four callers have the keys 1, 2, 1 and 3, and one of them is dropped. The others should have their values; they \
                     got {:?}, and the batches were {:?}.",
                    values.iter().flatten().collect::<Vec<_>>(),
                    sent(&batches)
                ))
                .usually(
                    "that a cancelled caller takes its key out of the batch, although another caller waits for the same key; or \
                     that it takes the timer along.",
                )
                .read(BATCHING)
            });
        },
    );
}
