//! `Batcher`: many keys, few calls.

use std::sync::Mutex;

use super::*;
use exercises::semaphores::Batcher;

/// The batches that were sent, and those whose call of `fetch` has ended, each with its keys.
#[derive(Clone, Default)]
struct Batches {
    sent: Arc<Mutex<Vec<Vec<u32>>>>,
    ended: Arc<Mutex<Vec<Vec<u32>>>>,
}

const SIZE: usize = 3;
const DELAY: Duration = ms(50);
/// How long `fetch` takes.
const FETCH: Duration = ms(20);

/// The same type in every test: the compiler makes a copy of the answer for each type.
type Fetch = Box<dyn Fn(Vec<u32>) -> BoxFuture<'static, Vec<String>> + Send + Sync>;

fn batcher(batches: &Batches) -> Batcher<Fetch> {
    batcher_of(batches, SIZE, DELAY)
}

fn batcher_of(batches: &Batches, size: usize, delay: Duration) -> Batcher<Fetch> {
    let batches = batches.clone();
    let fetch = move |keys: Vec<u32>| {
        batches.sent.lock().unwrap().push(keys.clone());
        assert!(!keys.contains(&665), "there is no product 665");
        let ended = Arc::clone(&batches.ended);
        let values = async move {
            sleep(FETCH).await;
            assert!(!keys.contains(&666), "there is no product 666");
            ended.lock().unwrap().push(keys.clone());
            keys.iter().map(|key| format!("aisle {key}")).collect()
        };
        values.boxed()
    };
    Batcher::new(size, delay, Box::new(fetch))
}

fn sent(batches: &Batches) -> Vec<Vec<u32>> {
    batches.sent.lock().unwrap().clone()
}

fn ended(batches: &Batches) -> Vec<Vec<u32>> {
    batches.ended.lock().unwrap().clone()
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
        let batcher = batcher_of(&batches, size, DELAY);
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
                    "The size is {size}, and {} at the same time should be sent in as few batches as possible, {fewest}; the batches \
                     were {}.",
                    plural(count, "different key"),
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
        let batcher = batcher_of(&batches, size, case.duration("delay", ms(50)));
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
        let (batcher, clock) = (batcher_of(&batches, 100, delay), Clock::start());
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
            let failure = Failure::new(format!(
                "Callers that arrive within the delay of {delay:?} should all have their values at {}, 20 ms after it; one \
                 had it {}.",
                in_ms(due),
                wrong
                    .copied()
                    .flatten()
                    .map_or("never".to_owned(), |at| format!("at {}", in_ms(at)))
            ));
            let last = arrivals.iter().filter(|arrives| **arrives < delay).max();
            let from_the_last = last.is_some_and(|last| {
                !last.is_zero() && returned.iter().any(|at| *at == Some(due + *last))
            });
            match wrong.copied().flatten() {
                None => failure.usually("that a batch is sent only when it is full."),
                Some(_) if from_the_last => {
                    failure.usually("that each caller starts the delay again.")
                }
                Some(at) if at.abs_diff(due) <= ms(1) => {
                    failure.usually("that the delay is rounded, or that something is added to it.")
                }
                Some(_) => failure,
            }
            .read(BATCHING)
        });
    });
}

#[test]
fn sends_a_full_batch_at_once() {
    grade(async || {
        let batches = Batches::default();
        let (batcher, clock) = (batcher(&batches), Clock::start());
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
        let batcher = batcher(&batches);
        let all = join_all([7, 7, 8, 7].map(|key| batcher.get(key)));
        let values = timeout(MINUTE, all).await.unwrap_or_default();
        let expected = [7, 7, 8, 7].map(|key| Some(format!("aisle {key}")));
        check(values == expected && sent(&batches) == [vec![7, 8]], || {
            Failure::new(format!(
                "Callers with the keys 7, 7, 8 and 7 should share one batch [7, 8], and all get their values; the batches \
                 were {:?}, the values {values:?}.",
                sent(&batches)
            ))
            .usually(if sent(&batches) == [vec![7, 8]] {
                "that one of the callers of a key gets no value."
            } else {
                "that a key counts once for each caller."
            })
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
        let batcher = batcher_of(&batches, size, DELAY);
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
        let batcher = batcher(&batches);
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
fn a_size_may_be_any_number() {
    grade_cases(async |case| {
        let size = case
            .number("size, but at least 4", usize::MAX as u64)
            .max(4) as usize;
        let batches = Batches::default();
        let batcher = batcher_of(&batches, size, DELAY);
        let all = join_all([1, 2, 3].map(|key| batcher.get(key)));
        let _ = timeout(MINUTE, all).await;
        let sent = sent(&batches);
        check(sent == [vec![1, 2, 3]], || {
            Failure::new(format!(
                "The size is {size}, and three callers come with the keys 1, 2 and 3. One batch should be sent; the batches were {sent:?}."
            ))
            .usually("that the size is kept in a type that is too small.")
            .read(BATCHING)
        });
    });
}

#[test]
fn the_delay_is_that_of_the_batch() {
    grade_cases(async |case| {
        let cancelled_at = ms(1) + case.whole_ms("the first is cancelled at 1 ms +", 38);
        let second_comes_at = case.whole_ms("the second comes at", 45);
        let third_comes_at = second_comes_at + case.whole_ms("the third comes after it", 30);
        let batches = Batches::default();
        let (batcher, clock) = (batcher_of(&batches, 100, DELAY), Clock::start());
        let first = timeout(cancelled_at, batcher.get(1));
        let second = async {
            if !second_comes_at.is_zero() {
                sleep(second_comes_at).await;
            }
            let value = timeout(MINUTE, batcher.get(2)).await;
            value.is_ok().then(|| clock.elapsed())
        };
        let third = async {
            sleep(third_comes_at).await;
            timeout(MINUTE, batcher.get(3)).await
        };
        let (_, returned, _) = tokio::join!(biased; first, second, third);
        if second_comes_at == cancelled_at {
            // Either is right: the batch may be empty when the second comes, or not.
            return;
        }
        let is_first = second_comes_at > cancelled_at;
        let from = if is_first { second_comes_at } else { ms(0) };
        let due = from + DELAY + FETCH;
        check(returned == Some(due), || {
            let report = Failure::new(format!(
                "The first key of a batch comes at 0 ms, and its caller is cancelled at {}. Another key comes at {}{}, and a third after it. The value of the second should \
                 arrive at {}, 50 ms after the first key of {}, and 20 ms for the call; it arrived {}.",
                in_ms(cancelled_at),
                in_ms(second_comes_at),
                if is_first {
                    ", when the batch is empty"
                } else {
                    ""
                },
                in_ms(due),
                if is_first { "a new batch" } else { "the batch" },
                returned.map_or("never".to_owned(), |at| format!("at {}", in_ms(at)))
            ));
            match (is_first, returned) {
                (_, None) => report.usually("that the timer is stopped with the caller that was cancelled."),
                (true, _) => report.usually("that the timer of a batch goes on when its last key is removed, and sends the next one too early."),
                (false, _) => report.usually("that the delay starts again when the first key is removed."),
            }
            .read(BATCHING)
        });
    });
}

#[test]
fn the_key_of_a_cancelled_caller_does_not_count() {
    grade(async || {
        let batches = Batches::default();
        let batcher = batcher(&batches);
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
        let batcher = batcher(&batches);
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
            .read(OWN_TASK)
        });
    });
}

const OWN_TASK: &str = "tasks.html#dropping-a-joinhandle-detaches-the-task";

#[test]
fn a_call_goes_on_without_its_callers() {
    // As soon as the batch is full, and after its delay.
    for (keys, cancelled_at) in [(vec![1, 2, 3], 10), (vec![1, 2], 60)] {
        grade(async || {
            let batches = Batches::default();
            let batcher = batcher(&batches);
            let callers = join_all(keys.iter().map(|key| batcher.get(*key)));
            let _ = timeout(ms(cancelled_at), callers).await;
            sleep(FETCH).await;
            let (sent, ended) = (sent(&batches), ended(&batches));
            check(sent == [keys.clone()] && ended == sent, || {
                let report = Failure::new(format!(
                    "The callers with the keys {keys:?} were all cancelled at {cancelled_at} ms, while `fetch` ran for them. It should \
                     run to its end. The calls that were made were for {sent:?}, and those that have ended for {ended:?}.",
                ));
                if ended.len() < sent.len() {
                    report
                        .usually("that `fetch` runs within the futures of its callers, or is stopped when no caller waits for it.")
                        .read(OWN_TASK)
                } else {
                    report.read(BATCHING)
                }
            });
        });
    }
}

#[test]
fn returns_none_if_fetch_panics() {
    for (key, size) in [(665, 1), (665, SIZE), (666, 1), (666, SIZE)] {
        grade(async || {
            let batches = Batches::default();
            let batcher = batcher_of(&batches, size, DELAY);
            let get = |key| AssertUnwindSafe(timeout(MINUTE, batcher.get(key))).catch_unwind();
            let value = get(key).await;
            let next = get(1).await;
            let has_panicked = value.is_err() || next.is_err();
            let told = |outcome: Result<Result<Option<String>, _>, _>| match outcome {
                Ok(Ok(value)) => format!("returned {value:?}"),
                Ok(Err(_)) => "did not return within a minute".to_owned(),
                Err(_) => "panicked".to_owned(),
            };
            let (value, next) = (told(value), told(next));
            check(
                value == "returned None" && next == "returned Some(\"aisle 1\")",
                || {
                    let report = Failure::new(format!(
                        "`fetch` panics {}. `get` should return None, and the next `get` its value; the first {value}, and the next \
                         {next}.",
                        if key == 665 {
                            "before it returns its future"
                        } else {
                            "in its future"
                        }
                    ));
                    if has_panicked && key == 665 {
                        report
                            .usually(
                                "that `fetch` is called by a caller, and only its future runs in a task. Call it in the task; or that \
                                 `get` assumes that a value always arrives.",
                            )
                            .read(OWN_TASK)
                    } else {
                        report
                            .usually(
                                "that `get` assumes that a value always arrives. The receiver returns an error if its sender was \
                                 dropped.",
                            )
                            .read(BATCHING)
                    }
                },
            );
        });
    }
}

/// A caller of `get`. Arrivals are at multiples of 4 ms, cancellations 1 ms later, and delays end 2 ms later, so that no two
/// of them happen at the same instant.
#[derive(Debug, Clone, Copy)]
struct Caller {
    key: u32,
    arrives: u64,
    /// When it is cancelled, unless it has its value by then.
    cancelled: Option<u64>,
}

/// A batcher: its size, its delay and how long `fetch` takes, in ms.
#[derive(Debug, Clone, Copy)]
struct Settings {
    size: usize,
    delay: u64,
    fetch: u64,
}

/// What a batcher does wrong, if anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    None,
    /// Keys without callers are removed only when the batch is sent.
    CountsCancelled,
    /// Keys without callers are not removed.
    SendsCancelled,
    /// A call of `fetch` waits for the one before it.
    OneCallAtATime,
}

/// What is expected or seen: when each batch was sent, with its keys in ascending order, and when each caller had its value.
type Outcome = (Vec<(u64, Vec<u32>)>, Vec<Option<u64>>);

/// What comes of `callers`, in the order in which they arrive.
fn outcome(callers: &[Caller], settings: Settings, mistake: Mistake) -> Outcome {
    let mut sent: Vec<(u64, Vec<u32>)> = Vec::new();
    let mut values = vec![None; callers.len()];
    let mut waiting: Vec<usize> = Vec::new();
    let mut due = None;
    let mut free_at = 0;
    let last = callers.last().map_or(0, |caller| caller.arrives);
    for now in 0..=last + settings.delay {
        let arrives = (0..callers.len()).find(|caller| callers[*caller].arrives == now);
        waiting.extend(arrives);
        let is_here = |caller: usize| callers[caller].cancelled.is_none_or(|at| at > now);
        if waiting.iter().all(|caller| !is_here(*caller)) && mistake != Mistake::SendsCancelled
            || mistake == Mistake::None
            || mistake == Mistake::OneCallAtATime
        {
            waiting.retain(|caller| is_here(*caller));
        }
        if waiting.is_empty() {
            due = None;
            continue;
        }
        let due_at = *due.get_or_insert(now + settings.delay);
        let keys = keys_of(callers, &waiting);
        if keys.len() < settings.size && now < due_at {
            continue;
        }
        due = None;
        let mut batch = std::mem::take(&mut waiting);
        if mistake == Mistake::CountsCancelled {
            batch.retain(|caller| is_here(*caller));
        }
        let at = match mistake {
            Mistake::OneCallAtATime => now.max(free_at),
            _ => now,
        };
        free_at = at + settings.fetch;
        sent.push((at, keys_of(callers, &batch)));
        for caller in batch {
            let is_in_time = callers[caller].cancelled.is_none_or(|at| at > free_at);
            values[caller] = is_in_time.then_some(free_at);
        }
    }
    (sent, values)
}

fn keys_of(callers: &[Caller], waiting: &[usize]) -> Vec<u32> {
    let keys = waiting.iter().map(|caller| callers[*caller].key);
    keys.collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// What the answer does with these callers.
async fn served(callers: &[Caller], settings: Settings) -> Outcome {
    let (sent, clock) = (Arc::new(Mutex::new(Vec::new())), Clock::start());
    let log = Arc::clone(&sent);
    let fetch = move |keys: Vec<u32>| {
        let values = keys.iter().map(|key| format!("aisle {key}")).collect();
        let mut sorted = keys;
        sorted.sort_unstable();
        let at = clock.elapsed().as_millis() as u64;
        log.lock().unwrap().push((at, sorted));
        let values = async move {
            sleep(ms(settings.fetch)).await;
            values
        };
        values.boxed()
    };
    let fetch: Fetch = Box::new(fetch);
    let batcher = Batcher::new(settings.size, ms(settings.delay), fetch);
    let values = join_all(callers.iter().map(async |caller| {
        sleep(ms(caller.arrives)).await;
        let limit = caller
            .cancelled
            .map_or(MINUTE, |at| ms(at - caller.arrives));
        let value = timeout(limit, batcher.get(caller.key)).await.ok().flatten();
        (value == aisle(caller.key)).then(|| clock.elapsed().as_millis() as u64)
    }))
    .await;
    let sent = sent.lock().unwrap().clone();
    (sent, values)
}

#[test]
fn any_callers() {
    grade_cases(async |case| {
        let settings = Settings {
            size: case.size("size", 1..=6),
            delay: 2 + 4 * case.whole_ms("a quarter of the delay", 25).as_millis() as u64,
            fetch: 4 * case
                .whole_ms("a quarter of the time of a call", 50)
                .as_millis() as u64,
        };
        let count = case.size("callers", 1..=20);
        let pauses = case.whole_ms_each("a quarter of the pauses before them", count, 20);
        let keys = case.numbers("keys", count, 4);
        let patience = case.whole_ms_each(
            "1 ms and four times this until it is cancelled, unless it is 0",
            count,
            25,
        );
        let mut arrives = 0;
        let callers: Vec<_> = (0..count)
            .map(|caller| {
                arrives += 4 + 4 * pauses[caller].as_millis() as u64;
                let patience = patience[caller].as_millis() as u64;
                Caller {
                    key: keys[caller] as u32,
                    arrives,
                    cancelled: (patience > 0).then_some(arrives + 1 + 4 * patience),
                }
            })
            .collect();
        let seen = served(&callers, settings).await;
        let expected = outcome(&callers, settings, Mistake::None);
        check(seen == expected, || {
            let calls = callers.iter().map(|caller| {
                let (key, from) = (caller.key, caller.arrives);
                match caller.cancelled {
                    Some(to) => format!("{key} from {from} to {to} ms"),
                    None => format!("{key} from {from} ms on"),
                }
            });
            let given = format!(
                "With a size of {}, a delay of {} ms and calls that take {} ms, callers wait for the keys {}.",
                settings.size,
                settings.delay,
                settings.fetch,
                grading::list(calls)
            );
            let batches = |sent: &[(u64, Vec<u32>)]| {
                grading::list(sent.iter().map(|(at, keys)| format!("{keys:?} at {at} ms")))
            };
            let times = |times: &[Option<u64>]| {
                grading::list(
                    times
                        .iter()
                        .map(|at| at.map_or("none".to_owned(), |at| at.to_string())),
                )
            };
            let compared = if seen.0 == expected.0 {
                format!(
                    "The values should arrive at these times in ms: {}; they arrived at {}.",
                    times(&expected.1),
                    times(&seen.1)
                )
            } else {
                format!(
                    "These batches should be sent: {}; these were: {}.",
                    batches(&expected.0),
                    batches(&seen.0)
                )
            };
            let mistakes = [
                (
                    Mistake::CountsCancelled,
                    "that a key without callers is removed only when its batch is sent, so that it counts towards the size.",
                ),
                (
                    Mistake::SendsCancelled,
                    "that a key is not removed when its last caller is cancelled.",
                ),
                (
                    Mistake::OneCallAtATime,
                    "that a batch is not sent before the call for the one before it has ended. Calls of `fetch` overlap.",
                ),
            ];
            let mut mistakes = mistakes.into_iter();
            let found = mistakes.find(|(mistake, _)| seen == outcome(&callers, settings, *mistake));
            Failure::new(format!("{given} {compared}"))
                .usually_if(found.map(|(_, usually)| usually))
                .read(BATCHING)
        });
    });
}

const KEYS: [u32; 4] = [1, 2, 1, 3];

fn why_others_were_affected(values: &[Option<Option<String>>], batches: &Batches) -> &'static str {
    let others = values.iter().zip(KEYS).filter(|(value, _)| value.is_some());
    let sent = sent(batches).concat();
    if sent.is_empty() {
        "that the timer belongs to the caller that was dropped, or counts for its key only: no batch is sent."
    } else if others.map(|(_, key)| key).any(|key| !sent.contains(&key)) {
        "that a cancelled caller takes its key out of the batch, although another caller waits for the same key; or that the timer \
         is stopped with it, although other keys are in the batch."
    } else if ended(batches).concat().len() < sent.len() {
        "that `fetch` runs within the future of one caller, and is dropped with it."
    } else {
        "that a value was not passed on to every caller of its key."
    }
}

#[test]
fn a_dropped_caller_does_not_affect_the_others() {
    drop_one_of_many(
        async || {
            let batches = Batches::default();
            let batcher = Rc::new(batcher(&batches));
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
                .usually(why_others_were_affected(&values, &batches))
                .read(BATCHING)
            });
        },
    );
}
